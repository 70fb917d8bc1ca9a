"""Finding practitioners: candidates, the best pages first, ranked and counted in one statement.

`Matches` is the one definition of what a search finds. It has two readers: `find`, a ranked page with counts, capped
and quick, and `Matches.everything`, the exact and whole set.
"""

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, Value

from groups.matches import Holds, WordQuery
from groups.search import CAP, HALFWAY_KM, IN_THE_NAME, WEIGHTS, Found
from practitioners.models import Practitioner
from practitioners.models.search import PARTS, facet, facets_of

# A topic that somebody knows counts as much as a word in their name.
KNOWS_THE_TOPIC = 0.6


class Wish(NamedTuple):
    """One thing that the words of a search want: words that stand in the text, or instead of them a topic."""

    words: tuple
    topic: str | None = None

    @property
    def condition(self):
        """The condition on a row of the search table."""
        in_text = reduce(and_, (Q(Holds(F("words"), WordQuery(Value(word)))) for word in self.words), Q())
        return in_text | Q(codes__overlap=facets_of("topic", [self.topic])) if self.topic else in_text


@dataclass(frozen=True)
class Matches:
    """What a search finds: rows that pass the filters and grant the wishes; with `loosely`, one of the wishes."""

    rows: object
    wishes: tuple = ()
    loosely: bool = False

    @property
    def is_near_a_place(self):
        """Whether the rows have a distance."""
        return "distance" in self.rows.query.annotations

    def in_one(self):
        """Return the rows of all that matches."""
        if not self.wishes:
            return self.rows
        return self.rows.filter(reduce(or_ if self.loosely else and_, (wish.condition for wish in self.wishes)))

    def everything(self):
        """Return the exact set of practitioners, without a limit."""
        return Practitioner.objects.published().filter(found_by__in=self.in_one())

    @property
    def looser(self):
        """The same, where one of several wishes is enough."""
        return replace(self, loosely=True)


# How each order reads in SQL. All end in the name and the number, so that pages neither repeat nor skip.
SORTS = {
    "relevance": "score DESC, quality DESC, name, id",
    "distance": "distance NULLS LAST, quality DESC, name, id",
    "confirmed": "confirmed_at DESC NULLS LAST, name, id",
    "name": "name, id",
}


def find(matches, *, sort="relevance", wanted=None, offset=0, limit=20):
    """Return one page of what matches, and whether loosely: where nobody grants every wish, who grants some of them.

    The page has its counts: ids in order, how many up to the cap, how many by facet. `wanted` is {field: codes},
    choices of which any is enough; whoever fits more of them comes first. All of it is one statement.
    """
    near = matches.is_near_a_place
    columns = ["practitioner_id", "name", "quality", "confirmed_at", "facets", "words", *(["distance"] if near else [])]
    order = {"nearest_first": sort == "distance" and near}
    sql, params = _candidates(matches, columns, **order)
    looser, looser_params = "", []
    if len(matches.wishes) > 1:
        looser, looser_params = _candidates(matches.looser, columns, **order)
        looser = f"UNION ALL SELECT * FROM ({looser}) looser WHERE NOT EXISTS (SELECT FROM strict)"  # noqa: S608 as below
    score, score_params = _score(matches, wanted or {}, near) if sort == "relevance" else ("0", [])
    statement = f"""
        WITH strict AS MATERIALIZED ({sql}),
        cand (id, name, quality, confirmed_at, facets, words {", distance" if near else ""})
        AS MATERIALIZED (SELECT * FROM strict {looser}),
        page AS (
            SELECT id, {"distance" if near else "NULL::float AS distance"},
                   row_number() OVER (ORDER BY {SORTS[sort]}) AS seat
            FROM (SELECT *, {score} AS score FROM cand) cand ORDER BY seat OFFSET %s LIMIT %s
        )
        SELECT NOT EXISTS (SELECT FROM strict),
               (SELECT json_agg(json_build_array(id, distance) ORDER BY seat) FROM page),
               (SELECT count(*) FROM cand),
               (SELECT json_object_agg(facet, n) FROM (
                    SELECT facet, count(*) n FROM (SELECT unnest(facets) facet FROM cand) each GROUP BY 1) counted)
    """  # noqa: S608 built of our own words; what was typed is in the parameters
    # Not prepared: its wishes are words or topics, and an 'or' is only looked up where its values are known.
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *looser_params, *score_params, offset, limit])
        loosely, page, *counted = cursor.fetchone()
    return Found.of(page, counted), bool(looser) and loosely


_COUNT = """
(WITH cand (facets) AS MATERIALIZED (%(candidates)s)
 SELECT (SELECT count(*) FROM cand),
        (SELECT json_object_agg(facet, n) FROM (
             SELECT facet, count(*) n FROM (SELECT unnest(facets) facet FROM cand) each GROUP BY 1) counted))
"""


def counts_of_each(searches):
    """Return, for each of several searches, how many it finds and {facet number: how many}, in one statement."""
    if not searches:
        return []
    parts, params = [], []
    for matches in searches:
        sql, values = _candidates(matches, ["facets"])
        parts.append(_COUNT % {"candidates": sql})
        params += values
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return [(total, {int(number): n for number, n in (counts or {}).items()}) for total, counts in cursor]


def _candidates(matches, columns, *, nearest_first=False):
    """Return the SQL, with its parameters, of the first rows up to one more than the cap, the best part first.

    The limit inside keeps PostgreSQL from mixing the parts, so that it stops where it has enough.
    """
    rows = matches.in_one().order_by()
    if nearest_first:
        sql, params = rows.order_by("distance", "pk").values_list(*columns)[: CAP + 1].query.sql_with_params()
        return sql, list(params)
    rows = rows.extra(where=["codes && ARRAY[part.code]"]).values_list(*columns)[: CAP + 1]
    sql, params = rows.query.sql_with_params()
    parts = ", ".join(f"({part})" for part in PARTS)
    return f"SELECT row.* FROM (VALUES {parts}) part (code), LATERAL ({sql}) row LIMIT {CAP + 1}", list(params)  # noqa: S608


def _score(matches, wanted, near):
    """Return the SQL of a candidate's score, with its parameters: wishes, choices, quality, distance."""
    factors, params = ["(0.7 + 0.3 * quality)"], []
    if matches.wishes:
        granted = []
        for wish in matches.wishes:
            ranks = [f"ts_rank('{WEIGHTS}', words, search_query(%s))"] * len(wish.words)
            params += wish.words
            in_text = f"least({IN_THE_NAME}, ({' + '.join(ranks) or '0'}) / {max(1, len(ranks))})"
            topic = f"CASE WHEN facets @> ARRAY[{facet('topic', wish.topic)}] THEN {KNOWS_THE_TOPIC} ELSE 0 END"
            granted.append(f"greatest({in_text}, {topic})" if wish.topic else in_text)
        factors.append(f"(({' + '.join(granted)}) / {len(granted)})")
    for name, codes in wanted.items():
        fits = " + ".join(f"(facets @> ARRAY[{number}])::int" for number in facets_of(name, codes))
        factors.append(f"(({fits})::float / {len(codes)})")
    if near:
        # Somebody online is as good as somebody half-way.
        factors.append(f"coalesce({HALFWAY_KM}.0 / ({HALFWAY_KM} + distance), 0.5)")
    return " * ".join(factors), params
