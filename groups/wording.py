"""What a meeting says of itself in plain words: 'Every second Tuesday, 7 pm to 8.30 pm'."""

from datetime import date

from django.utils import formats, timezone
from django.utils.dates import MONTHS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from directory.choices import Weekday
from directory.geo import KM_PER_MILE
from directory.words import with_small_letter
from groups.choices import Frequency, MeetingFormat

NON_BREAKING_SPACE = "\N{NO-BREAK SPACE}"


def clock(moment):
    """Return a time of day as people say it: '7 pm', '8.30 pm', 'noon'."""
    if (moment.hour, moment.minute) == (12, 0):
        return _("noon")
    if (moment.hour, moment.minute) == (0, 0):
        return _("midnight")
    hour = moment.hour % 12 or 12
    minutes = f".{moment.minute:02}" if moment.minute else ""
    half = pgettext("time of day", "am") if moment.hour < 12 else pgettext("time of day", "pm")
    return f"{hour}{minutes}{NON_BREAKING_SPACE}{half}"


def clock_span(start, end):
    """Return 'from 7 pm' or '7 pm to 8.30 pm'."""
    if end is None:
        return _("from %(start)s") % {"start": clock(start)}
    return _("%(start)s to %(end)s") % {"start": clock(start), "end": clock(end)}


def day_and_month(day, today=None):
    """Return a date without the year where it is near: 'Tuesday 24 November'."""
    today = today or timezone.localdate()
    pattern = "l j F" if abs((day - today).days) < 300 else "l j F Y"
    return formats.date_format(day, pattern)


def month_of(day, today):
    """Return a month, with the year where it is far off: 'September', 'September 2028'."""
    return formats.date_format(day, "F" if (day - today).days < 300 else "F Y")


def day_of_year(day):
    """Return a date as it comes every year: '14 December'."""
    return formats.date_format(day, "j F")


def days_in_words(meeting):
    """Return on which days a meeting happens, without the time: 'Every Sunday from April to September'."""
    words = _days(meeting)
    if not meeting.months or meeting.frequency in {Frequency.DATES, Frequency.APPOINTMENT}:
        return words
    return _("%(days)s %(season)s") % {"days": words, "season": _season(sorted(meeting.months))}


def _season(months):
    """Return 'from October to March' for months in a row, else 'in March, June and September'."""
    names = [str(MONTHS[month]) for month in months]
    gaps = [at for at, month in enumerate(months) if (month - months[at - 1]) % 12 != 1]
    if len(months) > 2 and len(gaps) == 1:
        return _("from %(first)s to %(last)s") % {"first": names[gaps[0]], "last": names[gaps[0] - 1]}
    return _("in %(months)s") % {"months": get_text_list(names, _("and"))}


def _days(meeting):
    days = get_text_list([_day_name(day) for day in sorted(meeting.weekdays)], _("and"))
    match meeting.frequency:
        case Frequency.WEEKLY if meeting.weekdays == list(range(7)) and meeting.interval == 1:
            return _("Every day")
        case Frequency.WEEKLY:
            return _every(meeting.interval) % {"days": days}
        case Frequency.MONTHLY_WEEKDAY:
            which = get_text_list([_nth(week) for week in _in_order(meeting.weeks_of_month)], _("and"))
            words = (
                _("%(which)s %(days)s of the month")
                if meeting.interval == 1
                else _("%(which)s %(days)s, every %(n)d months")
            )
            return _capital(words % {"which": which, "days": days, "n": meeting.interval})
        case Frequency.MONTHLY_DATE:
            words = (
                _("On the %(day)s of the month") if meeting.interval == 1 else _("On the %(day)s, every %(n)d months")
            )
            # Any January has each day.
            day = formats.date_format(date(2000, 1, meeting.day_of_month), "jS")
            return words % {"day": day, "n": meeting.interval}
        case Frequency.DATES:
            ahead = [day for day in sorted(meeting.dates) if day >= timezone.localdate()][:4]
            return (
                _("On %(dates)s") % {"dates": get_text_list([day_and_month(day) for day in ahead], _("and"))}
                if ahead
                else _("On single dates, all of them past")
            )
    return _("By arrangement")


def meeting_in_words(meeting):
    """Return when a meeting happens: 'First Tuesday of the month, 7 pm to 9 pm, except bank holidays'."""
    words = days_in_words(meeting)
    if meeting.start_time is not None and meeting.frequency != Frequency.APPOINTMENT:
        words = f"{words}, {clock_span(meeting.start_time, meeting.end_time)}"
    if meeting.skips_bank_holidays and meeting.frequency != Frequency.DATES:
        words = _("%(when)s, except bank holidays") % {"when": words}
    for each in meeting.breaks.all() if meeting.pk else []:
        if each.yearly:
            days = {"start": day_of_year(each.starts_on), "end": day_of_year(each.ends_on)}
            words = _("%(when)s, not from %(start)s to %(end)s") % {"when": words, **days}
    today = timezone.localdate()
    if meeting.starts_on and meeting.starts_on > today:
        words = _("%(when)s, from %(day)s on") % {"when": words, "day": day_and_month(meeting.starts_on, today)}
    if meeting.ends_on and meeting.ends_on >= today:
        words = _("%(when)s, until %(day)s") % {"when": words, "day": day_and_month(meeting.ends_on, today)}
    elif meeting.ends_on:
        words = _("%(when)s. It ended on %(day)s") % {"when": words, "day": day_and_month(meeting.ends_on, today)}
    return words


def zone_in_words(name):
    """Return whose time it is, by the name of the time zone: 'UK time', 'time in New York'."""
    known = {"Europe/London": _("UK time"), "Europe/Dublin": _("Irish time"), "Europe/Paris": _("French time")}
    city = name.rpartition("/")[2].replace("_", " ")
    return known.get(name) or _("time in %(city)s") % {"city": city}


def near_day_in_words(at, now=None):
    """Return 'today' or 'tomorrow' for a moment that is, by the clock of its own zone; else an empty string."""
    now = (now or timezone.now()).astimezone(at.tzinfo)
    return {0: _("today"), 1: _("tomorrow")}.get((at.date() - now.date()).days, "")


def format_in_words(meetings):
    """Return how a group meets: 'In person', 'In person or online'."""
    formats_used = list(dict.fromkeys(meeting.format for meeting in meetings))
    return get_text_list(lower_after_the_first(str(MeetingFormat(code).label) for code in formats_used), _("or"))


def lower_after_the_first(sentences):
    """Return sentences as parts of one: only the first keeps its capital letter."""
    first, *others = [*sentences, ""]
    return [part for part in [first, *map(with_small_letter, others)] if part]


def either_in_words(sentences):
    """Return sentences of which any one will do, the last after ', or': 'Just turn up, or get in touch first'."""
    *others, last = [*sentences] or [""]
    return _("%(others)s, or %(last)s") % {"others": ", ".join(others), "last": last} if others else last


def distance_in_words(km, *, in_kilometres):
    """Return a distance in the reader's unit: '2.1 miles', 'less than 1 km'."""
    if km is None:
        return ""
    distance = km if in_kilometres else km / KM_PER_MILE
    if distance < 1:
        return _("less than 1 km") if in_kilometres else _("less than 1 mile")
    shown = formats.number_format(round(distance, 1 if distance < 10 else 0), 1 if distance < 10 else 0)
    return _("%(n)s km") % {"n": shown} if in_kilometres else _("%(n)s miles") % {"n": shown}


def _day_name(number):
    return str(list(Weekday)[number].label)


def _every(interval):
    if interval == 1:
        return _("Every %(days)s")
    if interval == 2:
        return _("Every second %(days)s")
    return ngettext("Every %(n)d week on %(days)s", "Every %(n)d weeks on %(days)s", interval).replace(
        "%(n)d", str(interval)
    )


def _nth(week):
    return {
        1: _("first"),
        2: _("second"),
        3: _("third"),
        4: _("fourth"),
        5: _("fifth"),
        -1: _("last"),
    }[week]


def _in_order(weeks):
    return sorted(weeks, key=lambda week: week if week > 0 else 9)


def _capital(words):
    return words[:1].upper() + words[1:]
