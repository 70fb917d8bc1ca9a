"""A search whose free text is understood: what the words mean becomes parts that a person sees and can take away."""

from functools import cached_property

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from directory.filters import Chip, CodesFilter, ListingFilterSet, OneOfFilter, SwitchFilter
from directory.formfields import LONGEST_QUERY
from directory.gazetteer import PlaceUnknown, asking_where, expect, refusal
from directory.understanding import NOT_NEAR, place_names_in


class UnderstandingFilterSet(ListingFilterSet):
    """A search that understands plain words.

    The room gives `vocabulary`, a function, and `reading`, which has an `Understanding`: `understood`.
    """

    @cached_property
    def form(self):
        """The bound form. The place in its field and those that the words may name are looked up together."""
        if words := self.data.get("q", "")[:LONGEST_QUERY]:
            expect(place_names_in(words, self.vocabulary()))
        return super().form

    @cached_property
    def narrowed(self):
        """The fields of which some of what the words mean is chosen: Saturday beside 'weekend' is Saturday alone."""
        understood = self.reading.understood
        return {
            name
            for name, chosen in self.asked.items()
            if isinstance(self.filters[name], OneOfFilter)
            if set(chosen) < {part.code for part in understood.hard_parts if part.field == name}
        }

    @cached_property
    def values(self):
        """What the address asks for, and what its plain words mean besides."""
        understood = self.reading.understood
        values = dict(self.asked)
        for part in understood.hard_parts:
            field = self.filters[part.field]
            if part.is_named_by_label or part.field in self.narrowed:
                continue
            if isinstance(field, CodesFilter):
                values[part.field] = list(dict.fromkeys([*values.get(part.field, []), part.code]))
            elif part.field != "near":
                values.setdefault(part.field, True if isinstance(field, SwitchFilter) else part.code)
        if understood.place:
            values.setdefault("near", understood.place)
        return values

    @property
    def corrected(self):
        """The words that were read as others, to be told: (typed, taken). Nobody in danger is told what they meant."""
        return () if self.crisis else self.reading.corrected

    @property
    def topics_named(self):
        """The topics that the search names, by slug: plain words may name one too."""
        return [*super().topics_named, *(part.code for part in self.reading.understood.soft_parts)]

    @property
    def places(self):
        """Where the search is centred: a place that is asked for by name counts alone."""
        return super().places if "near" in self.asked else list(self.reading.understood.places)

    @property
    def places_in_words(self):
        """Where the search is centred: 'Leeds or York'. Only what has a namesake is called by its county too."""
        names = [
            place.in_words if place.alternatives and not place.nations else place.short_words for place in self.places
        ]
        return get_text_list(names, _("or"))

    def chips(self, path):
        """Return the parts of the search as a person sees them, those that were understood first."""
        understood = self.reading.understood
        asked = super().chips(path)
        if not understood.parts:
            return asked
        chips, places = [], iter(understood.places)
        for part in understood.parts:
            if part.field in self.narrowed:
                continue
            if part.field == "within" and self.place and "near" not in self.asked:
                # The chip of the place says so too, and takes it away.
                continue
            if part.field != "near":
                chips.append(Chip(part.label, self._without(path, part)))
            elif part.code.startswith(NOT_NEAR):
                continue
            elif (place := next(places, None)) and "near" not in self.asked:
                chips.append(Chip(self.place_label(place), self._without_place(path, part)))
        if understood.words:
            chips.append(Chip(_("“%(words)s”") % {"words": understood.words}, self.url_without(path, "q")))
        whole = _("“%(words)s”") % {"words": self.asked["q"]}
        said = {chip.label for chip in chips}
        return chips + [chip for chip in asked if chip.label != whole and chip.label not in said]

    def _without_place(self, path, part):
        """Return the address without one place; a distance goes with the last, since it says nothing alone."""
        fields = [each.field for each in self.reading.understood.parts]
        if "within" in fields and len(self.places) == 1:
            return self.url_without(path, "near", "within")
        return self._without(path, part)

    def _without(self, path, part):
        """Return the address without one part. Others that share its words are asked for by name from then on."""
        understood = self.reading.understood
        words = understood.without(part)
        by_name = self._by_name(understood.sharing(part), but=(part.field, part.code))
        # It may be chosen as well.
        drop = ((part.field, part.code), *(() if words else ("q",)))
        return self.url(path, drop=drop, **({"q": words} if words else {}), **by_name)

    def _by_name(self, parts, but=None):
        """Return the parameters that ask for some parts by name, as far as there are any, beside what is chosen.

        `but` is a (field, code) that is not to stay.
        """
        asked = {}
        for part in parts:
            if part.is_named_by_label:
                continue
            if part.field == "near":
                asked["near"] = self.place.label if self.place else part.code
            elif isinstance(self.filters[part.field], CodesFilter):
                chosen = asked.get(part.field, [])
                chosen = chosen or [code for code in self.asked.get(part.field, []) if (part.field, code) != but]
                asked[part.field] = list(dict.fromkeys([*chosen, part.code]))
            else:
                asked[part.field] = "1" if isinstance(self.filters[part.field], SwitchFilter) else part.code
        return asked

    @cached_property
    def unknown_places(self):
        """Return why, with what is spelt like it, for each place of the words that is not looked near."""
        codes = self.reading.understood.codes("near")
        refused = [code for code in codes if code.startswith(NOT_NEAR)]
        unknown = [code for code in codes if code not in refused and not self.place]
        reasons = [asking_where() if code == "me" else refusal(code) for code in unknown]
        return [*reasons, *([self._cannot_leave_out()] if refused else [])]

    def _cannot_leave_out(self):
        if not self.place:
            return PlaceUnknown(_("We cannot leave a place out. So we looked everywhere."))
        words = _("We cannot leave a place out. So we looked near %(place)s.")
        return PlaceUnknown(words % {"place": self.places_in_words})

    def sharing_words_with(self, *names):
        """Return the parts that stay where some fields go, and come from the same words: 'trans' is a topic, too."""
        stay = [part for part in self.reading.understood.parts if self._stays(part, names)]
        gone = [part for part in self.reading.understood.parts if part not in stay]
        return [part for part in stay if any(part.start < other.end and other.start < part.end for other in gone)]

    @staticmethod
    def _stays(part, names):
        return part.field not in names or (part.is_soft and "q" not in names)

    def url_without(self, path, *names, **changes):
        """Return the address of this search without some fields, whether asked for or understood from the words.

        'q' stands for the words that are not understood. A topic among the words goes with 'q' and 'topic' together.
        """
        understood, sharing = self.reading.understood, self.sharing_words_with(*names)
        left = [part for part in understood.parts if self._stays(part, names) and part not in sharing]
        words = "" if "q" in names else understood.words
        changes = self._by_name(sharing) | changes
        near = [part for part in left if part.field == "near"]
        if len(near) == 1 and self.place:
            # The word 'near' is not part of the place: in a field of its own it is not needed.
            left.remove(near[0])
            if "near" not in self.asked:
                changes.setdefault("near", self.place.label)
        q = f"{words} {understood.text_of(left)}".strip()
        return self.url(path, drop=names, **({"q": q} if q != understood.text else {}), **changes)
