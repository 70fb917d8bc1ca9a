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
from pathlib import Path
from statistics import mean, median, quantiles
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import scratch_database
from benchmarks.made_up import fill, vacuum
from benchmarks.plain import time_icontains
from benchmarks.timing import database_time

SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000,1000000").split(",")]
QUERIES, ROUNDS, SAVES = 240, 5, 50
# How many searches are also asked of the slow ways, which take up to a minute each.
BASELINE = {10_000: 60, 100_000: 24}
FEWEST_BASELINE = 6
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
        from groups.matches import Matches
        from groups.models import GroupSearch
        from groups.spelling import spell

        rows = GroupSearch.objects.all()
        for method, field, codes in self.choices:
            rows = getattr(rows, method)(field, codes)
        if self.place:
            rows = rows.near(self.place.point, self.km)
        return Matches(rows, spell(" ".join(self.words)).terms if self.words else (), self.topics)


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


def time_searches(queries, sample=()):
    """Return for each search (ms, ms of the server's CPU, how many it found): medians of some rounds.

    A search is all that it asks of the database: its words looked up, its first page, count and counts of choices.
    Returns besides what `time_icontains` gives for the `sample`, a part of it after each round: then other work on the
    machine slows both alike.
    """
    from groups.search import find

    taken, slow, stopped = [[] for _ in queries], [], 0
    for number in range(ROUNDS):
        for is_timed in (False, True):  # what was read before, all of it by the slow way, leaves a cold cache
            for query, times in zip(queries, taken, strict=True):
                with database_time() as statements:
                    found = find(query.matches(), sort=query.sort, limit=PAGE)
                if is_timed:
                    times.append((*map(sum, zip(*statements, strict=True)), found.total))
        more, more_stopped = time_icontains(sample[number::ROUNDS])
        slow, stopped = slow + more, stopped + more_stopped
    return [tuple(map(median, zip(*times, strict=True))) for times in taken], slow, stopped


def agreement(queries, totals):
    """Compare with the same statement without its cap, on a sample of searches.

    Returns whether all pages and counts below the cap are equal, and the share of the first 20 in common above it.
    """
    from django.db import connection

    from groups.search import CAP, find

    with connection.cursor() as cursor:
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
        cursor.execute("RESET synchronize_seqscans")
    return all(equal), len(equal), mean(shares) if shares else None, len(shares)


def time_saves(size, seed=3):
    """Return the median (ms, ms of the server's CPU) in the database of saving a group with its meetings."""
    from django.db import transaction

    from groups.models import Group

    times = []
    for pk in random.Random(seed).sample(range(1, size + 1), SAVES):
        group = Group.objects.prefetch_related("meetings").get(pk=pk)
        with database_time() as statements, transaction.atomic():
            group.save()
            for meeting in group.meetings.all():
                meeting.save()
        times.append(tuple(map(sum, zip(*statements, strict=True))))
    return tuple(map(median, zip(*times, strict=True)))


def p95(values):
    """Return the value that 95 % stay below."""
    return quantiles(values, n=20)[-1]


def measure(size):
    """Make the groups of one size, measure all, and return the figures."""
    from groups.rebuilding import rebuild
    from groups.search import CAP

    before = time.perf_counter()
    words = fill(size)
    vacuum()
    filled = time.perf_counter()
    rebuild()
    build_s = time.perf_counter() - filled
    vacuum()
    print(f"{size:,}: groups made in {filled - before:.0f} s, search table in {build_s:.1f} s", flush=True)
    queries = mixed_queries(words)
    # Every so many, so that the sample is as mixed as the whole.
    sample = queries[:: max(1, QUERIES // BASELINE.get(size, FEWEST_BASELINE))]
    taken, timed, stopped = time_searches(queries, sample)
    times, cpu, totals = zip(*taken, strict=True)
    slow, slow_cpu = (median(each) for each in zip(*timed, strict=True))
    print(
        f"  {sum(n == 0 for n in totals)} of {QUERIES} find nothing, {sum(n > CAP for n in totals)} more than the cap"
    )
    for name, each in (("this", times), ("its CPU alone", cpu)):
        print(f"  {name}: p50 {median(each):.2f} ms, p95 {p95(each):.2f} ms, most {max(each):.1f} ms", flush=True)
    print(f"  icontains: p50 {slow:.0f} ms of {len(sample)} searches, {stopped} stopped at the timeout", flush=True)
    equal, n_equal, share, n_share = agreement(queries, totals)
    print(f"  exact ranking: {n_equal} below the cap equal: {equal}; {n_share} above it share {share}", flush=True)
    save, save_cpu = time_saves(size)
    print(f"  saving a group: {save:.1f} ms, its CPU alone {save_cpu:.1f} ms", flush=True)
    return {
        "p50_ms": round(median(times), 2),
        "p95_ms": round(p95(times), 2),
        "cpu_p50_ms": round(median(cpu), 2),
        "cpu_p95_ms": round(p95(cpu), 2),
        "icontains_p50_ms": round(slow),
        "icontains_cpu_p50_ms": round(slow_cpu),
        "icontains_queries": len(sample),
        "icontains_stopped": stopped,
        "exact_below_cap": equal,
        "agreement": share and round(share, 3),
        "save_ms": round(save, 2),
        "save_cpu_ms": round(save_cpu, 2),
        "rebuild_s": round(build_s, 1),
        "load": round(os.getloadavg()[0], 1),
    }


def main():
    """Measure each size and print the JSON line."""
    with scratch_database("benchmark_search"):
        from directory.content import load_directory

        load_directory()
        print(json.dumps({str(size): measure(size) for size in SIZES}))


if __name__ == "__main__":
    main()
