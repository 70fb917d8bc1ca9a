"""Pages of the groups' room."""

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from directory.addresses import at_its_address
from directory.choices import Visibility
from directory.contacting import contact_page, contact_url
from directory.keeping import asking_once
from directory.models import HelpLine
from directory.private import private, private_form
from directory.structured import script_of
from directory.suggesting.pages import suggestion_page
from directory.visibility import public_contacts
from groups.calendars import MOST_MEETINGS, calendar_of, horizon_in_words, soonest, span_of_calendars
from groups.changes import changes_in_words, pause_of
from groups.dates import refresh_a_few
from groups.filters import GroupFilterSet
from groups.models import Group, Meeting, Venue
from groups.presenting import present_groups, upcoming_dates
from groups.results import GroupResults
from groups.shortlist import MOST, Shortlist, ShortlistForm, help_lines_for, ids_in, now_at, sent_from_here, take_along
from groups.smallmap import draw_maps
from groups.structured import organisation
from groups.unmatched import note_unmatched
from groups.visibility import public_part
from groups.week import groups_not_on
from groups.wording import meeting_in_words

MOST_POINTS = 2000


@require_safe
@asking_once()
def group_list(request):
    """Show the groups that fit the search in the address."""
    refresh_a_few()
    results = GroupResults(GroupFilterSet(request.GET), reverse("groups:list"), request.GET.get("page"))
    note_unmatched(request, results.filterset)
    context = results.context()
    # Of a fuller week only a part is shown, so it does not tell who is not on.
    if context["week"] and not context["week_is_longer"]:
        context["not_on"] = groups_not_on(context["week"], context["total"])
    return render(request, "groups/list.html", context)


@require_safe
@asking_once()
def search_calendar(request):
    """Return the meetings of all groups that fit the search, as iCalendar."""
    search = GroupFilterSet(request.GET)
    meetings, are_more = soonest(search.qs, search.of_a_meeting())
    note = _("These are the %(n)d soonest meetings. There are more: narrow your search.") % {"n": MOST_MEETINGS}
    return _calendar(request, _("Groups"), meetings, "groups", note if are_more else "")


@require_safe
@at_its_address(Group)
def group_calendar(request, group):
    """Return the meetings of one published group, as iCalendar."""
    return _calendar(request, group.name, Meeting.objects.for_calendars().filter(group=group), group.slug)


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
@asking_once()
def group_map(request):
    """Return the public points of the groups that fit the search, as GeoJSON (RFC 7946).

    `complete` says whether these are all: a map of more than `MOST_POINTS` tells nobody anything.
    """
    found = GroupFilterSet(request.GET).qs
    points = Venue.objects.filter(meetings__group__in=found, public_latitude__isnull=False).order_by("pk")
    columns = points.values_list(
        "meetings__group__slug",
        "meetings__group__name",
        "public_latitude",
        "public_longitude",
        # The point of an area stands for an address whose own point nobody knows, too.
        Q(address_visibility=Visibility.EVERYONE, latitude__isnull=False),
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


@csrf_exempt  # `sent_from_here` guards it, without a cookie for those who only read
@cache_control(private=True, no_cache=True)
@require_http_methods(["GET", "HEAD", "POST"])
def shortlist(request):
    """Show the reader's own list of groups, or the one in the address; or change the reader's own."""
    if request.method == "POST":
        return change_shortlist(request)
    linked = ids_in("-".join(request.GET.getlist("g"))) if "g" in request.GET else None
    notices = []
    if linked and len(linked) > MOST:
        notices.append(_("A list holds %(most)d groups. These are the first ones.") % {"most": MOST})
    return render_shortlist(request, linked, notices)


def change_shortlist(request):
    """Change the reader's own list as one form asks, and lead back to where it stood."""
    if not sent_from_here(request):
        raise PermissionDenied
    form = ShortlistForm(request.POST)
    form.is_valid()
    own, notices, beside = Shortlist(now_at(request.shortlist.ids)), [], None
    asked = {name: now_at(value) if isinstance(value, list) else value for name, value in form.cleaned_data.items()}
    if asked.get("empty"):
        own = Shortlist()
    elif asked.get("add"):
        listed = set(Group.objects.published().filter(pk__in=asked["add"]).values_list("pk", flat=True))
        own = own.with_these(each for each in asked["add"] if each in listed)
        if len(listed) < len(asked["add"]):
            notices.append(_("We could not add a group that is not listed here."))
        if not listed <= set(own.ids):
            notices.append(_("Your list is full. It holds %(most)d groups. Take one off first.") % {"most": MOST})
    elif asked.get("remove"):
        beside = own.beside(asked["remove"])
        own = own.without(asked["remove"])
    elif asked.get("earlier") or asked.get("later"):
        own = own.moved(now_at(form.changed_ids)[0], to_earlier=bool(asked.get("earlier")))
    else:
        notices.append(_("We could not read that, so nothing has changed."))
    request.shortlist = own
    response = (
        render_shortlist(request, None, notices) if notices else HttpResponseRedirect(form.back(request.path, beside))
    )
    return own.keep_in(response)


def render_shortlist(request, linked, notices):
    """Return the page of a list: the one that a link holds, or the reader's own where `linked` is `None`."""
    request.shortlist = Shortlist(now_at(request.shortlist.ids))
    shown = request.shortlist if linked is None else Shortlist(now_at(linked))
    groups = take_along(shown.ids, request.build_absolute_uri)
    unlisted = [each for each in shown.ids if each not in {group.pk for group in groups}]
    if unlisted:
        notices.append(
            ngettext(
                "One group of this list is no longer listed here, so it is left out.",
                "%(n)d groups of this list are no longer listed here, so they are left out.",
                len(unlisted),
            )
            % {"n": len(unlisted)}
        )
    listed = Shortlist(group.pk for group in groups)
    response = render(
        request,
        "groups/shortlist.html",
        {
            "groups": groups,
            "is_own": linked is None,
            "is_kept": set(listed.ids) <= set(request.shortlist.ids),
            "listed": listed,
            "unlisted": Shortlist(unlisted),
            "notices": notices,
            "address": request.build_absolute_uri(f"{request.path}?g={listed}"),
            "help_lines": help_lines_for(groups) if groups else [],
            "sensitive": any(group.is_sensitive for group in groups),
        },
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@at_its_address(Group)
def group_detail(request, group):
    """Show one published group."""
    return render_group(request, group)


@private_form
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


@private
def group_add(request):
    """Show the form with which anyone can suggest a group, or send it in."""
    return suggestion_page(
        request,
        Group,
        title=_("Add a group"),
        lead=_("You know a self-help group that is not here? Tell us what you know. A name and a topic are enough."),
        list_url=reverse("groups:list"),
        list_name=_("Groups"),
    )


@private
@at_its_address(Group)
def group_suggest(request, group):
    """Show the form with which anyone can correct the page of a group, or send it in."""
    prefetch_related_objects([group], "topics")
    return suggestion_page(
        request,
        Group,
        group,
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
        meeting.pause = pause_of(meeting)
        meeting.changes = changes_in_words(meeting)
        labels = meeting.venue.access_labels if meeting.venue else []
        meeting.place_offers = [label for label in labels if label not in group.access_labels]
    draw_maps(meetings)
    upcoming = upcoming_dates(meetings, 3)
    url = request.build_absolute_uri(group.get_absolute_url())
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
            "upcoming": upcoming,
            "url": url,
            "structured": script_of(organisation(group, url, upcoming)),
            "calendar_url": calendar_url,
            "subscribe_url": "webcal:" + request.build_absolute_uri(calendar_url).partition(":")[2],
            "calendar_words": horizon_in_words(span_of_calendars()[1]),
            "contacts": public_contacts(contacts),
            "contact_url": contact_url("groups:contact", group, contacts),
            "suggest_url": reverse("groups:suggest", args=[group.slug]),
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
