"""Meetings: when, how and where a group meets. The columns are those of an RFC 5545 RRULE, one thing a column."""

import uuid
import zoneinfo
from datetime import datetime, timedelta
from functools import cache, reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.choices import Visibility, Weekday
from groups.choices import MEETING_WORDS, Frequency, MeetingFormat, TimeOfDay
from groups.models.venues import Venue

# Listed once: each look reads a folder.
time_zones = cache(zoneinfo.available_timezones)


def validate_time_zone(name):
    """Refuse a name that is not in the time zone database."""
    if name not in time_zones():
        raise ValidationError(_("“%(name)s” is not a time zone. One is called Europe/London."), params={"name": name})


class MeetingQuerySet(models.QuerySet):
    """Meetings."""

    def for_display(self):
        """Meetings with all that a page needs to say when and where they are."""
        return self.select_related("venue").prefetch_related("breaks", "exceptions")

    def for_calendars(self):
        """Meetings with all that a calendar says of them, their groups included."""
        return self.for_display().select_related("group").prefetch_related("group__serves")

    def fitting(self, day=(), time=(), format=()):
        """Meetings on one of the days, in one of the parts of the day and in one of the formats, where these are given.

        The same as a group's slots in the search table: a hybrid meeting is online and in person too.
        """
        if day:
            self = self.filter(weekdays__overlap=[Weekday(code).number for code in day])
        if time:
            hours = [TimeOfDay(code).hours for code in time]
            self = self.filter(reduce(or_, (Q(start_time__hour__gte=since, start_time__hour__lt=until)
                                            for since, until in hours)))  # fmt: skip
        if format:
            both = {MeetingFormat.ONLINE, MeetingFormat.IN_PERSON}
            self = self.filter(format__in=[*format, *([MeetingFormat.HYBRID] if both.intersection(format) else [])])
        return self

    def perhaps_on(self, now):
        """Meetings that may be going on at a moment, by their clock, their day, or a date that was moved.

        Whether one is, only its dates tell: weeks of the month, breaks and changes are not looked at.
        """
        return self.extra(where=[_PERHAPS_ON], params=[now] * 6)  # noqa: S610 our own words


# The local time now, less the clock time at which it starts: the day on which it began, and how long ago.
_BEGAN = "((%s AT TIME ZONE groups_meeting.time_zone) - groups_meeting.start_time)"
_PERHAPS_ON = f"""(
    {_BEGAN}::time::interval < make_interval(mins => groups_meeting.minutes)
    AND (extract(isodow FROM {_BEGAN}) - 1 = ANY(groups_meeting.weekdays)
         OR extract(day FROM {_BEGAN}) = groups_meeting.day_of_month
         OR {_BEGAN}::date = ANY(groups_meeting.dates))
    OR EXISTS (SELECT FROM groups_meetingexception moved WHERE moved.meeting_id = groups_meeting.id
               AND moved.moved_to_on BETWEEN {_BEGAN}::date - 1 AND {_BEGAN}::date + 1)
)"""


class Meeting(models.Model):
    """One regular meeting of a group."""

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    group = models.ForeignKey(
        "groups.Group", verbose_name=_("group"), on_delete=models.CASCADE, related_name="meetings"
    )
    venue = models.ForeignKey(
        Venue, verbose_name=_("venue"), null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    format = models.CharField(
        _("format"), max_length=10, choices=MeetingFormat, default=MeetingFormat.IN_PERSON, help_text=_("Public.")
    )
    frequency = models.CharField(
        _("how often"), max_length=16, choices=Frequency, default=Frequency.WEEKLY, help_text=_("Public.")
    )
    interval = models.PositiveSmallIntegerField(
        _("every how many weeks or months"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("2 for every second week. Then say the first date below. Public."),
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        verbose_name=_("weekdays"),
        default=list,
        blank=True,
        help_text=_("0 for Monday to 6 for Sunday. Public."),
    )
    weeks_of_month = ArrayField(
        models.SmallIntegerField(validators=[MinValueValidator(-1), MaxValueValidator(5)]),
        verbose_name=_("which in the month"),
        default=list,
        blank=True,
        help_text=_("1 for the first, -1 for the last. Public."),
    )
    day_of_month = models.PositiveSmallIntegerField(
        _("day of the month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    months = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(12)]),
        verbose_name=_("only in these months, if not all year"),
        default=list,
        blank=True,
        help_text=_("1 for January to 12 for December. None for all year. Public."),
    )
    dates = ArrayField(
        models.DateField(), verbose_name=_("single dates"), default=list, blank=True, help_text=_("Public.")
    )
    starts_on = models.DateField(
        _("first date"), null=True, blank=True, help_text=_("Needed for every second week or month. Public.")
    )
    ends_on = models.DateField(_("last date"), null=True, blank=True, help_text=_("Public."))
    start_time = models.TimeField(
        _("starts at"), null=True, blank=True, help_text=_("By the clock of the place. Public.")
    )
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(24 * 60)]
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Europe/London", validators=[validate_time_zone]
    )
    skips_bank_holidays = models.BooleanField(_("no meeting on bank holidays"), default=False, help_text=_("Public."))
    room = models.CharField(
        _("room"), max_length=120, blank=True, help_text=_("Public only where the exact address is.")
    )
    join_url = models.URLField(
        _("link to join"), max_length=500, blank=True, help_text=_("Public only where ‘everyone’ is chosen below.")
    )
    join_phone = models.CharField(_("number to join by phone"), max_length=60, blank=True)
    passcode = models.CharField(_("passcode"), max_length=60, blank=True)
    join_visibility = models.CharField(
        _("who may see how to join"),
        max_length=10,
        choices=Visibility,
        default=Visibility.CURATORS,
        help_text=_("Link, number and passcode together."),
    )
    note = models.CharField(_("note"), max_length=500, blank=True, help_text=_("Public."))
    external_id = models.CharField(_("its number in the source"), max_length=200, blank=True, editable=False)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    next_at = models.DateTimeField(_("next"), null=True, blank=True, editable=False, db_index=True)

    objects = MeetingQuerySet.as_manager()

    kept_on_restore = ("join_visibility",)
    value_words = MEETING_WORDS

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["group", "start_time", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(format__in=MeetingFormat.values), name="meeting_format_known"),
            models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="meeting_frequency_known"),
            models.CheckConstraint(condition=Q(join_visibility__in=Visibility.values), name="meeting_visibility_known"),
            models.CheckConstraint(condition=Q(weekdays__contained_by=list(range(7))), name="meeting_weekdays_known"),
            models.CheckConstraint(
                condition=Q(weeks_of_month__contained_by=[-1, 1, 2, 3, 4, 5]), name="meeting_weeks_known"
            ),
            models.CheckConstraint(condition=Q(months__contained_by=list(range(1, 13))), name="meeting_months_known"),
            models.CheckConstraint(
                condition=Q(frequency=Frequency.APPOINTMENT) | Q(start_time__isnull=False),
                name="meeting_has_a_time",
                violation_error_message=_("Say at what time it starts."),
            ),
            models.CheckConstraint(
                condition=Q(frequency=Frequency.APPOINTMENT)
                | Q(frequency=Frequency.WEEKLY, weekdays__len__gt=0)
                | Q(frequency=Frequency.MONTHLY_WEEKDAY, weekdays__len__gt=0, weeks_of_month__len__gt=0)
                | Q(frequency=Frequency.MONTHLY_DATE, day_of_month__isnull=False)
                | Q(frequency=Frequency.DATES, dates__len__gt=0),
                name="meeting_has_a_day",
                violation_error_message=_("Say on which day it is."),
            ),
            models.CheckConstraint(
                condition=Q(interval=1) | Q(interval__gt=1, starts_on__isnull=False),
                name="meeting_interval_has_a_first_date",
                violation_error_message=_("For every second week or month, say the first date."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=models.F("ends_on")),
                name="meeting_dates_in_order",
                violation_error_message=_("The last date comes after the first."),
            ),
            models.UniqueConstraint(
                fields=["group", "external_id"], condition=~Q(external_id=""), name="meeting_once_per_source"
            ),
        ]

    def __str__(self):
        return f"{self.get_frequency_display()}: {self.start_time or self.get_format_display()}"

    def save(self, **kwargs):
        """Save the meeting with its next date, for sorting."""
        self.set_next_at()
        super().save(**kwargs)

    def clean(self):
        """Refuse a meeting that has no time, ends before it starts, or never happens, beside the field to change."""
        from groups.checking import check_meeting

        check_meeting(self)

    def set_next_at(self, now=None):
        """Set the next start that is still to come. Call it before a bulk write, which does not call `save`."""
        from groups.recurrence import next_starts

        now = now or timezone.now()
        self.next_at = next((each.at for each in next_starts(self, now=now) if each.at > now), None)

    @property
    def zone(self):
        """The meeting's time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def end_time(self):
        """When it ends, by the clock; `None` where its length is not known."""
        if self.start_time is None or not self.minutes:
            return None
        day = datetime(2000, 1, 1, self.start_time.hour, self.start_time.minute)  # noqa: DTZ001 a wall clock
        return (day + timedelta(minutes=self.minutes)).time()

    @property
    def in_full(self):
        """When and where it is, for a curator."""
        from groups.wording import meeting_in_words

        return f"{meeting_in_words(self)} – {self.venue or self.get_format_display()}"

    @property
    def pattern(self):
        """When it is, to be compared with other meetings."""
        days = (tuple(each) for each in (self.weekdays, self.weeks_of_month, self.dates, self.months))
        return (self.frequency, *days, self.day_of_month, self.start_time, self.time_zone)

    @property
    def happens_at_a_venue(self):
        """Whether people come together in one room."""
        return self.format in {MeetingFormat.IN_PERSON, MeetingFormat.HYBRID}


class MeetingBreak(models.Model):
    """A stretch of days without the meeting: a school holiday, a winter of every year, a pause with an open end."""

    meeting = models.ForeignKey(Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="breaks")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("The last day without a meeting. Empty where nobody knows yet when it goes on."),
    )
    yearly = models.BooleanField(_("every year"), default=False, help_text=_("On these days of every year. Public."))
    reason = models.CharField(_("reason"), max_length=100, blank=True, help_text=_("Public."))

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=models.F("ends_on")),
                name="break_dates_in_order",
                violation_error_message=_("A break ends after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(yearly=False) | Q(ends_on__isnull=False),
                name="break_of_every_year_ends",
                violation_error_message=_("For a break of every year, say its last day."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on} – {self.ends_on or '…'}"

    def clean(self):
        """Refuse days that make no sense, beside the field to change."""
        from groups.checking import check_break

        check_break(self)

    def covers(self, day):
        """Whether there is no meeting on `day` because of this break."""
        if day < self.starts_on:
            return False
        if not self.yearly:
            return self.ends_on is None or day <= self.ends_on
        first, last, at = ((each.month, each.day) for each in (self.starts_on, self.ends_on, day))
        return first <= at <= last if first <= last else at >= first or at <= last


class MeetingException(models.Model):
    """One date that is cancelled, or moved to another."""

    meeting = models.ForeignKey(Meeting, verbose_name=_("meeting"), on_delete=models.CASCADE, related_name="exceptions")
    on = models.DateField(_("date"))
    moved_to_on = models.DateField(_("moved to"), null=True, blank=True, help_text=_("Empty where it is cancelled."))
    moved_to_time = models.TimeField(_("new time"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Public."))

    class Meta:
        verbose_name = _("changed date")
        verbose_name_plural = _("changed dates")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "on"], name="exception_once_a_date"),
            models.CheckConstraint(
                condition=Q(moved_to_time__isnull=True) | Q(moved_to_on__isnull=False),
                name="exception_time_needs_a_date",
                violation_error_message=_("Give the new date with the new time."),
            ),
        ]

    def __str__(self):
        return str(self.on)

    def clean(self):
        """Refuse a change to a date that is none, beside the field to change."""
        from groups.checking import check_exception

        check_exception(self)
