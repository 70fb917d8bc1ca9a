"""The search for practitioners: each parameter of the address, mapped onto a QuerySet method."""

from functools import cached_property

from django.utils.translation import gettext_lazy

from directory.filters import (
    DISTANCES,
    Chip,
    CodeFilter,
    OneOfFilter,
    PlaceFilter,
    WordsFilter,
    YesFilter,
)
from directory.lists import area_choices, language_choices, role_choices, topic_choices
from directory.understood import UnderstandingFilterSet
from practitioners.choices import Sector
from practitioners.headline import headline
from practitioners.models import PractitionerSearch
from practitioners.reading import ONLINE, Reading, vocabulary
from practitioners.search import Matches

ROLES = [("any", gettext_lazy("Any of these roles")), ("all", gettext_lazy("All of these roles"))]
ONLINE_CHOICES = [("also", gettext_lazy("Near, or online")), ("only", ONLINE)]


class PractitionerFilterSet(UnderstandingFilterSet):
    """A search for practitioners.

    Several roles are asked for by repeating `role`; `roles=all` asks for somebody who takes on every one of them, and
    `roles=any`, which is also meant where it is left out, for somebody who takes on one.
    """

    sort_orders = {
        "relevance": gettext_lazy("Best fit first"),
        "distance": gettext_lazy("Nearest first"),
        "confirmed": gettext_lazy("Newly confirmed first"),
        "name": gettext_lazy("By name"),
    }
    without_chips = UnderstandingFilterSet.without_chips | {"spelling", "roles"}
    vocabulary = staticmethod(vocabulary)

    q = WordsFilter(label=gettext_lazy("What do you need?"), method="leave_words")
    near = PlaceFilter(label=gettext_lazy("Where are you?"))
    within = CodeFilter(
        label=gettext_lazy("How far away?"),
        choices=[(d, d) for d in DISTANCES],
        empty_label=gettext_lazy("The usual distance"),
    )
    online = CodeFilter(label=gettext_lazy("Online"), choices=ONLINE_CHOICES)
    role = OneOfFilter(label=gettext_lazy("Support role"), choices=role_choices)
    roles = CodeFilter(label=gettext_lazy("Any role, or all?"), choices=ROLES)
    area = OneOfFilter(label=gettext_lazy("Area of support"), choices=area_choices)
    topic = OneOfFilter(label=gettext_lazy("Topic"), choices=topic_choices)
    sector = OneOfFilter(label=gettext_lazy("Where they work"), choices=Sector.choices)
    language = OneOfFilter(label=gettext_lazy("Language"), choices=language_choices)
    accepting = YesFilter(label=gettext_lazy("Takes requests now"))
    sort = CodeFilter(label=gettext_lazy("Order"), choices=list(sort_orders.items()))
    spelling = CodeFilter(label=gettext_lazy("Spelling"), choices=[("typed", gettext_lazy("As typed"))])

    class Meta:
        model = PractitionerSearch
        fields = []

    def __init__(self, data):
        super().__init__(data, PractitionerSearch.objects.all())

    def leave_words(self, queryset, name, value):
        """Leave the words to `matches`, which ranks them."""
        return queryset

    @cached_property
    def reading(self):
        """The words that were typed, as they were understood, with misspelt ones mended."""
        return Reading.of(self.asked.get("q", ""), literal="spelling" in self.asked)

    @property
    def wants_all_roles(self):
        """Whether somebody is looked for who takes on every role that is asked for."""
        return self.values.get("roles") == "all"

    def filter_queryset(self, queryset, without=()):
        """Return the rows that fit each part of the search, except the parts `without`."""
        values = self.values
        if self.wants_all_roles and "role" in values and "role" not in without:
            queryset = queryset.with_all_of("role", values["role"])
            without = (*without, "role")
        for name, each in self.filters.items():
            if name in values and name not in without:
                queryset = each.filter(queryset, values[name])
        refused = self.reading.understood.refused.get("topic")
        if refused and not {"topic", "q"} & set(without):
            queryset = queryset.with_none_of("topic", refused)
        online = None if "online" in without else values.get("online")
        if online == "only":
            return queryset.with_all_of("online", ["on"])
        if self.place and "near" not in without:
            queryset = self.near(queryset, self.radius_km, or_online=online == "also")
        return queryset

    def matches(self, without=()):
        """Return what the search finds, with some parts of it left out where asked."""
        rows = self.filter_queryset(self.queryset.all(), without)
        return Matches(rows, () if "q" in without else self.reading.wishes)

    @property
    def qs(self):
        """All practitioners found, exact and without an order: for exports and the working out of totals."""
        return self.matches().everything()

    @property
    def wanted(self):
        """The choices of which any is enough: whoever fits more of them fits better."""
        several = {name: self.values[name] for name in ("role", "area", "language") if name in self.values}
        return {name: codes for name, codes in several.items() if len(codes) > 1}

    def can_sort_by(self, code):
        """Whether an order means something for this search."""
        return code == "relevance" or (super().can_sort_by(code) and not (code == "distance" and self.is_only_online))

    @property
    def is_only_online(self):
        """Whether place plays no part."""
        return self.values.get("online") == "only"

    @property
    def usual_sort(self):
        """The order where none is chosen: by fit, also without words."""
        return "relevance"

    def chips(self, path):
        """Return the parts of the search as a person sees them."""
        chips = super().chips(path)
        if self.wants_all_roles and len(self.values.get("role", [])) > 1:
            chips.append(Chip(str(dict(ROLES)["all"]), self.url(path, drop=("roles",))))
        return chips

    def headline(self, total):
        """Return the search in one sentence: '4 practitioners near Leeds'."""
        return headline(self, total)
