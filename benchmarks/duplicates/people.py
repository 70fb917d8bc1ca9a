"""Practitioners: copies that are the same person, and colleagues and namesakes who are not."""

from benchmarks.duplicates import corrupt


def person(entry):
    """Return what a benchmark needs of a practitioner's entry."""
    email = next((each["value"] for each in entry["contacts"] if each["kind"] == "email"), "")
    return {
        "model": "practitioner",
        "name": entry["name"],
        "title": entry["title"],
        "organisation": entry["organisation"],
        "own_email": email,
        "contacts": [[each["kind"], str(each["value"])] for each in entry["contacts"] if each["kind"] != "post"],
        "places": entry["places"],
    }


def other_name(rng, name):
    """Return a person's name as another list has it."""
    *first, last = name.removeprefix("Dr ").split()
    given = " ".join(first)
    return rng.choice(
        [
            f"{last}, {given}",
            f"{given} {last.split('-')[0]}",
            corrupt.slip(rng, f"{given} {last}"),
            corrupt.without_accents(f"{given} {last}").upper(),
            f"{given[0]}. {last}",
            f"{given} {last}".replace("-", " "),
        ]
    )


def add_all(made, entries, colleagues):
    """Add every practitioner with copies, a colleague or two, and a namesake elsewhere."""
    rng = made.rng
    for entry, colleague in zip(entries, colleagues, strict=False):
        base, slug = person(entry), entry["slug"]
        first = made.add(slug, slug, base)
        for kind in rng.sample(["same address", "same telephone", "same organisation"], 2):
            copy = base | {"name": other_name(rng, base["name"]), "own_email": "", "contacts": [], "title": ""}
            phones = [value for each, value in base["contacts"] if each == "phone"]
            if kind == "same address" or not (phones or base["organisation"]):
                copy |= {"own_email": base["own_email"].upper(), "organisation": ""}
                if not base["own_email"]:
                    copy |= {"organisation": base["organisation"]}
            elif kind == "same telephone" and phones:
                copy |= {"contacts": [["phone", corrupt.other_phone(rng, phones[0])]], "organisation": ""}
            else:
                copy |= {"organisation": corrupt.without_accents(base["organisation"]), "places": base["places"][:1]}
            made.pair(first, made.add(slug, slug, copy), f"practitioner, {kind}")
        desk = [each for each in base["contacts"] if each[0] == "phone"]
        beside = base | {"name": colleague, "own_email": "", "contacts": desk}
        made.pair(first, made.add(f"{slug}-colleague", slug, beside), "practitioner, colleague")
        relative = base | {
            "name": f"{rng.choice(['Sam', 'Ada', 'Robin', 'Marie'])} {base['name'].split()[-1]}",
            "own_email": "",
            "contacts": [],
        }
        made.pair(first, made.add(f"{slug}-relative", slug, relative), "practitioner, same family name and place")
        namesake = base | {
            "own_email": f"{slug}.elsewhere@example.org",
            "contacts": [["phone", f"01632 96{rng.randrange(1000, 9999)}"]],
            "organisation": f"{rng.choice(['Lowmoor', 'Birchfield', 'Station Road'])} Practice",
            "title": "",
            "places": ["Norwich, ENG"] if base["places"] != ["Norwich, ENG"] else ["York, ENG"],
        }
        made.pair(first, made.add(f"{slug}-namesake", slug, namesake), "practitioner, namesake elsewhere")
