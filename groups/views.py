"""Pages of the groups' room."""

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.choices import Visibility
from directory.models import HelpLine
from groups.calendars import MOST_MEETINGS, calendar_of, horizon_in_words, soonest, span_of_calendars
from groups.changes import changes_in_words, pause_of
from groups.dates import refresh_a_few
from groups.filters import GroupFilterSet, GroupResults
from groups.models import Group, Meeting, Venue
from groups.presenting import present_groups, upcoming_dates
from groups.wording import meeting_in_words


@require_safe
def group_list(request):
    """Show the groups that fit the search in the address."""
    refresh_a_few()
    results = GroupResults(GroupFilterSet(request.GET), reverse("groups:list"), request.GET.get("page"))
    return render(request, "groups/list.html", results.context())


@require_safe
def search_calendar(request):
    """Return the meetings of all groups that fit the search, as iCalendar."""
    meetings, are_more = soonest(GroupFilterSet(request.GET).qs)
    note = _("These are the %(n)d soonest meetings. There are more: narrow your search.") % {"n": MOST_MEETINGS}
    return _calendar(request, _("Groups"), meetings, "groups", note if are_more else "")


@require_safe
def group_calendar(request, slug):
    """Return the meetings of one published group, as iCalendar."""
    group = get_object_or_404(Group.objects.published(), slug=slug)
    return _calendar(request, group.name, Meeting.objects.for_calendars().filter(group=group), slug)


def _calendar(request, name, meetings, file_name, note=""):
    def address(group):
        return request.build_absolute_uri(group.get_absolute_url())

    # What changes it may be a venue or who may see how to join, so only the bytes tell: the middleware's ETag.
    return HttpResponse(
        calendar_of(name, meetings, address, note),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'inline; filename="{file_name}.ics"'},
    )


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
        meeting.pause = pause_of(meeting)
        meeting.changes = changes_in_words(meeting)
    calendar_url = reverse("groups:group_calendar", args=[group.slug])
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
            "calendar_url": calendar_url,
            "subscribe_url": "webcal:" + request.build_absolute_uri(calendar_url).partition(":")[2],
            "calendar_words": horizon_in_words(span_of_calendars()[1]),
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
