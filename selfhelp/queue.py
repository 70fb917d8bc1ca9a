"""All that waits for a curator, in one list: what people sent in, new listings, new words, questions."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import TrigramSimilarity
from django.core.paginator import Paginator
from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casestudies.models import CaseStudy, ReaderQuestion
from directory.choices import SuggestionKind
from directory.models import Suggestion
from groups.duplicates import likely_duplicates
from groups.models import Group
from practitioners.models import Practitioner

PAGE_SIZE = 50
LISTINGS = (Group, Practitioner, CaseStudy)
# Names are written in many ways. Below this they have little in common.
ALIKE = 0.3
MOST_ALIKE = 5


class Source(NamedTuple):
    """One kind of thing that waits, apart from suggestions: who decides on it, where, and which rows wait."""

    label: Promise
    permission: str
    page: str
    rows: Callable[[], QuerySet]
    title: str
    since: object


def _pending(model):
    """Return the listings that wait to be published. What a safety concern holds back is decided with the concern."""
    kind = ContentType.objects.get_for_model(model)
    concerns = Suggestion.objects.waiting().filter(kind=SuggestionKind.SAFETY, content_type=kind)
    return model.objects.pending().filter(~Exists(concerns.filter(object_id=OuterRef("pk"))))


SOURCES = {
    "group": Source(
        _("Group to publish"),
        "groups.change_group",
        "groups_group_change",
        lambda: _pending(Group),
        "name",
        F("state_changed_at"),
    ),
    "practitioner": Source(
        _("Practitioner to publish"),
        "practitioners.change_practitioner",
        "practitioners_practitioner_change",
        # Whoever has not opened the link in their letter yet may not be who they say.
        lambda: _pending(Practitioner).filter(Q(consent_given_on__isnull=False) | Q(own_email="")),
        "name",
        F("state_changed_at"),
    ),
    "words": Source(
        _("New words from a practitioner"),
        "practitioners.change_practitioner",
        "practitioners_practitioner_change",
        lambda: Practitioner.objects.exclude(proposed={}),
        "name",
        # Whoever sends new words confirms the rest.
        Coalesce(F("confirmed_at"), F("updated_at")),
    ),
    "case-study": Source(
        _("Case study to publish"),
        "casestudies.change_casestudy",
        "casestudies_casestudy_change",
        lambda: _pending(CaseStudy),
        "name",
        F("state_changed_at"),
    ),
    "question": Source(
        _("Question about a case study"),
        "casestudies.change_readerquestion",
        "casestudies_readerquestion_change",
        lambda: ReaderQuestion.objects.filter(answered_at=None),
        "case_study__name",
        F("asked_at"),
    ),
}
KINDS = dict(SuggestionKind.choices) | {code: source.label for code, source in SOURCES.items()}


# A safety concern has at least the first; a correction that could do harm has at least the second.
URGENT, RISKY = 100, 10


def risk_in_words(risk):
    """Return how much somebody has to look out for; an empty text where it is nothing out of the ordinary."""
    if risk >= URGENT:
        return _("Look at this first")
    return _("Look closely") if risk >= RISKY else ""


class Waiting(NamedTuple):
    """One thing that waits."""

    kind: str
    id: int
    title: str
    since: object
    risk: int

    @property
    def label(self):
        """What kind of thing it is."""
        return KINDS[self.kind]

    @property
    def risk_in_words(self):
        """How much somebody has to look out for."""
        return risk_in_words(self.risk)

    @property
    def address(self):
        """Where it is decided."""
        page = SOURCES[self.kind].page if self.kind in SOURCES else "suggestion"
        return reverse(f"admin:{page}", args=[self.id])


def suggestions_for(user):
    """Return the suggestions on which somebody may decide: all, or those about listings that they may change anyway."""
    if user.has_perm("directory.change_suggestion"):
        return Suggestion.objects.all()
    models = [model for model in LISTINGS if may_change(user, model)]
    kinds = ContentType.objects.get_for_models(*models).values() if models else []
    return Suggestion.objects.filter(content_type__in=[kind.pk for kind in kinds])


def may_change(user, model):
    """Return whether somebody may change listings of a kind at large, and publish them."""
    return user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}")


def may_open(user):
    """Return whether there is anything in the queue that somebody may decide."""
    permissions = {"directory.change_suggestion", *(source.permission for source in SOURCES.values())}
    return any(user.has_perm(permission) for permission in permissions)


class Queue:
    """All that waits for one person, the riskiest first and of those the oldest, in a constant number of queries."""

    def __init__(self, user):
        self.suggestions = suggestions_for(user).waiting()
        self.sources = {code: source for code, source in SOURCES.items() if user.has_perm(source.permission)}

    @cached_property
    def counts(self):
        """How many wait, by kind."""
        counts = dict(self.suggestions.order_by().values_list("kind").annotate(Count("pk")))
        counts |= {code: source.rows().count() for code, source in self.sources.items()}
        return {code: counts[code] for code in KINDS if counts.get(code)}

    @property
    def total(self):
        """How many wait in all."""
        return sum(self.counts.values())

    def page(self, number, *, kind=""):
        """Return a page of `Waiting`. `kind` leaves out all others."""
        paginator = Paginator(self._rows(kind), PAGE_SIZE)
        paginator.count = self.counts.get(kind, 0) if kind else self.total
        page = paginator.get_page(number)
        page.object_list = [Waiting(*row) for row in page.object_list]
        return page

    def _rows(self, kind):
        parts = []
        if not kind or kind in SuggestionKind.values:
            chosen = self.suggestions.filter(kind=kind) if kind else self.suggestions
            parts.append(_columns(chosen, F("kind"), "title", F("sent_at"), F("risk")))
        for code, source in self.sources.items():
            if kind in {"", code}:
                parts.append(_columns(source.rows(), Value(code), source.title, source.since, Value(0)))
        if not parts:
            return []
        first, *others = parts
        return first.union(*others, all=True).order_by("-its_risk", "its_since", "its_kind", "id")


def _columns(rows, kind, title, since, risk):
    """Return rows in the columns that all parts of the queue have in common."""
    return (
        rows.order_by()
        .annotate(
            its_kind=Cast(kind, CharField()),
            its_title=F(title),
            its_since=since,
            its_risk=Cast(risk, IntegerField()),
        )
        .values_list("its_kind", "id", "its_title", "its_since", "its_risk")
    )


def decided_for(user):
    """Return the suggestions that were decided, the latest first, with who did so."""
    decided = suggestions_for(user).exclude(decided_at=None)
    return decided.select_related("decided_by", "act__undone_by").order_by("-decided_at", "-pk")


class Alike(NamedTuple):
    """A listing that may be the one that somebody suggests as new, and why, in words."""

    listing: Group
    reasons: list


def looks_like(model, values):
    """Return the groups that may be the one that somebody suggests as new, the likeliest first, as `Alike`s."""
    name = values.get("name")
    if model is not Group or not isinstance(name, str) or not name:
        return []
    rows = {}
    for path, value in values.items():
        part, _dot, column = path.rpartition(".")
        if isinstance(value, str) and value:
            rows.setdefault(part, {})[column] = value
    contacts = [(row["kind"], row["value"]) for row in rows.values() if {"kind", "value"} <= row.keys()]
    towns = [row["locality"] for row in rows.values() if "locality" in row]
    likely = likely_duplicates(name=name, contacts=contacts, locality=towns[0] if towns else "")
    found = {each.group.pk: Alike(each.group, each.reasons) for each in likely}
    named = Group.objects.annotate(likeness=TrigramSimilarity("name", name)).filter(likeness__gte=ALIKE)
    for group in named.order_by("-likeness", "pk")[:MOST_ALIKE]:
        found.setdefault(group.pk, Alike(group, [gettext("similar name")]))
    return list(found.values())[:MOST_ALIKE]
