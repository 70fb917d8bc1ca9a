"""How well the search finds: judged queries against this search, plain `icontains` and plain full text, side by side.

    python benchmarks/finding.py [--misses]

`--misses` lists what this search missed in the open half. The frozen half is only ever counted.
The last line is JSON: {"recall_at_10": {"this": ..., "icontains": ..., "fulltext": ...}, ...}.
"""

import argparse
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import scratch_database

DATA = Path(__file__).resolve().parent / "finding"
MEASURES = ["recall_at_10", "precision_at_5", "reciprocal_rank"]


def measure(found, relevant):
    """Return the three measures of one ranked list of slugs."""
    hits = [slug in relevant for slug in found[:10]]
    first = next((1 / place for place, hit in enumerate(hits, 1) if hit), 0)
    return {
        "recall_at_10": sum(hits) / min(10, len(relevant)),
        "precision_at_5": sum(hits[:5]) / min(5, len(relevant)),
        "reciprocal_rank": first,
    }


def this(query):
    """Return what the site's own search finds, as slugs in order."""
    from django.http import QueryDict
    from django.utils.http import urlencode

    from groups.filters import GroupFilterSet
    from groups.results import GroupResults

    address = {"q": query["q"], "near": query.get("near", "")}
    results = GroupResults(GroupFilterSet(QueryDict(urlencode(address))), "/groups/")
    return [group.slug for group in results.listings]


def _near(query, groups):
    """Return the groups near the place in the second box, as the peers' radius does; all without one."""
    from directory.gazetteer import PlaceUnknown, locate
    from groups.models import GroupSearch

    if not query.get("near"):
        return groups
    try:
        return groups.filter(found_by__in=GroupSearch.objects.near(locate(query["near"]).point, 16))
    except PlaceUnknown:
        return groups


def icontains(query):
    """Return what the peers' search would find: the whole text somewhere in name, text, topic or place."""
    from django.db.models import Q

    from groups.models import Group

    columns = ["name", "summary", "about", "topics__label", "meetings__venue__locality", "meetings__venue__name"]
    where = Q()
    for column in columns:
        where |= Q(**{f"{column}__icontains": query["q"]})
    return list(
        _near(query, Group.objects.published())
        .filter(where)
        .distinct()
        .order_by("name")
        .values_list("slug", flat=True)[:10]
    )


def fulltext(query):
    """Return what plain full text would find: `websearch_to_tsquery`, ranked, over the same columns."""
    from django.contrib.postgres.aggregates import StringAgg
    from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
    from django.db.models import Value

    from groups.models import Group

    groups = _near(query, Group.objects.published()).annotate(
        topic_words=StringAgg("topics__label", Value(" "), distinct=True),
        place_words=StringAgg("meetings__venue__locality", Value(" "), distinct=True),
    )
    vector = SearchVector("name", weight="A", config="english") + SearchVector(
        "summary", "about", "topic_words", "place_words", config="english"
    )
    words = SearchQuery(query["q"], search_type="websearch", config="english")
    found = groups.annotate(text=vector, rank=SearchRank(vector, words)).filter(text=words)
    return list(found.order_by("-rank", "name").values_list("slug", flat=True)[:10])


def slips_understood(seed=1):
    """Return for how many words of topics' labels, each without one of its letters, the same topics are understood."""
    from directory.models import Topic
    from groups.reading import Reading

    rng = random.Random(seed)
    words = {
        word for label in Topic.objects.values_list("label", flat=True) for word in label.split() if word.isalpha()
    }
    same = []
    for word in sorted(word.lower() for word in words if len(word) > 6):
        if topics := Reading.of(word).topics:
            gone = rng.randrange(1, len(word))
            same.append(Reading.of(word[:gone] + word[gone + 1 :]).topics == topics)
    return sum(same) / len(same)


def main():
    """Load the listings, ask every query of every search, print the table and the JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    with scratch_database("benchmark_finding"):
        from django.core.management import call_command

        from directory.loading import read_yaml
        from groups.rebuilding import rebuild
        from groups.samples import load_sample_groups

        call_command("load_content", verbosity=0)
        load_sample_groups()
        load_sample_groups(DATA / "listings.yaml")
        rebuild()
        halves = {half: read_yaml(DATA / f"queries_{half}.yaml") for half in ("frozen", "open")}
        searches = {"this": this, "icontains": icontains, "fulltext": fulltext}
        result = {}
        for half, queries in halves.items():
            scores = {
                name: [measure(search(query), query["relevant"]) for query in queries]
                for name, search in searches.items()
            }
            result[half] = {
                each: {name: round(sum(score[each] for score in rows) / len(rows), 3) for name, rows in scores.items()}
                for each in MEASURES
            }
            kinds = {}
            for query, score in zip(queries, scores["this"], strict=True):
                kinds.setdefault(query["kind"], []).append(score["recall_at_10"])
                if options.misses and half == "open" and score["recall_at_10"] < 1:
                    missed = [slug for slug in query["relevant"] if slug not in this(query)[:10]]
                    asked = f"{query['q']!r} {query.get('near', '')}"
                    print(f"  {query['id']} {query['kind']}: {asked} missed {missed}; got {this(query)[:4]}")
            print(half, {kind: round(sum(rows) / len(rows), 2) for kind, rows in sorted(kinds.items())})
            print(half, result[half])
        typos = [query for queries in halves.values() for query in queries if query.get("correct")]
        as_well = sum(
            measure(this(query), query["relevant"])["recall_at_10"]
            >= measure(this(query | {"q": query["correct"]}), query["relevant"])["recall_at_10"]
            for query in typos
        )
        total = {
            each: {name: round((result["frozen"][each][name] + result["open"][each][name]) / 2, 3) for name in searches}
            for each in MEASURES
        }
        print(
            json.dumps(
                {
                    **total,
                    "typos_as_well_as_right": round(as_well / len(typos), 3),
                    "topic_words_without_a_letter": round(slips_understood(), 3),
                    "queries": sum(map(len, halves.values())),
                    "halves": result,
                }
            )
        )


if __name__ == "__main__":
    main()
