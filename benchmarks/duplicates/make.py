"""Make the labelled pairs: listings.jsonl and pairs.jsonl, the same each time.

    python benchmarks/duplicates/make.py

Each listing has an `entity`: two listings are the same group if they have the same one.
"""

import json
import random
import sys
from itertools import combinations
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.duplicates import corrupt
from directory.geo import Point, distance_km

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SAMPLES = ROOT / "groups" / "data" / "samples.yaml"
LISTINGS = ROOT / "benchmarks" / "finding" / "listings.yaml"
PRACTITIONERS = ROOT / "practitioners" / "data" / "samples.yaml"
VENUE = ["name", "address", "locality", "postcode", "country", "latitude", "longitude"]
MEETING = ["format", "frequency", "interval", "weekdays", "weeks_of_month", "day_of_month", "starts_on", "dates"]
MEETING += ["start_time", "minutes", "time_zone"]
STRANGERS = 60


def read(path):
    """Return a YAML file."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


class Collection:
    """The listings and pairs as they are made."""

    def __init__(self, seed=7):
        self.rng = random.Random(seed)
        self.listings, self.pairs, self.halves = {}, [], {}
        self.names = read(HERE / "names.yaml")

    def half_of(self, family):
        """Return the half in which a family stands; the first comer draws."""
        return self.halves.setdefault(family, self.rng.choice(["open", "frozen"]))

    def add(self, entity, family, values):
        """Keep a listing; return its id."""
        number = f"{entity}.{sum(each['entity'] == entity for each in self.listings.values())}"
        self.listings[number] = {"id": number, "entity": entity, "half": self.half_of(family), **values}
        return number

    def pair(self, a, b, kind):
        """Keep a pair. It is the same listing if it has the same entity."""
        one, two = self.listings[a], self.listings[b]
        if one["half"] == two["half"]:
            same = one["entity"] == two["entity"]
            self.pairs.append({"a": a, "b": b, "same": same, "kind": kind, "half": one["half"]})


def group(entry):
    """Return what a benchmark needs of a group's entry."""
    keys = [venue["key"] for venue in entry["venues"]]
    return {
        "model": "group",
        "name": entry["name"],
        "host": entry["host"],
        "audiences": entry["audiences"],
        "topics": entry["topics"],
        "contacts": [[each["kind"], str(each["value"])] for each in entry["contacts"] if each["kind"] != "post"],
        "venues": [{name: venue.get(name) for name in VENUE} for venue in entry["venues"]],
        "meetings": [
            {"venue": keys.index(each["venue"]) if each["venue"] else None}
            | {name: str(each[name]) if name == "starts_on" and each[name] else each[name] for name in MEETING}
            | {"dates": [str(day) for day in each["dates"]]}
            for each in entry["meetings"]
        ],
    }


class Copier:
    """Makes corrupted copies of one group."""

    def __init__(self, rng, base, names):
        self.rng, self.base = rng, base
        self.near, self.other = names.get("near", []), names.get("other", [])
        self.towns = base["venues"][0]["locality"].split(", ") if base["venues"] else []

    def kinds(self):
        """Return the corruptions that make sense for it."""
        base, kinds = self.base, ["typo", "punctuation"]
        if self.near:
            kinds += ["abbreviated", "other zone"]
        if self.towns:
            kinds += ["town", "bare", "moved"]
        if self.near and any(kind in {"website", "social"} for kind, _value in base["contacts"]):
            kinds += ["website only", "website only"]
        if self.other and base["contacts"] and base["venues"]:
            kinds += ["renamed", "renamed", "renamed"]
        if len(base["meetings"]) > 1:
            kinds += ["one of several"]
        return kinds

    def copy(self, kind):
        """Return a copy corrupted in one way, and a little in others."""
        rng, base = self.rng, self.base
        name, keep, metres, meetings = base["name"], 1, (0, 150), list(base["meetings"])
        venues = [each | {"name": corrupt.other_venue_name(rng, each["name"])} for each in base["venues"]]
        match kind:
            case "typo":
                name, keep = corrupt.slips(rng, name), rng.choice([0, 1])
            case "punctuation":
                name, keep, metres = corrupt.other_punctuation(rng, name), rng.choice([0, 0, 1]), (50, 300)
            case "abbreviated":
                name, metres = rng.choice(self.near), (0, 250)
                meetings = [corrupt.later(each, rng.choice([0, 0, -15])) for each in meetings]
            case "other zone":
                name, keep, metres = rng.choice(self.near), rng.choice([0, 1]), (0, 100)
                meetings = [corrupt.in_another_zone(rng, each) for each in meetings]
            case "town":
                name, keep, metres = self.with_or_without_town(), rng.choice([0, 0, 1]), (50, 300)
            case "bare":
                name, keep, meetings = rng.choice([corrupt.slip(rng, name), *self.near]), 0, meetings[:1]
                venues = [
                    each | {"name": "", "address": "", "postcode": "", "latitude": None, "longitude": None}
                    for each in venues
                ]
            case "moved":
                name = rng.choice([name, corrupt.slip(rng, name)])
                venues = [each | {"name": rng.choice(corrupt.NEW_HALLS), "address": ""} for each in venues]
                metres, later = (300, 900), rng.choice([0, 30, -60])
                meetings = [corrupt.later(self.on_another_day(each), later) for each in meetings]
            case "website only":
                name, meetings = rng.choice(self.near), []
                venues = []
            case "renamed":
                name, metres = rng.choice(self.other), (0, 100)
            case "one of several":
                name, meetings = rng.choice([name, *self.near]), [rng.choice(meetings)]
        contacts = self.contacts(kind, keep if venues or kind == "website only" else 1)
        venues = [self.sparse(corrupt.moved(rng, each, *metres), kind) for each in venues]
        return base | {
            "name": name,
            "host": base["host"] if rng.random() < 0.3 else "",
            "audiences": base["audiences"] if rng.random() < 0.5 else [],
            "topics": base["topics"][:1] if rng.random() < 0.5 else [],
            "contacts": contacts,
            "venues": venues,
            "meetings": [
                each | {"venue": None if not venues else each["venue"], "minutes": rng.choice([each["minutes"], None])}
                for each in meetings
            ],
        }

    def contacts(self, kind, keep):
        """Return a few of the contacts, written otherwise; sometimes one that the base does not have."""
        have = self.base["contacts"]
        if kind == "website only":
            have = [each for each in have if each[0] in {"website", "social"}]
        if kind == "renamed":
            have = [each for each in have if each[0] in {"email", "phone", "text"}] or have
        chosen = self.rng.sample(have, min(keep, len(have)))
        contacts = [[each, corrupt.other_writing(self.rng, each, value)] for each, value in chosen]
        if kind in {"town", "typo", "moved"} and self.rng.random() < 0.4:
            contacts.append(["email", f"contact{self.rng.randrange(10_000)}@example.org"])
        return contacts

    def sparse(self, venue, kind):
        """Return a venue with less of its address, and less of its town."""
        towns = venue["locality"].split(", ")
        locality = self.rng.choice([venue["locality"], *towns]) if kind != "bare" else self.rng.choice(towns)
        address = venue["address"] if self.rng.random() < 0.5 else ""
        return venue | {"locality": locality, "address": address}

    def with_or_without_town(self):
        """Return the name with the town added, or without it."""
        name, town = self.base["name"], self.rng.choice(self.towns)
        without = " ".join(word for word in name.split() if word.strip(",") not in self.towns)
        if without != name and len(without) > 8:
            return without.rstrip(",")
        return self.rng.choice([f"{name}, {town}", f"{name} ({town})", f"{town} {name}", f"{name} - {town}"])

    def on_another_day(self, meeting):
        """Return a meeting that went to another day, in every second copy."""
        if self.rng.random() < 0.5 or not meeting["weekdays"]:
            return meeting
        return meeting | {"weekdays": [(day + 1) % 7 for day in meeting["weekdays"]]}


def same_groups(made, entries, strangers):
    """Add the groups, and the copies that are the same."""
    for entry in entries:
        slug = entry["slug"]
        if slug in strangers:
            continue
        base = group(entry)
        first = made.add(slug, slug, base)
        copier = Copier(made.rng, base, made.names.get(slug, {}))
        if slug not in made.names:
            continue
        kinds = list(dict.fromkeys(made.rng.sample(copier.kinds(), len(copier.kinds()))))
        for kind in kinds[: 2 if entry["source_file"] == "samples" else 1]:
            made.pair(first, made.add(slug, slug, copier.copy(kind)), kind)


def in_one_hall(made, entries, strangers):
    """Set strangers into the halls of groups, on the same evening, some with the hall's own telephone or website."""
    hosts = [entry for entry in entries if entry["slug"] not in strangers and entry["venues"] and entry["meetings"]]
    for number, (stranger, host) in enumerate(
        zip(strangers.values(), made.rng.sample(hosts, len(strangers)), strict=True)
    ):
        theirs, guest = group(host), group(stranger)
        venue = theirs["venues"][0]
        metres = 0 if number % 3 else 60
        meeting = next((each for each in theirs["meetings"] if each["venue"] == 0), theirs["meetings"][0])
        guest["venues"] = [corrupt.moved(made.rng, venue, 0, metres)]
        guest["meetings"] = [corrupt.later(meeting, made.rng.choice([0, 0, 0, 30])) | {"venue": 0}]
        guest["host"] = theirs["host"]
        phone = next((value for kind, value in theirs["contacts"] if kind in {"phone", "text"}), None)
        if number % 4 == 0 and phone:
            guest["contacts"] = [["phone", corrupt.other_phone(made.rng, phone)]]
        made.halves[stranger["slug"]] = made.half_of(host["slug"])
        added = made.add(stranger["slug"], stranger["slug"], guest)
        made.pair(f"{host['slug']}.0", added, "one hall, same evening")


def listing(name, country, *, phone="", website="", host="", towns=(), venue=None, day=None, at="19:00", audiences=()):
    """Return a group out of a few words; `towns` is (name, latitude, longitude)."""
    town, latitude, longitude = towns
    zone = "Europe/Paris" if country == "FR" else "Europe/London"
    contacts = [each for each in (["phone", phone], ["website", website]) if each[1]]
    rhythm = {"format": "in-person", "frequency": "weekly", "interval": 1, "weekdays": [day], "weeks_of_month": []}
    rest = {"day_of_month": None, "starts_on": None, "dates": [], "start_time": at, "minutes": 90, "time_zone": zone}
    where = {"name": venue or "", "address": "", "locality": town, "postcode": "", "country": country}
    return {
        "model": "group",
        "name": name,
        "host": host,
        "audiences": list(audiences),
        "topics": [],
        "contacts": contacts,
        "venues": [where | {"latitude": round(latitude, 5), "longitude": round(longitude, 5)}],
        "meetings": [{"venue": 0, **rhythm, **rest}],
    }


def main():
    """Make the collection and write it."""
    from benchmarks.duplicates import families, people

    made = Collection()
    entries = [entry | {"source_file": "samples"} for entry in read(SAMPLES)]
    entries += [entry | {"source_file": "finding"} for entry in read(LISTINGS)]
    nameless = [entry for entry in entries if entry["slug"] not in made.names and entry["contacts"]]
    strangers = {entry["slug"]: entry for entry in made.rng.sample(nameless, STRANGERS)}
    same_groups(made, entries, strangers)
    in_one_hall(made, entries, strangers)
    families.add_all(made, read(HERE / "families.yaml"), listing)
    natural_neighbours(made)
    people.add_all(made, read(PRACTITIONERS), read(HERE / "families.yaml")["colleagues"])
    for name, rows in (("listings", made.listings.values()), ("pairs", made.pairs)):
        lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        (HERE / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for half in ("open", "frozen"):
        mine = [pair for pair in made.pairs if pair["half"] == half]
        print(half, sum(pair["same"] for pair in mine), "same,", sum(not pair["same"] for pair in mine), "not")


def natural_neighbours(made, most=130):
    """Pair groups that stand near each other anyway, the nearest first, copies included."""
    points = {
        key: Point(each["venues"][0]["latitude"], each["venues"][0]["longitude"])
        for key, each in made.listings.items()
        if each["venues"] and each["venues"][0]["latitude"] is not None
    }
    known = {frozenset((pair["a"], pair["b"])) for pair in made.pairs}
    near = sorted(
        (distance_km(points[a], points[b]), a, b)
        for a, b in combinations(sorted(points), 2)
        if abs(points[a].latitude - points[b].latitude) < 0.05
        and made.listings[a]["entity"] != made.listings[b]["entity"]
        and made.listings[a]["half"] == made.listings[b]["half"]
        and frozenset((a, b)) not in known
    )
    for _km, a, b in near[:most]:
        made.pair(a, b, "neighbours")


if __name__ == "__main__":
    main()
