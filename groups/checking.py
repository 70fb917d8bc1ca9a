"""What a person gets to read, beside the field, who enters a meeting that cannot be."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from directory.days import FIRST_DAY, ODD_YEAR, is_meant
from groups.choices import Frequency
from groups.recurrence import HORIZON_DAYS, falls_on, regular_dates


def check_meeting(meeting):
    """Raise `ValidationError` for a meeting without a time or a day, in the wrong order, or that never happens."""
    check_days(meeting, "starts_on", "ends_on")
    if not all(map(is_meant, meeting.dates or [])):
        raise ValidationError({"dates": ODD_YEAR})
    if meeting.frequency == Frequency.APPOINTMENT:
        return
    errors = {}
    if meeting.start_time is None:
        errors["start_time"] = _("Say at what time it starts.")
    days = {
        Frequency.WEEKLY: ["weekdays"],
        Frequency.MONTHLY_WEEKDAY: ["weekdays", "weeks_of_month"],
        Frequency.MONTHLY_DATE: ["day_of_month"],
        Frequency.DATES: ["dates"],
    }.get(meeting.frequency, [])
    errors |= {name: _("Say on which day it is.") for name in days if not getattr(meeting, name)}
    if meeting.interval and meeting.interval > 1 and not meeting.starts_on:
        errors["starts_on"] = _("For every second week or month, say the first date.")
    if meeting.starts_on and meeting.ends_on and meeting.ends_on < meeting.starts_on:
        errors["ends_on"] = _("The last date comes after the first.")
    if errors:
        raise ValidationError(errors)
    if meeting.interval:
        _check_that_it_happens(meeting)


def _check_that_it_happens(meeting):
    if meeting.frequency == Frequency.MONTHLY_DATE and not _month_is_long_enough(meeting):
        raise ValidationError(
            {"day_of_month": _("There is no day %(day)d in these months.") % {"day": meeting.day_of_month}}
        )
    weekly = meeting.frequency == Frequency.WEEKLY
    if meeting.interval > 1 and weekly and meeting.starts_on.weekday() not in meeting.weekdays:
        raise ValidationError(
            {
                "starts_on": _("%(date)s is none of the weekdays above. Say the first date on which people meet.")
                % {"date": formats.date_format(meeting.starts_on, "l j F Y")}
            }
        )
    if next(regular_dates(meeting, _start_of(meeting)), None) is None:
        name = "ends_on" if meeting.ends_on else "dates" if meeting.frequency == Frequency.DATES else "frequency"
        message = (
            _("It ends before the first meeting. Change this date, or the days above.")
            if meeting.ends_on
            else _("There is no such day in the next eight years. Change the days or the months.")
        )
        raise ValidationError({name: message})


def _month_is_long_enough(meeting):
    # 2000 is a leap year, so that 29 February counts.
    months = meeting.months or range(1, 13)
    return any(_some_year_has(meeting.day_of_month, month) for month in months)


def _some_year_has(day, month):
    return day <= (29 if month == 2 else 30 if month in {4, 6, 9, 11} else 31)


def _start_of(meeting):
    if meeting.starts_on:
        return meeting.starts_on
    if meeting.frequency == Frequency.DATES:
        return FIRST_DAY
    # What has ended did happen once, and stays as it was.
    return meeting.ends_on - timedelta(days=HORIZON_DAYS) if meeting.ends_on else timezone.localdate()


def check_days(obj, *names):
    """Raise `ValidationError` where a date is in a year that nobody means."""
    errors = {name: ODD_YEAR for name in names if (day := getattr(obj, name)) and not is_meant(day)}
    if errors:
        raise ValidationError(errors)


def check_break(each):
    """Raise `ValidationError` for a break that ends before it starts, or that would never end."""
    check_days(each, "starts_on", "ends_on")
    if each.starts_on and each.ends_on and each.ends_on < each.starts_on:
        raise ValidationError({"ends_on": _("A break ends after it starts.")})
    if each.yearly and each.starts_on:
        if not each.ends_on:
            raise ValidationError({"ends_on": _("For a break of every year, say its last day.")})
        if (each.ends_on - each.starts_on).days >= 365:
            raise ValidationError({"ends_on": _("A break of every year is shorter than a year.")})


def check_exception(each):
    """Raise `ValidationError` for a change to a date on which there is no meeting anyway."""
    check_days(each, "on", "moved_to_on")
    if each.moved_to_time and not each.moved_to_on:
        raise ValidationError({"moved_to_on": _("Give the new date with the new time.")})
    if each.moved_to_on and each.moved_to_on == each.on and not each.moved_to_time:
        raise ValidationError({"moved_to_on": _("This is the same date. Leave it empty where it is cancelled.")})
    # What is over may say what it likes: the rule has perhaps changed since.
    if each.on and each.on >= timezone.localdate() and not falls_on(each.meeting, each.on):
        raise ValidationError(
            {
                "on": _("There is no meeting on %(date)s. Say the date that is cancelled or moved.")
                % {"date": formats.date_format(each.on, "l j F Y")}
            }
        )
