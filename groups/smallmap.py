"""A small map of what lies around a meeting, drawn here from the places we know: nobody else is asked for a tile.

It is made of points and rings alone. Beside an address that anyone may know it has a pin; for any other it shades an
area around the public point, always of the same size, so that it tells no more than that point.
"""

from dataclasses import dataclass
from functools import reduce
from math import atan2, cos, degrees, hypot, radians
from operator import or_
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.choices import Nation
from directory.gazetteer import NO_TOWNS
from directory.geo import KM_PER_DEGREE, KM_PER_MILE, box_around
from directory.models import Place, PostcodeSector

# Half the drawing, in its own units; the outer ring touches neither edge.
HALF_WIDTH, HALF_HEIGHT, OUTER = 160, 120, 100
# (outer ring, inner ring) in miles and in km: the first that has enough towns is taken.
MILES = [(1, 0.5), (2, 1), (5, 2), (10, 5)]
KILOMETRES = [(2, 1), (5, 2), (10, 5), (20, 10)]
ENOUGH_TOWNS, MOST_TOWNS, MOST_SECTORS, MOST_IN_WORDS = 3, 7, 5, 4
# A page with many venues has no map of each.
MOST_MAPS = 4
# A hidden address is shaded so far around its public point, whatever is known of it.
AREA_KM = 1.6
SIZES = {"town": 12, "sector": 10}
PIN = (-9, -25, 9, 3)


@dataclass(frozen=True)
class Mark:
    """A town or a postcode sector with its name. Numbers are written out, since SVG knows no decimal comma."""

    kind: str
    x: str
    y: str
    label: str
    label_x: str
    label_y: str
    anchor: str


@dataclass(frozen=True)
class Ring:
    """All that is so far away."""

    radius: str
    label: str
    label_x: str
    label_y: str


@dataclass(frozen=True)
class SmallMap:
    """A drawing around its middle, and the same in words. Without `area` the middle is a pin."""

    rings: list
    marks: list
    words: list
    area: str = ""


class _Near(NamedTuple):
    """Something around the middle: so many km east and north of it."""

    kind: str
    name: str
    population: int
    east: float
    north: float

    @property
    def km(self):
        return hypot(self.east, self.north)


def draw_maps(meetings):
    """Set `small_map` on each meeting that has a public part, or `None`. Two queries for all of them.

    There is one drawing a place: a second meeting there has it in view.
    """
    first_at = {}
    for meeting in meetings:
        meeting.small_map = None
        if meeting.venue and meeting.happens_at_a_venue and (middle := meeting.public.point or meeting.public.area):
            first_at.setdefault(middle, meeting)
    middles = list(first_at)[:MOST_MAPS]
    if not middles:
        return
    towns = (
        Place.objects.filter(_around(middles, KILOMETRES[-1][0]))
        .exclude(kind__in=NO_TOWNS)
        .order_by("pk")
        .values_list("name", "population", "latitude", "longitude")
    )
    sectors = PostcodeSector.objects.filter(_around(middles, 2 * KM_PER_MILE)).values_list(
        "sector", "latitude", "longitude"
    )
    for middle in middles:
        public = first_at[middle].public
        near = [_near(middle, "town", *town) for town in towns]
        if public.point:
            near += [_near(middle, "sector", sector, 0, *point) for sector, *point in sectors]
        metric = public.country in Nation.values and Nation(public.country).in_kilometres
        first_at[middle].small_map = _draw(near, exact=bool(public.point), metric=metric)


def _around(middles, km):
    """Return the condition for what is drawn where the outer ring is at `km`."""
    return reduce(or_, (box_around(middle, km * HALF_WIDTH / OUTER) for middle in middles))


def _near(middle, kind, name, population, latitude, longitude):
    east = (longitude - middle.longitude) * KM_PER_DEGREE * cos(radians(middle.latitude))
    return _Near(kind, name, population or 0, east, (latitude - middle.latitude) * KM_PER_DEGREE)


def _draw(near, *, exact, metric):
    """Return the drawing of what is near, or `None` where there is no town."""
    unit = 1 if metric else KM_PER_MILE
    scales = [pair for pair in (KILOMETRES if metric else MILES) if exact or pair[1] * unit >= AREA_KM]
    for outer, inner in scales:  # noqa: B007 the last one stands where none has enough
        scale = OUTER / (outer * unit)
        shown = [each for each in near if _is_inside(each, scale)]
        if sum(each.kind == "town" for each in shown) >= ENOUGH_TOWNS:
            break
    towns = sorted((each for each in shown if each.kind == "town"), key=lambda each: (-each.population, each.km))
    if not towns:
        return None
    sectors = sorted((each for each in shown if each.kind == "sector"), key=lambda each: each.km)
    taken, pin = [], [PIN] if exact else []
    # What matters most has its name first: towns, then how far it is, then postcodes.
    named, marks = _place_all(towns, MOST_TOWNS, scale, taken, pin)
    rings = [_ring(length * unit * scale, _length(length, metric=metric), taken) for length in (inner, outer)]
    marks += _place_all(sectors, MOST_SECTORS, scale, taken, pin)[1]
    told = sorted(named or towns[:1], key=lambda each: each.km)[:MOST_IN_WORDS]
    words = [_in_words(each, metric=metric) for each in told]
    return SmallMap(rings, marks, words, "" if exact else _number(AREA_KM * scale))


def _is_inside(each, scale):
    return abs(each.east * scale) < HALF_WIDTH - 6 and abs(each.north * scale) < HALF_HEIGHT - 10


def _place_all(things, most, scale, taken, pin):
    """Return (those that have room, their marks), so many at most."""
    placed = []
    for each in things:
        if len(placed) < most and (mark := _place(each, scale, taken, pin)):
            placed.append((each, mark))
    return [each for each, _mark in placed], [mark for _each, mark in placed]


def _place(each, scale, taken, pin):
    """Return the mark with its name where nothing else stands, or `None`. A mark may be under the pin, its name not."""
    x, y, size = each.east * scale, -each.north * scale, SIZES[each.kind]
    dot = (x - 3, y - 3, x + 3, y + 3)
    for dx, dy, anchor in [(6, 4, "start"), (-6, 4, "end"), (0, -7, "middle"), (0, 15, "middle")]:
        box = _box(x + dx, y + dy, len(each.name), size, anchor)
        if _fits(box) and _is_free(box, taken + pin) and _is_free(dot, taken):
            taken += [dot, box]
            return Mark(each.kind, *map(_number, (x, y)), each.name, *map(_number, (x + dx, y + dy)), anchor)
    return None


def _ring(radius, label, taken):
    """Return a ring with its label where nothing else stands, or without one."""
    for x, y in [(0, -radius), (0, radius), (radius, 0), (-radius, 0)]:
        box = _box(x, y + 3, len(label), SIZES["sector"], "middle")
        if _is_free(box, taken):
            taken.append(box)
            return Ring(_number(radius), label, _number(x), _number(y + 3))
    return Ring(_number(radius), "", "", "")


def _box(x, y, letters, size, anchor):
    """Return about the rectangle that a word takes."""
    width = letters * size * 0.58
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return (left, y - size, left + width, y + size * 0.3)


def _fits(box):
    left, top, right, bottom = box
    return left > 2 - HALF_WIDTH and right < HALF_WIDTH - 2 and top > 2 - HALF_HEIGHT and bottom < HALF_HEIGHT - 2


def _is_free(box, taken):
    left, top, right, bottom = box
    return not any(left < each[2] and each[0] < right and top < each[3] and each[1] < bottom for each in taken)


def _number(value):
    return f"{value:.1f}"


def _length(length, *, metric):
    if length == 0.5:
        return _("half a mile")
    if metric:
        return _("%(n)d km") % {"n": length}
    return ngettext("%(n)d mile", "%(n)d miles", length) % {"n": length}


def _in_words(place, *, metric):
    """Return where the middle is from a town: 'About 2 miles north-west of Leeds'."""
    n = round(place.km if metric else place.km / KM_PER_MILE)
    # From the town to the middle, so the other way round.
    part = round(degrees(atan2(-place.east, -place.north)) / 45) % 8
    names = {"direction": _directions()[part], "place": place.name}
    if n == 0:
        words = (
            _("Less than 1 km %(direction)s of %(place)s")
            if metric
            else _("Less than 1 mile %(direction)s of %(place)s")
        )
        return words % names
    if metric:
        return _("About %(n)d km %(direction)s of %(place)s") % (names | {"n": n})
    words = ngettext("About %(n)d mile %(direction)s of %(place)s", "About %(n)d miles %(direction)s of %(place)s", n)
    return words % (names | {"n": n})


def _directions():
    return [
        _("north"),
        _("north-east"),
        _("east"),
        _("south-east"),
        _("south"),
        _("south-west"),
        _("west"),
        _("north-west"),
    ]
