"""A search whose free text is understood: what the words mean becomes parts that a person sees and can take away."""

from functools import cached_property

from django.utils.translation import gettext as _

from directory.filters import Chip, CodesFilter, ListingFilterSet, SwitchFilter
from directory.gazetteer import PlaceUnknown, refusal
from directory.understanding import DATED, REFUSED


class UnderstandingFilterSet(ListingFilterSet):
    """A search that understands plain words. The room gives `reading`, which has an `Understanding`: `understood`."""

    @cached_property
    def values(self):
        """What the address asks for, and what its plain words mean besides."""
        understood = self.reading.understood
        values = dict(self.asked)
        for part in understood.hard_parts:
            field = self.filters[part.field]
            if part.code.startswith((REFUSED, DATED)):
                continue
            if isinstance(field, CodesFilter):
                values[part.field] = list(dict.fromkeys([*values.get(part.field, []), part.code]))
            elif part.field != "near":
                values.setdefault(part.field, True if isinstance(field, SwitchFilter) else part.code)
        if understood.place:
            values.setdefault("near", understood.place)
        return values

    @property
    def topics_named(self):
        """The topics that the search names, by slug: plain words may name one too."""
        return [*super().topics_named, *(part.code for part in self.reading.understood.soft_parts)]

    def chips(self, path):
        """Return the parts of the search as a person sees them, those that were understood first."""
        understood = self.reading.understood
        asked = super().chips(path)
        if not understood.parts:
            return asked
        chips = [
            Chip(self.place_label() if part.field == "near" and self.place else part.label, self._without(path, part))
            for part in understood.parts
            if part.field != "near" or (self.place and "near" not in self.asked)
        ]
        if understood.words:
            left = " ".join(understood.text[part.start : part.end] for part in understood.parts)
            chips.append(Chip(_("“%(words)s”") % {"words": understood.words}, self.url(path, q=left)))
        whole = _("“%(words)s”") % {"words": self.asked["q"]}
        return chips + [chip for chip in asked if chip.label != whole]

    def _without(self, path, part):
        """Return the address without one part. Others that share its words are asked for by name from then on."""
        understood = self.reading.understood
        words = understood.without(part)
        changes = {}
        for other in understood.sharing(part):
            if other.code.startswith((REFUSED, DATED)):
                continue
            if other.field == "near":
                changes["near"] = self.place.label if self.place else other.code
            elif isinstance(self.filters[other.field], CodesFilter):
                chosen = changes.get(other.field, self.asked.get(other.field, []))
                changes[other.field] = list(dict.fromkeys([*chosen, other.code]))
            else:
                changes[other.field] = "1" if isinstance(self.filters[other.field], SwitchFilter) else other.code
        return self.url(path, drop=() if words else ("q",), **({"q": words} if words else {}), **changes)

    @cached_property
    def unknown_places(self):
        """Return why, with what is spelt like it, for each place that the words name and nobody knows."""
        unknown = [part.code for part in self.reading.understood.parts if part.field == "near" and not self.place]
        asks = PlaceUnknown(_("Where are you? Type a town or a postcode, and we look near it."))
        return [asks if code == "me" else refusal(code) for code in unknown]

    def url_without(self, path, *names, **changes):
        """Return the address of this search without some fields, whether asked for or understood from the words."""
        understood = self.reading.understood
        left = [part for part in understood.parts if part.field not in names]
        words = "" if "q" in names else understood.words
        if self.place and any(part.field == "near" for part in left):
            # The word 'near' is not part of the place: in a field of its own it is not needed.
            left = [part for part in left if part.field != "near"]
            changes.setdefault("near", self.place.label)
        q = " ".join([words, *dict.fromkeys(understood.text[part.start : part.end] for part in left)]).strip()
        return self.url(path, drop=names, **({"q": q} if q != understood.text else {}), **changes)
