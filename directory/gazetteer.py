"""From what somebody types as a place to a point, without asking anybody else's server."""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from math import cos, pi, radians, sin, sqrt
from statistics import mode
from string import ascii_uppercase
from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, Q, When
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.choices import Nation, PlaceKind
from directory.geo import KM_PER_DEGREE, Point, box_around, distance_km
from directory.keeping import answers_to, kept_for_an_hour
from directory.models.places import Place, PostcodeSector
from directory.understanding.placewords import HERE, NEAR_ME_ALONE_BY_FIRST, NEAR_ME_BY_FIRST
from directory.words import one_slip_from, plain

LONGEST = 100
LONGEST_NAME = 30
MOST_ALTERNATIVES = 5
SMALL_TOWN = 2000
# So many places of some names are looked at.
MOST_CALLED = 300
_FULL_POSTCODE = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])[A-Z]{2}$")
_AREA = re.compile(r"^[A-Z]{1,2}$")
_OUTWARD = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")
_SECTOR = re.compile(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])[A-Z]?$")
_POSTCODES = (_FULL_POSTCODE, _OUTWARD, _SECTOR)
# Dublin's are known by their first half.
_EIRCODE = re.compile(r"^(?:(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W)[0-9AC-FHKNPRTV-Y]{4}|D[0-9]{2}|D6W)$")
_FRENCH_CODE = re.compile(r"^[0-9]{5}$")
# '53.79, -1.54', as a browser tells where it is. Taken no finer than about a kilometre.
_POINT = re.compile(r"^(-?[0-9]{1,3}(?:\.[0-9]{1,12})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,12})?)$")
POINT_DIGITS = 2
NEAR_A_POINT_KM = 10
WIDE = [PlaceKind.COUNTRY, PlaceKind.COUNTY]
NO_TOWNS = [PlaceKind.COUNTRY, PlaceKind.COUNTY, PlaceKind.DISTRICT, PlaceKind.WARD]
_BRITAIN = ("england", "scotland", "wales")
_KINGDOM = (*_BRITAIN, "northern ireland")
# What people call several countries at once, which is no place by itself: {name: (label, the names of its countries)}.
UNIONS = {
    "uk": (gettext_lazy("the United Kingdom"), _KINGDOM),
    "united kingdom": (gettext_lazy("the United Kingdom"), _KINGDOM),
    "uk wide": (gettext_lazy("the United Kingdom"), _KINGDOM),
    "britain": (gettext_lazy("Great Britain"), _BRITAIN),
    "great britain": (gettext_lazy("Great Britain"), _BRITAIN),
}
# A grid of about 5 km. A point snapped to it is the same each time, so that no number of looks finds the true one.
COARSE_DEGREES = 0.05
# How far a hidden address is shown from the middle of its area.
LEAST_SHIFT_KM = 0.3
MOST_SHIFT_KM = 1.0
_ARTICLE = re.compile("^Isles? of |^Vale of | Islands$")


class Located(NamedTuple):
    """A place that was found. `radius_km` is how far it reaches; `alternatives` are other places of that name.

    `nations` are the codes of the countries that it is made of, if it is one.
    """

    point: Point
    label: str
    radius_km: float
    country: str
    alternatives: tuple = ()
    population: int | None = None
    kind: str = ""
    nations: tuple = ()

    @property
    def in_words(self):
        """The place as it stands in a sentence: 'near the Isle of Wight'."""
        return _("the %(place)s") % {"place": self.label} if _ARTICLE.search(self.label) else self.label

    @property
    def short_words(self):
        """The same without its county."""
        return self._replace(label=self.label.partition(",")[0]).in_words

    @property
    def in_kilometres(self):
        """Whether people there measure roads in kilometres."""
        return Nation(self.country).in_kilometres


class PlaceUnknown(Exception):
    """No such place. `message` is for the reader; `suggestions` are names that look like it."""

    def __init__(self, message, suggestions=()):
        super().__init__(message)
        self.message = message
        self.suggestions = list(suggestions)


def locate(text):
    """Return the `Located` place for a postcode, part of one, or a name ('Leeds', 'Newport, Wales').

    Raises `PlaceUnknown`.
    """
    if _is_here(text):
        raise asking_where()
    found = find_place(text) or _locate_area(text.strip().upper())
    if found is None:
        raise refusal(text)
    return found


def _is_here(text):
    """Whether somebody means where they are: 'me', 'near me'. In capitals, 'ME' begins the postcodes of Medway."""
    words = tuple(plain(text).split())
    if not words or text.strip() == "ME":
        return False
    begun = [*NEAR_ME_BY_FIRST.get(words[0], ()), *NEAR_ME_ALONE_BY_FIRST.get(words[0], ())]
    return words in HERE or words in begun


def asking_where():
    """Return the `PlaceUnknown` for 'near me', which only the reader can tell."""
    return PlaceUnknown(_("Where are you? Type a town or a postcode, and we look near it."))


def find_place(text):
    """Return the `Located` place for a postcode, part of one, a name or a point; `None` where there is none."""
    answers, text = answers_to("place"), text.strip()[:LONGEST]
    if text not in answers:
        answers[text] = _find_place(text)
    return answers[text]


def _find_place(text):
    if point := _POINT.match(text):
        return _locate_point(Point(round(float(point[1]), POINT_DIGITS), round(float(point[2]), POINT_DIGITS)))
    # What stands after a comma is the town: 'LS6 1AA, Leeds', as a place is labelled here too.
    code = re.sub(r"[\s.-]", "", text.partition(",")[0]).upper()
    # Nothing is called like a postcode.
    return _locate_postcode(code) if any(shape.match(code) for shape in _POSTCODES) else _locate_name(text)


def _locate_postcode(code):
    whole, part = _FULL_POSTCODE.match(code), _SECTOR.match(code)
    if whole:
        wanted = [f"{whole[1]} {whole[2]}", whole[1]]
    else:
        wanted = [*([code] if _OUTWARD.match(code) else []), *([f"{part[1]} {part[2]}"] if part else [])]
    # In the middle of London each outward code has one letter more: 'SW1' is 'SW1A', 'SW1E' and so on.
    longer = [f"{code}{letter}" for letter in ascii_uppercase] if _OUTWARD.match(code) else []
    sectors = PostcodeSector.objects.filter(Q(sector__in=wanted) | Q(outward__in=[*wanted, *longer])) if wanted else ()
    for label in wanted:
        if here := [each for each in sectors if label in {each.sector, each.outward}]:
            return _middle(here, label)
    here = [each for each in sectors if each.outward in longer]
    return _middle(here, code) if here else None


def _locate_area(letters):
    """Return the `Located` place for the letters that begin a postcode ('LS'), or `None`."""
    sectors = PostcodeSector.objects.filter(outward__regex=rf"^{letters}[0-9]") if _AREA.match(letters) else ()
    return _middle(sectors, letters) if sectors else None


def _locate_point(point):
    """Return the `Located` place for a point that the reader's browser gave, called after the nearest place.

    `None` for a point that is not on the earth.
    """
    if abs(point.latitude) > 90 or abs(point.longitude) > 180:
        return None
    about = Place.objects.filter(box_around(point, NEAR_A_POINT_KM)).exclude(kind__in=NO_TOWNS)
    nearest = min(about, key=lambda place: distance_km(point, place.point), default=None)
    if nearest is None:
        return Located(point, _("this point"), 1.0, Nation.ENGLAND)
    return Located(point, _("you (%(place)s)") % {"place": nearest.name}, 1.0, nearest.country)


def _middle(sectors, label):
    points = [Point(each.latitude, each.longitude) for each in sectors]
    middle = Point(*(sum(degrees) / len(points) for degrees in zip(*points, strict=True)))
    reach = max(distance_km(middle, point) for point in points)
    district, country = mode(each.district for each in sectors), mode(each.country for each in sectors)
    return Located(middle, f"{label}, {district}" if district else label, max(1.0, reach), country)


def places_called(text):
    """Return places by name, the likeliest first; what stands after a comma narrows them ('Newport, Wales')."""
    whole, name, hint = (plain(part) for part in (text, text.partition(",")[0], text.partition(",")[2]))
    narrowed = [place for place in _called({name} - {""}).get(name, []) if _is_in(place, hint)] if hint else []
    return _told_apart(narrowed) or (_told_apart(_called({whole})[whole])[: MOST_ALTERNATIVES + 1] if whole else [])


def _told_apart(places):
    """Return the first of the places with each full name: a link by that name leads to no other."""
    first = {}
    for place in places:
        first.setdefault(place.full_name, place)
    return list(first.values())


def expect(names):
    """Have these names, in plain letters, looked up together with the first that is asked for `asking_once`."""
    answers_to("expected").update(dict.fromkeys(names))


def _called(names):
    """Return {name: its places} for these names at least, in plain letters."""
    called = answers_to("called")
    if not names <= called.keys():
        missing = {*names, *answers_to("expected")} - called.keys()
        called.update((name, []) for name in missing)
        found = list(Place.objects.called(*missing)[:MOST_CALLED])
        if len(found) == MOST_CALLED:
            # Names that very many places have: only those that are asked for now.
            for name in missing - names:
                del called[name]
            missing = names & missing
            found = list(Place.objects.called(*missing)[:MOST_CALLED])
        for place in found:
            for name in missing.intersection(place.names):
                called[name].append(place)
    return called


def named_place(text):
    """Return the likeliest `Place` of that name, or `None`."""
    return next(iter(places_called(text)), None)


@kept_for_an_hour
def words_of_names():
    """Return the words of the names of towns, counties and districts outside France, in plain letters.

    Of hamlets and French villages there are so many that misspelt words are called like one.
    """
    wide = Q(kind__in=[*WIDE, PlaceKind.DISTRICT])
    places = Place.objects.filter(wide | Q(population__gte=SMALL_TOWN)).exclude(country=Nation.FRANCE)
    return frozenset(plain(" ".join(places.values_list("name", flat=True))).split())


def _locate_name(text):
    if (name := plain(text).removeprefix("the ")) in UNIONS:
        return _locate_union(*UNIONS[name])
    places = places_called(text)
    if not places:
        return None
    best, *others = places
    # Every place of the name that is somewhere else; the district around a town of its name is the same place.
    alternatives = [
        other for other in others if distance_km(best.point, other.point) > best.radius_km + other.radius_km
    ]
    return Located(
        best.point,
        best.full_name,
        best.radius_km,
        best.country,
        tuple(alternatives[:MOST_ALTERNATIVES]),
        best.population,
        best.kind,
        best.nations,
    )


def _locate_union(label, names):
    """Return several countries as one place, or `None` where they are not known."""
    called = _called(set(names))
    nations = [place for name in names for place in called[name] if place.kind == PlaceKind.COUNTRY]
    if not nations:
        return None
    middle = Point(*(sum(degrees) / len(nations) for degrees in zip(*(each.point for each in nations), strict=True)))
    reach = max(distance_km(middle, each.point) + each.radius_km for each in nations)
    codes = tuple(each.country for each in nations)
    return Located(middle, str(label), reach, codes[0], kind=PlaceKind.COUNTRY, nations=codes)


def _is_in(place, hint):
    return bool(hint) and hint in {
        plain(place.area),
        plain(Nation(place.country).label),
        place.country.casefold(),
        "uk" if place.country in {"ENG", "SCT", "WLS", "NIR"} else "",
    }


def refusal(text):
    """Return the `PlaceUnknown` for a place that was not found: why, and what is spelt like it."""
    text = text.strip()[:LONGEST]
    code = re.sub(r"[\s.-]", "", text).upper()
    if code.startswith("BT") and len(code) > 2 and code[2].isdigit():
        return PlaceUnknown(_("Postcodes of Northern Ireland are not open data, so we do not have them. Type a town."))
    if re.match(r"^(JE|GY|IM)[0-9]", code):
        return PlaceUnknown(_("We do not have the postcodes of these islands. Type a town or a parish."))
    if _FRENCH_CODE.match(code) or _EIRCODE.match(code):
        return PlaceUnknown(_("We cannot read this postcode. Type a town."))
    if _POINT.match(text.strip()):
        return PlaceUnknown(_("There is no such point on the earth. Type a town or a postcode."))
    if any(shape.match(code) for shape in _POSTCODES):
        return PlaceUnknown(_("We do not know this postcode. Check it, or type a town."))
    suggestions = similar_places(text)
    if suggestions:
        return PlaceUnknown(_("We do not know this place. Did you mean one of these?"), suggestions)
    return PlaceUnknown(_("We do not know this place. Try a town near by, or a postcode."))


def similar_places(text, most=3):
    """Return the full names of places that are spelt much like `text`."""
    alike, name = answers_to("alike"), text.split(",", 1)[0]
    if name not in alike:
        alike[name] = _spelt_like(name) if len(plain(name)) >= 3 else []
    return alike[name][:most]


def _spelt_like(name):
    # A slip of the finger in a town that many live in, before a village that looks like it.
    alike = Q(names__overlap=sorted(one_slip_from(plain(name)[:LONGEST_NAME])))
    near = (
        Place.objects.filter(alike | Q(name__trigram_similar=name))
        .annotate(likeness=TrigramSimilarity("name", name), is_slip=Case(When(alike, then=1), default=0))
        .order_by("-is_slip", Case(When(alike, then=F("population"))).desc(nulls_last=True), "-likeness", "code")[:20]
    )
    return list(dict.fromkeys(place.full_name for place in near))


def public_point(postcode, locality, country, own_point=None):
    """Return the point that stands for an address which is not public, or `None` where nothing is known.

    It depends on the area alone, shifted by a secret of this site. All addresses of an area have the same one, and one
    that is moved within it keeps it: so no number of looks, moves or venues averages to more than the area. The shift
    hides which area it is where people are told only the town.
    """
    area = public_area(postcode, locality, country, own_point)
    if area is None:
        return None
    digest = salted_hmac(
        "directory.gazetteer", f"{area.latitude:.4f},{area.longitude:.4f}", algorithm="sha256"
    ).digest()
    bearing = int.from_bytes(digest[:8]) / 2**64 * 2 * pi
    # Even over the ring, so that no direction and no distance is likelier than another.
    share = int.from_bytes(digest[8:16]) / 2**64
    km = sqrt(LEAST_SHIFT_KM**2 + share * (MOST_SHIFT_KM**2 - LEAST_SHIFT_KM**2))
    shrunk = max(0.01, cos(radians(area.latitude)))
    return Point(
        round(min(90, max(-90, area.latitude + km * cos(bearing) / KM_PER_DEGREE)), 4),
        round((area.longitude + km * sin(bearing) / (KM_PER_DEGREE * shrunk) + 180) % 360 - 180, 4),
    )


def public_area(postcode, locality, country, own_point=None):
    """Return the middle of the area in which an address is: always the same for the same area.

    The middle of the postcode sector, else of the town, else the nearest corner of a coarse grid; `None` where nothing
    is known.
    """
    if postcode and country in Nation.values:
        located = _locate_postcode(re.sub(r"[\s.-]", "", postcode).upper())
        if located:
            return Point(round(located.point.latitude, 4), round(located.point.longitude, 4))
    towns = _towns(locality, country)
    if towns:
        return min(towns, key=lambda town: distance_km(town, own_point)) if own_point else towns[0]
    if own_point is None:
        return None
    return Point(*(round(round(degrees / COARSE_DEGREES) * COARSE_DEGREES, 2) for degrees in own_point))


_towns_found = ContextVar("towns that were looked up", default=None)


@contextmanager
def looking_up_once():
    """Look each town up once, however many addresses are in it: for imports."""
    token = _towns_found.set({})
    try:
        yield
    finally:
        _towns_found.reset(token)


def _towns(locality, country):
    """Return the points of the towns that a locality may mean."""
    found = _towns_found.get()
    if found is not None and (locality, country) in found:
        return found[locality, country]
    named = (Place.objects.filter(country=country).called(part)[:20] for part in [locality, *locality.split(",")])
    places = next(filter(None, named), [])
    # The county around a town of its name is no town.
    towns = [place.point for place in places if place.kind not in WIDE] or [place.point for place in places]
    if found is not None:
        found[locality, country] = towns
    return towns
