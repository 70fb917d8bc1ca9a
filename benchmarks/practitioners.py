"""How quick the search for practitioners is with many of them, beside `icontains` with joins and counted facets.

    python benchmarks/practitioners.py [--rows 100000] [--searches 60]

Both run the same searches on the same rows in the same run; the naive one stops early where it takes too long. The last
line is JSON: medians and 95th percentiles in ms, how many times quicker, and the queries that the page takes.
"""

import argparse
import json
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import scratch_database

FILL = """
-- Made-up people out of nothing are no history.
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.words(w text[], many bigint) RETURNS text LANGUAGE sql VOLATILE AS
    $$ SELECT string_agg(w[1 + (random() * (cardinality(w) - 1))::int], ' ') FROM generate_series(1, many) $$;
CREATE TEMP TABLE towns AS
    SELECT id, name, greatest(1, population) AS weight, sum(greatest(1, population)) OVER (ORDER BY id) AS upto
    FROM directory_place WHERE kind IN ('city', 'town', 'village') AND country IN ('ENG', 'SCT', 'WLS')
      AND population IS NOT NULL;
CREATE INDEX ON towns (upto);
INSERT INTO practitioners_practitioner
    (uuid, slug, name, summary, text_language, state, state_changed_at, confirmed_at, confirmed_by, source, external_id,
     sample, created_at, updated_at, curator_notes, title, profession, sector, organisation, about, offers,
     does_not_offer, online, accepting_requests, consent_given_on, own_email, proposed)
SELECT gen_random_uuid(), 'p-' || n,
       initcap(w[1 + n %% 997 %% cardinality(w)] || ' ' || w[1 + n * 7 %% cardinality(w)]),
       pg_temp.words(w, 14 + n %% 5),
       'en', CASE WHEN n %% 20 = 0 THEN 'archived' ELSE 'published' END, now(),
       CASE WHEN n %% 5 <> 0 THEN now() - (random() * 400 || ' days')::interval END,
       CASE WHEN n %% 5 <> 0 THEN 'owner' ELSE '' END, 'benchmark', '', true, now(), now(), '',
       initcap(w[1 + n * 11 %% cardinality(w)]), (ARRAY['gp','nurse','link-worker','librarian','other'])[1 + n %% 5],
       (ARRAY['health','social-care','council','voluntary','library'])[1 + n %% 5],
       initcap(w[1 + n * 13 %% cardinality(w)]),
       pg_temp.words(w, 30 + n %% 9),
       CASE WHEN n %% 3 <> 0 THEN pg_temp.words(w, 12 + n %% 3) ELSE '' END,
       CASE WHEN n %% 4 <> 0 THEN 'No advice on your own care.' ELSE '' END, random() < 0.3, random() < 0.7, now(),
       '', '{}'
FROM generate_series(1, %(rows)s) n,
     (SELECT array_agg(DISTINCT word) AS w
      FROM directory_topic, regexp_split_to_table(lower(description), '[^a-z]+') word WHERE length(word) > 2) words;
INSERT INTO practitioners_practitioner_roles (practitioner_id, supportrole_id)
    SELECT p.id, r.id FROM practitioners_practitioner p, directory_supportrole r WHERE (p.id * 31 + r.id * 17) %% 5 < 2;
INSERT INTO practitioners_practitioner_areas (practitioner_id, supportarea_id)
    SELECT p.id, a.id FROM practitioners_practitioner p, directory_supportarea a WHERE (p.id * 13 + a.id * 7) %% 4 < 1;
INSERT INTO practitioners_practitioner_topics (practitioner_id, topic_id)
    SELECT DISTINCT p.id, t.id FROM practitioners_practitioner p
    CROSS JOIN LATERAL generate_series(1, 3) i
    JOIN (SELECT id, row_number() OVER () - 1 AS seat, count(*) OVER () AS many FROM directory_topic) t
      ON t.seat = abs(hashint8(p.id * 3 + i)) %% t.many;
INSERT INTO practitioners_practitioner_languages (practitioner_id, language_id)
    SELECT p.id, l.code FROM practitioners_practitioner p, directory_language l
    WHERE l.code = 'en' OR abs(hashint8(p.id * 101 + l.position)) %% 60 = 0;
INSERT INTO practitioners_practitioner_places (practitioner_id, place_id)
    SELECT DISTINCT p.id, t.id FROM practitioners_practitioner p
    CROSS JOIN LATERAL generate_series(1, 1 + (p.id %% 3)::int) i
    CROSS JOIN LATERAL (
        SELECT id FROM towns
        WHERE upto >= (abs(hashint8(p.id * 5 + i)) / 2147483648.0) * (SELECT max(upto) FROM towns)
        ORDER BY upto LIMIT 1) t;
INSERT INTO practitioners_practitioner_places (practitioner_id, place_id)
    SELECT p.id, c.id FROM practitioners_practitioner p
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS seat, count(*) OVER () AS many FROM directory_place
          WHERE kind = 'county') c ON c.seat = p.id %% c.many
    WHERE p.id %% 10 = 0 ON CONFLICT DO NOTHING;
SET session_replication_role = origin;
"""
PLACES = ["London", "Leeds", "Manchester", "Bristol", "Fort William", "Penzance", "Carlisle", "Swansea", "Norwich"]


def searches(count):
    """Return `count` searches as addresses: words, roles, areas, topics, places and orders, mixed; always the same."""
    from directory.models import SupportArea, SupportRole, Topic

    chance = random.Random(20)
    roles = list(SupportRole.objects.values_list("slug", flat=True))
    areas = list(SupportArea.objects.values_list("slug", flat=True))
    topics = list(Topic.objects.values_list("slug", flat=True))
    words = ["anxiety", "money", "carers", "worry", "feelings", "living", "pain", "family", "drink", "hearing", "zebra"]
    found = []
    for number in range(count):
        query = []
        if number % 2:
            query.append(("q", " ".join(chance.sample(words, chance.choice([1, 1, 2])))))
        for name, choices, most in [("role", roles, 2), ("area", areas, 1), ("topic", topics, 1)]:
            if chance.random() < 0.4:
                query += [(name, code) for code in chance.sample(choices, chance.randint(1, most))]
        if query and query[-1][0] == "role" and chance.random() < 0.3:
            query.append(("roles", "all"))
        if chance.random() < 0.5:
            query.append(("near", chance.choice(PLACES)))
            query.append(("sort", chance.choice(["relevance", "distance"])))
            if chance.random() < 0.3:
                query.append(("online", "also"))
        if chance.random() < 0.2:
            query.append(("accepting", "1"))
        found.append(query)
    return found


def this(query):
    """Run the search as the page does, choices and counts included."""
    from django.http import QueryDict
    from django.utils.http import urlencode

    from practitioners.filters import PractitionerFilterSet
    from practitioners.results import PractitionerResults

    results = PractitionerResults(PractitionerFilterSet(QueryDict(urlencode(query))), "/practitioners/")
    results.context()
    return results.total


def naive(query):
    """Run it as most would write it: `icontains` and joins, counted by choice with one query each."""
    from django.db.models import Count, Q

    from directory.gazetteer import locate
    from directory.geo import KM_PER_MILE, box_around
    from practitioners.models import Practitioner

    asked = {}
    for name, value in query:
        asked.setdefault(name, []).append(value)
    people = Practitioner.objects.published()
    for word in " ".join(asked.get("q", [])).split():
        people = people.filter(
            Q(name__icontains=word)
            | Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(about__icontains=word)
            | Q(offers__icontains=word)
            | Q(topics__label__icontains=word)
            | Q(roles__name__icontains=word)
        )
    if "role" in asked:
        people = people.filter(roles__slug__in=asked["role"])
    if "area" in asked:
        people = people.filter(areas__slug__in=asked["area"])
    if "topic" in asked:
        people = people.filter(
            Q(topics__slug__in=asked["topic"])
            | Q(topics__parent__slug__in=asked["topic"])
            | Q(topics__parent__parent__slug__in=asked["topic"])
        )
    if "near" in asked:
        place = locate(asked["near"][0])
        km = max(10, place.radius_km / KM_PER_MILE) * KM_PER_MILE
        people = people.filter(box_around(place.point, km, "places__latitude", "places__longitude"))
    if "accepting" in asked:
        people = people.filter(accepting_requests=True)
    people = people.distinct()
    list(people.order_by("name", "pk").prefetch_related("roles", "places", "topics")[:15])
    ids = people.order_by().values("pk")
    for name in ("roles__slug", "areas__slug", "topics__slug", "sector", "languages"):
        list(Practitioner.objects.filter(pk__in=ids).values(name).annotate(n=Count("pk", distinct=True)).order_by())
    return people.count()


def times(search, queries, seconds):
    """Return milliseconds for each of the queries, as many as `seconds` allow."""
    taken, until = [], time.perf_counter() + seconds
    for query in queries:
        started = time.perf_counter()
        search(query)
        taken.append((time.perf_counter() - started) * 1000)
        if time.perf_counter() > until:
            break
    return taken


def summary(taken):
    """Return median and 95th percentile."""
    return {
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(sorted(taken)[max(0, int(len(taken) * 0.95) - 1)], 1),
        "searches": len(taken),
    }


def main():
    """Fill, measure, and print the JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--searches", type=int, default=60)
    parser.add_argument("--slowest", action="store_true")
    options = parser.parse_args()
    with scratch_database("benchmark_practitioners"):
        from django.core.management import call_command
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from practitioners.indexing import rebuild

        call_command("load_content", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"rows": options.rows})
        started = time.perf_counter()
        found = rebuild()
        built = time.perf_counter() - started
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        queries = searches(options.searches)
        this(queries[1])
        ours = []
        for round_ in range(2):
            ours = times(this, queries, 600)
            print(f"round {round_}: {summary(ours)}")
        if options.slowest:
            for taken, query in sorted(zip(ours, queries, strict=True), key=lambda each: -each[0])[:8]:
                print(f"  {taken:.0f} ms {query}")
        theirs = times(naive, queries, 180)
        same = [each for each, _other in zip(ours, theirs, strict=False)]
        counts = []
        for query in queries:
            with CaptureQueriesContext(connection) as captured:
                this(query)
            counts.append(len(captured))
        print(
            json.dumps(
                {
                    "practitioners": found,
                    "this": summary(ours),
                    "icontains": summary(theirs),
                    "times_as_quick": round(statistics.median(theirs) / statistics.median(same), 1),
                    "most_queries": max(counts),
                    "rebuild_s": round(built, 1),
                }
            )
        )


if __name__ == "__main__":
    main()
