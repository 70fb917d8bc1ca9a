"""Meetings as groups really hold them: fields of a meeting, its breaks, its changed dates. One a line, by name."""

from datetime import date, time

D = date
EVENING = {"start_time": time(19), "minutes": 90}
WEEKLY = EVENING | {"frequency": "weekly", "weekdays": [1]}
NTH = EVENING | {"frequency": "monthly-weekday", "weekdays": [1], "weeks_of_month": [1]}
DATE = EVENING | {"frequency": "monthly-date", "weekdays": [], "day_of_month": 15}
SINGLE = EVENING | {"frequency": "dates", "weekdays": []}
OFF = {"skips_bank_holidays": True}
PARIS, DUBLIN = {"time_zone": "Europe/Paris"}, {"time_zone": "Europe/Dublin"}


def at(country):
    return {"venue__country": country} | OFF


PLAIN = {
    "every Tuesday": WEEKLY,
    "three days a week": WEEKLY | {"weekdays": [0, 2, 4]},
    "every day": WEEKLY | {"weekdays": list(range(7))},
    "weekends": WEEKLY | {"weekdays": [5, 6]},
    "from next year on": WEEKLY | {"starts_on": D(2027, 1, 5)},
    "until the summer": WEEKLY | {"ends_on": D(2027, 6, 29)},
    "six weeks only": WEEKLY | {"starts_on": D(2026, 11, 17), "ends_on": D(2026, 12, 22)},
    "only once": WEEKLY | {"starts_on": D(2026, 12, 1), "ends_on": D(2026, 12, 1)},
    "before dawn": WEEKLY | {"start_time": time(5, 45)},
    "at midnight": WEEKLY | {"start_time": time(0)},
    "over midnight": WEEKLY | {"start_time": time(23, 30), "minutes": 120},
    "no known length": WEEKLY | {"minutes": None},
    # Every second week and more, over the end of a year.
    "every second week": WEEKLY | {"interval": 2, "starts_on": D(2026, 11, 17)},
    "every second week since long ago": WEEKLY | {"interval": 2, "starts_on": D(2019, 1, 1)},
    "every second week over a year of 53 weeks": WEEKLY | {"interval": 2, "starts_on": D(2026, 12, 22)},
    "every second week on two days": WEEKLY | {"interval": 2, "weekdays": [0, 3], "starts_on": D(2026, 9, 10)},
    "every second week from a Sunday": WEEKLY | {"interval": 2, "weekdays": [0, 6], "starts_on": D(2026, 9, 13)},
    "every third week": WEEKLY | {"interval": 3, "weekdays": [5], "starts_on": D(2026, 10, 31)},
    "every fourth week": WEEKLY | {"interval": 4, "weekdays": [5], "starts_on": D(2026, 9, 12)},
    "every twelfth week": WEEKLY | {"interval": 12, "weekdays": [2], "starts_on": D(2025, 12, 31)},
    # By weekday of the month.
    "first Tuesday": NTH,
    "second Sunday": NTH | {"weekdays": [6], "weeks_of_month": [2]},
    "third Wednesday": NTH | {"weekdays": [2], "weeks_of_month": [3]},
    "fourth Thursday": NTH | {"weekdays": [3], "weeks_of_month": [4]},
    "fifth Monday": NTH | {"weekdays": [0], "weeks_of_month": [5]},
    "fifth Tuesday of February, in 2028": NTH | {"weekdays": [1], "weeks_of_month": [5], "months": [2]},
    "last Friday": NTH | {"weekdays": [4], "weeks_of_month": [-1]},
    "last Sunday, when clocks change": NTH | {"weekdays": [6], "weeks_of_month": [-1]},
    "first and third Monday": NTH | {"weekdays": [0], "weeks_of_month": [1, 3]},
    "fourth and last Tuesday": NTH | {"weeks_of_month": [4, -1]},
    "first Tuesday and Thursday": NTH | {"weekdays": [1, 3]},
    "first Tuesday of every second month": NTH | {"interval": 2, "starts_on": D(2026, 9, 1)},
    "last Friday of every third month": NTH
    | {"weekdays": [4], "weeks_of_month": [-1], "interval": 3, "starts_on": D(2026, 11, 27)},
    "first Monday of the year": NTH | {"weekdays": [0], "interval": 12, "starts_on": D(2026, 1, 5)},
    # By date of the month.
    "on the 15th": DATE,
    "on the 31st": DATE | {"day_of_month": 31},
    "on the 30th": DATE | {"day_of_month": 30},
    "on the 29th, with a leap day in 2028": DATE | {"day_of_month": 29},
    "on the leap day": DATE | {"day_of_month": 29, "interval": 12, "starts_on": D(2024, 2, 29)},
    "on the leap day, by its month": DATE | {"day_of_month": 29, "months": [2]},
    "on New Year's Day": DATE | {"day_of_month": 1, "interval": 12, "starts_on": D(2026, 1, 1)},
    "every second month on the 31st": DATE | {"day_of_month": 31, "interval": 2, "starts_on": D(2026, 1, 31)},
    # Seasons.
    "April to September": WEEKLY | {"months": [4, 5, 6, 7, 8, 9]},
    "October to March": WEEKLY | {"months": [10, 11, 12, 1, 2, 3]},
    "every second week in winter": WEEKLY | {"interval": 2, "starts_on": D(2025, 12, 30), "months": [11, 12, 1, 2]},
    "first Tuesday, not in August": NTH | {"months": [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]},
    "the 31st in summer": DATE | {"day_of_month": 31, "months": [6, 7, 8]},
    # Both changes of the clock.
    "London, in the hour that is missing": WEEKLY | {"weekdays": [6], "start_time": time(1, 30)},
    "London, at the end of the missing hour": WEEKLY | {"weekdays": [6], "start_time": time(2)},
    "London, through the night of the change": WEEKLY | {"weekdays": [5], "start_time": time(23), "minutes": 300},
    "Paris, in the hour that is missing": WEEKLY | PARIS | {"weekdays": [6], "start_time": time(2, 30)},
    "Paris, in the hour that comes twice": WEEKLY | PARIS | {"weekdays": [6], "start_time": time(2)},
    "Paris, every evening": WEEKLY | PARIS | {"weekdays": list(range(7))},
    "Dublin, in the hour that comes twice": WEEKLY | DUBLIN | {"weekdays": [6], "start_time": time(1, 15)},
    "New York, late": WEEKLY | {"time_zone": "America/New_York", "start_time": time(22)},
    "Sydney, early": WEEKLY | {"time_zone": "Australia/Sydney", "start_time": time(7)},
    "Kolkata, which never changes": WEEKLY | {"time_zone": "Asia/Kolkata"},
    # Bank holidays off.
    "England": WEEKLY | at("ENG") | {"weekdays": [0, 4]},
    "Wales": WEEKLY | at("WLS") | {"weekdays": [0]},
    "Scotland": WEEKLY | at("SCT") | {"weekdays": list(range(7))},
    "Northern Ireland": WEEKLY | at("NIR") | {"weekdays": list(range(7))},
    "Ireland": WEEKLY | at("IE") | DUBLIN | {"weekdays": [0, 1, 2]},
    "France": WEEKLY | at("FR") | PARIS | {"weekdays": [0, 3, 4]},
    "first Monday in England": NTH | at("ENG") | {"weekdays": [0]},
    "the 1st in France": DATE | at("FR") | PARIS | {"day_of_month": 1},
    # Single dates.
    "single dates": SINGLE | {"dates": [D(2027, 2, 3), D(2026, 12, 9), D(2028, 2, 29)]},
    "one single date": SINGLE | {"dates": [D(2026, 12, 31)]},
    "single dates, a bank holiday among them": SINGLE | at("ENG") | {"dates": [D(2026, 12, 25), D(2027, 1, 8)]},
}

# {name: (fields, breaks, changed dates)}
CHANGED = {
    "Christmas off": (WEEKLY, [{"starts_on": D(2026, 12, 15), "ends_on": D(2027, 1, 4)}], []),
    "school terms": (
        WEEKLY | {"weekdays": [0, 2]},
        [
            {"starts_on": D(2026, 12, 19), "ends_on": D(2027, 1, 3)},
            {"starts_on": D(2027, 2, 15), "ends_on": D(2027, 2, 19)},
            {"starts_on": D(2027, 3, 26), "ends_on": D(2027, 4, 11)},
            {"starts_on": D(2027, 5, 31), "ends_on": D(2027, 6, 4)},
            {"starts_on": D(2027, 7, 22), "ends_on": D(2027, 9, 5)},
        ],
        [],
    ),
    "August off every year": (WEEKLY, [{"starts_on": D(2026, 8, 1), "ends_on": D(2026, 8, 31), "yearly": True}], []),
    "winter off every year": (
        WEEKLY | {"weekdays": [6]},
        [{"starts_on": D(2026, 12, 14), "ends_on": D(2027, 2, 28), "yearly": True}],
        [],
    ),
    "a pause with an open end": (WEEKLY, [{"starts_on": D(2027, 3, 1), "ends_on": None}], []),
    "cancelled": (WEEKLY, [], [{"on": D(2026, 12, 29)}]),
    "moved by a day": (WEEKLY, [], [{"on": D(2026, 12, 8), "moved_to_on": D(2026, 12, 9)}]),
    "moved to another time": (
        WEEKLY,
        [],
        [{"on": D(2026, 12, 8), "moved_to_on": D(2026, 12, 8), "moved_to_time": time(14)}],
    ),
    "moved over the end of a year": (WEEKLY, [], [{"on": D(2026, 12, 29), "moved_to_on": D(2027, 1, 2)}]),
    "moved before the first date": (
        WEEKLY | {"starts_on": D(2027, 1, 5)},
        [],
        [{"on": D(2027, 1, 5), "moved_to_on": D(2026, 12, 30)}],
    ),
    "moved onto another date": (WEEKLY, [], [{"on": D(2026, 12, 8), "moved_to_on": D(2026, 12, 15)}]),
    "moved through a change of the clock": (
        WEEKLY | {"weekdays": [5]},
        [],
        [{"on": D(2027, 3, 27), "moved_to_on": D(2027, 3, 28), "moved_to_time": time(1, 30)}],
    ),
    "a bank holiday moved to the next day": (
        WEEKLY | at("ENG") | {"weekdays": [0]},
        [],
        [{"on": D(2026, 12, 28), "moved_to_on": D(2026, 12, 29)}],
    ),
    "moved out of a break": (
        WEEKLY,
        [{"starts_on": D(2026, 12, 15), "ends_on": D(2027, 1, 4)}],
        [{"on": D(2026, 12, 22), "moved_to_on": D(2026, 12, 21), "moved_to_time": time(12)}],
    ),
    "a date that is none, moved": (WEEKLY, [], [{"on": D(2026, 12, 10), "moved_to_on": D(2026, 12, 11)}]),
    "single dates, cancelled and moved": (
        SINGLE | {"dates": [D(2026, 12, 9), D(2027, 1, 6), D(2027, 2, 3)]},
        [],
        [{"on": D(2026, 12, 9)}, {"on": D(2027, 1, 6), "moved_to_on": D(2027, 1, 7)}],
    ),
    "every second week, all at once": (
        WEEKLY | at("SCT") | {"interval": 2, "weekdays": [0, 1], "starts_on": D(2026, 1, 5)},
        [{"starts_on": D(2026, 7, 1), "ends_on": D(2026, 8, 15), "yearly": True}],
        [{"on": D(2026, 12, 7)}, {"on": D(2026, 12, 8), "moved_to_on": D(2026, 12, 10)}],
    ),
}
TABLE = {name: (fields, [], []) for name, fields in PLAIN.items()} | CHANGED
