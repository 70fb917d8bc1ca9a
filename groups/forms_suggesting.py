"""Forms for what people may suggest about a group: its own fields, its meetings, the ways to get in touch."""

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from directory.choices import Visibility
from directory.models import Language, SupportRole, Topic
from directory.suggesting.contacts import SEEN_BY, WHO_AGREES, check_address
from directory.suggesting.fields import (
    NOT_KNOWN,
    YES_OR_NO,
    ChoiceField,
    ClockField,
    CodesField,
    DayField,
    DaysField,
    LineField,
    NumberField,
    PlaceNamesField,
    TextField,
    TickField,
)
from directory.suggesting.paths import Block, PartForm, PathForm
from groups.checking import check_meeting
from groups.choices import (
    MEETING_WORDS,
    Access,
    Audience,
    CallsItself,
    Cost,
    Frequency,
    GroupKind,
    MeetingFormat,
    OpenTo,
    RunBy,
    VenueKind,
    WayIn,
)
from groups.models import Meeting

# From then on, a meeting may well go on over midnight.
LATE = time(22)
EVERY = [
    ("1", _("Every one")),
    ("2", _("Every second one")),
    ("3", _("Every third one")),
    ("4", _("Every fourth one")),
    *[(str(n), format_lazy("{} {}", _("One in"), n)) for n in range(5, 13)],
]


def _ticks(words):
    return [(str(number), label) for number, label in words.items()]


def when_in_columns(values):
    """Return the columns of a meeting that say when it is, out of what the form holds."""
    start, end = _times(values)
    return {
        "format": values["format"],
        "frequency": values["frequency"],
        "interval": int(values["interval"]),
        "weekdays": [int(day) for day in values["weekdays"]],
        "weeks_of_month": [int(week) for week in values["weeks_of_month"]],
        "day_of_month": values["day_of_month"] or None,
        "months": [int(month) for month in values["months"]],
        "dates": [datetime.strptime(line, "%d/%m/%Y").date() for line in values["dates"].splitlines()],  # noqa: DTZ007
        "starts_on": date.fromisoformat(values["starts_on"]) if values["starts_on"] else None,
        "ends_on": date.fromisoformat(values["ends_on"]) if values["ends_on"] else None,
        "start_time": start,
        # A meeting that ends when it starts goes round the clock.
        "minutes": (_minute(end) - _minute(start) - 1) % (24 * 60) + 1 if start and end else None,
        "skips_bank_holidays": values["skips_bank_holidays"],
    }


def _times(values):
    return [time.fromisoformat(clock) if (clock := values.get(name)) else None for name in ("start_time", "end_time")]


def ends_before_it_starts(start, end):
    """Whether a meeting's times are the wrong way round. Only what starts late, or ends at midnight, goes over it."""
    return bool(start and end) and time.min < end < start < LATE


def _minute(clock):
    return clock.hour * 60 + clock.minute


class GroupFields(PathForm):
    """What a group says of itself."""

    ended = TickField(label=_("This group no longer meets"))
    name = LineField(
        label=_("Name of the group"), length=160, required=True, error_messages={"required": _("Type a name.")}
    )
    summary = LineField(
        label=_("The group in one or two sentences"),
        help_text=_("Lists show this. 300 letters at most."),
        length=300,
        rows=2,
    )
    topics = CodesField(
        label=_("What is it about?"), required=True, help_text=_("Tick what people come for. One is enough.")
    )
    about = TextField(label=_("Is it for me?"), help_text=_("What it is about, in plain words."), length=5000)
    kind = ChoiceField(GroupKind.choices, label=_("What sort of group is it?"), initial=GroupKind.MUTUAL_AID)
    calls_itself = CodesField(CallsItself.choices, label=_("What does it call itself?"))
    open_to = CodesField(OpenTo.choices, label=_("Who may come?"))
    audiences = CodesField(Audience.choices, label=_("Is it only for some people?"), help_text=_("None for everyone."))
    age_from = NumberField(label=_("From what age?"), min_value=0, max_value=120)
    age_to = NumberField(label=_("Up to what age?"), min_value=0, max_value=120)
    audience_note = LineField(label=_("More about who it is for"), length=300)
    languages = CodesField(label=_("Languages"))
    serves = PlaceNamesField(
        label=_("Which places is it for?"), help_text=_("Towns or counties, one a line."), rows=3, length=600
    )
    ways_in = CodesField(WayIn.choices, label=_("How do you come the first time?"))
    ways_in_note = LineField(label=_("More about how to come"), length=300)
    time_limited = ChoiceField(
        YES_OR_NO, empty_label=NOT_KNOWN, label=_("Must people leave after a set time, such as ten weeks?")
    )
    first_time = TextField(label=_("What happens the first time?"), help_text=_("One step a line."), length=5000)
    usual_size = NumberField(label=_("About how many people come?"), min_value=1, max_value=5000)
    cost = ChoiceField(Cost.choices, empty_label=NOT_KNOWN, label=_("What does it cost?"))
    cost_note = LineField(label=_("More about the cost"), length=300)
    access = CodesField(Access.choices, label=_("What does the group itself offer?"))
    run_by = ChoiceField(RunBy.choices, empty_label=NOT_KNOWN, label=_("Who runs it?"))
    decisions_by_members = ChoiceField(YES_OR_NO, empty_label=NOT_KNOWN, label=_("Do the members decide?"))
    host = LineField(label=_("Does it belong to an organisation?"), help_text=_("Its name."), length=160)
    founded = NumberField(label=_("In which year did it begin?"), min_value=1800, max_value=2100)
    ground_rules = TextField(label=_("The group’s own rules"), help_text=_("One rule a line."), length=5000)
    confidentiality = TextField(label=_("Is what people say private?"), length=5000)
    safeguarding = TextField(label=_("When would the group tell someone else, to keep people safe?"), length=5000)
    seeking = CodesField(label=_("Does the group look for support from someone in these roles?"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topics"].error_messages["required"] = _("Tick one topic at least.")
        self.fields["topics"].choices = list(Topic.objects.values_list("slug", "label"))
        self.fields["languages"].choices = list(Language.objects.values_list("code", "name"))
        self.fields["seeking"].choices = list(SupportRole.objects.values_list("slug", "name"))
        if self.is_new:
            del self.fields["ended"]

    def clean(self):
        """Ask for ages in order."""
        cleaned = super().clean()
        ages = cleaned.get("age_from", ""), cleaned.get("age_to", "")
        if "" not in ages and ages[0] > ages[1]:
            self.add_error("age_to", _("The lowest age comes before the highest."))
        return cleaned


class MeetingFields(PartForm):
    """When, where and how a group meets."""

    gone = TickField(label=_("This meeting no longer takes place"))
    frequency = ChoiceField(Frequency.choices, label=_("How often?"), initial=Frequency.WEEKLY)
    weekdays = CodesField(_ticks(MEETING_WORDS["weekdays"]), label=_("On which days?"))
    start_time = ClockField(label=_("When does it start?"))
    end_time = ClockField(label=_("When does it end?"))
    interval = ChoiceField(EVERY, label=_("Every week or month, or not every one?"), initial="1")
    starts_on = DayField(
        label=_("First date"), help_text=_("Needed for every second week or month. Such as 12/03/2027.")
    )
    weeks_of_month = CodesField(
        _ticks(MEETING_WORDS["weeks_of_month"]), label=_("Once a month on a weekday: which one?")
    )
    day_of_month = NumberField(label=_("Once a month on a date: which day?"), min_value=1, max_value=31)
    dates = DaysField(label=_("Single dates"), help_text=_("One a line, such as 12/03/2027."), rows=3, length=2000)
    months = CodesField(_ticks(MEETING_WORDS["months"]), label=_("Only in some months?"), help_text=_("None for all."))
    ends_on = DayField(label=_("Last date"), help_text=_("Only where it ends one day."))
    skips_bank_holidays = TickField(label=_("No meeting on bank holidays"))
    format = ChoiceField(MeetingFormat.choices, label=_("How do people meet?"), initial=MeetingFormat.IN_PERSON)
    venue_name = LineField(label=_("Name of the place"), help_text=_("Such as: the library."), length=200)
    address = LineField(label=_("House and street"), length=300)
    locality = LineField(label=_("Town"), help_text=_("Or the part of a city."), length=120)
    postcode = LineField(label=_("Postcode"), length=12)
    room = LineField(label=_("Room"), length=120)
    show_address = TickField(label=_("Everyone may see the exact address: I organise the group, or they agreed"))
    venue_kind = ChoiceField(VenueKind.choices, label=_("What kind of place is it?"), initial=VenueKind.UNKNOWN)
    travel_notes = TextField(label=_("Getting there"), help_text=_("Bus, parking, which door."), rows=2, length=2000)
    venue_access = CodesField(Access.choices, label=_("What does the place offer?"))
    access_notes = TextField(
        label=_("More about getting in"), help_text=_("Such as: the door is 90 cm wide."), rows=2, length=2000
    )
    join_url = LineField(label=_("Link to join online"), help_text=_("Start with https://"), length=500)
    join_phone = LineField(label=_("Number to join by phone"), length=60)
    passcode = LineField(label=_("Passcode"), length=60)
    join_visibility = ChoiceField(
        SEEN_BY, label=_("Who may see how to join?"), initial=Visibility.CURATORS, help_text=WHO_AGREES
    )
    note = LineField(label=_("Anything else about this meeting"), length=500)

    blocks = (
        Block(names=("gone", "frequency", "weekdays", "start_time", "end_time")),
        Block(
            _("Not every week, or not all year"),
            (
                "interval",
                "starts_on",
                "weeks_of_month",
                "day_of_month",
                "dates",
                "months",
                "ends_on",
                "skips_bank_holidays",
            ),
        ),
        Block(
            _("Where"),
            folded=False,
            names=("format", "venue_name", "address", "locality", "postcode", "room", "show_address"),
        ),
        Block(_("More about the place"), ("venue_kind", "travel_notes", "venue_access", "access_notes")),
        Block(_("How to join online or by phone"), ("join_url", "join_phone", "passcode", "join_visibility")),
        Block(names=("note",)),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_new:
            del self.fields["gone"]

    def clean_postcode(self):
        """Refuse what is no postcode of any country that we serve: each has a number in it."""
        postcode = self.cleaned_data["postcode"]
        if postcode and not any(letter.isdigit() for letter in postcode):
            raise ValidationError(_("This is no postcode. Type one like LS6 1AA, or leave it empty."))
        return postcode

    def clean(self):
        """Refuse a meeting without a day, a time or a town, beside the field to change."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        try:
            check_meeting(Meeting(**when_in_columns(cleaned)))
        except ValidationError as error:
            self.add_error(None, error)
        if {"start_time", "end_time"} & self.changed_names() and ends_before_it_starts(*_times(cleaned)):
            self.add_error("end_time", _("It ends before it starts. Put one of the two times right."))
        happens_there = cleaned["format"] in {MeetingFormat.IN_PERSON, MeetingFormat.HYBRID}
        there = [name for name in ("venue_name", "address", "postcode") if cleaned.get(name)]
        if not cleaned["locality"] and (there or (happens_there and (self.is_new or self.current.get("locality")))):
            self.add_error("locality", _("Type the town."))
        if url := cleaned.get("join_url"):
            check_address(self, "join_url", url)
        return cleaned
