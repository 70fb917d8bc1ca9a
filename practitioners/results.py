"""One page of the search for practitioners: who was found, true counts for what is left to choose, wider searches."""

from dataclasses import replace

from django.utils.translation import gettext as _

from directory.filters import DISTANCES, OneOfFilter, YesFilter
from directory.geo import KM_PER_MILE
from directory.lists import widest_topics
from directory.results import Counted, ResultPage
from groups.search import CAP
from practitioners.models import Practitioner
from practitioners.models.search import facet
from practitioners.presenting import present_practitioners
from practitioners.search import counts_of_each, find

# Wider searches are offered where there are fewer than this, and so many of them.
FEW, MOST_WIDER = 6, 4


class PractitionerResults(ResultPage):
    """One page of practitioners, in order, with true counts for what is left to choose."""

    def load(self, offset, limit):
        """Return the practitioners of one page, and how many there are, up to one more than the cap."""
        filterset, matches = self.filterset, self.filterset.matches()
        self.found, self.loosely = find(
            matches, sort=filterset.sort, wanted=filterset.wanted, offset=min(offset, CAP), limit=limit
        )
        shown = Practitioner.objects.published().for_cards().in_bulk(self.found.ids)
        listings = [shown[number] for number in self.found.ids if number in shown]
        for practitioner in listings:
            practitioner.distance = self.found.distances.get(practitioner.pk)
        return present_practitioners(listings), self.found.total

    def context(self):
        """Return what the list template needs."""
        filterset = self.filterset
        self.notices += [unknown.message for unknown in filterset.unknown_places]
        if self.loosely and self.total:
            self.notices.append(_("Nobody’s page holds all of these words. These people’s pages hold some of them."))
        wider = self._count_choices_and_wider()
        return super().context() | {
            "headline": filterset.headline(self.total),
            "corrected": filterset.corrected,
            "literal_url": filterset.url(self.path, spelling="typed"),
            "widen": wider,
        }

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
            if total > self.total
        ][:MOST_WIDER]

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
        return replace(matches, rows=filterset.near(matches.rows, filterset.radius_km, or_online=True))

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
            # A country has no edge that is so far away.
            distances = [] if filterset.nations else DISTANCES
            for further in [int(d) for d in distances if int(d) > filterset.distance][:1]:
                km = further if filterset.place.in_kilometres else further * KM_PER_MILE
                matches = self._matches(("near",))
                matches = replace(matches, rows=filterset.near(matches.rows, km, or_online=online))
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
