"""What is on in the coming week, out of the groups that a search finds."""

from datetime import timedelta
from itertools import groupby

from django.db.models import Prefetch
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
    meetings = list(
        Meeting.objects.for_display()
        .filter(group__in=groups, next_at__lt=end)
        .prefetch_related(Prefetch("group", Group.objects.for_cards()))
        .order_by("next_at", "pk")[: MOST_MEETINGS + 1]
    )
    shown = meetings[:MOST_MEETINGS]
    present_groups([meeting.group for meeting in shown], place)
    # A daily meeting comes seven times; the clock of the reader's country puts the dates in order.
    dates = [date for meeting in shown for date in upcoming_dates([meeting], DAYS, now) if date.at < end]
    dates.sort(key=lambda date: (date.at, date.meeting.pk))
    days = groupby(dates, key=lambda date: timezone.localdate(date.at))
    week = [{"day": day_and_month(day), "dates": list(each)} for day, each in days]
    return week, len(meetings) > MOST_MEETINGS
