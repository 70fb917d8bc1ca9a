"""Pages of the practitioners' room."""

from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.addresses import at_its_address
from directory.contacting import contact_page, contact_url
from directory.keeping import asking_once
from directory.private import private, private_form
from directory.structured import script_of
from directory.suggesting.pages import suggestion_page
from directory.visibility import public_contacts
from directory.wording import confirmed_in_words
from practitioners.filters import PractitionerFilterSet
from practitioners.models import Practitioner
from practitioners.models.practitioners import MOST_ON_A_CARD
from practitioners.presenting import where_in_words
from practitioners.results import PractitionerResults
from practitioners.structured import person


@require_safe
@asking_once()
def practitioner_list(request):
    """Show the practitioners that fit the search in the address."""
    filterset = PractitionerFilterSet(request.GET)
    results = PractitionerResults(filterset, reverse("practitioners:list"), request.GET.get("page"))
    return render(request, "practitioners/list.html", results.context())


@require_safe
@at_its_address(Practitioner)
def practitioner_detail(request, practitioner):
    """Show one published practitioner."""
    return render_practitioner(request, practitioner)


@private_form
@at_its_address(Practitioner)
def practitioner_contact(request, practitioner):
    """Show the form for a message to the practitioner, or pass one on."""
    closed = "" if practitioner.accepting_requests else _("They take no requests now. You can come back later.")
    return contact_page(request, practitioner, contacts=practitioner.contacts.all(), closed=closed)


@private
@at_its_address(Practitioner)
def practitioner_suggest(request, practitioner):
    """Show the form with which anyone can correct the page of a practitioner, or send it in."""
    sensitive = practitioner.topics.filter(sensitive=True).exists()
    return suggestion_page(request, Practitioner, practitioner, sensitive=sensitive)


def render_practitioner(request, practitioner, *, preview=False):
    """Return the page of a practitioner, as the public sees it; `preview` marks it for a curator."""
    prefetch_related_objects([practitioner], "roles", "areas", "topics", "places", "languages", "contacts")
    contacts = list(practitioner.contacts.all())
    places, topics = list(practitioner.places.all()), list(practitioner.topics.all())
    practitioner.where_words = where_in_words([place.name for place in places[:MOST_ON_A_CARD]], practitioner.online)
    practitioner.confirmed_words = confirmed_in_words(practitioner)
    url = request.build_absolute_uri(practitioner.get_absolute_url())
    return render(
        request,
        "practitioners/detail.html",
        {
            "practitioner": practitioner,
            "preview": preview,
            "url": url,
            # Nobody is told to machines who has not agreed.
            "structured": script_of(person(practitioner, url)) if practitioner.consent_given_on else "",
            "roles": list(practitioner.roles.all()),
            "areas": list(practitioner.areas.all()),
            "topics": topics,
            "sensitive": any(topic.sensitive for topic in topics),
            "places": places,
            "languages": list(practitioner.languages.all()),
            "contacts": public_contacts(contacts),
            "contact_url": contact_url("practitioners:contact", practitioner, contacts)
            if practitioner.accepting_requests
            else "",
            "suggest_url": reverse("practitioners:suggest", args=[practitioner.slug]),
            "supports": list(practitioner.supports.public().select_related("group", "role")),
            "case_studies": list(practitioner.case_studies.published()),
        },
    )
