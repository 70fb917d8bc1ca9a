"""What the three rooms' searches have in common: a forgiving filter set, its chips and its orders."""

import copy
from functools import cached_property
from typing import NamedTuple

import django_filters
from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext as _

from directory.crisis import crisis_in
from directory.formfields import (
    CodeField,
    CodesField,
    Listed,
    PlaceField,
    SwitchField,
    WordsField,
    tell_what_was_left_out,
)
from directory.gazetteer import Located
from directory.geo import KM_PER_MILE

DISTANCES = ["2", "5", "10", "20", "50", "100"]
DEFAULT_DISTANCE = 10


class Chip(NamedTuple):
    """One part of a search as a person sees it, and the address of the same search without it."""

    label: str
    url: str


class Choice(NamedTuple):
    """One way on: a sort order, a wider search, another place of the same name."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


class Unchanging:
    """For filters: a filter set takes a copy of each, and need not copy the hundreds of choices inside."""

    def __deepcopy__(self, memo):
        copied = copy.copy(self)
        if self.method:
            copied.method = self.method  # bound anew to the copy
        return copied


class WordsFilter(Unchanging, django_filters.CharFilter):
    """Free text."""

    field_class = WordsField


class PlaceFilter(Unchanging, django_filters.Filter):
    """A place; filters nothing by itself, since it needs the radius too."""

    field_class = PlaceField

    def filter(self, qs, value):
        """Leave the queryset as it is."""
        return qs


class CodesFilter(Unchanging, django_filters.Filter):
    """Several codes, handed to a QuerySet method: `method_name(codes)`."""

    field_class = CodesField

    def __init__(self, *args, queryset_method=None, **kwargs):
        self.queryset_method = queryset_method
        super().__init__(*args, **kwargs)

    def filter(self, qs, value):
        """Return what one of the codes fits."""
        if not value:
            return qs
        if self.queryset_method:
            return getattr(qs, self.queryset_method)(value)
        return qs.filter(**{f"{self.field_name}__{self.lookup_expr}": value})


class CodeFilter(Unchanging, django_filters.Filter):
    """One code, handed to a QuerySet method."""

    field_class = CodeField

    def __init__(self, *args, queryset_method=None, **kwargs):
        self.queryset_method = queryset_method
        super().__init__(*args, **kwargs)

    def filter(self, qs, value):
        """Return what the code fits."""
        return getattr(qs, self.queryset_method)(value) if value and self.queryset_method else qs


class SwitchFilter(Unchanging, django_filters.Filter):
    """A tick box, which calls a QuerySet method without arguments where it is ticked."""

    field_class = SwitchField

    def __init__(self, *args, queryset_method, **kwargs):
        self.queryset_method = queryset_method
        super().__init__(*args, **kwargs)

    def filter(self, qs, value):
        """Return the queryset, narrowed where the box is ticked."""
        return getattr(qs, self.queryset_method)() if value else qs


class OneOfFilter(CodesFilter):
    """Several choices; listings that fit at least one."""

    def filter(self, qs, value):
        """Return the listings."""
        return qs.with_one_of(self.field_name, value) if value else qs


class AllOfFilter(CodesFilter):
    """Several needs; listings that meet every one."""

    def filter(self, qs, value):
        """Return the listings."""
        return qs.with_all_of(self.field_name, value) if value else qs


class YesFilter(SwitchFilter):
    """A tick box; listings of which it is true."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, queryset_method=None, **kwargs)

    def filter(self, qs, value):
        """Return the listings."""
        return qs.with_all_of(self.field_name, ["on"]) if value else qs


class ListingFilterSet(django_filters.FilterSet):
    """A search of one room. What cannot be understood gets a message, and the rest of the search still counts."""

    # {code: (label, how the queryset is ordered)}; the first is the default without words, `relevance` the one with.
    sort_orders = {}
    # Names that carry no meaning of their own as a chip.
    without_chips = {"sort", "view", "within"}
    # What a chip says beside its label, by the name of the filter.
    chip_words = {}

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        # django-filter puts a plain dict where the address has no parameters.
        self.data = data

    def get_form_class(self):
        """Return the form's class, which is made once: its fields are as unchanging as the filters."""
        if "_form_class" not in vars(type(self)):
            type(self)._form_class = super().get_form_class()
        return self._form_class

    @cached_property
    def form(self):
        """The bound form, with a message for each code that was left out."""
        form = super().form
        for each in form.fields.values():
            if isinstance(each, forms.ChoiceField) and isinstance(each.choices, CallableChoiceIterator):
                # Choices that come from the database are read once and not at each look.
                each.choices = Listed(each.choices.func())
        tell_what_was_left_out(form)
        return form

    @cached_property
    def asked(self):
        """What the address asks for: cleaned values of the parts that are valid."""
        cleaned = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in cleaned.items() if value not in (None, "", [], False)}

    @cached_property
    def crisis(self):
        """What the words tell of danger, or `None`. A text that is too long for a search, or odd, is read too."""
        return crisis_in(self.data.get("q"))

    @property
    def values(self):
        """What the search is for. A room that understands plain words adds what they mean."""
        return self.asked

    @property
    def topics_named(self):
        """The topics that the search names, by slug."""
        return self.values.get("topic", [])

    @property
    def place(self) -> Located | None:
        """Where the search is centred."""
        return self.values.get("near")

    @property
    def places(self):
        """Where the search is centred: mostly one place, and none where it is nowhere."""
        return [self.place] if self.place else []

    @property
    def nations(self):
        """The codes of the countries that the search is in; none where one of its places is not a whole country."""
        places = self.places
        return [code for place in places for code in place.nations] if all(place.nations for place in places) else []

    @property
    def distance(self):
        """The radius in the reader's own unit: km in Ireland and France, miles elsewhere."""
        chosen = self.values.get("within")
        if chosen:
            return int(chosen)
        reach = max(place.radius_km for place in self.places)
        return max(DEFAULT_DISTANCE, round(reach if self.place.in_kilometres else reach / KM_PER_MILE))

    @property
    def radius_km(self):
        """The radius in km."""
        return self.distance if self.place.in_kilometres else self.distance * KM_PER_MILE

    def filter_queryset(self, queryset, without=()):
        """Return the listings that fit each part of the search that was understood, except the parts `without`."""
        values = self.values
        for name, each in self.filters.items():
            if name in values and name not in without:
                queryset = each.filter(queryset, values[name])
        if self.place and "near" not in without:
            queryset = self.near(queryset, self.radius_km)
        return queryset

    def near(self, queryset, km, **options):
        """Return the listings around the places that the search is centred on, or in the countries."""
        if self.nations:
            return queryset.in_nations(self.nations, **options)
        first, *others = [place.point for place in self.places]
        return queryset.near(first, km, or_near=others, **options)

    @property
    def qs(self):
        """The listings found, in order. django-filter gives nothing for a form with an error; this gives the rest."""
        if not hasattr(self, "_qs"):
            self._qs = self.ordered(self.filter_queryset(self.queryset.all()))
        return self._qs

    @property
    def sort(self):
        """The order in use."""
        chosen = self.asked.get("sort")
        if chosen in self.sort_orders and self.can_sort_by(chosen):
            return chosen
        return self.usual_sort

    @property
    def usual_sort(self):
        """The order where none is chosen."""
        if self.asked.get("q"):
            return "relevance"
        return next(code for code in self.sort_orders if self.can_sort_by(code) and code != "relevance")

    def can_sort_by(self, code):
        """Whether an order means something for this search."""
        if code == "distance":
            return self.place is not None and not self.nations
        if code == "relevance":
            return bool(self.asked.get("q"))
        return True

    def ordered(self, queryset):
        """Return the listings in the order in use, which always ends in the primary key."""
        match self.sort:
            case "relevance":
                return queryset.order_by("-rank", "name", "pk")
            case "distance":
                return queryset.order_by("distance", "name", "pk")
            case "confirmed":
                return queryset.order_by(models.F("confirmed_at").desc(nulls_last=True), "name", "pk")
        return queryset.order_by("name", "pk")

    def url(self, path, *, drop=(), **changes):
        """Return the address of this search with some parameters changed or dropped, and back on page 1.

        `drop` holds names, or (name, value) pairs for one of several values.
        """
        query, unread = QueryDict(mutable=True), self.form.errors
        for name in self.filters:
            # A text that could not be read is no part of a link.
            if name in changes or name in drop or name in unread:
                continue
            kept = [value for value in self.data.getlist(name) if value and (name, value) not in drop]
            if kept:
                query.setlist(name, kept)
        for name, value in changes.items():
            if value:
                query.setlist(name, value if isinstance(value, list) else [value])
        return f"{path}?{query.urlencode()}" if query else path

    def chips(self, path):
        """Return the parts of the search as a person sees them."""
        chips = []
        for name, value in self.asked.items():
            if name in self.without_chips:
                continue
            field_ = self.form.fields[name]
            if name == "near":
                chips.append(Chip(self.place_label(), self.url(path, drop=("near", "within"))))
            elif isinstance(field_, CodesField):
                labels = {str(code): label for code, label in field_.choices}
                words = str(self.chip_words.get(name, "%(label)s"))
                chips += [Chip(words % {"label": labels[code]}, self.url(path, drop=((name, code),))) for code in value]
            elif isinstance(field_, CodeField):
                labels = {str(code): label for code, label in field_.choices}
                chips.append(Chip(str(labels[value]), self.url(path, drop=(name,))))
            elif isinstance(field_, SwitchField):
                chips.append(Chip(str(field_.label), self.url(path, drop=(name,))))
            else:
                chips.append(Chip(_("“%(words)s”") % {"words": value}, self.url(path, drop=(name,))))
        return chips

    def place_label(self, place=None):
        """Return a place in words, with the radius: 'Within 10 miles of Leeds', 'In France'."""
        place = place or self.place
        if self.nations:
            return _("In %(place)s") % {"place": place.short_words}
        words = (
            _("Within %(distance)d km of %(place)s")
            if self.place.in_kilometres
            else _("Within %(distance)d miles of %(place)s")
        )
        return words % {"distance": self.distance, "place": place.in_words}

    def sorts(self, path):
        """Return the orders that mean something for this search."""
        return [
            Choice(str(label), self.url(path, sort=code), current=code == self.sort)
            for code, label in self.sort_orders.items()
            if self.can_sort_by(code)
        ]
