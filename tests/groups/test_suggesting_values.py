"""A group as the form for suggestions holds it: out of the listing and back, with nothing lost."""

from datetime import time

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import QueryDict

from directory.choices import PublicationState, Visibility
from directory.history import undo
from directory.loading import read_yaml
from directory.models import Change, Suggestion
from directory.suggesting import (
    apply,
    changed_since,
    current_values,
    form_for,
    model_forms,
    public_values,
    read_posted,
)
from groups.models import Group, GroupContact, Meeting, MeetingBreak, Venue
from groups.samples import DATA, load_sample_groups
from tests.factories import GroupContactFactory, GroupFactory, MeetingFactory, PlaceFactory, TopicFactory, VenueFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return get_user_model().objects.create_user("ada")


def suggestion_of(group, values):
    """Return a suggestion that waits, as it is kept when it is sent."""
    now = current_values(group) if group else {}
    return Suggestion.objects.create(
        kind="correction" if group else "new",
        content_type=ContentType.objects.get_for_model(Group),
        object_id=group.pk if group else None,
        title="x",
        values=values,
        before={path: now.get(path) for path in values} if group else {},
    )


def take(group, values, *, by):
    """Apply values to a group, and return it as it is then."""
    return Group.objects.get(pk=apply(suggestion_of(group, values), values, by=by).pk)


@pytest.mark.usefixtures("content")
def test_each_sample_group_goes_through_the_form_and_back_without_a_difference(curator, client):
    for name in {name for entry in read_yaml(DATA) for name in entry["serves"]}:
        PlaceFactory(name=name)
    assert load_sample_groups() > 20
    before = Change.objects.count()
    for group in Group.objects.all():
        values = current_values(group)
        form = form_for(Group, group, values)
        assert (form.errors, form.differences()) == ({}, ({}, {})), group
        apply(suggestion_of(group, {}), values, by=curator)
        if not group.is_published:
            continue
        # And as a browser sends back what the page shows.
        page = client.get(f"/groups/{group.slug}/suggest/")
        data = QueryDict(mutable=True)
        for field, sent in filled(page).items():
            data.setlist(field, sent if isinstance(sent, list) else [sent])
        form = model_forms()[Group](group, data=data, hide=True)
        assert (form.errors, form.differences()) == ({}, ({}, {})), group
    assert Change.objects.count() == before


def test_the_public_values_leave_out_what_is_hidden():
    group = GroupFactory()
    hidden = MeetingFactory(
        group=group,
        venue=VenueFactory(address_visibility="curators", postcode="LS6 1AA"),
        room="Attic",
        join_url="https://meet.example/x",
    )
    shown = MeetingFactory(group=group, join_url="https://meet.example/y", join_visibility="everyone")
    secret = GroupContactFactory(group=group)
    open_one = GroupContactFactory(group=group, value="open@example.org", visibility="everyone")
    values = public_values(group)
    for name in ("venue_name", "address", "postcode", "room", "join_url"):
        assert f"meetings.{hidden.pk}.{name}" not in values
        assert f"meetings.{shown.pk}.{name}" in values
    assert values[f"meetings.{hidden.pk}.locality"] == "Headingley"
    assert f"contacts.{secret.pk}.value" not in values
    assert values[f"contacts.{open_one.pk}.value"] == "open@example.org"
    assert current_values(group)[f"contacts.{secret.pk}.value"] == "organiser@example.org"


def test_fields_and_links_are_taken_as_one_act_that_can_be_taken_back(curator):
    tea, grief = TopicFactory(slug="tea"), TopicFactory(slug="grief")
    leeds = PlaceFactory(name="Leeds")
    group = GroupFactory(name="Old", topics=[tea])
    values = {
        "name": "New",
        "topics": ["grief"],
        "serves": leeds.full_name,
        "age_from": 16,
        "time_limited": "no",
        "open_to": ["family"],
        "cost": "free",
    }
    suggestion = suggestion_of(group, values)
    apply(suggestion, values, by=curator)
    group.refresh_from_db()
    assert (group.name, group.age_from, group.time_limited, group.open_to) == ("New", 16, False, ["family"])
    assert (list(group.topics.all()), list(group.serves.all())) == ([grief], [leeds])
    suggestion.refresh_from_db()
    assert (suggestion.act.by, suggestion.listing) == (curator, group)
    undo(suggestion.act, by=curator)
    group.refresh_from_db()
    assert (group.name, list(group.topics.all())) == ("Old", [tea])


def test_a_new_group_waits_for_a_curator_whatever_is_sent(curator):
    TopicFactory(slug="tea")
    values = {
        "name": "Tea for all",
        "topics": ["tea"],
        "meetings.new1.format": "in-person",
        "meetings.new1.weekdays": ["1"],
        "meetings.new1.start_time": "19:00",
        "meetings.new1.end_time": "20:30",
        "meetings.new1.locality": "Headingley",
        "meetings.new1.address": "4 Lantern Yard",
        "contacts.new1.kind": "phone",
        "contacts.new1.value": "0113 496 0821",
        "state": "published",
        "ended": False,
    }
    suggestion = suggestion_of(None, values)
    group = apply(suggestion, values, by=curator)
    assert (group.state, group.slug) == (PublicationState.PENDING, "tea-for-all")
    meeting = group.meetings.get()
    assert (meeting.weekdays, meeting.start_time, meeting.minutes) == ([1], time(19), 90)
    assert (meeting.venue.locality, meeting.venue.address_is_public) == ("Headingley", False)
    contact = group.contacts.get()
    assert (contact.value, contact.visibility) == ("0113 496 0821", Visibility.CURATORS)
    suggestion.refresh_from_db()
    assert suggestion.listing == group


def test_a_meeting_changes_in_what_was_said_and_in_nothing_else(curator):
    group = GroupFactory()
    meeting = MeetingFactory(group=group, passcode="x", join_visibility="relay", external_id="7")
    MeetingBreak.objects.create(meeting=meeting, starts_on="2030-01-01", ends_on="2030-01-08")
    other = MeetingFactory(group=group, weekdays=[4])
    take(group, {f"meetings.{meeting.pk}.end_time": "21:00", f"meetings.{meeting.pk}.weekdays": ["2"]}, by=curator)
    meeting.refresh_from_db()
    assert (meeting.weekdays, meeting.start_time, meeting.minutes) == ([2], time(19), 120)
    assert (meeting.passcode, meeting.external_id, meeting.breaks.count()) == ("x", "7", 1)
    other.refresh_from_db()
    assert other.weekdays == [4]


def test_a_meeting_that_is_gone_goes_and_a_further_one_comes(curator):
    group = GroupFactory()
    gone, stays = MeetingFactory(group=group), MeetingFactory(group=group, weekdays=[4])
    new = {"format": "online", "frequency": "monthly-weekday", "weekdays": ["0"], "weeks_of_month": ["1", "-1"]}
    values = {f"meetings.new1.{name}": value for name, value in new.items()}
    take(group, {f"meetings.{gone.pk}.gone": True, "meetings.new1.start_time": "10:00"} | values, by=curator)
    assert set(Meeting.objects.values_list("format", "weekdays__0")) == {("in-person", 4), ("online", 0)}
    assert stays.venue.meetings.count() == 1


def test_a_place_of_their_own_moves_with_them(curator):
    group, venue = GroupFactory(), VenueFactory(region="Kent", access=["lift"])
    first, second = MeetingFactory(group=group, venue=venue), MeetingFactory(group=group, venue=venue, weekdays=[4])
    moved = {"address": "2 New Road", "locality": "Otley"}
    values = {f"meetings.{each.pk}.{name}": value for each in (first, second) for name, value in moved.items()}
    take(group, values, by=curator)
    venue.refresh_from_db()
    assert Venue.objects.count() == 1
    assert (venue.address, venue.locality, venue.region, venue.latitude) == ("2 New Road", "Otley", "", None)
    assert venue.access == ["lift"]


def test_a_place_that_others_use_stays_as_it_is_for_them(curator):
    group, venue = GroupFactory(), VenueFactory(external_id="9", source="feed")
    mine = MeetingFactory(group=group, venue=venue)
    theirs = MeetingFactory(venue=venue)
    take(group, {f"meetings.{mine.pk}.venue_name": "Town hall"}, by=curator)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.venue.name, mine.venue.external_id, mine.venue.address) == ("Town hall", "", "4 Lantern Yard")
    assert (theirs.venue, theirs.venue.name) == (venue, "The Reading Rooms")


def test_what_is_moved_is_still_found_near_its_town(curator):
    PlaceFactory(name="Otley", latitude=53.9, longitude=-1.69)
    meeting = MeetingFactory()
    take(meeting.group, {f"meetings.{meeting.pk}.locality": "Otley"}, by=curator)
    meeting.venue.refresh_from_db()
    assert meeting.venue.address_is_public
    assert abs(meeting.venue.public_latitude - 53.9) < 0.05
    page = meeting.group
    from groups.visibility import public_part

    assert public_part(page.meetings.get()).point is None


def test_a_way_to_get_in_touch_changes_comes_and_goes(curator):
    group = GroupFactory()
    phone = GroupContactFactory(group=group, kind="phone", value="1", visibility="relay", label="evenings")
    gone = GroupContactFactory(group=group)
    values = {
        f"contacts.{phone.pk}.value": "2",
        f"contacts.{gone.pk}.gone": True,
        "contacts.new1.kind": "website",
        "contacts.new1.value": "https://example.org/",
        "contacts.new1.visibility": "everyone",
    }
    take(group, values, by=curator)
    assert set(GroupContact.objects.values_list("kind", "value", "visibility", "label")) == {
        ("phone", "2", "relay", "evenings"),
        ("website", "https://example.org/", "everyone", ""),
    }


def test_a_group_that_has_ended_is_archived(curator):
    group = take(GroupFactory(), {"ended": True}, by=curator)
    assert group.state == PublicationState.ARCHIVED


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("name", "", "Type a name."),
        ("name", "x\0y", "We cannot read"),
        ("name", "x" * 161, "too long"),
        ("topics", ["nonsense"], "We do not know this choice"),
        ("topics", "tea", "Enter a list"),
        ("age_to", 3, "lowest age"),
        ("kind", "nonsense", "We do not know this choice"),
        ("serves", "Nowhere Springs", "We do not know this place"),
        ("meetings.{m}.start_time", "", "at what time"),
        ("meetings.{m}.start_time", "late", "19:00"),
        ("meetings.{m}.weekdays", [], "on which day"),
        ("meetings.{m}.interval", "2", "first date"),
        ("meetings.{m}.dates", "soon", "12/03/2027"),
        ("meetings.{m}.locality", "", "town"),
        ("meetings.{m}.join_url", "javascript:alert(1)", "https://"),
        ("meetings.{m}.day_of_month", 32, "1 to 31"),
        ("meetings.99999.start_time", "10:00", "no longer there"),
        ("contacts.{c}.value", "not an address", "name@example.org"),
        ("contacts.{c}.value", "", "Type the address"),
        ("contacts.99999.gone", True, "no longer there"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_changes(curator, path, value, said):
    group = GroupFactory(age_from=16, topics=[TopicFactory(slug="tea")])
    meeting, contact = MeetingFactory(group=group), GroupContactFactory(group=group)
    path = path.format(m=meeting.pk, c=contact.pk)
    before = Change.objects.count()
    with pytest.raises(ValidationError) as refused:
        apply(suggestion_of(group, {}), {"name": "Changed", path: value}, by=curator)
    where = {"interval": "starts_on"}.get(path.rpartition(".")[2])
    told = refused.value.message_dict
    assert said in " ".join(told[path.replace("interval", where) if where else path])
    assert Change.objects.count() == before


def test_what_was_wrong_before_keeps_nobody_from_mending_something_else(curator):
    group = GroupFactory(summary="x")
    meeting = MeetingFactory(group=group, venue=None)
    contact = GroupContactFactory(group=group, kind="website", value="example.org")
    Group.objects.update(name="")
    take(group, {"summary": "y", f"meetings.{meeting.pk}.note": "z"}, by=curator)
    group.refresh_from_db()
    contact.refresh_from_db()
    assert (group.summary, group.meetings.get().note, contact.value) == ("y", "z", "example.org")


def test_where_the_listing_has_moved_on_it_says_so():
    group = GroupFactory(name="A", summary="S")
    suggestion = suggestion_of(group, {"name": "B", "summary": "T"})
    assert changed_since(suggestion) == set()
    Group.objects.update(name="C")
    assert changed_since(Suggestion.objects.get()) == {"name"}


def test_a_curator_sees_each_field_with_what_was_suggested_in_words_and_may_mend_it(curator):
    TopicFactory(slug="tea", label="Tea and talk")
    group = GroupFactory(name="A")
    meeting = MeetingFactory(group=group)
    values = {"name": "B", "topics": ["tea"], f"meetings.{meeting.pk}.weekdays": ["1", "3"], "contacts.new1.value": "1"}
    form = form_for(Group, group, values | {"contacts.new1.kind": "phone"})
    path = f"meetings.{meeting.pk}.weekdays"
    assert 'value="B"' in str(form["name"])
    assert form.words_of("topics", ["tea"]) == "Tea and talk"
    assert form.words_of(path, ["1", "3"]) == "Tuesday, Thursday"
    assert str(form.label_of(path)).replace("\xa0", " ") == "Every Tuesday, 7 pm to 8.30 pm: On which days?"
    assert str(form.label_of("contacts.new1.value")) == "Way to get in touch: Address or number"
    data = QueryDict(f"name=C&{path}=0&contacts.new1.value=2")
    typed = read_posted(form, ["name", path, "contacts.new1.value"], data)
    assert typed == {"name": "C", path: ["0"], "contacts.new1.value": "2"}
    take(group, typed | {"contacts.new1.kind": "phone"}, by=curator)
    meeting.refresh_from_db()
    assert (Group.objects.get().name, meeting.weekdays) == ("C", [0])
