"""How well duplicates are found: all labelled listings in one database, one nightly search, and what it keeps.

    python benchmarks/duplicates/measure.py [--open] [--sizes 10000,100000]

Misses are listed; with `--open`, for tuning, those of the open half alone. `--sizes` times the search among so many
made-up groups as well. The last line is JSON: {"precision": ..., "recall": ...}, over all labelled pairs.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections import Counter
from datetime import date
from datetime import time as clock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.database import scratch_database

HERE = Path(__file__).resolve().parent


def rows(name):
    """Return the rows of a file of lines of JSON."""
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def load_group(row, topics):
    """Add a group of the collection; return it."""
    from groups.models import Group, GroupContact, Meeting, Venue

    group = Group.objects.create(
        slug=f"entry-{Group.objects.count()}",
        name=row["name"],
        host=row["host"],
        audiences=row["audiences"],
        state="published",
    )
    group.topics.set(topics[slug] for slug in row["topics"] if slug in topics)
    for kind, value in row["contacts"]:
        GroupContact.objects.create(group=group, kind=kind, value=value)
    venues = [
        Venue.objects.create(**{name: value or ("" if name in BLANK else None) for name, value in venue.items()})
        for venue in row["venues"]
    ]
    for each in row["meetings"]:
        values = {name: value for name, value in each.items() if name not in {"venue", "starts_on", "dates"}}
        values["start_time"] = each["start_time"] and clock.fromisoformat(each["start_time"])
        venue = None if each["venue"] is None else venues[each["venue"]]
        started = each["starts_on"] and date.fromisoformat(each["starts_on"])
        dates = [date.fromisoformat(day) for day in each["dates"]]
        if each["start_time"] or each["frequency"] == "appointment":
            Meeting.objects.create(group=group, venue=venue, starts_on=started, dates=dates, **values)
    if venues and not row["meetings"]:
        Meeting.objects.create(group=group, venue=venues[0], frequency="appointment")
    return group


BLANK = {"name", "address", "locality", "postcode"}


def load_practitioner(row, places):
    """Add a practitioner of the collection; return them."""
    from practitioners.models import Practitioner, PractitionerContact

    values = {name: row[name] for name in ("name", "title", "organisation", "own_email")}
    number = Practitioner.objects.count()
    practitioner = Practitioner.objects.create(slug=f"entry-{number}", state="draft", **values)
    practitioner.places.set(places[name] for name in row["places"])
    for kind, value in row["contacts"]:
        PractitionerContact.objects.create(practitioner=practitioner, kind=kind, value=value)
    return practitioner


def load(listings):
    """Add the whole collection; return {(model, pk): id}."""
    from directory.models import Place, Topic
    from groups.indexing import indexing_at_the_end

    names = {name for row in listings if row["model"] == "practitioner" for name in row["places"]}
    point = {"kind": "town", "latitude": 0, "longitude": 0, "country": "ENG"}
    places = {name: Place.objects.create(code=f"bench:{name}", name=name, **point) for name in sorted(names)}
    slugs = {slug for row in listings if row["model"] == "group" for slug in row["topics"]}
    topics = {slug: Topic.objects.create(slug=slug, label=slug, description=slug) for slug in sorted(slugs)}
    with indexing_at_the_end():
        return {
            (
                row["model"],
                (load_group(row, topics) if row["model"] == "group" else load_practitioner(row, places)).pk,
            ): row
            for row in listings
        }


def measure(listings, pairs, told):
    """Search, compare with the labels, print what came of it, and return the totals."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import call_command

    from directory.likeness import in_words
    from directory.models import DuplicatePair

    loaded = load(listings)
    call_command("find_duplicates", verbosity=0)
    kinds = dict(ContentType.objects.values_list("pk", "model"))
    found = {}
    for pair in DuplicatePair.objects.all():
        kind = kinds[pair.content_type_id]
        both = [loaded[kind, pair.first_id], loaded[kind, pair.second_id]]
        found[frozenset(each["id"] for each in both)] = (pair, both)
    names = {row["id"]: row["name"] for row in listings}
    totals, by_kind = Counter(), Counter()
    for label in pairs:
        hit = found.get(frozenset((label["a"], label["b"])))
        outcome = ("found" if label["same"] else "wrong") if hit else ("missed" if label["same"] else "left")
        for of in (
            label["half"],
            f"{label['half']} practitioners" if "practitioner" in label["kind"] else f"{label['half']} groups",
            "both",
        ):
            totals[of, outcome] += 1
        by_kind[label["kind"], outcome] += label["half"] in told
        if label["half"] in told and outcome in {"wrong", "missed"}:
            why = "; ".join(in_words(hit[0].reasons)) if hit else ""
            print(f"  {outcome} ({label['half']}): {names[label['a']]} / {names[label['b']]} ({label['kind']}) {why}")
    print("by kind: " + ", ".join(f"{kind} {n} {outcome}" for (kind, outcome), n in sorted(by_kind.items()) if n))
    all_wrong = sum(one["entity"] != two["entity"] for _pair, (one, two) in found.values())
    print(f"all {len(found)} pairs found, labelled or not: {all_wrong} are not the same")
    for of in ("open groups", "open practitioners", "frozen groups", "frozen practitioners", "open", "frozen", "both"):
        counts = ", ".join(f"{n} {outcome}" for (part, outcome), n in sorted(totals.items()) if part == of)
        print(f"{of}: {share(totals, of)} ({counts})")
    return share(totals, "both")


def share(totals, of):
    """Return precision and recall of one part."""
    found, wrong, missed = (totals[of, each] for each in ("found", "wrong", "missed"))
    return {"precision": round(found / ((found + wrong) or 1), 3), "recall": round(found / ((found + missed) or 1), 3)}


def time_at(size):
    """Time the nightly search among made-up groups."""
    from django.core.management import call_command

    from benchmarks.made_up import fill
    from directory.models import DuplicatePair

    fill(size)
    started, used = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
    call_command("find_duplicates", verbosity=0)
    took, cpu = time.monotonic() - started, resource.getrusage(resource.RUSAGE_SELF).ru_utime - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{size} groups: {took:.1f} s by the clock, {cpu:.1f} s of it in Python, {memory} MB, "
        f"{DuplicatePair.objects.count()} pairs"
    )


def main():
    """Measure, and time where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--sizes", default=os.environ.get("SIZES", ""))
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",") if size]
    with scratch_database("bench_duplicates"):
        result = measure(rows("listings.jsonl"), rows("pairs.jsonl"), ["open"] if asked.open else ["open", "frozen"])
        if sizes:
            from directory.content import load_directory

            load_directory()
        for size in sizes:
            time_at(size)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
