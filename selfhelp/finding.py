"""One search of the curators over everything, published or not: by name, address, number, contact."""

import re
from typing import NamedTuple

from django import forms
from django.contrib.auth import get_permission_codename
from django.db.models import CharField, F, Func, Model, Q, Value
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from casestudies.models import CaseStudy
from directory.formfields import WordsField
from directory.models import HelpLine, Topic
from groups.models import Group, GroupContact, Venue
from practitioners.models import Practitioner, PractitionerContact

MOST_OF_A_KIND = 10
MOST_WORDS = 8
# A number is found however it is cut by spaces; fewer digits stand in every number.
LEAST_DIGITS = 5


class FindForm(forms.Form):
    """What to look for."""

    q = WordsField(label=_("Find anything"))


class Findable(NamedTuple):
    """A kind of thing, the columns that are looked at, and what it is a part of, whose page it has."""

    model: type[Model]
    columns: tuple
    part_of: str = ""
    # A column with a telephone number.
    number: str = ""


FINDABLE = [
    Findable(Group, ("name", "slug", "host", "external_id")),
    Findable(Practitioner, ("name", "slug", "organisation", "external_id")),
    Findable(CaseStudy, ("name", "slug", "organisation")),
    Findable(Topic, ("label", "synonyms")),
    Findable(HelpLine, ("name", "number", "text_number", "for_whom"), number="number"),
    Findable(Venue, ("name", "address", "locality", "postcode")),
    Findable(GroupContact, ("value", "label"), part_of="group", number="value"),
    Findable(PractitionerContact, ("value", "label"), part_of="practitioner", number="value"),
]


class Finding(NamedTuple):
    """What was found: its words, the name of its state where it has one, and its page."""

    label: str
    state: str
    url: str


class Found(NamedTuple):
    """What was found of one kind."""

    name: str
    code: str
    findings: list
    is_more: bool
    list_url: str


def may_view(user, model):
    """Whether somebody may look at what is of this kind."""
    return user.has_perm(f"{model._meta.app_label}.{get_permission_codename('view', model._meta)}")


def find_anything(text, user):
    """Return a `Found` for each kind that somebody may look at and of which something fits every word."""
    kinds = [_found(each, text) for each in FINDABLE if may_view(user, each.model)] if text else []
    return [each for each in kinds if each.findings]


def _found(kind, text):
    rows = kind.model.objects.filter(_fitting(kind, text))
    if kind.number and len(digits := re.sub(r"\D", "", text)) >= LEAST_DIGITS:
        only_digits = Func(
            F(kind.number), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=CharField()
        )
        rows = kind.model.objects.annotate(digits=only_digits).filter(
            Q(pk__in=rows.values("pk")) | Q(digits__contains=digits)
        )
    if kind.part_of:
        rows = rows.select_related(kind.part_of)
    shown = list(rows[: MOST_OF_A_KIND + 1])
    listed = kind.model._meta.get_field(kind.part_of).related_model if kind.part_of else kind.model
    address = reverse(f"admin:{listed._meta.app_label}_{listed._meta.model_name}_changelist")
    name = kind.model._meta.verbose_name_plural
    return Found(
        capfirst(f"{name}: {listed._meta.verbose_name_plural}" if kind.part_of else name),
        kind.model._meta.model_name,
        [_finding(kind, row) for row in shown[:MOST_OF_A_KIND]],
        len(shown) > MOST_OF_A_KIND,
        address,
    )


def _fitting(kind, text):
    """Return the condition that each word stands in one of the columns."""
    fitting = Q()
    for word in text.split()[:MOST_WORDS]:
        anywhere = Q()
        for column in kind.columns:
            anywhere |= Q(**{f"{column}__icontains": word})
        fitting &= anywhere
    return fitting


def _finding(kind, row):
    owner = getattr(row, kind.part_of) if kind.part_of else row
    address = reverse(f"admin:{owner._meta.app_label}_{owner._meta.model_name}_change", args=[owner.pk])
    state = owner.get_state_display() if hasattr(owner, "get_state_display") else ""
    return Finding(f"{owner}: {row}" if kind.part_of else str(row), state, address)
