"""Never nothing: wider searches for one that finds little, each with its address and how many groups it finds."""

from dataclasses import dataclass, replace
from itertools import combinations
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from directory.filters import DISTANCES
from directory.geo import KM_PER_MILE
from directory.wording import counted_up_to
from groups.choices import MeetingFormat
from groups.matches import Matches
from groups.search import CAP, counts_of_each
from groups.vocabulary import vocabulary

MOST_WIDER = 4
# What can be left out of a search; a day and its time are one wish.
FIELDS = [
    ("day", "time"),
    ("access",),
    ("audience",),
    ("age",),
    ("format",),
    ("kind",),
    ("language",),
    ("referral",),
    ("run_by",),
    ("peer_led",),
    ("free",),
    ("seeking",),
    ("receiving",),
    ("confirmed",),
    ("topic",),
]


@dataclass(frozen=True)
class Wider:
    """A wider search: how it is called, its address, what it finds and how much."""

    label: str
    url: str
    matches: Matches
    count: int = 0
    # The one part of the search that is left out, in words.
    part: str = ""
    # Whether it is this search in a wider circle, or without two of its parts.
    is_further: bool = False
    is_pair: bool = False

    @property
    def shown(self):
        """How many groups it finds, as a page shows it."""
        return counted_up_to(self.count, CAP)


def wider(filterset, path, total):
    """Return wider searches, each with its address and how many groups it finds: only those that find more.

    They stand in the order in which they help most. A page shows the first `MOST_WIDER`.
    """
    offers = offers_for(filterset, path, total)
    _founds, counts = counts_of_each([], [offer.matches for offer in offers])
    return fruitful(offers, counts, total)


def offers_for(filterset, path, total):
    """Return wider searches for one that finds `total`, in that order, not counted yet."""
    less = list(_with_less(filterset, path))
    pairs = list(_without_pairs(filterset, path)) if total == 0 else []
    others = [*_wider_topics(filterset, path), *_literal(filterset, path)]
    return [*_further(filterset, path), *less, *pairs, *others]


def fruitful(offers, counts, total):
    """Return of these searches, with how many groups each finds, those that find more than `total`."""
    found = list(zip(offers, counts, strict=True))
    if any(count for offer, count in found if offer.part):
        found = [(offer, count) for offer, count in found if not offer.is_pair]
    better, best_distance = [], 0
    for offer, count in found:
        # A still wider circle that finds no more is no offer.
        if count > max(total, best_distance if offer.is_further else 0):
            better.append(replace(offer, count=count))
            best_distance = count if offer.is_further else best_distance
    return better


def _further(filterset, path):
    """Yield this search for a wider circle, or beyond the country, and online."""
    if not filterset.place or filterset.is_from_anywhere:
        return
    yield from _beyond_the_country(filterset, path) if filterset.nations else _wider_circles(filterset, path)
    yield online(filterset, path)


def _beyond_the_country(filterset, path):
    address = filterset.url_without(path, "near", "within")
    yield Wider(_("Anywhere"), address, filterset.matches(without=("near",)), is_further=True)


def _wider_circles(filterset, path):
    for further in [int(d) for d in DISTANCES if int(d) > filterset.distance][:2]:
        label = _("Go up to %(n)s km") if filterset.place.in_kilometres else _("Go up to %(n)s miles")
        address = filterset.url(path, within=str(further))
        yield Wider(label % {"n": further}, address, _within(filterset, further), is_further=True)


def online(filterset, path):
    """Return this search for groups online, wherever they are."""
    matches = filterset.matches(without=("near", "format"))
    meeting = filterset.of_a_meeting() | {"format": [MeetingFormat.ONLINE]}
    matches = replace(matches, rows=matches.rows.meeting(**meeting))
    address = filterset.url_without(path, "near", "within", "format", format=MeetingFormat.ONLINE)
    return Wider(_("Groups online"), address, matches)


def _with_less(filterset, path):
    """Yield this search without each of its parts."""
    for names in _parts(filterset):
        yield replace(_without(filterset, path, names), part=_quoted(filterset.labels_of(names)))


def _without_pairs(filterset, path):
    """Yield this search without each two of its parts, and without any: for one that no single part explains."""
    parts = _parts(filterset)
    for one, other in combinations(parts, 2):
        yield replace(_without(filterset, path, one + other), is_pair=True)
    hard = tuple(name for names in parts for name in names if name != "q")
    if len(parts) > 2 and hard:
        address, matches = filterset.url_without(path, *hard), filterset.matches(without=hard)
        yield Wider(_("Leave all of that open"), address, matches, is_pair=True)


def _parts(filterset):
    """Return the parts of the search that can be left out, each as the names of its fields."""
    words = [("q",)] if filterset.reading.understood.words else []
    return [names for names in FIELDS if any(name in filterset.values for name in names)] + words


def _without(filterset, path, names):
    label = _("Without %(what)s") % {"what": _quoted(filterset.labels_of(names))}
    address = filterset.url_without(path, *names)
    if filterset.sharing_words_with(*names):
        # What was understood of the same words is asked for by name from then on, and no longer by its words.
        return Wider(label, address, type(filterset)(QueryDict(urlsplit(address).query)).matches())
    return Wider(label, address, filterset.matches(without=names))


def _quoted(labels):
    return get_text_list([_("“%(part)s”") % {"part": label} for label in labels], _("and"))


def _literal(filterset, path):
    """Yield the search for the words as they stand: what was taken for a place or a day may be part of a name."""
    if filterset.reading.understood.hard_parts and not filterset.reading.corrected:
        label = _("Groups that say any of “%(words)s”") % {"words": filterset.asked["q"]}
        yield Wider(label, filterset.url(path, spelling="typed"), filterset.literally().matches())


def _wider_topics(filterset, path):
    """Yield this search for the wider topic that each of its topics is part of."""
    phrases = vocabulary()
    topics = [*filterset.asked.get("topic", []), *filterset.reading.topics]
    for slug in dict.fromkeys(phrases.parents[topic] for topic in topics if topic in phrases.parents):
        matches = replace(filterset.matches(without=("topic", "q")), topics=(slug,))
        label = str(phrases.labels["topic", slug])
        yield Wider(label, filterset.url_without(path, "topic", "q", topic=slug), matches)


def _within(filterset, distance):
    km = distance if filterset.place.in_kilometres else distance * KM_PER_MILE
    matches = filterset.matches(without=("near",))
    return replace(matches, rows=filterset.near(matches.rows, km))
