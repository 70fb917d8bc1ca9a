"""Groups as a page shows them: next dates and plain words beside what the database holds."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from directory.choices import Nation
from directory.wording import confirmed_in_words
from groups.changes import pause_of
from groups.choices import MeetingFormat
from groups.recurrence import next_starts
from groups.wording import (
    clock_span,
    day_and_month,
    distance_in_words,
    format_in_words,
    lower_after_the_first,
    meeting_in_words,
    near_day_in_words,
    zone_in_words,
)

MOST_ACCESS_WORDS = 3
# Who meets in a room by these clocks need not be told so.
HOME = {"Europe/London", "Europe/Dublin"}


@dataclass(frozen=True, order=True)
class Upcoming:
    """One date on which a group meets, ready to show. `at` is aware, in the meeting's own zone."""

    at: datetime
    until: datetime | None
    note: str
    meeting: object
    day_words: str
    on_now: bool

    @property
    def date_words(self):
        """The day: 'Tuesday 24 November'."""
        return day_and_month(self.at.date())

    @property
    def is_remote(self):
        """Whether people take part from where they are."""
        return self.meeting.format != MeetingFormat.IN_PERSON

    @property
    def zone_words(self):
        """By whose clock the time is, where a reader may have another: 'UK time'."""
        return zone_in_words(self.meeting.time_zone) if self.is_remote or self.meeting.time_zone not in HOME else ""

    @property
    def time_words(self):
        """The time: '7 pm to 8.30 pm'."""
        return clock_span(self.at, self.until)


def upcoming_dates(meetings, count, now=None):
    """Return the next `count` dates over all the meetings, in order."""
    now = now or timezone.now()
    found = [
        Upcoming(each.at, each.until, each.note, meeting, near_day_in_words(each.at, now), each.is_on(now))
        for meeting in meetings
        for each in next_starts(meeting, count=count, now=now)
    ]
    return sorted(found, key=lambda date: date.at)[:count]


def present_groups(groups, place=None):
    """Set on each group what a card shows. Reads only what `GroupQuerySet.for_cards` fetches. Returns the groups."""
    now = timezone.now()
    for group in groups:
        meetings = list(group.meetings.all())
        group.next = next(iter(upcoming_dates(meetings, 1, now)), None)
        pauses = [] if group.next else [pause for meeting in meetings if (pause := pause_of(meeting, now))]
        group.pause = next(iter(pauses), None)
        group.when_words = "; ".join(lower_after_the_first(meeting_in_words(meeting) for meeting in meetings[:2]))
        # Where nobody goes anywhere, `where_words` says how it meets.
        is_anywhere = any(meeting.happens_at_a_venue for meeting in meetings)
        group.format_words = format_in_words(meetings) if is_anywhere else ""
        group.where_words = where_in_words(group, meetings)
        # A group that meets online stands in the middle of what it serves: nobody goes there.
        is_somewhere = any(meeting.venue and meeting.happens_at_a_venue for meeting in meetings)
        group.distance_words = distance_in_words(
            getattr(group, "distance", None) if is_somewhere else None,
            in_kilometres=place.in_kilometres if place else _is_metric(meetings),
        )
        group.access_words = access_in_words(group, meetings)
        group.confirmed_words = confirmed_in_words(group)
    return groups


def soonest_first(groups):
    """Return groups that are presented in the order of the dates they show, those without one last."""
    return sorted(groups, key=lambda group: (group.next is None, group.next and group.next.at))


def where_in_words(group, meetings):
    """Return the towns where a group meets, or how it meets elsewhere: 'Headingley', 'Online, for Leeds'."""
    towns = list(dict.fromkeys(meeting.venue.locality for meeting in meetings if meeting.venue))
    if not towns and any(meeting.happens_at_a_venue for meeting in meetings):
        towns = [_("Ask the group")]
    if any(meeting.format in {MeetingFormat.ONLINE, MeetingFormat.HYBRID} for meeting in meetings):
        towns.append(_("online"))
    if any(meeting.format == MeetingFormat.TELEPHONE for meeting in meetings):
        towns.append(_("by phone"))
    words = get_text_list(towns[:4], _("and"))
    return words[:1].upper() + words[1:]


def access_in_words(group, meetings):
    """Return a few words on access: the group's own, then its venues'."""
    words = list(group.access_labels)
    for meeting in meetings:
        if meeting.venue:
            words += meeting.venue.access_labels
    return [str(word) for word in dict.fromkeys(words)][:MOST_ACCESS_WORDS]


def _is_metric(meetings):
    countries = {meeting.venue.country for meeting in meetings if meeting.venue}
    return bool(countries) and all(code in Nation.values and Nation(code).in_kilometres for code in countries)
