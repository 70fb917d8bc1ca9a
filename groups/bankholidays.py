"""Bank holidays: which nation's a meeting keeps, and when they are."""

from functools import cache

import holidays

from directory.choices import Nation

PARTS_OF_THE_UK = {Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND}
NATION_OF_ZONE = {
    "Europe/London": Nation.ENGLAND,
    "Europe/Belfast": Nation.NORTHERN_IRELAND,
    "Europe/Dublin": Nation.IRELAND,
    "Europe/Paris": Nation.FRANCE,
    "Europe/Isle_of_Man": Nation.ISLE_OF_MAN,
    "Europe/Jersey": Nation.JERSEY,
    "Europe/Guernsey": Nation.GUERNSEY,
}


def nation_of(meeting):
    """Return whose bank holidays a meeting keeps: its venue's, else those of the places its group serves, else its
    time zone's; an empty string where none of them tells.
    """
    if meeting.venue_id:
        return meeting.venue.country
    if meeting.group_id:
        nations = set(meeting.group.nations_served)
        if len(nations) == 1:
            return nations.pop()
    return NATION_OF_ZONE.get(meeting.time_zone, "")


@cache
def bank_holidays(nation, year):
    """Return the bank holidays of a nation in a year, as dates.

    A holiday on a Saturday counts beside the weekday that stands in for it: on neither is a library open.
    """
    try:
        if nation in PARTS_OF_THE_UK:
            found = holidays.country_holidays("GB", subdiv=str(nation), years=year)
        else:
            found = holidays.country_holidays(nation, years=year)
    except NotImplementedError:
        return frozenset()
    return frozenset(found)
