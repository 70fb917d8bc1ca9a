"""Fictional groups that show what a listing can say. Marked as samples, and removed with one command."""

from datetime import date, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from directory.gazetteer import named_place
from directory.loading import read_yaml
from directory.models import Language, SupportRole, Topic
from directory.models.listings import CONFIRM_EVERY
from groups.indexing import indexing_at_the_end
from groups.models import Group, GroupContact, Meeting, MeetingBreak, MeetingException, Venue

DATA = Path(__file__).resolve().parent / "data" / "samples.yaml"
LINKS = {"languages": (Language, "code"), "seeking": (SupportRole, "slug"), "topics": (Topic, "slug")}
PARTS = {"contacts", "venues", "meetings", "serves", "confirmed_days_ago"}


def confirmation(days_ago):
    """Return the fields that say a listing was confirmed `days_ago` days ago; none for `None`."""
    if days_ago is None:
        return {}
    at = timezone.now() - timedelta(days=days_ago)
    return {"confirmed_at": at, "review_due_on": (at + CONFIRM_EVERY).date()}


def consent_of(contact, at):
    """Return the fields that say when a person agreed to show this: where the file says how, at the time `at`."""
    return {"consented_on": timezone.localdate(at)} if contact.get("consented_how") else {}


@transaction.atomic
def load_sample_groups(path=DATA):
    """Add the sample groups that are not there yet. Returns how many were added."""
    entries = read_yaml(path)
    there = set(Group.objects.values_list("slug", flat=True))
    missing = [entry for entry in entries if entry["slug"] not in there]
    with indexing_at_the_end():
        for entry in missing:
            _add(entry)
    return len(missing)


def remove_sample_groups():
    """Remove all sample groups with their meetings and venues. Returns how many groups went."""
    _count, by_model = Group.objects.samples().delete()
    Venue.objects.filter(sample=True, meetings=None).delete()
    return by_model.get("groups.Group", 0)


def _add(entry):
    plain = {name: value for name, value in entry.items() if name not in PARTS and name not in LINKS}
    plain["confirmed_by"] = plain["confirmed_by"] or ""
    group = Group(**plain, **confirmation(entry["confirmed_days_ago"]), sample=True, source="samples")
    _save(group)
    for name, (model, key) in LINKS.items():
        getattr(group, name).set(model.objects.filter(**{f"{key}__in": entry[name]}))
    group.serves.set(place for name in entry["serves"] if (place := named_place(name)))
    for position, contact in enumerate(entry["contacts"]):
        _save(GroupContact(group=group, position=position, **consent_of(contact, group.confirmed_at), **contact))
    venues = {venue.pop("key"): Venue.objects.create(**venue, sample=True) for venue in entry["venues"]}
    for meeting in entry["meetings"]:
        _add_meeting(group, venues, meeting)


def _save(entry):
    # The database itself checks the constraints, in one go.
    entry.full_clean(validate_constraints=False)
    entry.save()


def _add_meeting(group, venues, entry):
    breaks, exceptions = entry.pop("breaks"), entry.pop("exceptions")
    venue = venues.get(entry.pop("venue"))
    entry["start_time"] = time.fromisoformat(entry["start_time"]) if entry["start_time"] else None
    for name in ("starts_on", "ends_on"):
        entry[name] = as_date(entry[name])
    entry["dates"] = [as_date(each) for each in entry["dates"]]
    meeting = Meeting(group=group, venue=venue, **entry)
    _save(meeting)
    for each in breaks:
        _save(
            MeetingBreak(
                meeting=meeting,
                starts_on=as_date(each["starts_on"]),
                ends_on=as_date(each.get("ends_on")),
                yearly=each.get("yearly", False),
                reason=each.get("reason", ""),
            )
        )
    for each in exceptions:
        _save(
            MeetingException(
                meeting=meeting,
                on=as_date(each["on"]),
                moved_to_on=as_date(each.get("moved_to_on")),
                moved_to_time=time.fromisoformat(each["moved_to_time"]) if each.get("moved_to_time") else None,
                note=each.get("note", ""),
            )
        )
    # The next date leaves out breaks and changes, which are only there now.
    meeting.save()


def as_date(value):
    """Return a date for a date or its ISO text; `None` for nothing."""
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None
