"""Finding groups: candidates in the order of their quality, ranked and counted in one statement.

`Matches` is the one definition of what a search finds. It has two readers: `find`, a ranked page with counts, capped
and quick, and `Matches.everything`, the exact and whole set for calendars, feeds and exports.
"""

from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import pairwise
from math import inf, log, nextafter, prod, sqrt
from operator import and_, or_
from typing import NamedTuple

from django.contrib.postgres.search import SearchQueryField
from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.sql.where import WhereNode

from groups.models import Group
from groups.models.search import PARTS, InCircle, facets_of, squares_around, statistics

# Counts are exact up to here.
CAP = 1000
# A word that stands in more than this share of the groups, and in more than so many, tells nothing beside a rarer one.
COMMON, SELDOM = 0.05, 1000
# A topic that was understood counts as much as a word of this rarity in the name.
TOPIC = 5
WEIGHTS = "{0.1, 0.3, 0.5, 1.0}"
# What `ts_rank` gives for one word that stands in the name once. More of it is not more to the point; and so the search
# that stops at the first thousand, which are names, stops at the best.
IN_THE_NAME = 0.607927
# How far away, in km, a group counts half as much as one next door, where relevance decides.
HALFWAY_KM = 15


# A search that is expected to find fewer than so many times the cap is answered from all that it finds.
FEW = 1.5
# Up to so many times the cap, and up to this share of the table, the index is read as a whole and not part by part. (A
# larger share could make PostgreSQL read the table instead, from wherever another reader just is.)
WHOLE, SCAN = 5, 0.03
# About so large a share of the groups that hold a word have it in the name.
IN_NAMES = 0.2


class Step(NamedTuple):
    """What makes a match, and for about how large a share of the groups it is true."""

    condition: Q
    share: float


class Branch(NamedTuple):
    """Rows that match, and about how many they are."""

    rows: QuerySet
    expected: float


class WordQuery(Func):
    """The tsquery for one word, as the SQL function `search_query` cuts it."""

    function = "search_query"
    output_field = SearchQueryField()


class AnyOf(Func):
    """Several tsqueries, any of which is enough, as one."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = SearchQueryField()


class Holds(Func):
    """Whether a column of words holds what a tsquery asks for."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Term(NamedTuple):
    """One word of a search, with the share of groups that hold it: the rarer, the more it tells."""

    word: str
    groups: int
    total: int

    @property
    def rarity(self):
        """The inverse document frequency, ln(1 + N / n)."""
        return log(1 + self.total / max(1, self.groups))

    @property
    def share(self):
        """The share of groups that hold it."""
        return min(1, self.groups / self.total)

    @property
    def is_common(self):
        """Whether it stands in so many groups that it tells little."""
        return self.groups > max(SELDOM, self.total * COMMON)


@dataclass(frozen=True)
class Matches:
    """What a search finds: rows that pass the filters, and of these the ones that hold its words or its topics.

    `rows` are filtered by everything but words. `terms` and `topics` (slugs) widen each other: either is enough.
    """

    rows: object
    terms: tuple = ()
    topics: tuple = ()

    @property
    def telling(self):
        """The terms that tell something: the rare ones, or all where none is rare."""
        return [term for term in self.terms if not term.is_common] or list(self.terms)

    @property
    def circle(self):
        """The distance from the place that the search is around, with its `point` and `km`; `None` without one."""
        return self.rows.query.annotations.get("distance")

    @property
    def _kept(self):
        """About how large a share of all groups passes the filters."""
        kept = 1
        for condition in self.rows.query.where.children:
            if isinstance(condition, WhereNode):
                continue  # what is not wanted: it takes little away
            if isinstance(condition.lhs, InCircle):
                codes = squares_around(self.circle.point, self.circle.km)
            elif condition.lookup_name in {"overlap", "contains"}:
                codes = [each.value for each in condition.rhs.get_source_expressions()]
            else:
                continue
            held = statistics().shares(codes)
            kept *= prod(held) if condition.lookup_name == "contains" else min(1, sum(held))
        return kept

    @property
    def _anywhere(self):
        """The condition that a telling word stands anywhere."""
        if not self.terms:
            return []
        share = sum(term.share for term in self.telling)
        return [Step(self._holding_any("words", self.telling), min(1, share))]

    @property
    def _topical(self):
        numbers = facets_of("topic", self.topics)
        return [Step(Q(codes__overlap=numbers), min(1, sum(statistics().shares(numbers))))] if numbers else []

    def _holding_any(self, column, terms):
        return Q(Holds(F(column), AnyOf(*(WordQuery(Value(term.word)) for term in terms))))

    def _holding_all(self, column):
        # Each word as a condition of its own: the index is several times as quick with these as with one of all words.
        return reduce(and_, [Q(Holds(F(column), WordQuery(Value(term.word)))) for term in self.terms])

    def _steps(self):
        """Return what makes a match, in the order of the best that each can score."""
        topical, anywhere = self._topical, self._anywhere
        if not anywhere:
            return topical
        share = prod(term.share for term in self.terms)
        in_name = Step(self._holding_all("name_words"), share * IN_NAMES)
        steps = [Step(topic.condition & word.condition, topic.share) for topic in topical for word in anywhere]
        by_name = sum(term.rarity for term in self.terms) > TOPIC
        steps += [in_name, *topical] if by_name else [*topical, in_name]
        if len(self.terms) > 1:
            any_in_name = self._holding_any("name_words", self.telling)
            steps.append(Step(self._holding_all("words") & any_in_name, share))
            rarest_first = sorted(self.telling, key=lambda term: term.groups)
            steps += [Step(self._holding_any("name_words", [term]), term.share * IN_NAMES) for term in rarest_first[:2]]
            if len(self.telling) > 2:
                steps.append(Step(any_in_name, anywhere[0].share * IN_NAMES))
        return [*steps, *anywhere]

    @property
    def expected(self):
        """About how many there are. A guess from what PostgreSQL knows of the table; it only decides how to look."""
        steps = [*self._anywhere, *self._topical]
        return statistics().groups * self._kept * (min(1, sum(step.share for step in steps)) if steps else 1)

    def branches(self):
        """Return what shares no row and together is all that matches, the strongest matches first."""
        rows, before, found = statistics().groups * self._kept, None, []
        for step in self._steps() or [Step(Q(), 1)]:
            wanted = self.rows.filter(step.condition)
            found.append(Branch(wanted.exclude(before) if before else wanted, rows * step.share))
            before = before | step.condition if before else step.condition
        return found

    def in_one(self):
        """Return all that matches as one queryset of rows: what the weakest of the branches would take alone."""
        return self.rows.filter(reduce(or_, [step.condition for step in [*self._anywhere, *self._topical]], Q()))

    def everything(self):
        """Return the exact set of groups, without a limit."""
        return Group.objects.filter(found_by__in=self.in_one())


@dataclass
class Found:
    """One page of a search. `counts` gives the number of candidates for each facet number."""

    ids: list
    distances: dict
    total: int
    counts: dict = field(default_factory=dict)

    @property
    def is_capped(self):
        """Whether there are more than are counted."""
        return self.total > CAP


# How each order reads in SQL. Whatever is level after that keeps the order in which it was found, the best listings
# first: then the capped search and the exact one have the same first page, and pages neither repeat nor skip.
SORTS = {
    "relevance": "score DESC, quality DESC",
    "distance": "distance",
    "soonest": "CASE WHEN next_at >= now() THEN next_at END NULLS LAST, quality DESC",
    "confirmed": "confirmed_at DESC NULLS LAST",
    "name": "(SELECT name FROM groups_group WHERE groups_group.id = cand.id)",
}


def find(matches, *, sort="relevance", offset=0, limit=20, cap=CAP):
    """Return one page of what matches, with its counts: ids in order, how many up to the cap, how many by facet.

    That is one statement. Only where many more than the cap come unexpected, a second one takes the best of them.
    """
    order = {"sort": sort, "offset": offset, "limit": limit}
    whole = Branch(matches.in_one(), matches.expected)
    if whole.expected < cap * FEW:
        most = int(cap * FEW * 2)
        found = _ask(matches, [Branch(whole.rows, 0)], cap=most, **order, only_all=True)
        if found.total <= most:
            return replace(found, total=min(found.total, cap + 1))
    # By distance, the strongest matches don't come first.
    return _ask(matches, [whole] if sort == "distance" else matches.branches(), cap=cap, **order)


def count(matches):
    """Return how many groups match, up to one more than the cap."""
    sql, params = _candidates([Branch(matches.in_one(), matches.expected)], ["pk"], CAP)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) found", params)  # noqa: S608 SQL that Django made
        return cursor.fetchone()[0]


def _rings(circle, share):
    """Return rings around a place, the inner one first: (squares of the map, [since km, until km]).

    The inner one is so wide that it holds `share` of what the circle does, and somewhat more.
    """
    first = circle.km * min(1, sqrt(share * 2))
    edges = [0.0, *([first, sqrt(first * circle.km)] if first < circle.km else []), nextafter(circle.km, inf)]
    return [(squares_around(circle.point, ring[1]), list(ring)) for ring in pairwise(edges)]


def _candidates(branches, columns, cap):
    """Return the SQL, with its parameters, of the first rows up to one more than the cap.

    A branch of which more are expected than are wanted is read part by part: in rings around a place, or by the parts
    of the table, the best listings first. The limit inside keeps PostgreSQL from mixing them, so that it stops where it
    has enough; and it never reads the whole table because it expects more than there are.
    """
    found, params = [], []
    for rows, expected in branches:
        circle = rows.query.annotations.get("distance")
        if expected < (cap if circle else min(cap * WHOLE, statistics().groups * SCAN)):
            sql, values = rows.values_list(*columns)[: cap + 1].query.sql_with_params()
            found.append(f"SELECT * FROM ({sql}) row")  # noqa: S608 SQL that Django made
            params += values
            continue
        parts = _rings(circle, cap / expected) if circle else [([part], None) for part in PARTS]
        listed = ", ".join(["(%s::integer[], %s::float[])"] * len(parts))
        inner = rows.extra(where=["codes && part.codes"]).values_list(*columns)[: cap + 1]
        inner.query.in_rings = True
        sql, values = inner.query.sql_with_params()
        found.append(f"SELECT row.* FROM (VALUES {listed}) part (codes, ring), LATERAL ({sql}) row")  # noqa: S608
        params += [value for part in parts for value in part] + list(values)
    return f"{' UNION ALL '.join(found)} LIMIT {cap + 1}", params


def _ask(matches, branches, *, sort, offset, limit, cap, only_all=False):
    """Look for each branch in each part, in this order, up to the cap; rank what was found and count its facets."""
    near = bool(matches.circle)
    columns = {"seat": RawSQL("ctid", ()), "text": _text_score(matches) if sort == "relevance" else Value(0.0)}
    names = ["group_id", "quality", "next_at", "confirmed_at", "facets", *(["distance"] if near else []), *columns]
    order = ["distance", "-quality", "pk"] if sort == "distance" and not only_all else []
    branches = [Branch(rows.annotate(**columns).order_by(*order), expected) for rows, expected in branches]
    candidates, params = _candidates(branches, names, cap)
    closeness = f" * ({HALFWAY_KM}.0 / ({HALFWAY_KM} + distance))" if near else ""
    # Nothing is ranked or counted of a few that are not the best.
    unless = f"WHERE (SELECT count(*) FROM cand) <= {cap}" if only_all else ""  # noqa: S608 a number of our own
    statement = f"""
        WITH cand (id, {", ".join(names[1:])}) AS MATERIALIZED ({candidates}),
        page AS (
            SELECT id, {"distance" if near else "NULL::float AS distance"}
            FROM (SELECT *, text * (0.7 + 0.3 * quality){closeness} AS score FROM cand {unless}) cand
            ORDER BY {SORTS[sort]}, seat OFFSET %s LIMIT %s
        )
        SELECT (SELECT count(*) FROM cand),
               (SELECT json_agg(json_build_array(id, distance)) FROM page),
               (SELECT json_object_agg(facet, n)
                FROM (SELECT facet, count(*) n FROM (SELECT unnest(facets) facet FROM cand {unless}) each
                      GROUP BY 1) counted)
    """  # noqa: S608 built of our own words; what was typed is in the parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, offset, limit])
        total, page, counts = cursor.fetchone()
    return Found(
        ids=[group for group, _km in page or []],
        distances={group: km for group, km in page or [] if km is not None},
        total=total,
        counts={int(number): n for number, n in (counts or {}).items()},
    )


def _text_score(matches):
    """Return how well the words and topics of a row fit, from 0 to about 1: words by rarity, beside the topics."""
    parts, params = [], []
    whole = sum(term.rarity for term in matches.terms) + (len(matches.topics) and TOPIC)
    for term in matches.terms:
        rank = f"ts_rank('{WEIGHTS}', words, search_query(%s))"
        parts.append(f"{term.rarity / whole:.6f} * least({IN_THE_NAME}, {rank})")
        params.append(term.word)
    for number in facets_of("topic", matches.topics):
        parts.append(
            f"{TOPIC / whole / len(matches.topics):.6f} * (CASE WHEN facets @> ARRAY[{number}] THEN 0.6 ELSE 0 END)"
        )
    return RawSQL(" + ".join(parts) or "1.0", params, FloatField())  # noqa: S611 our own words; what was typed is in `params`
