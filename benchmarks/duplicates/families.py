"""True neighbours out of families.yaml: alike in much, and not the same."""

from itertools import combinations

from benchmarks.duplicates import corrupt

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
JOURS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def add_all(made, families, listing):
    """Add every family to the collection, each as a whole in one half."""
    add_fellowships(made, families, listing)
    add_neighbours(made, families, listing)
    add_sisters(made, families, listing)
    add_common(made, families, listing)


def add_fellowships(made, families, listing):
    """One fellowship in one town on several days; and two fellowships in one hall on one evening."""
    rng = made.rng
    for at, (town, country, latitude, longitude, halls) in enumerate(families["towns"]):
        french = country == "FR"
        fitting = [each for each in families["fellowships"] if ("Fraternité" in each["name"]) == french]
        for fellowship in rng.sample(fitting, min(2, len(fitting))):
            family = f"fellowship-{town}"
            members = []
            for day in rng.sample(range(7), 4):
                hall = rng.randrange(len(halls))
                point = (town, latitude + hall * 0.006, longitude - hall * 0.004)
                name = fellowship["name"].format(town, (JOURS if french else DAYS)[day])
                values = listing(
                    name,
                    country,
                    phone=fellowship["phone"],
                    website=fellowship["website"],
                    towns=point,
                    venue=halls[hall],
                    day=day,
                    at=rng.choice(["12:30", "19:00", "19:30", "20:00"]),
                )
                members.append(made.add(f"{family}-{fellowship['website'][20:]}-{day}", family, values))
            for a, b in combinations(members, 2):
                made.pair(a, b, "one fellowship, other days")
        if not french:
            evening = rng.randrange(7)
            both = [
                made.add(
                    f"both-{at}-{word}",
                    f"fellowship-{town}",
                    listing(
                        f"{word} {town} {DAYS[evening]}",
                        country,
                        towns=(town, latitude, longitude),
                        venue=halls[0],
                        day=evening,
                    ),
                )
                for word in ("Sober Fellowship Steps", "Families of Drinkers Steps", "Young Families of Drinkers")
            ]
            for a, b in combinations(both, 2):
                made.pair(a, b, "two fellowships, one hall and evening")


def add_neighbours(made, families, listing):
    """One organisation with the same kind of group in towns near by."""
    for each in families["neighbours"]:
        country = "FR" if each["phone"].startswith("01 99") else "ENG"
        family = each["name"]
        members = [
            made.add(
                f"{each['name'].format(town[0])}",
                family,
                listing(
                    each["name"].format(town[0]),
                    country,
                    phone=each["phone"],
                    host=each["host"],
                    website=f"https://example.org/{each['phone'].replace(' ', '')}" if each["phone"] else "",
                    towns=town,
                    venue=made.rng.choice(["Library", "Town Hall", "Methodist Hall"]),
                    day=day if made.rng.random() < 0.5 else 2,
                    at="10:30",
                ),
            )
            for day, town in enumerate(each["towns"])
        ]
        for a, b in combinations(members, 2):
            made.pair(a, b, "one organisation, neighbouring towns")


def add_sisters(made, families, listing):
    """Two groups of one organiser for other people, in one hall with one telephone."""
    for number, (one, two) in enumerate(families["sisters"]):
        country, town = (
            ("FR", ("Angers", 47.4784, -0.5632))
            if "’" in one[:8] or "Les " in one or "Entraide" in one
            else (
                "ENG",
                ("Taunton", 51.0153 + number * 0.02, -3.1067),
            )
        )
        shared = {
            "phone": f"01632 960{100 + number}",
            "website": f"https://example.org/sisters/{number}" if number % 2 else "",
            "host": "" if number % 3 else "The Taunton Circle",
            "towns": town,
            "venue": "The Long Room",
        }
        day = made.rng.randrange(5)
        members = [
            made.add(f"sisters-{number}-{at}", f"sisters-{number}", listing(name, country, day=when, at=time, **shared))
            for at, (name, when, time) in enumerate(
                [(one, day, "19:00"), (two, day if number % 2 else (day + 1) % 5, "19:00" if number % 4 else "10:30")]
            )
        ]
        made.pair(*members, "sisters")


def add_common(made, families, listing):
    """Groups that have the same name in other cities, and two of nearly one name in one city."""
    for name in families["common"]["names"]:
        chosen = made.rng.sample(families["common"]["places"], 3)
        members = []
        for town, country, latitude, longitude in chosen:
            written = made.rng.choice([name, name, f"{town} {name}", corrupt.other_punctuation(made.rng, name)])
            values = listing(
                written,
                country,
                phone=f"01632 96{made.rng.randrange(1000, 9999)}",
                towns=(town, latitude + made.rng.uniform(-0.01, 0.01), longitude),
                venue=made.rng.choice(["Library", "Baptist Church", "Community Centre"]),
                day=made.rng.choice([1, 1, 3]),
                at=made.rng.choice(["14:00", "19:00"]),
            )
            members.append(made.add(f"{name} {town}", f"common-{name}", values))
        for a, b in combinations(members, 2):
            made.pair(a, b, "same name, other cities")
        # The same kind of group at the other end of the city, with another organiser.
        town, country, latitude, longitude = chosen[0]
        north = listing(
            f"{name} North {town}" if country != "FR" else name,
            country,
            phone=f"01632 96{made.rng.randrange(1000, 9999)}",
            towns=(town, latitude + 0.04, longitude + 0.02),
            venue="The Northgate Rooms",
            day=4,
            at="11:00",
        )
        made.pair(members[0], made.add(f"{name} {town} north", f"common-{name}", north), "same kind, one city")
