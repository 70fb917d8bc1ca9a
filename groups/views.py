"""Pages of the groups' room."""

from django.db.models import Prefetch, prefetch_related_objects
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from directory.choices import Visibility
from directory.models import HelpLine
from groups.filters import GroupFilterSet, GroupResults
from groups.models import Group, Meeting, Venue
from groups.presenting import present_groups, upcoming_dates
from groups.wording import meeting_in_words

MOST_POINTS = 2000


@require_safe
def group_list(request):
    """Show the groups that fit the search in the address."""
    results = GroupResults(GroupFilterSet(request.GET), reverse("groups:list"), request.GET.get("page"))
    return render(request, "groups/list.html", results.context())


@require_safe
def group_map(request):
    """Return the public points of the groups that fit the search, as GeoJSON (RFC 7946).

    `complete` says whether these are all: a map of more than `MOST_POINTS` tells nobody anything.
    """
    found = GroupFilterSet(request.GET).qs
    points = Venue.objects.filter(meetings__group__in=found, public_latitude__isnull=False).order_by("pk")
    columns = points.values_list(
        "meetings__group__slug", "meetings__group__name", "public_latitude", "public_longitude", "exact_address_public"
    )
    rows = list(columns.distinct()[: MOST_POINTS + 1])
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
            "properties": {"name": name, "url": reverse("groups:detail", args=[slug]), "exact": exact},
        }
        for slug, name, latitude, longitude, exact in rows[:MOST_POINTS]
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "complete": len(rows) <= MOST_POINTS, "features": features},
        content_type="application/geo+json; charset=utf-8",
    )


@require_safe
def group_detail(request, slug):
    """Show one published group."""
    return render_group(request, get_object_or_404(Group.objects.published(), slug=slug))


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
        meeting.next = upcoming_dates([meeting], 3)
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
            "upcoming": upcoming_dates(meetings, 3),
            "contacts": [contact for contact in contacts if contact.is_public],
            "has_relay": any(contact.visibility == Visibility.RELAY for contact in contacts),
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
