"""The search for practitioners: each parameter of the address, mapped onto a QuerySet method."""

from dataclasses import replace
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.filters import (
    DISTANCES,
    Chip,
    CodeFilter,
    CodesFilter,
    Counted,
    PlaceFilter,
    ResultPage,
    SwitchFilter,
    WordsFilter,
    about_sensitive_topics,
    area_choices,
    language_choices,
    role_choices,
    topic_choices,
    widest_topics,
)
from directory.geo import KM_PER_MILE
from directory.understood import UnderstandingFilterSet
from groups.search import CAP
from practitioners.choices import Sector
from practitioners.models import Practitioner, PractitionerSearch
from practitioners.models.search import facet
from practitioners.presenting import present_practitioners
from practitioners.reading import ONLINE, Reading
from practitioners.search import Matches, counts_of_each, find

ROLES = [("any", gettext_lazy("Any of these roles")), ("all", gettext_lazy("All of these roles"))]
ONLINE_CHOICES = [("also", gettext_lazy("Near, or online")), ("only", ONLINE)]
# Wider searches are offered where there are fewer than this.
FEW = 6


class OneOfFilter(CodesFilter):
    """Several choices; practitioners who fit at least one."""

    def filter(self, qs, value):
        """Return the rows."""
        return qs.with_one_of(self.field_name, value) if value else qs


class YesFilter(SwitchFilter):
    """A tick box; practitioners of whom it is true."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, queryset_method=None, **kwargs)

    def filter(self, qs, value):
        """Return the rows."""
        return qs.with_all_of(self.field_name, ["on"]) if value else qs


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
        online = None if "online" in without else values.get("online")
        if online == "only":
            return queryset.with_all_of("online", ["on"])
        if self.place and "near" not in without:
            queryset = queryset.near(self.place.point, self.radius_km, or_online=online == "also")
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
        shown = _("%(n)s+") % {"n": f"{CAP:,}"} if total > CAP else str(total)
        words = ngettext("%(n)s practitioner", "%(n)s practitioners", total) % {"n": shown}
        if self.is_only_online:
            return _("%(people)s online") % {"people": words}
        if "near" in self.form.errors:
            return _("%(people)s, from everywhere") % {"people": words}
        if not self.place:
            return words
        if self.values.get("online") == "also":
            return _("%(people)s near %(place)s, or online") % {"people": words, "place": self.place.label}
        return _("%(people)s near %(place)s") % {"people": words, "place": self.place.label}


class PractitionerResults(ResultPage):
    """One page of practitioners, in order, with true counts for what is left to choose."""

    def load(self, offset, limit):
        """Return the practitioners of one page, and how many there are, up to one more than the cap."""
        filterset, matches = self.filterset, self.filterset.matches()
        asked = {"sort": filterset.sort, "wanted": filterset.wanted, "offset": min(offset, CAP), "limit": limit}
        self.found = find(matches, **asked)
        self.loosely = not self.found.total and len(matches.wishes) > 1
        if self.loosely:
            self.found = find(matches.looser, **asked)
        shown = Practitioner.objects.published().for_cards().in_bulk(self.found.ids)
        listings = [shown[number] for number in self.found.ids if number in shown]
        for practitioner in listings:
            practitioner.distance = self.found.distances.get(practitioner.pk)
        return present_practitioners(listings), self.found.total

    def context(self):
        """Return what the list template needs."""
        filterset = self.filterset
        self.notices += filterset.unknown_places()
        if self.loosely and self.total:
            self.notices.append(_("Nobody’s page holds all of these words. These people’s pages hold some of them."))
        wider = self._count_choices_and_wider()
        named = [*filterset.values.get("topic", []), *(part.code for part in filterset.reading.understood.soft_parts)]
        about = about_sensitive_topics(filterset.asked.get("q", ""), named)
        return (
            super().context()
            | about
            | {
                "headline": filterset.headline(self.total),
                "corrected": filterset.reading.corrected,
                "literal_url": filterset.url(self.path, spelling="typed"),
                "widen": [choice for choice in wider if choice["count"] > self.total][:4] if self.total < FEW else [],
            }
        )

    def _matches(self, without=()):
        matches = self.filterset.matches(without)
        return matches.looser if self.loosely else matches

    def _count_choices_and_wider(self):
        """Put its count beside each choice that is left, and return wider searches; both from one statement."""
        filterset, form, values = self.filterset, self.filterset.form, self.filterset.values
        # Choices of which any is enough widen each other: a count beside them is made without those that are chosen.
        widening = [
            name
            for name, each in filterset.filters.items()
            if isinstance(each, OneOfFilter) and name in values and not (name == "role" and filterset.wants_all_roles)
        ]
        also = self._also_online()
        wider = self._wider() if self.total < FEW else []
        searches = [self._matches((name,)) for name in widening]
        searches += ([also] if also else []) + [matches for _label, _url, matches in wider]
        counted = counts_of_each(searches)
        totals = [(self.found.total, self.found.counts)] + counted
        by_name = {name: totals[number] for number, name in enumerate(widening, 1)}
        for name, each in filterset.filters.items():
            total, counts = by_name.get(name, totals[0])
            if isinstance(each, OneOfFilter):
                self._put_counts(form.fields[name], name, counts if total <= CAP else None)
            elif isinstance(each, YesFilter) and total <= CAP:
                # The bound field took its label when the form was checked.
                form[name].label = Counted.with_count(form[name].label, counts.get(facet(name, "on"), 0))
        also_count = counted[len(widening)][0] if also else 0
        self._put_online_counts(form.fields["online"], also_count)
        if len(values.get("role", [])) < 2 and not filterset.wants_all_roles:
            form.fields["roles"].widget.choices = []
        rest = counted[len(widening) + bool(also) :]
        return [
            {"label": label, "url": url, "count": total}
            for (label, url, _matches), (total, _counts) in zip(wider, rest, strict=True)
        ]

    def _put_counts(self, field, name, counts):
        """Leave the choices that would leave somebody, with their counts; all of them where nobody counted so far."""
        chosen = self.filterset.values.get(name, [])
        shown = [
            (code, label)
            for code, label in field.choices
            if code in chosen or name != "topic" or code in widest_topics()
        ]
        if counts is None:
            field.widget.choices = shown
            return
        field.widget.choices = [
            (code, Counted.with_count(label, counts.get(facet(name, code), 0)))
            for code, label in shown
            if code in chosen or counts.get(facet(name, code))
        ]

    def _also_online(self):
        """Return the search that takes those online as well, where it is not this one."""
        filterset = self.filterset
        if not filterset.place or "online" in filterset.values:
            return None
        matches = self._matches(("near",))
        return replace(matches, rows=matches.rows.near(filterset.place.point, filterset.radius_km, or_online=True))

    def _put_online_counts(self, field, also_count):
        filterset, found = self.filterset, self.found
        chosen = filterset.values.get("online")
        choices = [field.choices[0]]
        for code, label in field.choices[1:]:
            if code == "also" and not filterset.place:
                continue
            count = also_count if code == "also" else found.counts.get(facet("online", "on"), 0)
            if chosen or found.is_capped or (code == "only" and filterset.place) or count > CAP:
                choices.append((code, label))
            elif count:
                choices.append((code, Counted.with_count(label, count)))
        field.widget.choices = choices

    def _wider(self):
        """Return (label, address, matches) of searches that may find more than this one."""
        filterset, wider = self.filterset, []
        if filterset.place and not filterset.is_only_online:
            online = filterset.values.get("online") == "also"
            for further in [int(d) for d in DISTANCES if int(d) > filterset.distance][:1]:
                km = further if filterset.place.in_kilometres else further * KM_PER_MILE
                matches = self._matches(("near",))
                matches = replace(matches, rows=matches.rows.near(filterset.place.point, km, or_online=online))
                label = _("Up to %(n)s km away") if filterset.place.in_kilometres else _("Up to %(n)s miles away")
                wider.append((label % {"n": further}, filterset.url(self.path, within=str(further)), matches))
            if not online:
                wider.append((_("Near, or online"), filterset.url(self.path, online="also"), self._also_online()))
        if filterset.wants_all_roles and len(filterset.values.get("role", [])) > 1:
            rows = self._matches(("role",))
            rows = replace(rows, rows=rows.rows.with_one_of("role", filterset.values["role"]))
            wider.append((_("Any of these roles"), filterset.url(self.path, drop=("roles",)), rows))
        if filterset.place and not filterset.is_only_online:
            wider.append((_("Anywhere"), filterset.url_without(self.path, "near", "within"), self._matches(("near",))))
        if filterset.reading.wishes:
            understood = filterset.reading.understood
            words = " ".join(filter(None, [*(part.label for part in understood.soft_parts), understood.words]))
            label = _("Without “%(words)s”") % {"words": words}
            wider.append((label, filterset.url_without(self.path, "q", "topic"), self._matches(("q", "topic"))))
        for names, label in [
            (("role", "roles"), _("Any role")),
            (("topic",), _("Any topic")),
            (("sector",), _("Wherever they work")),
            (("language",), _("In any language")),
            (("area",), _("Any area of support")),
            (("accepting",), _("Also those who take no requests now")),
        ]:
            if any(name in filterset.values for name in names):
                wider.append((label, filterset.url_without(self.path, *names), self._matches(names)))
        return wider
