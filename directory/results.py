"""One page of a search, with all that a list template shows; each room has one of its own kind."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from directory.danger import about_danger
from directory.filters import Choice, ListingFilterSet

# A page of so many cards, with all folded choices, stays at about 800 elements.
PAGE_SIZE = 15


class Counted(str):
    """The label of a choice, with how many listings it would leave."""

    count_of = None

    @classmethod
    def with_count(cls, label, count):
        """Return the label with its count."""
        counted = cls(label)
        counted.count_of = count
        return counted


@dataclass
class ResultPage:
    """One page of a search, with all that a list template shows."""

    filterset: ListingFilterSet
    path: str
    number: str | None = None
    notices: list = field(default_factory=list)

    def __post_init__(self):
        asked = (self.number or "").strip()
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
        self.listings, self.total = self.load(PAGE_SIZE * (max(1, number) - 1), PAGE_SIZE)
        self.paginator = Paginator(range(self.total), PAGE_SIZE)
        self.page = self.paginator.get_page(max(1, number))
        if self.total and self.page.number != max(1, number):
            self.listings, self.total = self.load(PAGE_SIZE * (self.page.number - 1), PAGE_SIZE)
        if asked and str(self.page.number) != asked:
            self.notices.append(
                _("There is no page “%(asked)s”. This is page %(shown)d of %(all)d.")
                % {"asked": asked[:20], "shown": self.page.number, "all": self.paginator.num_pages}
            )

    def load(self, offset, limit):
        """Return the listings of one page, and how many there are in all."""
        found = self.filterset.qs
        return list(found[offset : offset + limit]), found.order_by().count()

    def _page_url(self, number):
        address = self.filterset.url(self.path)
        if number == 1:
            return address
        return f"{address}{'&' if '?' in address else '?'}page={number}"

    def about_places(self):
        """Return where the search is, others of that name, and what is spelt like a place that nobody knows."""
        place = self.filterset.place
        return {
            "place": place,
            "place_alternatives": [
                Choice(other.full_name, self.filterset.url(self.path, near=other.full_name))
                for other in (place.alternatives if place else ())
            ],
            "place_suggestions": self._suggestions(),
        }

    def _suggestions(self):
        error = self.filterset.form.errors.as_data().get("near", [None])[0]
        names = (getattr(error, "params", None) or {}).get("suggestions", [])
        for unknown in getattr(self.filterset, "unknown_places", []):
            names = [*names, *unknown.suggestions]
        return [Choice(name, self.filterset.url(self.path, near=name)) for name in names]

    def context(self):
        """Return what a list template needs."""
        return (
            {
                "filterset": self.filterset,
                "form": self.filterset.form,
                "page": self.page,
                "listings": self.listings,
                "total": self.total,
                "chips": self.filterset.chips(self.path),
                "sorts": self.filterset.sorts(self.path),
                "notices": self.notices,
                "previous_url": self._page_url(self.page.previous_page_number()) if self.page.has_previous() else None,
                "next_url": self._page_url(self.page.next_page_number()) if self.page.has_next() else None,
                "clear_url": self.path,
            }
            | self.about_places()
            | about_danger(self.filterset.crisis, self.filterset.topics_named)
        )
