"""Honest corruption: what happens to a name, a number, an address or a time on its way into another list."""

import unicodedata
from datetime import datetime, timedelta
from math import cos, pi, radians, sin
from zoneinfo import ZoneInfo

KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
SHORT = [
    ("Church Hall", "Ch. Hall"),
    ("Community Centre", "Comm. Ctr"),
    ("Library", "Libr."),
    ("St. ", "Saint "),
    ("Street", "St"),
    ("Road", "Rd"),
    ("Centre", "Ctr"),
    ("Rooms", "Rms"),
    ("The ", ""),
    ("Saint-", "St "),
    ("Maison de quartier", "Mais. de quartier"),
    ("Salle ", ""),
]
NEW_HALLS = [
    "Corn Exchange Rooms",
    "The Methodist Schoolroom",
    "Larkfield Community Centre",
    "St Werburgh's Hall",
    "Old Fire Station",
    "The Co-op Upstairs Room",
    "Salle des Tilleuls",
    "Maison des associations",
]


def slip(rng, text):
    """Return a text with one slip of the finger in one of its longer words."""
    words = text.split(" ")
    longer = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()] or [0]
    at = rng.choice(longer)
    word = words[at]
    place = rng.randrange(1, max(2, len(word) - 1))
    match rng.choice(["missing", "double", "swap", "near"]):
        case "missing":
            word = word[:place] + word[place + 1 :]
        case "double":
            word = word[:place] + word[place] + word[place:]
        case "swap":
            word = word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
        case "near":
            row = next((row for row in KEYS if word[place].lower() in row), "aeiou")
            other = row[(row.find(word[place].lower()) + 1) % len(row)]
            word = word[:place] + other + word[place + 1 :]
    words[at] = word
    return " ".join(words)


def slips(rng, text):
    """Return a text with one slip, with two where it is long."""
    text = slip(rng, text)
    return slip(rng, text) if len(text) > 18 and rng.random() < 0.5 else text


def without_accents(text):
    """Return a text as a machine that knows no accents has it."""
    letters = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def other_punctuation(rng, text):
    """Return a text with other signs, or in capitals."""
    text = text.replace(" and ", " & ") if " and " in text else text.replace(" & ", " and ")
    how = rng.choice(["capitals", "none", "plain"])
    if how == "capitals":
        return without_accents(text).upper()
    if how == "none":
        return "".join(sign for sign in without_accents(text) if sign.isalnum() or sign in " &")
    return without_accents(text).replace("-", " ").replace(",", "")


def other_phone(rng, number):
    """Return a telephone number as somebody else writes it."""
    digits = "".join(sign for sign in number if sign.isdigit())
    if digits.startswith("0199"):  # the range for drama in France
        pairs = [digits[at : at + 2] for at in range(0, 10, 2)]
        return rng.choice([".".join(pairs), "+33 " + digits[1] + " " + " ".join(pairs[1:]), digits])
    return rng.choice(
        [
            digits,
            f"+44 {digits[1:4]} {digits[4:7]} {digits[7:]}",
            f"+44 (0){digits[1:4]} {digits[4:]}",
            f"({digits[:4]}) {digits[4:]}",
            f"0044{digits[1:]}",
            f"{digits[:5]}-{digits[5:]}",
        ]
    )


def other_website(rng, address):
    """Return a web address as somebody else copies it."""
    bare = address.removeprefix("https://")
    return rng.choice(
        [f"http://{bare}", f"https://www.{bare}/", f"https://{bare}?utm_source=leaflet", f"https://{bare}/#contact"]
    )


def other_writing(rng, kind, value):
    """Return a way to get in touch as somebody else writes it."""
    if kind in {"phone", "text"}:
        return other_phone(rng, value)
    if kind in {"website", "social"}:
        return other_website(rng, value)
    return rng.choice([value, value.upper(), value.capitalize()])


def other_venue_name(rng, name):
    """Return the name of a hall, shortened or with a slip."""
    fitting = [(long, short) for long, short in SHORT if long in name]
    if fitting and rng.random() < 0.7:
        return name.replace(*rng.choice(fitting), 1)
    return slip(rng, name) if rng.random() < 0.5 else without_accents(name)


def moved(rng, venue, least, most):
    """Return a venue with its pin so many metres away."""
    if venue.get("latitude") is None:
        return venue
    metres, bearing = rng.uniform(least, most), rng.uniform(0, 2 * pi)
    north = metres * cos(bearing) / 111_195
    east = metres * sin(bearing) / (111_195 * cos(radians(venue["latitude"])))
    return venue | {
        "latitude": round(venue["latitude"] + north, 5),
        "longitude": round(venue["longitude"] + east, 5),
    }


def in_another_zone(rng, meeting):
    """Return a meeting with the same moment by another clock."""
    if not meeting["start_time"]:
        return meeting
    zone = rng.choice([zone for zone in ("UTC", "Europe/Paris", "Europe/London") if zone != meeting["time_zone"]])
    # A day of summer, on which none of the three is the same.
    there = datetime.fromisoformat(f"2026-07-01T{meeting['start_time']}").replace(tzinfo=ZoneInfo(meeting["time_zone"]))
    here = there.astimezone(ZoneInfo(zone))
    return meeting | {"start_time": f"{here:%H:%M}", "time_zone": zone}


def later(meeting, minutes):
    """Return a meeting that begins some minutes later or earlier, as when one list gives the time of the doors."""
    if not meeting["start_time"]:
        return meeting
    at = datetime.fromisoformat(f"2026-07-01T{meeting['start_time']}") + timedelta(minutes=minutes)
    return meeting | {"start_time": f"{at:%H:%M}"}
