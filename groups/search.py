"""Finding groups: candidates in the order of their quality, ranked and counted in one statement.

`Matches` is the one definition of what a search finds. It has two readers: `find`, a ranked page with counts, capped
and quick, and `Matches.everything`, the exact and whole set for calendars, feeds and exports.
"""

from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from math import log
from operator import or_
from typing import NamedTuple

from django.contrib.postgres.search import SearchQueryField
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value

from groups.models import Group
from groups.models.search import PARTS, facets_of, squares_around

# Counts are exact up to here; a page never looks at more.
CAP = 1000
# A word that stands in more than this share of the groups, and in more than so many, tells nothing beside a rarer one.
COMMON, SELDOM = 0.05, 1000
# A topic that was understood counts as much as a word of this rarity in the name.
TOPIC = 5
ALL, ANY = " && ", " || "
WEIGHTS = "{0.1, 0.3, 0.5, 1.0}"
# What `ts_rank` gives for one word that stands in the name once. More of it is not more to the point; and so the search
# that stops at the first thousand, which are names, stops at the best.
IN_THE_NAME = 0.607927
# How far away, in km, a group counts half as much as one next door, where relevance decides.
HALFWAY_KM = 15


class WordQuery(Func):
    """The tsquery for one word, as the SQL function `search_query` cuts it."""

    function = "search_query"
    output_field = SearchQueryField()


class Joined(Func):
    """Several tsqueries as one: joined by `&&` all are wanted, joined by `||` any is enough."""

    template = "(%(expressions)s)"
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
    def are_many(self):
        """Whether it is sure that there are more than are counted."""
        return not self.rows.query.where and any(term.groups > CAP for term in self.telling)

    def _holding(self, joiner, terms, column):
        queries = [WordQuery(Value(term.word)) for term in terms]
        return Q(Holds(F(column), Joined(*queries, arg_joiner=joiner)))

    @property
    def _topical(self):
        return [Q(codes__overlap=facets_of("topic", self.topics))] if self.topics else []

    def _steps(self):
        """Return conditions, any of which makes a match, in the order of the best that it can score."""
        topical = self._topical
        if not self.terms:
            return topical
        anywhere = self._holding(ANY, self.telling, "words")
        in_name, in_text = (self._holding(ALL, self.terms, column) for column in ("name_words", "words"))
        first = [in_name, *topical] if sum(term.rarity for term in self.terms) > TOPIC else [*topical, in_name]
        steps = [*(topic & anywhere for topic in topical), *first]
        if len(self.terms) == 1:
            return [*steps, in_text]
        rarest_first = sorted(self.telling, key=lambda term: term.groups)
        return [
            *steps,
            in_text & self._holding(ANY, self.telling, "name_words"),
            in_text,
            *(self._holding(ANY, [term], "name_words") for term in rarest_first[:3]),
            anywhere,
        ]

    def branches(self):
        """Return querysets that share no row and together are all that matches, the strongest matches first."""
        steps = self._steps()
        if not steps:
            return [self.rows]
        found, before = [], Q(pk__in=[])
        for step in steps:
            found.append(self.rows.filter(step).exclude(before) if found else self.rows.filter(step))
            before |= step
        return found

    def in_one(self):
        """Return all that matches as one queryset of rows: what the weakest of the branches would take alone."""
        words = [self._holding(ANY, self.telling, "words")] if self.terms else []
        return self.rows.filter(reduce(or_, [*words, *self._topical], Q()))

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


# The parts of the table in their order, and rings around a point, are looked through one after the other:
# (codes of the rows, further away than so many km, no further than so many).
PARTS_IN_ORDER = [([part], None, None) for part in PARTS]


def _whole(circle):
    """Return what a search looks through: the circle, or else the table."""
    return [(squares_around(circle.point, circle.km), -1, circle.km)] if circle else PARTS_IN_ORDER


def _rings(circle):
    """Return the same with the circle as rings. In a city, the nearest thousand are found in the first ones."""
    if not circle:
        return PARTS_IN_ORDER
    edges = [-1, circle.km / 8, circle.km / 4, circle.km / 2, circle.km]
    return [(squares_around(circle.point, until), since, until) for since, until in pairwise(edges)]


def find(matches, *, sort="relevance", offset=0, limit=20, cap=CAP):
    """Return one page of what matches, with its counts: ids in order, how many up to the cap, how many by facet.

    Nearly always that is one statement. Where it meets more than the cap, it stops there, and a second one takes the
    strongest, the best and the nearest of them.
    """
    circle = matches.circle
    order = {"sort": sort, "offset": offset, "limit": limit, "cap": cap}
    # By distance, the strongest matches don't come first.
    branches = [matches.in_one()] if sort == "distance" else matches.branches()
    if circle or (len(branches) > 1 and not matches.are_many):
        found = _ask(matches, [matches.in_one()], _whole(circle), **order, only_all=True)
        if found.total <= cap:
            return found
    return _ask(matches, branches, _rings(circle), **order)


def count(matches):
    """Return how many groups match, up to one more than the cap."""
    sql, params = _candidates([matches.in_one()], _whole(matches.circle), ["pk"], CAP)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) found", params)  # noqa: S608 SQL that Django made
        return cursor.fetchone()[0]


def _candidates(branches, parts, columns, cap):
    """Return the SQL, with its parameters, of the first rows up to one more than the cap: of each branch, each part.

    The limit inside keeps PostgreSQL from mixing the parts, so that it stops where it has enough; and it never reads
    the whole table because it expects more than there are.
    """
    rows = ", ".join(["(%s::integer[], %s::float, %s::float)"] * len(parts))
    found, params = [], []
    for branch in branches:
        inner = branch.extra(where=["codes && part.codes"]).values_list(*columns)[: cap + 1]
        inner.query.in_rings = True
        sql, values = inner.query.sql_with_params()
        found.append(f"SELECT row.* FROM (VALUES {rows}) part (codes, since, until), LATERAL ({sql}) row")  # noqa: S608
        params += [value for part in parts for value in part] + list(values)
    return f"{' UNION ALL '.join(found)} LIMIT {cap + 1}", params


def _ask(matches, branches, parts, *, sort, offset, limit, cap, only_all=False):
    """Look for each branch in each part, in this order, up to the cap; rank what was found and count its facets."""
    near = bool(matches.circle)
    columns = ["group_id", "quality", "next_at", "confirmed_at", "facets", "words", *(["distance"] if near else [])]
    order = ["distance", "-quality", "pk"] if sort == "distance" else []
    candidates, params = _candidates([branch.order_by(*order) for branch in branches], parts, columns, cap)
    score, score_params = _score(matches, near) if sort == "relevance" else ("0", [])
    # Nothing is ranked or counted of a few that are not the best.
    unless = f"WHERE (SELECT count(*) FROM cand) <= {cap}" if only_all else ""  # noqa: S608 a number of our own
    statement = f"""
        WITH cand AS MATERIALIZED (
            SELECT *, row_number() OVER () AS seat
            FROM ({candidates}) found (id, quality, next_at, confirmed_at, facets, words {", distance" if near else ""})
        ),
        page AS (
            SELECT id, {"distance" if near else "NULL::float AS distance"}
            FROM (SELECT *, {score} AS score FROM cand {unless}) cand ORDER BY {SORTS[sort]}, seat OFFSET %s LIMIT %s
        )
        SELECT (SELECT count(*) FROM cand),
               (SELECT json_agg(json_build_array(id, distance)) FROM page),
               (SELECT json_object_agg(facet, n)
                FROM (SELECT facet, count(*) n FROM (SELECT unnest(facets) facet FROM cand {unless}) each
                      GROUP BY 1) counted)
    """  # noqa: S608 built of our own words; what was typed is in the parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *score_params, offset, limit])
        total, page, counts = cursor.fetchone()
    return Found(
        ids=[group for group, _km in page or []],
        distances={group: km for group, km in page or [] if km is not None},
        total=total,
        counts={int(number): n for number, n in (counts or {}).items()},
    )


def _score(matches, near):
    """Return the SQL of a candidate's score, with its parameters: words by rarity, topics, quality, distance."""
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
    text = f"({' + '.join(parts)})" if parts else "1"
    closeness = f" * ({HALFWAY_KM}.0 / ({HALFWAY_KM} + distance))" if near else ""
    return f"{text} * (0.7 + 0.3 * quality){closeness}", params
