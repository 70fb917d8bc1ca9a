"""The curators' front page: what waits, what changed this week, how fresh the listings are, where groups are missing.

Nobody sees a number of what they may not look at. What takes long to count is counted once a minute at most.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casestudies.models import CaseStudy, ReaderQuestion
from directory.choices import PublicationState, RelayOutcome
from directory.history.restoring import models_by_table
from directory.keeping import kept_for_a_minute
from directory.models import Act, Change, DuplicatePair, HelpLine, RelayedMessage, UnmatchedWord
from directory.models.listings import CONFIRM_EVERY
from groups.coverage import MOST_PLACES, by_nation, places_without_group, without_venue
from groups.models import Group
from groups.unmatched import still_unmatched
from practitioners.models import Practitioner
from selfhelp.finding import FINDABLE, may_view
from selfhelp.queue import Queue, may_open

LISTINGS = [Group, Practitioner, CaseStudy]
WEEK = timedelta(days=7)
REFUSED_FOR = timedelta(days=30)


class Waits(NamedTuple):
    """Something that waits for somebody: what, who may see it, how to count it, and the list of it."""

    label: Promise
    permission: str
    count: Callable
    page: str
    query: str = ""

    @property
    def url(self):
        """The address of the list."""
        address = reverse(self.page)
        return f"{address}?{self.query}" if self.query else address


def _refused_lately():
    since = timezone.now() - REFUSED_FOR
    return RelayedMessage.objects.filter(outcome=RelayOutcome.REFUSED, at__gte=since).count()


def _words():
    return still_unmatched(UnmatchedWord.objects.shown()).count() if settings.KEEP_SEARCHED_WORDS else 0


# One line for each thing that may wait. Listings that wait, or need a look, stand above them.
WAITING = [
    Waits(
        gettext_lazy("Questions from readers without an answer"),
        "casestudies.view_readerquestion",
        lambda: ReaderQuestion.objects.filter(answered_at__isnull=True).count(),
        "admin:casestudies_readerquestion_changelist",
        "open=yes",
    ),
    Waits(
        gettext_lazy("Practitioners who sent new words for their page"),
        "practitioners.view_practitioner",
        lambda: Practitioner.objects.exclude(proposed={}).count(),
        "admin:practitioners_practitioner_changelist",
        "words=new",
    ),
    Waits(
        gettext_lazy("Messages that the mail server refused in the last 30 days"),
        "directory.view_relayedmessage",
        _refused_lately,
        "admin:directory_relayedmessage_changelist",
        "outcome__exact=refused",
    ),
    Waits(
        gettext_lazy("Listings that look like one another"),
        "directory.view_duplicatepair",
        lambda: DuplicatePair.objects.undecided().count(),
        "admin:directory_duplicatepair_changelist",
    ),
    Waits(
        gettext_lazy("Help lines to check again"),
        "directory.view_helpline",
        lambda: HelpLine.objects.to_recheck().count(),
        "admin:directory_helpline_changelist",
        "check=due",
    ),
    Waits(
        gettext_lazy("Words of searches that found nothing"),
        "directory.view_unmatchedword",
        _words,
        "admin:directory_unmatchedword_changelist",
    ),
]
# What a kind of listing has to do, by the name of its count, with the filter of its list.
TO_DO = [
    ("pending", gettext_lazy("%(kind)s that wait to be published"), "state__exact=pending"),
    ("stale", gettext_lazy("%(kind)s to ask about again"), "look=any"),
]


class Waiting(NamedTuple):
    """One line of the page."""

    label: str
    count: int
    url: str


class Share(NamedTuple):
    """One part of a bar: where it begins and how long it is, in per cent."""

    code: str
    label: str
    count: int
    start: float
    length: float


def front_page(user):
    """Return what the page shows this person."""
    standings = {model: _counts_of(model) for model in LISTINGS if may_view(user, model)}
    lines = [Waiting(_("The queue"), Queue(user).total, reverse("admin:queue"))] if may_open(user) else []
    lines += [
        Waiting(str(text) % {"kind": _plural(model)}, counts[name], _list_of(model, query))
        for name, text, query in TO_DO
        for model, counts in standings.items()
    ]
    lines += [Waiting(str(each.label), each.count(), each.url) for each in WAITING if user.has_perm(each.permission)]
    return {
        "waiting": [line for line in lines if line.count],
        "nothing_waits": [line for line in lines if not line.count],
        "standings": [_standing(model, counts) for model, counts in standings.items()],
        "coverage": _coverage() if Group in standings else None,
        "overview_url": reverse("admin:practitioners_overview") if Practitioner in standings else None,
        "may_find": any(may_view(user, each.model) for each in FINDABLE),
        **_changes(user),
    }


def _plural(model):
    return capfirst(model._meta.verbose_name_plural)


def _list_of(model, query=""):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{query}" if query else address


def _counts_of(model):
    """Return how many listings of a kind are in which state, need a look, and are how fresh."""
    now, public = timezone.now(), Q(state=PublicationState.PUBLISHED)
    fresh, ageing = now - CONFIRM_EVERY, now - 2 * CONFIRM_EVERY
    counted = {state.value: Q(state=state) for state in PublicationState} | {
        "stale": public & (Q(review_due_on__lte=timezone.localdate()) | Q(confirmed_at__isnull=True)),
        "fresh": public & Q(confirmed_at__gte=fresh),
        "ageing": public & Q(confirmed_at__lt=fresh, confirmed_at__gte=ageing),
        "old": public & Q(confirmed_at__lt=ageing),
        "unknown": public & Q(confirmed_at__isnull=True),
    }
    return model.objects.order_by().aggregate(**{name: Count("pk", filter=rule) for name, rule in counted.items()})


FRESHNESS = [
    ("fresh", gettext_lazy("Confirmed in the last 3 months")),
    ("ageing", gettext_lazy("3 to 6 months ago")),
    ("old", gettext_lazy("Longer ago")),
    ("unknown", gettext_lazy("Never")),
]


def _standing(model, counts):
    """Return one row of the table of listings: its counts, and its bar."""
    public, shares, start = counts[PublicationState.PUBLISHED], [], 0.0
    for code, label in FRESHNESS:
        length = 100 * counts[code] / public if public else 0.0
        shares.append(Share(code, str(label), counts[code], round(start, 2), round(length, 2)))
        start += length
    states = [
        (counts[state], _list_of(model, f"state__exact={state}"))
        for state in (PublicationState.PUBLISHED, PublicationState.PENDING, PublicationState.DRAFT)
    ]
    return {"name": _plural(model), "url": _list_of(model), "states": states, "shares": shares}


@kept_for_a_minute
def _coverage():
    places, looked_at = places_without_group()
    return {
        "nations": by_nation(),
        "without_venue": without_venue(),
        "places": places[:MOST_PLACES],
        "missing": len(places),
        "looked_at": looked_at,
    }


@kept_for_a_minute
def _changes_of_the_week():
    """Return (table, who, how many listings) for what changed in the last seven days, the most first."""
    who = Coalesce(NullIf("act__who", Value("")), Value(_("the site itself")))
    rows = Change.objects.filter(act__at__gte=timezone.now() - WEEK).annotate(who=who).order_by()
    counted = rows.values_list("subject_table", "who").annotate(n=Count("subject_id", distinct=True))
    return list(counted.order_by("-n", "subject_table", "who"))


def _changes(user):
    """Return what changed this week, of what the person may look at."""
    models = models_by_table()
    changed = [
        {"kind": _plural(models[table]), "who": who, "count": count}
        for table, who, count in _changes_of_the_week()
        if table in models and may_view(user, models[table])
    ]
    return {"changed": changed, "changes_url": _list_of(Act) if may_view(user, Act) else None}
