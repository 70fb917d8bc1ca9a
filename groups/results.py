"""One page of the search for groups: what was found, counts for what is left to choose, wider searches."""

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.filters import OneOfFilter
from directory.formfields import CodesField, Listed, SwitchField
from directory.lists import widest_topics
from directory.results import Counted, ResultPage
from groups.choices import REMOTE_FORMATS, MeetingFormat
from groups.filters import ONE_MEETING
from groups.headline import headline
from groups.models import Group
from groups.models.search import facet, facets_of, statistics
from groups.presenting import present_groups, soonest_first
from groups.search import CAP, counts_of_each, find
from groups.week import coming_week
from groups.why import explain
from groups.wider import MOST_WIDER, fruitful, offers_for, online

# Wider searches are offered where there are fewer than this.
FEW = 6


class GroupResults(ResultPage):
    """One page of groups, in order, with counts for what is left to choose."""

    def load(self, offset, limit):
        """Return the groups of one page, and how many there are, up to one more than the cap."""
        filterset = self.filterset
        together = filterset.together([name for name in ONE_MEETING if name not in filterset.values])
        self.found = find(
            filterset.matches(), sort=filterset.sort, offset=min(offset, CAP), limit=limit, together=together
        )
        if self.is_week:
            return [], self.found.total
        # One may have been taken away since it was found.
        groups = Group.objects.published().for_cards().in_bulk(self.found.ids)
        listings = [groups[number] for number in self.found.ids if number in groups]
        for group in listings:
            group.distance = self.found.distances.get(group.pk)
        present_groups(listings, filterset.place)
        explain(listings, filterset)
        # The column may be some minutes behind; what is shown is not, and stands in its own order.
        return soonest_first(listings) if filterset.sort == "soonest" else listings, self.found.total

    @property
    def is_week(self):
        """Whether the dates of the coming week are shown, and not the groups."""
        return self.filterset.values.get("view") == "week"

    def context(self):
        """Return what the list template needs."""
        few = self.total < FEW
        widen = self._count(offers_for(self.filterset, self.path, self.total) if few else [])
        self.notices += [unknown.message for unknown in self.filterset.unknown_places]
        if self.filterset.place and self.filterset.is_from_anywhere:
            self.notices.append(self._looked_everywhere())
        if self.filterset.says_nothing:
            self.notices.append(
                _("We found no word to look for in “%(words)s”, so we left it out.")
                % {"words": self.filterset.asked["q"]}
            )
        if not few:
            widen = self._beside()
        week, is_longer = (None, False)
        if self.is_week:
            chosen = self.filterset.of_a_meeting()
            week, is_longer = coming_week(self.filterset.qs, self.filterset.place, chosen, self.filterset.dates)
        return super().context() | {
            "views": self.filterset.views(self.path),
            "calendar_url": self.filterset.url(reverse("groups:calendar"), drop=("view", "sort")),
            "week": week,
            "week_is_longer": is_longer,
            "headline": headline(self.filterset, self.total),
            "widen": widen[:MOST_WIDER],
            "few": few,
            "in_the_way": [offer.part for offer in widen if offer.part] if not self.total else [],
            "corrected": self.filterset.corrected,
            "literal_url": self.filterset.url(self.path, spelling="typed"),
        }

    def _looked_everywhere(self):
        if self.filterset.nations:
            words = _("You can take part from anywhere, so we looked everywhere and not only in %(place)s.")
            return words % {"place": self.filterset.places_in_words}
        words = _("You can take part from anywhere, so we looked everywhere and not only near %(place)s.")
        return words % {"place": self.filterset.place.in_words}

    def _beside(self):
        """Return the groups online that fit a search around a place, for its side: a list of one, or of none."""
        if not self.filterset.place or "format" in self.filterset.values:
            return []
        count = self.from_anywhere[facet("format", MeetingFormat.ONLINE)]
        return [replace(online(self.filterset, self.path), count=count)] if count else []

    def _from_anywhere(self):
        """Return {facet: search} for each way to take part from home: the place plays no part there."""
        matches = self.filterset.matches(without=("near", "format"))
        chosen = self.filterset.of_a_meeting()
        ways = sorted(REMOTE_FORMATS)
        each = [replace(matches, rows=matches.rows.meeting(**chosen | {"format": [way]})) for way in ways]
        return dict(zip(facets_of("format", ways), each, strict=True))

    def _count(self, offers):
        """Put its count beside each choice, leave out those that would leave nothing, and return the offers that help.

        Beyond the cap there is no count, since none would be true, and each choice that some group has.
        """
        filterset, form = self.filterset, self.filterset.form
        # Choices of one kind widen each other, so a count beside a chosen one is made without them.
        widening = [
            name
            for name, each in filterset.filters.items()
            if isinstance(each, OneOfFilter) and name in filterset.values
        ]
        searches = [
            (filterset.matches(without=(name,)), filterset.together([name] if name in ONE_MEETING else []))
            for name in widening
        ]
        anywhere = self._from_anywhere() if filterset.place else {}
        founds, totals = counts_of_each(searches, [*anywhere.values(), *(offer.matches for offer in offers)])
        counted = dict(zip(widening, founds, strict=True))
        self.from_anywhere = dict(zip(anywhere, totals, strict=False))
        for name, field in form.fields.items():
            found = counted.get(name, self.found)
            if isinstance(field, SwitchField):
                if not found.is_capped:
                    # The bound field took its label when the form was checked.
                    count = found.counts.get(facet(name, "on"), 0)
                    form[name].label = Counted.with_count(field.label, count)
            elif isinstance(field, CodesField):
                field.widget.choices = Listed(list(self._choices(name, field, found)))
        return fruitful(offers, totals[len(anywhere) :], self.total)

    def _choices(self, name, field, found):
        """Yield the choices of a field that are worth showing, with their counts where these are known."""
        chosen, counts = self.filterset.asked.get(name, []), found.counts
        if name == "format" and self.filterset.place:
            counts = counts | self.from_anywhere
        for code, label in field.choices:
            number = facet(name, code)
            count = counts.get(number, 0)
            if code not in chosen:
                is_held = count or (found.is_capped and number in statistics().share_of)
                if not is_held or (name == "topic" and code not in widest_topics()):
                    continue
            is_known = not found.is_capped and count <= CAP
            yield code, Counted.with_count(label, count) if is_known else label
