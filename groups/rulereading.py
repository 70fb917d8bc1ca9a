"""RFC 5545 text, such as a calendar program gives, as a meeting's fields."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from groups.choices import Frequency
from groups.models.meetings import time_zones
from groups.rules import DAYS, IN_UTC, LOCAL

LONGEST_TEXT = 20_000
MOST_INTERVAL = 12
# What a rule does not say, it does not have.
NO_DAYS = {
    "interval": 1,
    "weekdays": [],
    "weeks_of_month": [],
    "day_of_month": None,
    "months": [],
    "dates": [],
    "starts_on": None,
    "ends_on": None,
}


def read_rule(text):
    """Return (fields of a meeting, cancelled dates) that RFC 5545 text says.

    Raises `ValidationError` with a sentence for what is no rule, or one that a meeting cannot hold.
    """
    if len(text) > LONGEST_TEXT:
        raise ValidationError(_("That is too long for one meeting."))
    fields, cancelled, added, rule = dict(NO_DAYS), [], [], None
    for name, parameters, value in _lines(text):
        if name == "RRULE":
            if rule is not None:
                raise ValidationError(_("These are two rules. Make each a meeting of its own."))
            rule = value
        elif name == "DTSTART":
            first = _moment(value)
            fields |= {"starts_on": first.date(), "start_time": first.time()}
            zone = parameters.get("TZID") or ("UTC" if value.endswith("Z") else "")
            if zone and zone not in time_zones():
                raise ValidationError(_("We do not know the time zone “%(zone)s”.") % {"zone": zone[:40]})
            if zone:
                fields["time_zone"] = zone
        elif name == "EXDATE":
            cancelled += [_moment(each).date() for each in value.split(",")]
        else:
            added += [_moment(each).date() for each in value.split(",")]
    if rule is not None:
        if added:
            raise ValidationError(_("It adds single dates to a rule. Make those a meeting of their own."))
        return fields | _rule_fields(rule, fields["starts_on"]), sorted(set(cancelled))
    if not added and not fields["starts_on"]:
        raise ValidationError(_("This is no rule. One looks like RRULE:FREQ=WEEKLY;BYDAY=TU"))
    dates = {*added, *([fields["starts_on"]] if fields["starts_on"] else [])} - set(cancelled)
    return fields | {"frequency": Frequency.DATES, "dates": sorted(dates), "starts_on": None}, []


def _lines(text):
    """Yield (name, parameters, value) of each line; a bare rule counts as one."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text.strip())
    for line in filter(None, (line.strip() for line in unfolded.splitlines())):
        head, colon, value = line.partition(":")
        if not colon and line.upper().startswith("FREQ="):
            head, value = "RRULE", line
        name, *parameters = head.upper().split(";")
        if name not in {"RRULE", "DTSTART", "EXDATE", "RDATE"} or not value:
            raise ValidationError(_("We cannot read “%(line)s”.") % {"line": line[:60]})
        # A zone's name keeps its capitals.
        yield name, dict(each.partition("=")[::2] for each in head.split(";")[1:]) if parameters else {}, value.strip()


def _moment(value):
    for pattern in (IN_UTC, LOCAL, "%Y%m%dT%H%M", "%Y%m%d"):
        try:
            return datetime.strptime(value.strip(), pattern)  # noqa: DTZ007 a wall clock
        except ValueError:
            continue
    raise ValidationError(_("“%(value)s” is no date. One is written 20261124T190000.") % {"value": value[:40]})


def _rule_fields(rule, starts_on):
    parts = {}
    for part in rule.upper().strip(";").split(";"):
        name, _equals, value = part.partition("=")
        if name in parts or not value:
            raise ValidationError(_("We cannot read “%(part)s”.") % {"part": part[:60]})
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    fields = {"interval": _number(parts.pop("INTERVAL", "1"), 1, MOST_INTERVAL)}
    fields["months"] = sorted({_number(each, 1, 12) for each in _list(parts.pop("BYMONTH", ""))})
    if "UNTIL" in parts:
        fields["ends_on"] = _moment(parts.pop("UNTIL")).date()
    if "COUNT" in parts:
        raise ValidationError(_("It says how often it happens (COUNT). Say the last date instead (UNTIL)."))
    week_start = parts.pop("WKST", "MO")
    days = [_weekday(each) for each in _list(parts.pop("BYDAY", ""))]
    if frequency == "YEARLY" and fields["interval"] == 1 and fields["months"]:
        frequency = "MONTHLY"
    if frequency == "DAILY" and fields["interval"] == 1:
        frequency, days = "WEEKLY", days or [(0, day) for day in range(7)]
    if frequency == "WEEKLY":
        if week_start != "MO" and fields["interval"] > 1:
            raise ValidationError(_("Here weeks begin on Monday. This rule has another first day (WKST)."))
        fields |= _weekly(days, starts_on)
    elif frequency == "MONTHLY":
        fields |= _monthly(parts, days, starts_on)
    else:
        raise ValidationError(
            _("A meeting is weekly or monthly here. “%(rule)s” is neither.") % {"rule": frequency[:20] or rule[:40]}
        )
    if parts:
        raise ValidationError(_("A meeting cannot hold “%(part)s” here.") % {"part": ", ".join(parts)[:60]})
    if fields["interval"] > 1 and not starts_on:
        raise ValidationError(_("For every second week or month, give the first date too (DTSTART)."))
    return fields


def _weekly(days, starts_on):
    if any(week for week, _day in days):
        raise ValidationError(_("A weekly rule has plain weekdays, such as TU."))
    weekdays = sorted({day for _week, day in days})
    if not weekdays and starts_on:
        weekdays = [starts_on.weekday()]
    return {"frequency": Frequency.WEEKLY, "weekdays": weekdays}


def _monthly(parts, days, starts_on):
    if days and "BYMONTHDAY" not in parts:
        places = _list(parts.pop("BYSETPOS", ""))
        # The second of one weekday is its second week; of several weekdays it is something else.
        if places and len(days) == 1 and not days[0][0]:
            days = [(_number(place, -1, 5), days[0][1]) for place in places]
        weeks = list(dict.fromkeys(week for week, _day in days))
        weekdays = sorted({day for _week, day in days})
        if set(weeks) - {-1, 1, 2, 3, 4, 5} or len(set(days)) != len(weeks) * len(weekdays):
            raise ValidationError(_("These weekdays do not go together. Make each a meeting of its own."))
        return {"frequency": Frequency.MONTHLY_WEEKDAY, "weekdays": weekdays, "weeks_of_month": weeks}
    if days:
        raise ValidationError(_("It gives weekdays and days of the month together. A meeting has one of them here."))
    numbers = _list(parts.pop("BYMONTHDAY", "")) or ([str(starts_on.day)] if starts_on else [])
    if len(numbers) != 1:
        raise ValidationError(_("A monthly meeting is on one day of the month here. Make each a meeting of its own."))
    return {"frequency": Frequency.MONTHLY_DATE, "day_of_month": _number(numbers[0], 1, 31)}


def _list(value):
    return [each for each in value.split(",") if each]


def _number(value, least, most):
    if re.fullmatch(r"[+-]?\d{1,3}", value, re.ASCII) and least <= int(value) <= most and int(value):
        return int(value)
    raise ValidationError(
        _("“%(value)s” is not a number from %(least)d to %(most)d.")
        % {"value": value[:20], "least": least, "most": most}
    )


def _weekday(value):
    match = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", value, re.ASCII)
    if not match:
        raise ValidationError(_("“%(value)s” is no weekday. One is written TU.") % {"value": value[:20]})
    return int(match[1] or 0), DAYS.index(match[2])
