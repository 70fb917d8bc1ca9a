"""Keeping the next dates true, by which lists are sorted. What a page shows is always computed anew."""

from django.db import transaction
from django.utils import timezone

from directory.keeping import kept_for_a_minute
from groups.indexing import index_groups
from groups.models import Group, Meeting

AT_A_TIME = 500
# So many are put right by the way, while somebody looks at a list.
A_FEW = 50


def passed(now=None):
    """Return the ids of the meetings whose next date has passed, longest ago first."""
    return Meeting.objects.filter(next_at__lte=now or timezone.now()).order_by("next_at").values_list("pk", flat=True)


def refresh(ids, progress=iter):
    """Compute the next date of these meetings anew. Returns how many have another now; safe at any time."""
    ids = list(ids)
    parts = [ids[start : start + AT_A_TIME] for start in range(0, len(ids), AT_A_TIME)]
    return sum(_refresh_part(part) for part in progress(parts))


@transaction.atomic
def _refresh_part(ids):
    # Whoever saves a group or a meeting just now sets its date too: nobody waits for anybody.
    groups = Group.objects.filter(pk__in=Meeting.objects.filter(pk__in=ids).values("group")).order_by("pk")
    free = groups.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
    mine = Meeting.objects.filter(pk__in=ids, group__in=list(free)).select_for_update(skip_locked=True)
    meetings = list(Meeting.objects.for_calendars().filter(pk__in=list(mine.values_list("pk", flat=True))))
    changed = []
    now = timezone.now()
    for meeting in meetings:
        before = meeting.next_at
        meeting.set_next_at(now)
        if meeting.next_at != before:
            changed.append(meeting)
    Meeting.objects.bulk_update(changed, ["next_at"])
    index_groups({meeting.group_id for meeting in changed})
    return len(changed)


@kept_for_a_minute
def refresh_a_few():
    """Put a few next dates right, at most once a minute: a site whose jobs stand still stays in order."""
    return refresh(passed()[:A_FEW])
