"""Completion while typing: topics, places and groups, at most eight. Nothing needs it; it only saves letters."""

import re

from django import forms
from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, F, Q, When
from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from directory.choices import PlaceKind
from directory.formfields import WordsField
from directory.models import Place, Topic
from directory.search import TEXT_CONFIG
from directory.words import plain
from groups.models import Group

SHORTEST = 2
MOST = 8
MOST_OF_A_KIND = 3


class CompleteForm(forms.Form):
    """The beginning of a word, and whether only places are wanted."""

    q = WordsField()
    only = forms.ChoiceField(choices=[("places", "")], required=False)


@require_safe
def complete(request):
    """Return {"groups": [{"label", "items": [{"value"}]}], "words"} for what was typed so far."""
    form = CompleteForm(request.GET)
    form.is_valid()
    typed = form.cleaned_data.get("q", "").strip()
    only_places = form.cleaned_data.get("only") == "places"
    kinds = (
        [] if len(plain(typed)) < SHORTEST else [(_("Places"), places(typed, MOST if only_places else MOST_OF_A_KIND))]
    )
    if kinds and not only_places:
        kinds = [(_("Topics"), topics(typed)), *kinds, (_("Groups"), groups(typed))]
    left = MOST
    found = []
    for label, values in kinds:
        items = [{"value": value} for value in values[:left]]
        left -= len(items)
        if items:
            found.append({"label": label, "items": items})
    response = JsonResponse({"groups": found, "words": how_many(MOST - left)})
    response["Cache-Control"] = "no-store"
    return response


def how_many(n):
    """Return what a screen reader says of so many suggestions: nothing where there are none."""
    if not n:
        return ""
    return ngettext("%(n)d suggestion. Use the arrow keys.", "%(n)d suggestions. Use the arrow keys.", n) % {"n": n}


def topics(typed):
    """Return labels of topics with a word that begins so, or with another word for them that does."""
    # A keyboard has the straight apostrophe, a phone the other one.
    asked = re.sub("['’]", "['’]", re.escape(typed))
    begins = rf"\m{asked}"
    whole, inside = Q(label__iregex=rf"^{asked}"), Q(label__iregex=begins)
    found = Topic.objects.filter(inside | Q(synonyms__iregex=begins))
    nearest = found.order_by(Case(When(whole, then=0), When(inside, then=1), default=2), "label")
    return list(nearest.values_list("label", flat=True)[:MOST_OF_A_KIND])


def places(typed, most):
    """Return full names of places that begin so, countries and then the largest first, and wards last."""
    found = Place.objects.filter(name__istartswith=typed.split(",")[0]).order_by(
        Case(When(kind=PlaceKind.COUNTRY, then=0), When(kind=PlaceKind.WARD, then=2), default=1),
        F("population").desc(nulls_last=True),
        "name",
        "code",
    )
    return list(dict.fromkeys(place.full_name for place in found[: most * 2]))[:most]


def groups(typed):
    """Return names of published groups that hold a word which begins so."""
    *whole, last = plain(typed).split()
    # As typed and as stemmed: 'an' is the beginning of 'another' and a word that is left out; 'stories' is 'stori'.
    words = SearchQuery(f"{last}:*", config="simple", search_type="raw") | SearchQuery(
        f"{last}:*", config=TEXT_CONFIG, search_type="raw"
    )
    if whole:
        words &= SearchQuery(" ".join(whole), config=TEXT_CONFIG, search_type="plain")
    found = Group.objects.published().filter(found_by__name_words=words).order_by("name", "pk")
    return list(found.values_list("name", flat=True)[:MOST_OF_A_KIND])
