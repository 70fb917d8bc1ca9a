"""Addresses and countries as feeds write them."""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import tzfpy

from directory.choices import Nation

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166 keeps it free for one's own use
GREAT_BRITAIN = "GB"

# Names that the time zone database, which lists all countries, writes in another way.
_OTHER_NAMES = {
    "america": "US",
    "britain": GREAT_BRITAIN,
    "burma": "MM",
    "cymru": Nation.WALES,
    "czechia": "CZ",
    "deutschland": "DE",
    "eire": "IE",
    "espana": "ES",
    "españa": "ES",
    "great britain": GREAT_BRITAIN,
    "holland": "NL",
    "republic of ireland": "IE",
    "south korea": "KR",
    "the netherlands": "NL",
    "uae": "AE",
    "uk": GREAT_BRITAIN,
    "united kingdom": GREAT_BRITAIN,
    "united states of america": "US",
    "us": "US",
    "usa": "US",
    **{str(nation.label).casefold(): str(nation) for nation in Nation},
}
_BRITISH_POSTCODE = re.compile(r"^(.*?)\s*\b([A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})$")
_STATE = re.compile(r"^([A-Z]{2,3})(?: ([A-Z0-9][A-Z0-9 -]{2,9}))?$")
_CODE_FIRST = re.compile(r"^([0-9]{4,6}(?: [A-Z]{2})?)(?: (.+))?$")


class Address(NamedTuple):
    """The parts of an address, each possibly empty. `country` is a word as written."""

    street: str = ""
    locality: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


def parse(text):
    """Return the parts of an address in one line, as map services write it, narrow to wide."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    # No two-letter code here: 'Boston, MA' is not in Morocco.
    country = parts.pop() if parts and country_named(parts[-1]) else ""
    region = postcode = locality = ""
    if parts and (british := _BRITISH_POSTCODE.match(parts[-1])):
        locality, postcode = british.groups()
        parts.pop()
    elif parts and (state := _STATE.match(parts[-1])):
        region, postcode = state[1], state[2] or ""
        parts.pop()
    elif len(parts) > 1 and parts[-1][0].isalpha() and (code := _CODE_FIRST.match(parts[-2])) and code[2]:
        # '37700 San Miguel de Allende, Gto., Mexico'
        region = parts.pop()
    if parts and not postcode and (code := _CODE_FIRST.match(parts[-1])):
        postcode, locality = code[1], code[2] or ""
        parts.pop()
    if not locality and parts:
        locality = parts.pop()
    return Address(", ".join(parts), locality, region, postcode, country)


def country_code(name):
    """Return the directory's or ISO's code for a country's name or code, or an empty string."""
    code = name.strip().upper()
    return country_named(name) or (code if code in _countries().values() else "")


def country_named(name):
    """Return the directory's or ISO's code for a country's name, or an empty string."""
    word = " ".join(name.split()).strip(". ").casefold()
    return _OTHER_NAMES.get(word) or _countries().get(word, "")


def zone_at(point):
    """Return the time zone of a point, or an empty string."""
    return tzfpy.get_tz(point.longitude, point.latitude) if point else ""


def country_at(point):
    """Return the country of a point by its time zone, or an empty string."""
    return _zone_countries().get(zone_at(point), "")


@cache
def _countries():
    return {name.casefold(): code for code, name in _table("iso3166.tab")}


@cache
def _zone_countries():
    return {row[2]: row[0] for row in _table("zone.tab")}


def _table(name):
    lines = files("tzdata").joinpath("zoneinfo", name).read_text().splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
