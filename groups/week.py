"""What is on in the coming week, out of the groups that a search finds."""

from datetime import timedelta
from itertools import groupby

from django.utils import timezone

from groups.models import Group, Meeting
from groups.presenting import present_groups, upcoming_dates
from groups.wording import day_and_month

DAYS = 7
# So many meetings are looked at, the soonest first. A week that is fuller needs a narrower search.
MOST_MEETINGS = 200


def coming_week(groups, place=None):
    """Return ([{"day", "dates"}], whether there are more): the dates of the next seven days, by day and in order."""
    now = timezone.now()
    end = now + timedelta(days=DAYS)
    rows = list(
        Meeting.objects.filter(group__in=groups, next_at__lt=end)
        .order_by("next_at", "pk")
        .values_list("pk", "group")[: MOST_MEETINGS + 1]
    )
    shown = dict(rows[:MOST_MEETINGS])
    found = present_groups(list(Group.objects.for_cards().filter(pk__in=set(shown.values()))), place)
    meetings = [meeting for group in found for meeting in group.meetings.all() if meeting.pk in shown]
    # A daily meeting comes seven times; the clock of the reader's country puts the dates in order.
    dates = [date for meeting in meetings for date in upcoming_dates([meeting], DAYS, now) if date.at < end]
    dates.sort(key=lambda date: (date.at, date.meeting.pk))
    days = groupby(dates, key=lambda date: timezone.localdate(date.at))
    week = [{"day": day_and_month(day), "dates": list(each)} for day, each in days]
    return week, len(rows) > MOST_MEETINGS
