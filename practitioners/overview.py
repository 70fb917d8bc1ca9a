"""What curators see at a glance: which roles are rare where, who is overdue, who has no group."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.geo import KM_PER_MILE, Point
from directory.models import SupportArea, SupportRole
from groups.models import Group, GroupSearch
from practitioners.models import Practitioner, PractitionerSearch, Support
from practitioners.search import Matches, counts_of_each

MOST_SHOWN = 20
# Each group that looks for a role is one count; so many are looked at.
MOST_CHECKED = 60
NEAR_KM = 20 * KM_PER_MILE


@dataclass(frozen=True)
class Cell:
    """How many practitioners take on a role in an area, and how many of them take requests."""

    people: int = 0
    accepting: int = 0

    @property
    def is_gap(self):
        """Whether nobody could be asked."""
        return not self.accepting


def role_by_area():
    """Return (areas, rows): a row for each role, with a `Cell` for each area, one for all, and groups that seek it."""
    areas = list(SupportArea.objects.all())
    public = Practitioner.objects.published()
    counts = {
        "people": Count("pk", distinct=True),
        "accepting": Count("pk", filter=Q(accepting_requests=True), distinct=True),
    }
    cells = {
        (each["roles"], each["areas"]): Cell(each["people"], each["accepting"])
        for each in public.order_by().values("roles", "areas").annotate(**counts)
    }
    whole = {
        each["roles"]: Cell(each["people"], each["accepting"])
        for each in public.order_by().values("roles").annotate(**counts)
    }
    seeking = dict(
        Group.objects.published()
        .order_by()
        .filter(seeking__isnull=False)
        .values_list("seeking")
        .annotate(n=Count("pk"))
    )
    rows = [
        {
            "role": role,
            "cells": [cells.get((role.pk, area.pk), Cell()) for area in areas],
            "whole": whole.get(role.pk, Cell()),
            "seeking": seeking.get(role.pk, 0),
        }
        for role in SupportRole.objects.all()
    ]
    return areas, rows


def sought_in_vain():
    """Return (group, role) for groups that look for a role which nobody near them offers who takes requests."""
    rows = GroupSearch.objects.filter(group__seeking__isnull=False).order_by("group__name", "group__seeking__position")
    wishes = [
        (group, role, Point(latitudes[0], longitudes[0]))
        for group, role, latitudes, longitudes in rows.values_list(
            "group", "group__seeking__slug", "latitudes", "longitudes"
        )
        if latitudes
    ][:MOST_CHECKED]
    searches = [
        Matches(
            PractitionerSearch.objects.with_one_of("role", [role]).with_all_of("accepting", ["on"]).near(point, NEAR_KM)
        )
        for _group, role, point in wishes
    ]
    groups = Group.objects.in_bulk({group for group, _role, _point in wishes})
    roles = {role.slug: role for role in SupportRole.objects.all()}
    return [
        (groups[group], roles[role])
        for (group, role, _point), (found, _counts) in zip(wishes, counts_of_each(searches), strict=True)
        if not found
    ]


def without_group(practitioners):
    """Return the practitioners who support no group now, as far as curators know."""
    return practitioners.exclude(Exists(Support.objects.confirmed().current().filter(practitioner=OuterRef("pk"))))


def overview():
    """Return what the page shows."""
    areas, rows = role_by_area()
    public = Practitioner.objects.published()
    overdue, alone = Practitioner.objects.stale().order_by("review_due_on", "name"), without_group(public)
    return {
        "title": _("Roles and gaps"),
        "areas": areas,
        "rows": rows,
        "sought_in_vain": sought_in_vain(),
        "overdue": list(overdue[:MOST_SHOWN]),
        "overdue_count": overdue.count(),
        "without_group": list(alone.order_by("name")[:MOST_SHOWN]),
        "without_group_count": alone.count(),
        "to_review": list(
            Support.objects.due_for_review(timezone.localdate())
            .select_related("practitioner", "group", "role")
            .order_by("review_on", "pk")[:MOST_SHOWN]
        ),
    }
