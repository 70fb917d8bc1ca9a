"""Groups with the meetings that their cards show, read by one statement.

Prefetching takes four, and took an eighth of all the work of a search page.
"""

from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.db.models import Field, Func
from django.db.models.query import ModelIterable

from groups.models.meetings import Meeting, MeetingBreak, MeetingException
from groups.models.venues import Venue

# What a card needs of each: neither how to join nor where the door is.
NAMES = {
    Meeting: [
        "id", "group_id", "venue_id", "format", "frequency", "interval", "weekdays", "weeks_of_month", "day_of_month",
        "months", "dates", "starts_on", "ends_on", "start_time", "minutes", "time_zone", "skips_bank_holidays",
    ],
    Venue: ["id", "locality", "country", "access"],
    MeetingBreak: ["id", "meeting_id", "starts_on", "ends_on", "yearly", "reason"],
    MeetingException: ["id", "meeting_id", "on", "moved_to_on", "moved_to_time", "note"],
}  # fmt: skip
# In the order of the model, in which `from_db` takes the values.
FIELDS = {
    model: [field for field in model._meta.concrete_fields if field.attname in names] for model, names in NAMES.items()
}


def _row(model, alias):
    """Return SQL for a row of a table as a JSON array, in the order of `FIELDS`."""
    return f"json_build_array({', '.join(f'{alias}.{field.column}' for field in FIELDS[model])})"


class MeetingRows(Func):
    """The meetings of a group as JSON: for each its row, its venue's, those of its breaks and of its changed dates."""

    template = f"""(
        SELECT json_agg(json_build_array(
            {_row(Meeting, "m")},
            CASE WHEN v.id IS NOT NULL THEN {_row(Venue, "v")} END,
            ARRAY(SELECT {_row(MeetingBreak, "b")} FROM groups_meetingbreak b
                  WHERE b.meeting_id = m.id ORDER BY b.starts_on),
            ARRAY(SELECT {_row(MeetingException, "e")} FROM groups_meetingexception e
                  WHERE e.meeting_id = m.id ORDER BY e.on)
        ) ORDER BY m.start_time, m.id)
        FROM groups_meeting m LEFT JOIN groups_venue v ON v.id = m.venue_id WHERE m.group_id = %(expressions)s)"""  # noqa: S608 our own columns
    output_field = Field()  # psycopg reads JSON

    def get_group_by_cols(self):
        """Return what it depends on: the group's own key."""
        return self.source_expressions


class WithMeetings(ModelIterable):
    """Groups that hold their meetings as if these had been prefetched, out of the annotation `meeting_rows`."""

    def __iter__(self):
        for group in super().__iter__():
            rows = group.__dict__.pop("meeting_rows") or []
            _hold(group, "meetings", Meeting, [_meeting(group, *row) for row in rows])
            yield group


def _meeting(group, row, venue, breaks, exceptions):
    meeting = _instance(Meeting, row)
    meeting.group = group
    meeting.venue = _instance(Venue, venue) if venue else None
    _hold(meeting, "breaks", MeetingBreak, [_instance(MeetingBreak, each) for each in breaks])
    _hold(meeting, "exceptions", MeetingException, [_instance(MeetingException, each) for each in exceptions])
    return meeting


def _hold(instance, name, model, related):
    """Put related instances where Django keeps those that it prefetched."""
    held = _held(model, related) if related else _none(model)
    instance.__dict__.setdefault("_prefetched_objects_cache", {})[name] = held


def _held(model, instances):
    """Return a queryset that has been read."""
    held = model.objects.all()
    held._result_cache, held._prefetch_done = instances, True
    return held


@cache
def _none(model):
    return _held(model, [])


def _instance(model, row):
    """Return the instance of a model that a row of its table as a JSON array makes."""
    return model.from_db("default", NAMES[model], list(map(_value, FIELDS[model], row)))


def _value(field, value):
    if isinstance(field, ArrayField):
        return [field.base_field.to_python(each) for each in value]
    return field.to_python(value)
