"""The search for groups: each parameter of the address, mapped onto a QuerySet method."""

from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.choices import Weekday
from directory.filters import (
    DISTANCES,
    Choice,
    CodeFilter,
    CodesFilter,
    Counted,
    ListingFilterSet,
    PlaceFilter,
    ResultPage,
    SwitchFilter,
    WordsFilter,
    language_choices,
    role_choices,
    topic_choices,
)
from directory.formfields import CodesField, SwitchField
from directory.models import Topic
from groups.choices import Access, Audience, GroupKind, MeetingFormat, RunBy, TimeOfDay, WayIn
from groups.models import Group, GroupSearch
from groups.models.search import facet
from groups.presenting import present_groups
from groups.search import CAP, Matches, count, find
from groups.spelling import spell
from groups.week import coming_week

CONFIRMED_WITHIN = [
    ("30", gettext_lazy("Confirmed in the last month")),
    ("91", gettext_lazy("Confirmed in the last 3 months")),
    ("182", gettext_lazy("Confirmed in the last 6 months")),
]
VIEWS = {"list": gettext_lazy("As a list"), "week": gettext_lazy("What is on this week")}
# Wider searches are offered where there are fewer than this.
FEW = 6


class OneOfFilter(CodesFilter):
    """Several choices; groups that fit at least one."""

    def filter(self, qs, value):
        """Return the groups."""
        return qs.with_one_of(self.field_name, value) if value else qs


class AllOfFilter(CodesFilter):
    """Several needs; groups that meet every one."""

    def filter(self, qs, value):
        """Return the groups."""
        return qs.with_all_of(self.field_name, value) if value else qs


class YesFilter(SwitchFilter):
    """A tick box; groups of which it is true."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, queryset_method=None, **kwargs)

    def filter(self, qs, value):
        """Return the groups."""
        return qs.with_all_of(self.field_name, ["on"]) if value else qs


class GroupFilterSet(ListingFilterSet):
    """A search for groups."""

    sort_orders = {
        "soonest": gettext_lazy("Soonest first"),
        "relevance": gettext_lazy("Best match first"),
        "distance": gettext_lazy("Nearest first"),
        "confirmed": gettext_lazy("Newly confirmed first"),
        "name": gettext_lazy("By name"),
    }
    without_chips = ListingFilterSet.without_chips | {"spelling"}

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
    access = AllOfFilter(label=gettext_lazy("Access needs"), choices=Access.choices)
    language = OneOfFilter(label=gettext_lazy("Language"), choices=language_choices)
    referral = OneOfFilter(label=gettext_lazy("How to join"), choices=WayIn.choices)
    kind = OneOfFilter(label=gettext_lazy("Kind of group"), choices=GroupKind.choices)
    run_by = OneOfFilter(label=gettext_lazy("Who runs it"), choices=RunBy.choices)
    peer_led = YesFilter(label=gettext_lazy("The members decide"))
    free = YesFilter(label=gettext_lazy("Free"))
    seeking = OneOfFilter(label=gettext_lazy("Looks for support"), choices=role_choices)
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
        """Return the groups that fit each part of the search; day and time are meant of one meeting."""
        days, times = self.values.get("day", []), self.values.get("time", [])
        queryset = super().filter_queryset(queryset, without)
        if days and times and not {"day", "time"} & set(without):
            queryset = queryset.meeting(days, times)
        return queryset

    @cached_property
    def spelt(self):
        """The words as they were read: which count, and which were taken for another."""
        return spell(self.values.get("q", ""), literal=bool(self.values.get("spelling")))

    def matches(self, without=()):
        """Return what the search finds, with some parts of it left out where asked."""
        terms = () if "q" in without else self.spelt.terms
        return Matches(self.filter_queryset(self.queryset.all(), without), terms)

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

    def headline(self, total):
        """Return the search in one sentence: '6 groups for Anxiety and panic near Leeds'."""
        shown = _("%(n)s+") % {"n": f"{CAP:,}"} if total > CAP else str(total)
        words = ngettext("%(n)s group", "%(n)s groups", total) % {"n": shown}
        topics = [
            str(label) for code, label in self.form.fields["topic"].choices if code in self.values.get("topic", [])
        ]
        if topics:
            words = _("%(groups)s for %(topics)s") % {"groups": words, "topics": ", ".join(topics)}
        if self.place:
            words = _("%(groups)s near %(place)s") % {"groups": words, "place": self.place.label}
        return words

    def wider(self, path):
        """Return wider searches, each with its address and how many groups it finds, fruitful ones only."""
        options = []
        if self.place:
            further = next((d for d in DISTANCES if int(d) > self.distance), None)
            if further:
                label = _("Go up to %(n)s km") if self.place.in_kilometres else _("Go up to %(n)s miles")
                options.append((label % {"n": further}, {"within": further}, ()))
            options.append((_("Groups online"), {"format": MeetingFormat.ONLINE}, ("near", "within", "format")))
        for names, label in [
            (("day", "time"), _("Any day, any time")),
            (("access",), _("Any access")),
            (("q",), _("Without “%(words)s”") % {"words": self.values.get("q", "")}),
        ]:
            if any(name in self.values for name in names):
                options.append((label, {}, names))
        return [
            {"label": label, "url": address, "count": found}
            for label, changes, drop in options[:3]
            if (address := self.url(path, drop=drop, **changes)) and (found := self._count(address))
        ]

    def _count(self, address):
        _path, _mark, query = address.partition("?")
        return count(type(self)(QueryDict(query)).matches())


class GroupResults(ResultPage):
    """One page of groups, in order, with counts for what is left to choose."""

    def load(self, offset, limit):
        """Return the groups of one page, and how many there are, up to one more than the cap."""
        filterset = self.filterset
        self.found = find(filterset.matches(), sort=filterset.sort, offset=min(offset, CAP), limit=limit)
        groups = Group.objects.for_cards().in_bulk(self.found.ids)
        listings = [groups[number] for number in self.found.ids]
        for group in listings:
            group.distance = self.found.distances.get(group.pk)
        return present_groups(listings, filterset.place), self.found.total

    def context(self):
        """Return what the list template needs."""
        self._count_choices()
        few = self.total < FEW
        week, is_longer = (None, False)
        if self.filterset.values.get("view") == "week":
            week, is_longer = coming_week(self.filterset.qs, self.filterset.place)
        return super().context() | {
            "views": self.filterset.views(self.path),
            "week": week,
            "week_is_longer": is_longer,
            "headline": self.filterset.headline(self.total),
            "widen": self.filterset.wider(self.path) if few else [],
            "corrected": self.filterset.spelt.corrected,
            "literal_url": self.filterset.url(self.path, spelling="typed"),
        }

    def _count_choices(self):
        """Put its count beside each choice, and leave out those that would leave nothing."""
        form, values = self.filterset.form, self.filterset.values
        umbrellas = None
        for name, field in form.fields.items():
            if not isinstance(field, (CodesField, SwitchField)):
                continue
            chosen = values.get(name, [])
            counts = self.found.counts
            # Choices of one kind widen each other, so a count beside a chosen one is made without them.
            if chosen and isinstance(self.filterset.filters[name], OneOfFilter):
                counts = find(self.filterset.matches(without=(name,)), limit=0).counts
            if isinstance(field, SwitchField):
                field.label = Counted.with_count(field.label, counts.get(facet(name, "on"), 0))
                continue
            if name == "topic" and umbrellas is None:
                umbrellas = set(Topic.objects.filter(parent=None).values_list("slug", flat=True))
            field.widget.choices = [
                (code, Counted.with_count(label, counts.get(facet(name, code), 0)))
                for code, label in field.choices
                if code in chosen or (counts.get(facet(name, code)) and (name != "topic" or code in umbrellas))
            ]
