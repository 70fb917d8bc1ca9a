"""Finding groups: candidates in the order of their quality, ranked and counted in one statement.

`groups.matches.Matches` is the one definition of what a search finds. It has two readers: `find`, a ranked page with
counts, capped and quick, and `Matches.everything`, the exact and whole set for calendars, feeds and exports.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, nextafter, sqrt

from django.db.models.expressions import RawSQL

from directory.lists import family_topics
from directory.preparing import prepared_cursor
from groups.matches import CAP, TOPIC
from groups.models.search import PARTS, SAYS_AGES, array, facet, statistics

WEIGHTS = "{0.1, 0.3, 0.5, 1.0}"
# What `ts_rank` gives for one word that stands in the name once. More of it is not more to the point; and so the search
# that stops at the first thousand, which are names, stops at the best.
IN_THE_NAME = 0.607927
# How far away, in km, a group counts half as much as one next door, where relevance decides.
HALFWAY_KM = 15
# Who asks for somebody close ('my son drinks') is shown the groups for families first: their topic counts so many times
# as much as the trouble's own.
FAMILY_FIRST = 4
# What a group that does not say which ages it is for counts to somebody who says how old they are.
SAYS_NO_AGE = 0.6
# A search that is expected to find fewer than so many times the cap is answered from all that it finds.
FEW = 1.5
# Up to so many times the cap, and up to this share of the table, the index is read as a whole and not part by part. (A
# larger share could make PostgreSQL read the table instead, from wherever another reader just is.)
WHOLE, SCAN = 5, 0.03


@dataclass
class Found:
    """One page of a search. `counts` gives the number of candidates for each facet number."""

    ids: list
    distances: dict
    total: int
    counts: dict

    @classmethod
    def of(cls, page, counted, together=()):
        """Make one of a page as JSON [[id, km]], the total, and counts as JSON {facet: n}, those `together` last."""
        total, *counts = counted
        alone, *of_these = ({int(number): n for number, n in (each or {}).items()} for each in counts)
        # Those counted together count as that, and where they stand nowhere as none.
        counts = alone | {number: of_these[0].get(number, 0) for number in together}
        distances = {number: km for number, km in page or [] if km is not None}
        return cls([number for number, _km in page or []], distances, total, counts)

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
    "name": "(SELECT name FROM groups_group WHERE groups_group.id = group_id)",
}


def find(matches, *, sort="relevance", offset=0, limit=20, cap=CAP, together=None):
    """Return one page of what matches, with its counts: ids in order, how many up to the cap, how many by facet.

    `together` is {facet number: codes}: such a facet is counted where a group has one of the codes instead.

    That is one statement. Only where many more than the cap come unexpected, a second one takes the best of them.
    """
    order = {"sort": sort, "offset": offset, "limit": limit, "together": together or {}}
    whole = matches.in_one()
    if whole.expected < cap * FEW:
        most = int(cap * FEW * 2)
        found = _ask(matches, matches.apart(), cap=most, **order, only_all=True)
        if found.total <= most:
            return replace(found, total=min(found.total, cap + 1))
    # By distance, the strongest matches don't come first.
    return _ask(matches, [whole] if sort == "distance" else matches.branches(), cap=cap, **order)


def counts_of_each(searches, totals_of=()):
    """Return a `Found` without a page for each of several (matches, together), and how many each of `totals_of` finds.

    Both are one statement. A total is at most one more than the cap.
    """
    tables, counts, params, last = [], [], [], []
    for number, (matches, together) in enumerate(searches):
        sql, values = _all_of(matches, ["group_id", "facets", *(["codes"] if together else [])])
        tables.append(f"cand{number} AS MATERIALIZED ({sql})")
        params += values
        sql, values = _counts(f"cand{number}", together)
        counts.append(f"json_build_array({sql})")
        last += values
    for matches in totals_of:
        sql, values = _all_of(matches, ["group_id"])
        counts.append(f"(SELECT count(*) FROM ({sql}) found)")  # noqa: S608 built of our own words
        last += values
    if not counts:
        return [], []
    given = f"WITH {', '.join(tables)}" if tables else ""
    with prepared_cursor() as cursor:
        cursor.execute(f"{given} SELECT {', '.join(counts)}", [*params, *last])
        row = cursor.fetchone()
    founds = [Found.of([], counted, together) for counted, (_matches, together) in zip(row, searches, strict=False)]
    return founds, list(row[len(searches) :])


def _all_of(matches, columns):
    return _candidates(matches.apart(), columns, CAP, score=("", ()), order="", in_parts=True)


def _counts(candidates, together, unless=""):
    """Return the SQL, with its parameters, of how many candidates there are, by facet, and by facet together."""
    pairs = [(code, number) for number, codes in together.items() for code in codes]
    sql = f"""
        (SELECT count(*) FROM {candidates}),
        (SELECT json_object_agg(facet, n)
         FROM (SELECT unnest(facets) facet, count(*) n FROM {candidates} {unless} GROUP BY 1) counted),
        {_TOGETHER.format(candidates=candidates) if together else "NULL"}
    """  # noqa: S608 our own words
    return sql, list(map(array, zip(*pairs, strict=True))) if pairs else []


def _rings(circle, share):
    """Return rings around a place, the inner one first: (squares of the map, [since km, until km]).

    The inner one is so wide that it holds `share` of what the circle does, and somewhat more.
    """
    first = circle.km * min(1, sqrt(share * 2))
    edges = [0.0, *([first, sqrt(first * circle.km)] if first < circle.km else []), nextafter(circle.km, inf)]
    return [(circle.squares(ring[1]), list(ring)) for ring in pairwise(edges)]


def _candidates(branches, columns, cap, *, score, order, in_parts):
    """Return the SQL, with its parameters, of the first rows up to one more than the cap.

    `score` is what to reckon of each row besides, as SQL with its parameters; `order` how the rows are put in order.

    A branch of which more are expected than are wanted is read part by part: in rings around a place, or by the parts
    of the table, the best listings first. The limit inside keeps PostgreSQL from mixing them, so that it stops where it
    has enough; and it never reads the whole table because it expects more than there are.
    """
    found, params = [], []
    for rows, expected in branches:
        circle = rows.query.annotations.get("distance")
        whole = not in_parts or expected < (cap if circle else min(cap * WHOLE, statistics().groups * SCAN))
        given = [*columns, *(["distance"] if circle else []), "seat"]
        rows = rows.annotate(seat=RawSQL("ctid", ()))
        rows = rows.values_list(*dict.fromkeys([*given, *(["words", "codes"] if score[0] else [])]))
        if not (whole or circle):
            rows = rows.extra(where=["codes && part.codes"])
        rows.query.measured_outside, rows.query.in_parts = True, not whole
        sql, values = rows.query.sql_with_params()
        if circle:
            # OFFSET keeps PostgreSQL from writing out the formula of the distance wherever it is named.
            within = "distance <= %s" if whole else "width_bucket(distance, part.ring) = 1"
            sql = f"({sql} OFFSET 0) row WHERE {within}"
            values = [*values, *([circle.km] if whole else [])]
        else:
            sql = f"({sql}) row"
        sql = f"SELECT {', '.join(given)}{score[0]} FROM {sql} {order} LIMIT {cap + 1}"  # noqa: S608
        if not whole:
            parts = _rings(circle, cap / expected) if circle else [([part], None) for part in PARTS]
            listed = ", ".join(["(%s::integer[], %s::float[])"] * len(parts))
            sql = f"SELECT row.* FROM (VALUES {listed}) part (codes, ring), LATERAL ({sql}) row LIMIT {cap + 1}"  # noqa: S608
            params += [value and array(value) for part in parts for value in part]
        found.append(sql)
        params += [*score[1], *values]
    if len(found) == 1:
        return found[0], params
    return f"SELECT * FROM (({') UNION ALL ('.join(found)})) found LIMIT {cap + 1}", params  # noqa: S608


def _ask(matches, branches, *, sort, offset, limit, cap, together, only_all=False):
    """Look for each branch in each part, in this order, up to the cap; rank what was found and count its facets."""
    near = bool(matches.circle)
    columns = ["group_id", "quality", "next_at", "confirmed_at", "facets", *(["codes"] if together else [])]
    score = _score(matches, near) if sort == "relevance" else ("", ())
    order = "ORDER BY distance, quality DESC, group_id" if sort == "distance" and not only_all else ""
    candidates, params = _candidates(branches, columns, cap, score=score, order=order, in_parts=not only_all)
    # Nothing is ranked or counted of a few that are not the best.
    unless = f"WHERE (SELECT count(*) FROM cand) <= {cap}" if only_all else ""  # noqa: S608 a number of our own
    counts, pairs = _counts("cand", together, unless)
    statement = f"""
        WITH cand AS MATERIALIZED ({candidates}),
        page AS (
            SELECT group_id, {"distance" if near else "NULL::float AS distance"} FROM cand {unless}
            ORDER BY {SORTS[sort]}, seat OFFSET %s LIMIT %s
        )
        SELECT (SELECT json_agg(json_build_array(group_id, distance)) FROM page), {counts}
    """  # noqa: S608 built of our own words; what was typed is in the parameters
    with prepared_cursor() as cursor:
        cursor.execute(statement, [*params, offset, limit, *pairs])
        page, *counted = cursor.fetchone()
    return Found.of(page, counted, together)


_TOGETHER = """(
    SELECT json_object_agg(facet, n)
    FROM (SELECT facet, count(DISTINCT cand.group_id) n
          FROM {candidates} cand CROSS JOIN unnest(cand.codes) code
          JOIN unnest(%s::integer[], %s::integer[]) wanted (code, facet) USING (code) GROUP BY 1) counted)"""


def _score(matches, near):
    """Return as SQL, with its parameters, how well a row fits: words by rarity, beside topics; how good, and how near.

    It is called `score`, and is from 0 to about 1.
    """
    parts, params = [], []
    whole = sum(term.rarity for term in matches.terms) + (len(matches.topics) and TOPIC)
    for term in matches.terms:
        parts.append(f"%s::float * least({IN_THE_NAME}, ts_rank('{WEIGHTS}', words, (SELECT search_query(%s))))")
        params += [term.rarity / whole, term.word]
    shares = {slug: FAMILY_FIRST if slug in family_topics() else 1 for slug in matches.topics}
    for slug, share in shares.items():
        parts.append("%s::float * (CASE WHEN facets @> ARRAY[%s]::integer[] THEN 0.6 ELSE 0 END)")
        params += [TOPIC / whole * share / sum(shares.values()), facet("topic", slug)]
    score = f"({' + '.join(parts) or '1.0'}) * (0.7 + 0.3 * quality)"
    if matches.by_age:
        score += f" * (CASE WHEN codes @> ARRAY[{facet(*SAYS_AGES)}] THEN 1 ELSE {SAYS_NO_AGE} END)"
    if near:
        score += f" * ({HALFWAY_KM}.0 / ({HALFWAY_KM} + distance))"
    return f", {score} AS score", params
