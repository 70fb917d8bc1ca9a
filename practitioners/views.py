"""Pages of the practitioners' room."""

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from directory.choices import Visibility
from practitioners.filters import PractitionerFilterSet
from practitioners.models import Practitioner
from practitioners.presenting import present_practitioners
from practitioners.results import PractitionerResults


@require_safe
def practitioner_list(request):
    """Show the practitioners that fit the search in the address."""
    filterset = PractitionerFilterSet(request.GET)
    results = PractitionerResults(filterset, reverse("practitioners:list"), request.GET.get("page"))
    return render(request, "practitioners/list.html", results.context())


@require_safe
def practitioner_detail(request, slug):
    """Show one published practitioner."""
    return render_practitioner(request, get_object_or_404(Practitioner.objects.published(), slug=slug))


def render_practitioner(request, practitioner, *, preview=False):
    """Return the page of a practitioner, as the public sees it; `preview` marks it for a curator."""
    prefetch_related_objects([practitioner], "roles", "areas", "topics", "places", "languages", "contacts")
    present_practitioners([practitioner])
    contacts = list(practitioner.contacts.all())
    topics = list(practitioner.topics.all())
    return render(
        request,
        "practitioners/detail.html",
        {
            "practitioner": practitioner,
            "preview": preview,
            "roles": list(practitioner.roles.all()),
            "areas": list(practitioner.areas.all()),
            "topics": topics,
            "sensitive": any(topic.sensitive for topic in topics),
            "places": list(practitioner.places.all()),
            "languages": list(practitioner.languages.all()),
            "contacts": [contact for contact in contacts if contact.is_public],
            "has_relay": any(contact.visibility == Visibility.RELAY for contact in contacts),
            "supports": list(practitioner.supports.public().select_related("group", "role")),
            "case_studies": list(practitioner.case_studies.published()),
        },
    )
