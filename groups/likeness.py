"""How much two groups look like one."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from directory.geo import distance_km
from directory.likeness import DAYS, PEOPLE, SIDES, Points, compare_names, trigrams_of, words_of
from directory.words import plain

# A Monday of summer, when British and universal time differ: by it, times of day in several time zones are compared.
MONDAY = date(2026, 6, 29)
# A contact that more groups have than this is that of a hall, a help line or an organisation, and says nothing.
SHARED_BY_FEW = 4
MOST_FOR_A_NAME = 4.5
# What the codes of audiences and topics are called in names.
PEOPLE_OF_CODES = {
    "young-people": "young",
    "children": "young",
    "older-people": "older",
    "dads": "fathers",
    "mens": "men",
    "womens": "women",
    "new-parents": "parents",
    "family": "families",
}


@dataclass(slots=True)
class Facts:
    """What of a group is compared."""

    pk: int | None
    name: str
    sample: bool = False
    words: tuple = ()
    trigrams: frozenset = frozenset()
    host: tuple = ()
    contacts: set = field(default_factory=set)
    venues: list = field(default_factory=list)
    towns: set = field(default_factory=set)
    times: set = field(default_factory=set)
    topics: set = field(default_factory=set)
    people: set = field(default_factory=set)

    def __post_init__(self):
        self.words = words_of(self.name)
        self.trigrams = trigrams_of(self.words)

    @property
    def points(self):
        """The points where it meets."""
        return [point for point, _name in self.venues if point]

    @property
    def topic_words(self):
        """The words of its topics, as they would stand in a name."""
        return {word for topic in self.topics for word in words_of(topic)} - (PEOPLE - {"carers"})

    @property
    def place_words(self):
        """The words of its towns."""
        return {word for town in self.towns for word in town.split()}

    def add_venue(self, name, locality, region, point):
        """Add a place where it meets."""
        self.venues.append((point, words_of(name) if name else ()))
        self.towns |= {plain(part) for part in [*locality.split(","), region] if plain(part)}

    def add_host(self, host):
        """Add the organisation behind it."""
        self.host = words_of(host) if host else ()

    def add_meeting(self, meeting):
        """Add when it meets, by universal time."""
        if meeting.start_time:
            rhythm = (*sorted(meeting.weeks_of_month), meeting.day_of_month)
            days = meeting.weekdays or ([0] if meeting.day_of_month else [])
            self.times |= {(*_moment(day, meeting.start_time, meeting.time_zone), rhythm) for day in days}

    def add_codes(self, codes):
        """Add whom it is for, by the codes of audiences and topics."""
        for code in codes:
            self.people |= {PEOPLE_OF_CODES.get(code, code), *(set(code.split("-")) & PEOPLE)}


@lru_cache(maxsize=4096)
def _moment(day, start_time, time_zone):
    there = datetime.combine(MONDAY + timedelta(days=day), start_time, ZoneInfo(time_zone))
    here = there.astimezone(ZoneInfo("UTC"))
    return here.weekday(), here.hour * 60 + here.minute


def compare(a, b, holders):
    """Return the `Likeness` of two groups. `holders` says how many groups have a contact."""
    points = Points()
    related = bool(set(a.words) & set(b.words)) or _overlap(a.trigrams, b.trigrams) >= 0.25
    _weigh_contacts(points, a, b, holders, related)
    _weigh_places(points, a, b)
    _weigh_times(points, a, b)
    if a.host and a.host == b.host:
        points.add(0.3, "host")
    if a.topics and b.topics and not a.topics & b.topics:
        points.add(-1.5, "topics")
    if not related and (a.topic_words & set(b.words) or b.topic_words & set(a.words)):
        points.add(1.5, "topic in name")
    # To compare names takes longest, and cannot help where all else speaks against it.
    if points.total + MOST_FOR_A_NAME >= 0:
        _weigh_names(points, a, b)
    return points.likeness()


def _overlap(a, b):
    return len(a & b) / (len(a | b) or 1)


def _weigh_contacts(points, a, b, holders, related):
    """Add points for contacts in common. A telephone is as likely that of the hall where the names are unlike."""
    telling = {"email": 4.0, "web": 3.5, "phone": 3.0 if related else 1.5}
    shared = sorted(a.contacts & b.contacts, key=lambda key: -telling[key.partition(":")[0]])
    rare = [key for key in shared if holders.get(key, 0) <= SHARED_BY_FEW]
    for place, key in enumerate(rare[:2]):
        kind = key.partition(":")[0]
        points.add(telling[kind] if place == 0 else 1.0, kind)
    if shared and not rare:
        points.add(0.3, "shared by many", min(holders[key] for key in shared))


def _weigh_names(points, a, b):
    share, only_a, only_b = compare_names(a.words, b.words, a.place_words | b.place_words)
    telling = PEOPLE | SIDES | set(DAYS)
    # A word for some people counts against, unless the other group is for them as well.
    only_a, only_b = only_a - b.people - _days_of(b), only_b - a.people - _days_of(a)
    people = (only_a | only_b) & telling
    if only_a and only_b and share > 0.15:
        points.add(-9.0, "other words", " / ".join(_joined(each) for each in (only_a, only_b)))
    elif people:
        points.add(-8.0, "people", _joined(people))
    points.add(-2.0 + 6.5 * share if share < 0.95 else MOST_FOR_A_NAME, "name", round(share, 2))


def _joined(words):
    return " ".join(sorted(words))


def _days_of(facts):
    return {DAYS[day] for day, _minute, _rhythm in facts.times}


def _weigh_places(points, a, b):
    there = [
        (distance_km(one, two), one_name, two_name)
        for one, one_name in a.venues
        if one
        for two, two_name in b.venues
        if two
    ]
    if there:
        km, one, two = min(there)
        worth = next((worth for most, worth in ((0.4, 2.0), (1, 1.2), (3, -1.0), (10, -4.0)) if km <= most), -7.0)
        points.add(worth, "metres", round(km * 1000))
        if one and two and compare_names(one, two).share > 0.7:
            points.add(0.5, "venue")
    elif a.towns and b.towns:
        if a.towns & b.towns:
            points.add(1.5, "town")
        else:
            points.add(-2.5, "other town")


def _weigh_times(points, a, b):
    if not (a.times and b.times):
        return
    if any(one[:2] == two[:2] and one[2] == two[2] for one in a.times for two in b.times):
        points.add(1.5, "when")
        return
    apart = [abs(one[1] - two[1]) for one in a.times for two in b.times if one[0] == two[0] and one[2] == two[2]]
    if apart and min(apart) <= 60:
        points.add(0.8, "minutes", min(apart))
    else:
        points.add(-1.0, "other times")
