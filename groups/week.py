"""What is on in the coming week, out of the groups that a search finds."""

from datetime import timedelta
from itertools import groupby

from django.utils import timezone

from directory.choices import Weekday
from groups.models import Group, Meeting
from groups.presenting import present_groups, upcoming_dates
from groups.wording import day_and_month

DAYS = 7
# So many meetings are looked at, the soonest first. A week that is fuller needs a narrower search.
MOST_MEETINGS = 200


def coming_week(groups, place=None, chosen=None, dated=()):
    """Return ([{"day", "dates"}], whether there are more): the dates of the next seven days, by day and in order.

    `chosen` is what a meeting has to fit, {"day", "time", "format": codes}; `dated` are the only days wanted, if any.
    """
    now = timezone.now()
    end = now + timedelta(days=DAYS)
    chosen = chosen or {}
    meetings = Meeting.objects.filter(group__in=groups).fitting(**chosen)
    soon = meetings.filter(next_at__lt=end).order_by("next_at", "pk").values_list("pk", "group")[: MOST_MEETINGS + 1]
    # What is on just now, and comes again after this week only, has its next date there.
    on = meetings.exclude(next_at__lt=end).perhaps_on(now).order_by("pk").values_list("pk", "group")[:MOST_MEETINGS]
    soon = list(soon)
    shown = dict([*on, *soon[:MOST_MEETINGS]])
    found = present_groups(list(Group.objects.published().for_cards().filter(pk__in=set(shown.values()))), place)
    meetings = [meeting for group in found for meeting in group.meetings.all() if meeting.pk in shown]
    # A daily meeting comes seven times; the clock of the reader's country puts the dates in order.
    dates = [date for meeting in meetings for date in upcoming_dates([meeting], DAYS, now) if date.at < end]
    weekdays = {Weekday(code).number for code in chosen.get("day", Weekday.values)}
    dates = [date for date in dates if date.at.weekday() in weekdays and (not dated or date.at.date() in dated)]
    dates.sort(key=lambda date: (date.at, date.meeting.pk))
    days = groupby(dates, key=lambda date: timezone.localdate(date.at))
    week = [{"day": day_and_month(day), "dates": list(each)} for day, each in days]
    return week, len(soon) > MOST_MEETINGS


def groups_not_on(week, total):
    """Return how many of the `total` groups of a search have no date in its coming week."""
    return total - len({date.meeting.group_id for day in week for date in day["dates"]})
