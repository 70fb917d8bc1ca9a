"""How quick the search is: made-up groups in the real tables, searched as the site does it, beside plain `icontains`.

    SIZES=10000,100000 python benchmarks/search.py

For each size: the time to write the search table, 240 mixed searches (first page, count and all facet counts in one
statement; one client, warm, as Django sends it), the same on the same rows by `icontains` with joins and GROUP BY, how
far the capped search agrees with exact ranking, and what saving one group with its meetings costs.
The last line is JSON: {"10000": {"p50_ms": ..., "p95_ms": ..., "icontains_p50_ms": ..., ...}, ...}.
"""

import json
import os
import random
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from statistics import mean, median, quantiles
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import scratch_database

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000,1000000").split(",")]
QUERIES, ROUNDS, SAVES = 240, 3, 50
# How many searches are also asked of the slow ways, which take up to a minute each.
BASELINE = {10_000: 60, 100_000: 24}
FEWEST_BASELINE, BASELINE_TIMEOUT_S = 12, 60
EXACT = 60
PAGE = 20
DENSE = ["London", "Birmingham", "Glasgow", "Manchester", "Leeds"]
NO_CAP = 10**9


class Query(NamedTuple):
    """One search: words, a topic that was understood, choices as (method, field, codes), a place, an order."""

    words: tuple
    topics: tuple
    choices: tuple
    place: object
    sort: str

    @property
    def km(self):
        """The radius as the site chooses it: ten miles, or as far as the place reaches."""
        return max(16.1, self.place.radius_km)

    def matches(self):
        """Return what the site would search for."""
        from groups.models import GroupSearch
        from groups.search import Matches
        from groups.spelling import spell

        rows = GroupSearch.objects.all()
        for method, field, codes in self.choices:
            rows = getattr(rows, method)(field, codes)
        if self.place:
            rows = rows.near(self.place.point, self.km)
        return Matches(rows, spell(" ".join(self.words)).terms if self.words else (), self.topics)


# ---- Made-up groups ----


def vocabulary(rng, n=20_000):
    """Return words that nobody uses, of two to four syllables, the short ones first."""
    starts = ["b", "br", "c", "cl", "d", "dr", "f", "fl", "g", "gr", *"hjklmnp", "pl", *"rs", "st", "t", "tr", *"vw"]
    ends = [*"aeiou", "ai", "ee", "oa"]
    words = {}
    while len(words) < n:
        syllables = 2 + (len(words) > 800) + (len(words) > 8000)
        word = "".join(rng.choice(starts) + rng.choice(ends) for _ in range(syllables)) + rng.choice("kmnptx")
        words[word] = None
    return list(words)


class Writing:
    """One endless text whose words follow Zipf's law; a listing is a piece of it. The first word is in 31 % of rows."""

    def __init__(self, rng, words, length=3_000_000):
        self.rng = rng
        # Zipf and Mandelbrot: the words that stand at the top of ordinary text ("the") are no words for a search.
        weights = list(accumulate(1 / (rank + 20) for rank in range(len(words))))
        self.text = rng.choices(words, cum_weights=weights, k=length)

    def piece(self, least, most):
        """Return so many words."""
        start = self.rng.randrange(len(self.text) - most)
        return " ".join(self.text[start : start + self.rng.randint(least, most)])


def some(rng, codes, most, chance):
    """Return a few codes, the first ones more often; none as a rule where `chance` is small."""
    if rng.random() > chance:
        return []
    weights = [1 / (place + 1) for place in range(len(codes))]
    return sorted(set(rng.choices(codes, weights, k=rng.randint(1, most))))


def listings(size, rng, towns, topics, writing):
    """Yield (group, venue or None, meetings, topics, languages) as rows of values."""
    from django.utils import timezone

    from groups.choices import Access, Audience, GroupKind, MeetingFormat, RunBy, WayIn

    now = timezone.now().replace(microsecond=0)
    reach = list(accumulate(town.population for town in towns))
    fame = list(accumulate(1 / (rank + 1) for rank in range(len(topics))))
    for number in range(1, size + 1):
        town = rng.choices(towns, cum_weights=reach)[0]
        ages = [rng.randrange(91), rng.randrange(91, 182), rng.randrange(182, 900), None]
        age = rng.choices(ages, [50, 20, 22, 8])[0]
        group = [
            number,
            f"group-{number}",
            writing.piece(2, 5),
            writing.piece(8, 18),
            writing.piece(15, 45) if rng.random() < 0.6 else "",
            "fr" if town.country == "FR" else "en",
            None if age is None else now - timedelta(days=age, seconds=rng.randrange(86400)),
            rng.choices(GroupKind.values, [50, 15, 4, 6, 12, 8, 2, 3])[0],
            rng.choice(["", "", *RunBy.values]),
            rng.choice([None, None, True, False]),
            rng.choice(["", "free", "free", "donation", "paid"]),
            some(rng, Audience.values[2:], 2, 0.4),
            some(rng, Access.values, 3, 0.4),
            some(rng, WayIn.values, 2, 0.8),
            "What happens the first time." if rng.random() < 0.4 else "",
        ]
        # The spread of a town is about the distance to which it reaches.
        spread = town.radius_km / 111 / 2
        venue = [
            town.name,
            town.area,
            town.country,
            max(-89.0, min(89.0, rng.gauss(town.latitude, spread))),
            max(-179.0, min(179.0, rng.gauss(town.longitude, spread * 1.6))),
            some(rng, Access.values, 4, 0.5),
        ]
        meetings = [
            [
                rng.choices(MeetingFormat.values, [70, 17, 10, 3])[0],
                [rng.choices(range(7), [18, 20, 20, 18, 8, 8, 8])[0]],
                f"{rng.choices([10, 14, 19], [25, 25, 50])[0]}:{rng.choice(['00', '30'])}",
                now + timedelta(minutes=rng.randrange(60, 20_000)) if rng.random() < 0.85 else None,
            ]
            for _ in range(rng.choices([1, 2], [75, 25])[0])
        ]
        about = set(rng.choices(topics, cum_weights=fame, k=rng.choices([1, 2, 3], [40, 40, 20])[0]))
        languages = ["fr" if town.country == "FR" else "en", *some(rng, ["pl", "ur", "cy", "pa", "ar"], 1, 0.06)]
        yield group, venue, meetings, about, languages


_STAGE = """
CREATE TEMP TABLE made_group (id bigint, slug text, name text, summary text, about text, text_language text,
    confirmed_at timestamptz, kind text, run_by text, decisions_by_members boolean, cost text, audiences text[],
    access text[], ways_in text[], first_time text);
CREATE TEMP TABLE made_venue (id bigint, locality text, region text, country text, latitude float, longitude float,
    access text[]);
CREATE TEMP TABLE made_meeting (group_id bigint, venue_id bigint, format text, weekdays smallint[], start_time time,
    next_at timestamptz);
CREATE TEMP TABLE made_topic (group_id bigint, topic_id bigint);
CREATE TEMP TABLE made_language (group_id bigint, code text);
"""
_MOVE = """
INSERT INTO groups_group (id, uuid, slug, name, summary, about, text_language, state, state_changed_at, confirmed_at,
    confirmed_by, kind, run_by, decisions_by_members, cost, audiences, access, ways_in, first_time, source, external_id,
    sample, created_at, updated_at, curator_notes, calls_itself, open_to, audience_note, ways_in_note, cost_note,
    ground_rules, confidentiality, safeguarding, host)
SELECT id, gen_random_uuid(), slug, name, summary, about, text_language, 'published', now(), confirmed_at,
    CASE WHEN confirmed_at IS NULL THEN '' ELSE 'owner' END, kind, run_by, decisions_by_members, cost, audiences,
    access, ways_in, first_time, '', '', false, now(), now(), '', '{}', '{}', '', '', '', '', '', '', ''
FROM made_group;
INSERT INTO groups_venue (id, name, kind, address, locality, region, postcode, country, latitude, longitude,
    exact_address_public, public_latitude, public_longitude, access, access_notes, travel_notes, source, external_id,
    sample)
SELECT id, '', 'library', '', locality, region, '', country, latitude, longitude, false, latitude, longitude, access,
    '', '', '', '', false FROM made_venue;
INSERT INTO groups_meeting (group_id, venue_id, format, frequency, interval, weekdays, weeks_of_month, dates,
    start_time, minutes, time_zone, skips_bank_holidays, room, join_url, join_phone, passcode, join_visibility, note,
    external_id, next_at)
SELECT group_id, venue_id, format, 'weekly', 1, weekdays, '{}', '{}', start_time, 90, 'Europe/London', false, '', '',
    '', '', 'curators', '', '', next_at FROM made_meeting;
INSERT INTO groups_group_topics (group_id, topic_id) SELECT * FROM made_topic;
INSERT INTO groups_group_languages (group_id, language_id) SELECT * FROM made_language;
DROP TABLE made_group, made_venue, made_meeting, made_topic, made_language;
"""


def fill(size, seed=1):
    """Replace all groups by `size` made-up ones. Returns the vocabulary."""
    from django.db import connection, transaction

    from directory.models import Place, Topic

    rng = random.Random(seed)
    words = vocabulary(rng)
    writing = Writing(rng, words)
    kinds = ["city", "town", "village"]
    towns = list(Place.objects.filter(kind__in=kinds, population__gt=0).order_by("-population", "code"))
    topics = list(Topic.objects.order_by("slug").values_list("pk", flat=True))
    rng.shuffle(topics)
    rows = {"group": [], "venue": [], "meeting": [], "topic": [], "language": []}

    def flush(cursor):
        for name, each in rows.items():
            with cursor.copy(f"COPY made_{name} FROM STDIN") as copy:
                for row in each:
                    copy.write_row(row)
            each.clear()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE groups_group, groups_venue CASCADE")
        cursor.execute(_STAGE)
        for group, venue, meetings, about, languages in listings(size, rng, towns, topics, writing):
            number = group[0]
            rows["group"].append(group)
            at_a_place = any(meeting[0] in {"in-person", "hybrid"} for meeting in meetings)
            if at_a_place:
                rows["venue"].append([number, *venue])
            for meeting in meetings:
                held_at = number if meeting[0] in {"in-person", "hybrid"} else None
                rows["meeting"].append([number, held_at, *meeting])
            rows["topic"] += [[number, topic] for topic in about]
            rows["language"] += [[number, code] for code in languages]
            if number % 20_000 == 0:
                flush(cursor)
        flush(cursor)
        cursor.execute(_MOVE)
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('groups_group', 'id'), %s),"
            " setval(pg_get_serial_sequence('groups_venue', 'id'), %s)",
            [size, size],
        )
    vacuum()
    return words


def vacuum():
    """Do now what autovacuum would do within minutes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# ---- Searches ----


def mixed_queries(words, seed=2):
    """Return 240 searches: none to three words, from very common to rare; choices, places and orders mixed."""
    from directory.models import Place, Topic
    from groups.choices import Access, Audience, GroupKind, MeetingFormat, WayIn

    rng = random.Random(seed)
    named = [Place.objects.called(name).first() for name in DENSE]
    small = Place.objects.filter(kind__in=["town", "village"], population__lt=9000, country="ENG")
    sparse = list(small.order_by("code"))
    topics = list(Topic.objects.order_by("slug").values_list("slug", flat=True))
    # Ranks in the vocabulary: words of about 31 % of the rows, of 5 %, of 0.5 %, of 0.1 %.
    bands = [(0, 5), (60, 120), (600, 2_000), (8_000, 20_000)]
    choices = [
        ("with_one_of", "day", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        ("with_one_of", "time", ["morning", "afternoon", "evening"]),
        ("with_one_of", "format", MeetingFormat.values[:3]),
        ("with_one_of", "audience", Audience.values[2:8]),
        ("with_one_of", "referral", WayIn.values),
        ("with_one_of", "kind", GroupKind.values[:5]),
        ("with_one_of", "topic", topics),
        ("with_all_of", "access", Access.values[:6]),
        ("with_all_of", "free", ["on"]),
    ]
    queries = []
    for number in range(QUERIES):
        length = rng.choices([0, 1, 2, 3], [20, 40, 25, 15])[0]
        asked = [words[rng.randrange(*rng.choice(bands))] for _ in range(length)]
        chosen = [
            (method, field, [rng.choice(codes)])
            for method, field, codes in rng.sample(choices, rng.choices([0, 1, 2, 3], [40, 30, 20, 10])[0])
        ]
        place = [None, rng.choice(named), rng.choice(sparse)][number % 3]
        sort = "distance" if place and rng.random() < 0.5 else "relevance"
        topic = (rng.choice(topics),) if rng.random() < 0.12 else ()
        queries.append(Query(tuple(asked), topic, tuple(chosen), place, sort))
    return queries


@contextmanager
def database_time():
    """Yield a list whose sum is the time, in ms, that statements took from being sent to their whole answer."""
    from django.db import connection

    times = []

    def clock(execute, *args):
        before = time.perf_counter()
        try:
            return execute(*args)
        finally:
            times.append((time.perf_counter() - before) * 1000)

    with connection.execute_wrapper(clock):
        yield times


def time_searches(queries):
    """Return for each search the median time in ms of its statement, and how many it found."""
    from groups.search import find

    prepared = [(query.matches(), query.sort) for query in queries]
    taken = [[] for _ in prepared]
    for number in range(1 + ROUNDS):  # the first one warms the cache
        for (matches, sort), times in zip(prepared, taken, strict=True):
            with database_time() as statement:
                found = find(matches, sort=sort, limit=PAGE)
            if number:
                times.append((sum(statement), found.total))
    return [(median(ms for ms, _ in times), times[0][1]) for times in taken]


def icontains(query):
    """Ask what a plain Django view would: substrings over joins, a count, and a GROUP BY for each facet."""
    from django.db.models import Count, Q

    from directory.geo import box_around, distance_expression
    from groups.models import Group

    columns = ["name", "summary", "about", "topics__label", "meetings__venue__locality"]
    fields = {
        "time": "meetings__start_time__hour", "format": "meetings__format", "access": "access", "kind": "kind",
        "audience": "audiences", "referral": "ways_in", "topic": "topics__slug", "free": "cost", "day": "weekdays",
    }  # fmt: skip
    where = Q()
    for word in query.words:
        where &= Q(*((f"{column}__icontains", word) for column in columns), _connector=Q.OR)
    if query.topics:
        where &= Q(topics__slug__in=query.topics)
    hours = {"morning": (0, 11), "afternoon": (12, 16), "evening": (17, 23)}
    weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for _method, field, (code,) in query.choices:
        match field:
            case "day":
                where &= Q(meetings__weekdays__contains=[weekdays.index(code)])
            case "time":
                where &= Q(meetings__start_time__hour__range=hours[code])
            case "free":
                where &= Q(cost__in=["free", "donation"])
            case "audience" | "referral" | "access":
                where &= Q(**{f"{fields[field]}__contains": [code]})
            case _:
                where &= Q(**{fields[field]: code})
    groups = Group.objects.published().filter(where)
    order = ["name", "pk"]
    if query.place:
        at = ("meetings__venue__public_latitude", "meetings__venue__public_longitude")
        groups = groups.filter(box_around(query.place.point, query.km, *at))
        groups = groups.alias(km=distance_expression(query.place.point, *at)).filter(km__lte=query.km)
    list(groups.order_by(*order).distinct()[:PAGE])
    groups.values("pk").distinct().count()
    found = Group.objects.filter(pk__in=groups.values("pk"))
    for column in [
        *("kind", "run_by", "cost", "decisions_by_members", "audiences", "ways_in", "access", "languages"),
        *("topics", "meetings__format", "meetings__weekdays", "meetings__start_time"),
    ]:
        list(found.values(column).annotate(n=Count("pk", distinct=True)).order_by())


def time_icontains(queries):
    """Return the database time in ms of each search by `icontains`, and how many ran into the timeout."""
    from django.db import OperationalError, connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{BASELINE_TIMEOUT_S}s"])
    times, stopped = [], 0
    for query in queries:
        with database_time() as statements:
            try:
                icontains(query)
            except OperationalError:
                stopped += 1
        times.append(sum(statements))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', '0', false)")
    return times, stopped


def agreement(queries, totals):
    """Compare with the same statement without its cap, on a sample of searches.

    Returns whether all pages and counts below the cap are equal, and the share of the first 20 in common above it.
    """
    from django.db import connection

    from groups.search import CAP, find

    with connection.cursor() as cursor:
        # Several workers would give what is level in any order, so that two exact pages would differ.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SET synchronize_seqscans = off")
    equal, shares = [], []
    below = [query for query, total in zip(queries, totals, strict=True) if 0 < total <= CAP]
    above = [query for query, total in zip(queries, totals, strict=True) if total > CAP]
    for sample, capped in ((below[:EXACT], False), (above[:EXACT], True)):
        for query in sample:
            found = find(query.matches(), sort=query.sort, limit=PAGE)
            exact = find(query.matches(), sort=query.sort, limit=PAGE, cap=NO_CAP)
            if capped:
                shares.append(len(set(found.ids) & set(exact.ids)) / len(exact.ids))
            else:
                equal.append(found == exact)
    with connection.cursor() as cursor:
        cursor.execute("RESET max_parallel_workers_per_gather")
        cursor.execute("RESET synchronize_seqscans")
    return all(equal), len(equal), mean(shares) if shares else None, len(shares)


def time_saves(size, seed=3):
    """Return the median time in ms of saving a group with its meetings, and of writing its search row alone."""
    from django.db import transaction

    from groups.indexing import index_groups
    from groups.models import Group

    rng = random.Random(seed)
    whole, index = [], []
    for pk in rng.sample(range(1, size + 1), SAVES):
        group = Group.objects.prefetch_related("meetings").get(pk=pk)
        before = time.perf_counter()
        with transaction.atomic():
            group.save()
            for meeting in group.meetings.all():
                meeting.save()
        between = time.perf_counter()
        index_groups([pk])
        whole.append((between - before) * 1000)
        index.append((time.perf_counter() - between) * 1000)
    return median(whole), median(index)


def measure(size):
    """Make the groups of one size, measure all, and return the figures."""
    from groups.indexing import rebuild

    before = time.perf_counter()
    words = fill(size)
    filled = time.perf_counter()
    rebuild()
    build_s = time.perf_counter() - filled
    vacuum()
    print(f"{size:,}: groups made in {filled - before:.0f} s, search table in {build_s:.1f} s", flush=True)
    queries = mixed_queries(words)
    timed = time_searches(queries)
    times, totals = [ms for ms, _ in timed], [total for _, total in timed]
    p95 = quantiles(times, n=20)[-1]
    print(f"  this: p50 {median(times):.2f} ms, p95 {p95:.2f} ms, most {max(times):.1f} ms", flush=True)
    equal, n_equal, share, n_share = agreement(queries, totals)
    print(f"  exact ranking: {n_equal} below the cap equal: {equal}; {n_share} above it share {share}", flush=True)
    save_ms, index_ms = time_saves(size)
    print(f"  saving a group: {save_ms:.1f} ms, of which its search row {index_ms:.1f} ms a time", flush=True)
    # Every so many, so that the sample is as mixed as the whole.
    sample = queries[:: max(1, QUERIES // BASELINE.get(size, FEWEST_BASELINE))]
    slow, stopped = time_icontains(sample)
    print(f"  icontains: p50 {median(slow):.0f} ms of {len(slow)}, {stopped} stopped at the timeout", flush=True)
    return {
        "p50_ms": round(median(times), 2),
        "p95_ms": round(p95, 2),
        "icontains_p50_ms": round(median(slow)),
        "icontains_queries": len(slow),
        "icontains_stopped": stopped,
        "exact_below_cap": equal,
        "agree_above_cap": share and round(share, 3),
        "save_ms": round(save_ms, 2),
        "index_ms": round(index_ms, 2),
        "build_s": round(build_s, 1),
    }


def main():
    """Measure each size and print the JSON line."""
    with scratch_database("benchmark_search"):
        from directory.content import load_directory

        load_directory()
        print(json.dumps({str(size): measure(size) for size in SIZES}))


if __name__ == "__main__":
    main()
