"""The search for groups: each parameter of the address, mapped onto a QuerySet method."""

import copy
from functools import cached_property

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from directory.choices import Weekday
from directory.filters import (
    DISTANCES,
    AllOfFilter,
    Choice,
    CodeFilter,
    OneOfFilter,
    PlaceFilter,
    WordsFilter,
    YesFilter,
)
from directory.formfields import SwitchField
from directory.lists import language_choices, role_choices, topic_choices
from directory.understanding import DATED, REFUSED
from directory.understood import UnderstandingFilterSet
from groups.choices import AGES, REMOTE_FORMATS, Access, Audience, GroupKind, MeetingFormat, RunBy, TimeOfDay, WayIn
from groups.matches import Matches
from groups.models import GroupSearch
from groups.models.search import facet, slots
from groups.reading import Reading
from groups.vocabulary import vocabulary

CONFIRMED_WITHIN = [
    ("30", gettext_lazy("Confirmed in the last month")),
    ("91", gettext_lazy("Confirmed in the last 3 months")),
    ("182", gettext_lazy("Confirmed in the last 6 months")),
]
AGE_CHOICES = [(str(age), format_lazy(gettext_lazy("Age {n}"), n=age)) for age in AGES]
# What is chosen of these is meant of one and the same meeting.
ONE_MEETING = ("day", "time", "format")
# Who or what is refused of these is left out; of the others, any other choice will do.
LEFT_OUT = {"audience", "topic"}
VIEWS = {"list": gettext_lazy("As a list"), "week": gettext_lazy("What is on this week")}


class GroupFilterSet(UnderstandingFilterSet):
    """A search for groups."""

    sort_orders = {
        "soonest": gettext_lazy("Soonest first"),
        "relevance": gettext_lazy("Best match first"),
        "distance": gettext_lazy("Nearest first"),
        "confirmed": gettext_lazy("Newly confirmed first"),
        "name": gettext_lazy("By name"),
    }
    without_chips = UnderstandingFilterSet.without_chips | {"spelling"}
    vocabulary = staticmethod(vocabulary)
    # The same roles stand in both, so the label alone would not say which is meant.
    chip_words = {"seeking": gettext_lazy("Looks for: %(label)s"), "receiving": gettext_lazy("Has: %(label)s")}

    q = WordsFilter(label=gettext_lazy("What is going on?"), method="leave_words")
    near = PlaceFilter(label=gettext_lazy("Where are you?"))
    within = CodeFilter(
        label=gettext_lazy("How far can you go?"),
        choices=[(d, d) for d in DISTANCES],
        empty_label=gettext_lazy("The usual distance"),
    )
    topic = OneOfFilter(label=gettext_lazy("Topic"), choices=topic_choices)
    day = OneOfFilter(label=gettext_lazy("Day"), choices=Weekday.choices)
    time = OneOfFilter(label=gettext_lazy("Time of day"), choices=TimeOfDay.choices)
    format = OneOfFilter(label=gettext_lazy("How you meet"), choices=MeetingFormat.choices)
    audience = OneOfFilter(label=gettext_lazy("Who it is for"), choices=Audience.choices)
    age = CodeFilter(label=gettext_lazy("Your age"), choices=AGE_CHOICES, queryset_method="for_age")
    access = AllOfFilter(label=gettext_lazy("Access needs"), choices=Access.choices)
    language = OneOfFilter(label=gettext_lazy("Language"), choices=language_choices)
    referral = OneOfFilter(label=gettext_lazy("How to join"), choices=WayIn.choices)
    kind = OneOfFilter(label=gettext_lazy("Kind of group"), choices=GroupKind.choices)
    run_by = OneOfFilter(label=gettext_lazy("Who runs it"), choices=RunBy.choices)
    peer_led = YesFilter(label=gettext_lazy("The members decide"))
    free = YesFilter(label=gettext_lazy("Free"))
    seeking = OneOfFilter(label=gettext_lazy("Looks for support"), choices=role_choices)
    receiving = OneOfFilter(label=gettext_lazy("Has support from"), choices=role_choices)
    confirmed = CodeFilter(
        label=gettext_lazy("Confirmed"), choices=CONFIRMED_WITHIN, queryset_method="confirmed_within"
    )
    sort = CodeFilter(label=gettext_lazy("Order"), choices=list(sort_orders.items()))
    spelling = CodeFilter(label=gettext_lazy("Spelling"), choices=[("typed", gettext_lazy("As typed"))])
    view = CodeFilter(label=gettext_lazy("View"), choices=list(VIEWS.items()))

    class Meta:
        model = GroupSearch
        fields = []

    def __init__(self, data):
        super().__init__(data, GroupSearch.objects.all())

    def leave_words(self, queryset, name, value):
        """Leave the words to `matches`, which ranks them."""
        return queryset

    def filter_queryset(self, queryset, without=()):
        """Return the groups that fit each part of the search, except the parts `without`."""
        from_anywhere = ("near",) if self.is_from_anywhere and "format" not in without else ()
        queryset = super().filter_queryset(queryset, (*without, *ONE_MEETING, *from_anywhere))
        queryset = queryset.meeting(**self.of_a_meeting(without))
        refused = self.reading.understood.refused
        if self.dates and "day" not in without:
            queryset = queryset.meeting_by(max(self.dates))
        for name in LEFT_OUT & refused.keys():
            if name not in without:
                queryset = queryset.with_none_of(name, refused[name])
        return queryset

    @property
    def dates(self):
        """The only days of the calendar that are meant; none beside a day of the week, which is any of its dates."""
        understood = self.reading.understood
        others = [code for code in understood.codes("day") if not code.startswith((DATED, REFUSED))]
        return [] if others or "day" in self.asked else understood.dated

    def of_a_meeting(self, without=()):
        """Return what one and the same meeting has to fit: {"day", "time", "format": codes}, as far as it is chosen."""
        return {name: self.values[name] for name in ONE_MEETING if self.values.get(name) and name not in without}

    def together(self, names):
        """Return, for the choices of fields of a meeting, the slots of a meeting that fits what is chosen besides."""
        return {
            facet(name, code): slots(**others, **{name: [code]})
            for name in names
            if (others := self.of_a_meeting(without=(name,)))
            for code, _label in self.form.fields[name].choices
        }

    @property
    def is_from_anywhere(self):
        """Whether place plays no part, since people take part from where they are."""
        return REMOTE_FORMATS.issuperset(self.values.get("format") or [None])

    def can_sort_by(self, code):
        """Whether an order means something for this search."""
        return super().can_sort_by(code) and not (code == "distance" and self.is_from_anywhere)

    def place_label(self, place=None):
        """Return a place in words, with the radius where it counts."""
        return (place or self.place).label if self.is_from_anywhere else super().place_label(place)

    @cached_property
    def reading(self):
        """The words that were typed, as they were understood, with misspelt ones mended."""
        return Reading.of(self.asked.get("q", ""), literal="spelling" in self.asked)

    @cached_property
    def values(self):
        """What the address asks for, and what its plain words mean besides."""
        values = super().values
        understood = self.reading.understood
        if understood.dated:
            weekdays = [list(Weekday)[day.weekday()].value for day in understood.dated]
            values["day"] = list(dict.fromkeys([*values.get("day", []), *weekdays]))
        for name, refused in understood.refused.items():
            # 'Not on Monday' is any other day; 'Tuesday, not Monday' is Tuesday.
            if name not in LEFT_OUT:
                others = [code for code, _label in self.form.fields[name].choices if code not in refused]
                values.setdefault(name, others)
        return values

    def matches(self, without=()):
        """Return what the search finds, with some parts left out where asked: the same ones as by `url_without`."""
        rows = self.filter_queryset(self.queryset.all(), without)
        by_age = "age" in self.values and "age" not in without
        if {"q", "topic"} <= set(without):
            return Matches(rows, by_age=by_age)
        terms = self.reading.terms_of_topics if "q" in without else self.reading.terms
        return Matches(rows, terms, self.reading.topics, by_age)

    def literally(self):
        """Return the same search with its words as they were typed. Nothing is read or looked up again."""
        literal = copy.copy(self)
        for name in ("values", "unknown_places"):
            vars(literal).pop(name, None)
        literal.reading = self.reading.literal
        return literal

    @property
    def says_nothing(self):
        """Whether something was typed and nothing in it can be looked for ('the', '!!!')."""
        return bool(self.asked.get("q")) and not (self.reading.terms or self.reading.understood.parts)

    @property
    def qs(self):
        """All groups found, exact and without an order: for calendars, feeds and exports."""
        return self.matches().everything()

    def views(self, path):
        """Return the ways to look at what was found."""
        current = self.values.get("view") or "list"
        return [
            Choice(
                str(label),
                self.url(path, drop=("view",), **({} if code == "list" else {"view": code})),
                code == current,
            )
            for code, label in VIEWS.items()
        ]

    def labels_of(self, names):
        """Return in words what the search asks for in some of its fields."""
        labels = []
        for name in names:
            value, field = self.values.get(name), self.form.fields[name]
            own = self.reading.understood.own_labels(name)
            if name == "q":
                labels.append(self.reading.understood.words)
            elif isinstance(field, SwitchField):
                labels += [str(field.label)] if value else []
            elif value:
                codes = value if isinstance(value, list) else [value]
                labels += own or [str(label) for code, label in field.choices if code in codes]
        return labels
