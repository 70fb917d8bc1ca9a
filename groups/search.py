"""Finding groups: candidates in the order of their quality, ranked and counted in one statement.

`matching` is the one definition of what a search finds. It has two readers: `find`, a ranked page with counts, capped
and quick, and `Matches.everything`, the exact and whole set for calendars, feeds and exports.
"""

from dataclasses import dataclass, field
from functools import reduce
from math import log
from operator import or_
from typing import NamedTuple

from django.contrib.postgres.search import SearchQueryField
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value

from groups.models import Group
from groups.models.search import facets_of

# Counts are exact up to here; a page never looks at more.
CAP = 1000
# A word that stands in more than this share of the groups tells nothing beside a rarer one.
COMMON = 0.05
ALL, ANY = " && ", " || "
WEIGHTS = "{0.1, 0.3, 0.5, 1.0}"
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
        return self.groups > max(CAP, self.total * COMMON)


@dataclass(frozen=True)
class Matches:
    """What a search finds: rows that pass the filters, and of these the ones that hold its words or its topics.

    `rows` are filtered by everything but words. `terms` and `topics` (slugs) widen each other: either is enough.
    """

    rows: object
    terms: tuple = ()
    topics: tuple = ()

    @property
    def _telling(self):
        rare = [term for term in self.terms if not term.is_common]
        return rare or list(self.terms)

    def _holding(self, joiner, terms, column):
        queries = [WordQuery(Value(term.word)) for term in terms]
        return Q(Holds(F(column), Joined(*queries, arg_joiner=joiner)))

    def branches(self):
        """Return querysets that share no row and together are all that matches, the strongest matches first."""
        if not self.terms and not self.topics:
            return [self.rows]
        everywhere = (
            [self._holding(ALL, self.terms, column) for column in ("name_words", "words")] if self.terms else []
        )
        # A topic that was understood carries as much as all the words that are left.
        topical = Q(codes__overlap=facets_of("topic", self.topics)) if self.topics else None
        steps = []
        if topical is not None and everywhere:
            steps.append(topical & self._holding(ANY, self._telling, "words"))
        steps += [each for each in (*everywhere, topical) if each is not None]
        if len(self.terms) > 1:
            steps.append(self._holding(ANY, self._telling, "words"))
        found, before = [], Q(pk__in=[])
        for step in steps:
            found.append(self.rows.filter(step) if not found else self.rows.filter(step).exclude(before))
            before |= step
        return found

    def everything(self):
        """Return the exact set of groups, without a limit."""
        return Group.objects.filter(reduce(or_, [Q(found_by__in=branch) for branch in self.branches()]))


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


# How each order reads in SQL. All end in the id, so that pages neither repeat nor skip.
SORTS = {
    "relevance": "score DESC, quality DESC, cand.id",
    "distance": "distance, cand.id",
    "soonest": "CASE WHEN next_at >= now() THEN next_at END NULLS LAST, quality DESC, cand.id",
    "confirmed": "confirmed_at DESC NULLS LAST, cand.id",
    "name": "(SELECT name FROM groups_group WHERE groups_group.id = cand.id), cand.id",
}
COLUMNS = ["group_id", "quality", "next_at", "confirmed_at", "facets", "weighted"]


def find(matches, *, sort="relevance", offset=0, limit=20):
    """Return one page of what matches, in one statement: ids in order, the count up to the cap, counts by facet."""
    near = "distance" in matches.rows.query.annotations
    columns = [*COLUMNS, "distance"] if near else COLUMNS
    branches, params = [], []
    for branch in matches.branches():
        ordered = branch.order_by("distance") if sort == "distance" else branch.order_by()
        sql, values = ordered.values_list(*columns)[: CAP + 1].query.sql_with_params()
        branches.append(f"SELECT * FROM ({sql}) branch_{len(branches)}")  # noqa: S608 SQL that Django made
        params += values
    score, values = _score(matches, near)
    statement = f"""
        WITH cand (id, {", ".join(columns[1:])}) AS MATERIALIZED ({" UNION ALL ".join(branches)} LIMIT {CAP + 1}),
        page AS (
            SELECT cand.id, {"distance" if near else "NULL::float AS distance"}
            FROM (SELECT cand.*, {score} AS score FROM cand) cand ORDER BY {SORTS[sort]} OFFSET %s LIMIT %s
        )
        SELECT (SELECT count(*) FROM cand),
               (SELECT json_agg(json_build_array(id, distance)) FROM page),
               (SELECT json_object_agg(facet, n)
                FROM (SELECT facet, count(*) n FROM cand, unnest(facets) facet GROUP BY facet) counted)
    """  # noqa: S608 built of our own words; what was typed is in the parameters
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *values, offset, limit])
        total, page, counts = cursor.fetchone()
    return Found(
        ids=[group for group, _km in page or []],
        distances={group: km for group, km in page or [] if km is not None},
        total=total,
        counts={int(number): n for number, n in (counts or {}).items()},
    )


def count(matches):
    """Return how many groups match, up to one more than the cap."""
    branches = [branch.order_by().values("pk")[: CAP + 1] for branch in matches.branches()]
    first, *others = branches
    return first.union(*others, all=True)[: CAP + 1].count() if others else first.count()


def _score(matches, near):
    """Return the SQL of a candidate's score, with its parameters: words by rarity, topics, quality, distance."""
    parts, params = [], []
    whole = sum(term.rarity for term in matches.terms) + (len(matches.topics) and 5)
    for term in matches.terms:
        parts.append(f"{term.rarity / whole:.6f} * ts_rank('{WEIGHTS}', weighted, search_query(%s))")
        params.append(term.word)
    for number in facets_of("topic", matches.topics):
        parts.append(
            f"{5 / whole / len(matches.topics):.6f} * (CASE WHEN facets @> ARRAY[{number}] THEN 0.6 ELSE 0 END)"
        )
    text = f"({' + '.join(parts)})" if parts else "1"
    closeness = f" * ({HALFWAY_KM}.0 / ({HALFWAY_KM} + distance))" if near else ""
    return f"{text} * (0.7 + 0.3 * quality){closeness}", params
