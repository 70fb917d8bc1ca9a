"""Pages of the groups' room."""

from django.db.models import Prefetch, prefetch_related_objects
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from directory.addresses import at_its_address
from directory.contacting import contact_page, contact_url
from directory.models import HelpLine
from directory.structured import script_of
from directory.visibility import public_contacts
from groups.filters import GroupFilterSet, GroupResults
from groups.models import Group, Meeting, Venue
from groups.presenting import present_groups, upcoming_dates
from groups.structured import organisation
from groups.visibility import public_part
from groups.wording import meeting_in_words


@require_safe
def group_list(request):
    """Show the groups that fit the search in the address."""
    results = GroupResults(GroupFilterSet(request.GET), reverse("groups:list"), request.GET.get("page"))
    return render(request, "groups/list.html", results.context())


@require_safe
def group_map(request):
    """Return every public point of the groups that fit the search, as GeoJSON (RFC 7946)."""
    found = GroupFilterSet(request.GET).qs
    points = Venue.objects.filter(meetings__group__in=found, public_latitude__isnull=False).order_by("pk")
    rows = points.values_list(
        "meetings__group__slug", "meetings__group__name", "public_latitude", "public_longitude", "exact_address_public"
    ).distinct()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {"name": name, "url": reverse("groups:detail", args=[slug]), "exact": exact},
        }
        for slug, name, latitude, longitude, exact in rows
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json; charset=utf-8"
    )


@require_safe
@at_its_address(Group)
def group_detail(request, group):
    """Show one published group."""
    return render_group(request, group)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@at_its_address(Group)
def group_contact(request, group):
    """Show the form for a message to the group, or pass one on."""
    prefetch_related_objects([group], "topics", "contacts")
    return contact_page(
        request,
        group,
        contacts=group.contacts.all(),
        help_lines=list(HelpLine.objects.active().filter(topics__in=group.topics.all()).distinct()),
        sensitive=group.is_sensitive,
    )


def render_group(request, group, *, preview=False):
    """Return the page of a group, as the public sees it; `preview` marks it for a curator."""
    prefetch_related_objects(
        [group],
        Prefetch("meetings", Meeting.objects.for_display()),
        "topics__counterpart",
        "languages",
        "serves",
        "seeking",
        "contacts",
    )
    present_groups([group])
    meetings = list(group.meetings.all())
    for meeting in meetings:
        meeting.words = meeting_in_words(meeting)
        meeting.public = public_part(meeting)
        meeting.next = upcoming_dates([meeting], 3)
    upcoming = upcoming_dates(meetings, 3)
    url = request.build_absolute_uri(group.get_absolute_url())
    topics = list(group.topics.all())
    contacts = list(group.contacts.all())
    related = (
        Group.objects.published().exclude(pk=group.pk).about([topic.slug for topic in topics]).order_by("name", "pk")
    )
    return render(
        request,
        "groups/detail.html",
        {
            "group": group,
            "preview": preview,
            "meetings": meetings,
            "upcoming": upcoming,
            "url": url,
            "structured": script_of(organisation(group, url, upcoming)),
            "contacts": public_contacts(contacts),
            "contact_url": contact_url("groups:contact", group, contacts),
            "topics": topics,
            "languages": list(group.languages.all()),
            "serves": list(group.serves.all()),
            "seeking": list(group.seeking.all()),
            "help_lines": list(HelpLine.objects.active().filter(topics__in=topics).distinct()),
            "sensitive": group.is_sensitive,
            # Rooms above hang these on a group; this room needs no import to show them.
            "supports": list(group.supports.public().select_related("practitioner", "role")),
            "case_studies": list(group.case_studies.published()),
            "related_groups": list(related[:4]) if topics else [],
        },
    )
