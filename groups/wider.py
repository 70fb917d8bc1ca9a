"""Never nothing: wider searches for one that finds little, each with its address and how many groups it finds."""

from dataclasses import replace

from django.db import connection
from django.utils.translation import gettext as _

from directory.filters import DISTANCES, parents_of
from directory.geo import KM_PER_MILE
from groups.choices import MeetingFormat
from groups.models import GroupSearch
from groups.reading import Reading
from groups.search import CAP, Matches

MOST_WIDER = 4


def wider(filterset, path, total):
    """Return wider searches, each with its address and how many groups it finds: only those that find more."""
    options = [*_further(filterset, path), *_with_less(filterset, path), *_wider_topics(filterset, path)]
    counts = count_each([matches for _label, _url, matches in options])
    fruitful, best_distance = [], 0
    for (label, address, _matches), found in zip(options, counts, strict=True):
        further = "within=" in address
        # A still wider circle that finds no more is no offer.
        if found > max(total, best_distance if further else 0):
            fruitful.append({"label": label, "url": address, "count": found})
            best_distance = found if further else best_distance
    return fruitful[:MOST_WIDER]


def _further(filterset, path):
    """Yield this search for a wider circle, and online."""
    if not filterset.place:
        return
    for further in [int(d) for d in DISTANCES if int(d) > filterset.distance][:2]:
        label = _("Go up to %(n)s km") if filterset.place.in_kilometres else _("Go up to %(n)s miles")
        yield label % {"n": further}, filterset.url(path, within=str(further)), _within(filterset, further)
    online = filterset.matches(without=("near", "format"))
    online = replace(online, rows=online.rows.with_one_of("format", [MeetingFormat.ONLINE]))
    address = filterset.url_without(path, "near", "within", "format", format=MeetingFormat.ONLINE)
    yield _("Groups online"), address, online


def _with_less(filterset, path):
    """Yield this search without one of its parts."""
    words = filterset.reading.understood.words
    for names, label in [
        (("day", "time"), _("Any day, any time")),
        (("access",), _("Any access")),
        (("audience",), _("For anyone")),
        (("format",), _("However they meet")),
        (("kind",), _("Any kind of group")),
        (("language",), _("In any language")),
        (("free",), _("Free or not")),
    ]:
        if any(name in filterset.values for name in names):
            yield label, filterset.url_without(path, *names), filterset.matches(without=names)
    hard = ("day", "time", "access", "audience", "format", "language", "free", "kind")
    if sum(name in filterset.values for name in hard) > 1:
        yield _("Leave all of that open"), filterset.url_without(path, *hard), filterset.matches(without=hard)
    if filterset.reading.understood.hard_parts:
        # What was taken for a place or a day may be part of a name.
        typed = filterset.asked["q"]
        literal = Reading.of(typed, literal=True)
        yield (
            _("Groups that say “%(words)s”") % {"words": typed},
            filterset.url(path, spelling="typed"),
            Matches(GroupSearch.objects.all(), literal.terms),
        )
    if words:
        yield (
            _("Without “%(words)s”") % {"words": words},
            filterset.url_without(path, "q"),
            filterset.matches(without=("q",)),
        )


def _wider_topics(filterset, path):
    """Yield this search for the wider topic that each of its topics is part of."""
    topics = [*filterset.asked.get("topic", []), *filterset.reading.topics]
    if not topics:
        return
    for slug, label in parents_of(topics):
        matches = replace(filterset.matches(without=("topic", "q")), topics=(slug,))
        yield label, filterset.url_without(path, "topic", "q", topic=slug), matches


def _within(filterset, distance):
    km = distance if filterset.place.in_kilometres else distance * KM_PER_MILE
    matches = filterset.matches(without=("near",))
    return replace(matches, rows=matches.rows.near(filterset.place.point, km))


def count_each(searches):
    """Return how many groups each of several searches finds, up to one more than the cap, in one statement."""
    counts, params = [], []
    for matches in searches:
        sql, values = matches.in_one().order_by().values("pk")[: CAP + 1].query.sql_with_params()
        counts.append(f"(SELECT count(*) FROM ({sql}) found)")  # noqa: S608 SQL that Django made
        params += values
    if not counts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        return list(cursor.fetchone())
