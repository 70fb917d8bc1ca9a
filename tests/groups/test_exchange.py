"""Groups and meetings out of tables: which one a row is about, what it may change, what is refused."""

import csv
import io

import pytest
from django.contrib.auth.models import User

from directory.history import erase
from directory.models import Act, FormerAddress
from groups.exchange import GroupExchange, MeetingExchange
from groups.models import Group, GroupSearch, Meeting, Venue
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    LanguageFactory,
    MeetingFactory,
    PlaceFactory,
    SupportRoleFactory,
    TopicFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def table(*rows):
    """Return dictionaries as a CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def load(*rows, exchange=GroupExchange, dry_run=False, **options):
    return exchange(**options).import_data(exchange.read(table(*rows)), dry_run=dry_run)


def fates(result):
    assert result.base_errors == []
    return [str(row.fate) for row in result.rows]


def problem(result):
    """Return the column, value and advice of the only problem."""
    assert fates(result) == ["refused"]
    assert len(result.refused[0].problems) == 1, result.refused[0].problems
    return result.refused[0].problems[0]


def load_meetings(*rows, **options):
    return load(*rows, exchange=MeetingExchange, **options)


# Which one


def test_a_new_group_waits_for_a_curator():
    result = load({"name": "Tuesday Talk", "state": "published"}, by=User.objects.create_user("kim"))
    group = Group.objects.get()
    assert fates(result) == ["new"]
    assert (group.slug, group.state, group.state_changed_by.username) == ("tuesday-talk", "pending", "kim")
    assert "waits for a curator" in result.rows[0].says[0]
    assert Act.objects.get().author == "kim"


def test_publishing_must_be_ticked_and_then_the_search_finds_it():
    rows = [{"name": "A", "state": "published"}, {"name": "B", "state": "draft"}, {"name": "C", "state": ""}]
    load(*rows, publish=True)
    assert dict(Group.objects.values_list("slug", "state")) == {"a": "published", "b": "draft", "c": "pending"}
    assert GroupSearch.objects.get().group.slug == "a"


def test_an_unpublished_group_is_not_published_by_the_way_and_a_public_one_stays():
    draft, public = GroupFactory(state="draft"), GroupFactory()
    rows = [{"slug": each.slug, "state": "published"} for each in (draft, public)]
    assert fates(load(*rows)) == ["unchanged", "unchanged"]
    assert fates(load(*rows, publish=True)) == ["changed", "unchanged"]
    draft.refresh_from_db()
    assert draft.is_published


def test_hiding_needs_no_tick():
    group = GroupFactory()
    load({"slug": group.slug, "state": "archived"})
    assert Group.objects.get().state == "archived"
    assert not GroupSearch.objects.exists()


def test_a_renamed_group_is_the_same_and_its_old_address_leads_on(client):
    group = GroupFactory(slug="old", name="Old")
    assert fates(load({"uuid": group.uuid, "slug": "new", "name": "New"})) == ["changed"]
    assert Group.objects.get().slug == "new"
    assert client.get("/groups/old/").headers["Location"] == "/groups/new/"
    # And back again.
    load({"uuid": group.uuid, "slug": "old"})
    assert client.get("/groups/old/").status_code == 200
    assert FormerAddress.objects.get().slug == "new"


def test_a_group_of_another_list_is_known_by_its_number_there():
    group = GroupFactory(source="Mind", external_id="7")
    load({"source": "Mind", "external_id": "7", "summary": "Other words."})
    group.refresh_from_db()
    assert group.summary == "Other words."


def test_a_name_alone_never_changes_what_is_there():
    GroupFactory(slug="tuesday-talk", name="Tuesday Talk", summary="Ours.")
    assert fates(load({"name": "Tuesday Talk"})) == ["unchanged"]
    found = problem(load({"name": "Tuesday Talk", "summary": "Another one, in Hull."}))
    assert found.column == "slug"
    assert "Write “tuesday-talk” here" in found.why
    assert Group.objects.get().summary == "Ours."


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ({"uuid": "x", "name": "A"}, "uuid", "not an identifier"),
        ({"uuid": "4484038b-7db6-4dc9-ad23-c78091b1b913", "slug": "taken", "name": "A"}, "slug", "Another one has"),
        ({"slug": "was-taken", "name": "A"}, "slug", "had this address before"),
        ({"slug": "add", "name": "A"}, "slug", "address of the site itself"),
        ({"slug": "not a slug", "name": "A"}, "slug", "slug"),
        ({"name": "日本"}, "slug", "plain letters"),
        ({"slug": "a", "name": ""}, "name", "blank"),
        ({"name": "A" * 161}, "name", "at most 160"),
        ({"name": "A", "kind": "mutual"}, "kind", "Did you mean “mutual aid”"),
        ({"name": "A", "open_to": "experience; nobody"}, "open_to", "Write one of: experience; family; anyone"),
        ({"name": "A", "age_from": "-3"}, "age_from", "greater than or equal to 0"),
        ({"name": "A", "time_limited": "perhaps"}, "time_limited", "yes or no"),
        ({"name": "A", "confirmed_at": "soon", "confirmed_by": "owner"}, "confirmed_at", "3 March 2026"),
        ({"name": "A", "confirmed_at": "3 March 2026"}, "confirmed_by", "or neither"),
        ({"name": "A", "serves": "Atlantis"}, "serves", "do not know the place “Atlantis”"),
        ({"name": "A", "languages": "xx"}, "languages", "Write one of: en"),
        ({"name": "A", "contacts": "email | nobody"}, "contacts", "Line 1: Enter a valid email"),
        ({"name": "A", "contacts": "website | example.org"}, "contacts", "https://"),
        ({"name": "A", "contacts": "pigeon | x"}, "contacts", "Line 1, kind: We do not know “pigeon”"),
        ({"name": "A", "contacts": "email"}, "contacts", "Line 1, address or number: Fill this in"),
        ({"name": "A", "contacts": "email|a@example.org|relay||no|||more"}, "contacts", "more than 7 parts"),
        ({"name": "A", "former_addresses": "taken"}, "former_addresses", "“taken” leads to another"),
        ({"name": "A", "age_from": "60", "age_to": "20"}, "", "lowest age comes before"),
        ({"slug": "taken", "age_from": "60", "age_to": "20"}, "", "lowest age comes before"),
    ],
)
def test_a_wrong_cell_is_named_with_how_to_put_it_right(row, column, why):
    LanguageFactory()
    taken = GroupFactory(slug="taken")
    FormerAddress.objects.create(listing=taken, slug="was-taken")
    found = problem(load(row))
    assert found.column == column
    assert why in found.why
    assert Group.objects.count() == 1


def test_all_that_is_wrong_in_a_row_is_told_at_once_and_values_are_shortened():
    result = load({"name": "A" * 300, "kind": "x", "founded": "soon"})
    assert {each.column for each in result.refused[0].problems} == {"name", "kind", "founded"}
    assert max(len(each.value) for each in result.refused[0].problems) == 60


def test_two_rows_about_one_group_are_refused():
    group = GroupFactory()
    rows = [{"uuid": group.uuid, "slug": ""}, {"uuid": "", "slug": group.slug}]
    assert fates(load(*rows)) == ["unchanged", "refused"]
    assert fates(load({"name": "A"}, {"name": "A"})) == ["new", "refused"]
    assert Group.objects.count() == 1


def test_what_the_database_refuses_is_found_among_many_rows():
    rows = [{"name": f"Group {n}", "age_from": "20", "age_to": "10" if n in {3, 700} else "30"} for n in range(900)]
    result = load(*rows)
    assert [row.number for row in result.refused] == [5, 702]
    assert not Group.objects.exists()


def test_an_erased_group_does_not_come_back():
    group = GroupFactory()
    uuid = group.uuid
    erase(group, by=None, reason="asked")
    assert "erased" in problem(load({"uuid": uuid, "name": "A"})).why


# What a cell changes


def test_an_empty_cell_empties_and_an_absent_column_leaves():
    group = GroupFactory(summary="Words.", host="A host", usual_size=8, kind="shed", audiences=["women"])
    load({"slug": group.slug, "summary": "", "usual_size": "", "audiences": "", "kind": ""})
    group.refresh_from_db()
    assert (group.summary, group.usual_size, group.audiences) == ("", None, [])
    assert (group.host, group.kind) == ("A host", "shed")


def test_links_by_code_or_by_name():
    TopicFactory(slug="anxiety", label="Anxiety and worry")
    TopicFactory(slug="carers", label="Carers")
    LanguageFactory(), LanguageFactory(code="cy", name="Welsh")
    SupportRoleFactory(slug="facilitator", name="Facilitator")
    place = PlaceFactory()
    row = {
        "name": "A",
        "topics": "Anxiety and worry; carers",
        "languages": "en, Welsh",
        "seeking": "FACILITATOR",
        "serves": "Leeds",
        "open_to": "Family, friends and carers; experience",
        "audiences": "women, men",
    }
    assert fates(load(row)) == ["new"]
    group = Group.objects.get()
    assert set(group.topics.values_list("slug", flat=True)) == {"anxiety", "carers"}
    assert set(group.languages.values_list("code", flat=True)) == {"en", "cy"}
    assert list(group.serves.all()) == [place]
    assert group.seeking.get().slug == "facilitator"
    assert (group.open_to, group.audiences) == (["family", "experience"], ["women", "men"])
    assert fates(load({"slug": "a", **row})) == ["unchanged"]
    load({"slug": "a", "topics": "carers", "serves": ""})
    assert (group.topics.get().slug, group.serves.count()) == ("carers", 0)


def test_contacts_are_hidden_unless_the_row_says_otherwise_and_stay_the_same_ones():
    group = GroupFactory()
    old = GroupContactFactory(group=group, value="old@example.org", visibility="everyone")
    GroupContactFactory(group=group, value="gone@example.org", position=1)
    lines = "phone | 0113 496 0000 || Evenings\nemail | old@example.org | relay"
    load({"slug": group.slug, "contacts": lines})
    new, kept = group.contacts.all()
    assert (new.visibility, new.label) == ("curators", "Evenings")
    assert (kept.pk, kept.visibility, kept.position) == (old.pk, "relay", 1)


def test_former_addresses_are_added_and_never_taken_away():
    group = GroupFactory()
    FormerAddress.objects.create(listing=group, slug="first")
    assert fates(load({"slug": group.slug, "former_addresses": ""})) == ["unchanged"]
    assert fates(load({"slug": group.slug, "former_addresses": "second"})) == ["changed"]
    assert set(FormerAddress.objects.values_list("slug", flat=True)) == {"first", "second"}


# Meetings


def row_of(meeting, **more):
    return {"uuid": meeting.uuid, "group": meeting.group.slug, **more}


def test_a_meeting_with_its_venue_as_people_write_it():
    group = GroupFactory(slug="tea")
    row = {
        "group": "tea",
        "weekdays": "Tuesday, Thu",
        "start_time": "7.30 pm",
        "minutes": "90",
        "breaks": "22 December 2026 | 4 January 2027 | no | Christmas",
        "exceptions": "03/03/2026 | 4/3/26 | 7pm | A day later",
        "venue_name": "The Old Rooms",
        "locality": "Leeds",
        "country": "ENG",
        "venue_access": "step-free; Hearing loop",
    }
    result = load_meetings(row)
    assert fates(result) == ["new"], result.refused[0].problems
    meeting = group.meetings.get()
    assert (meeting.weekdays, str(meeting.start_time), meeting.minutes) == ([1, 3], "19:30:00", 90)
    assert str(meeting.breaks.get().ends_on) == "2027-01-04"
    assert str(meeting.exceptions.get().moved_to_on) == "2026-03-04"
    assert (meeting.venue.name, meeting.venue.access) == ("The Old Rooms", ["step-free", "hearing-loop"])
    assert meeting.join_visibility == "curators"
    assert meeting.next_at is not None
    assert fates(load_meetings(row)) == ["unchanged"]
    assert Venue.objects.count() == 1


def test_next_dates_reckon_with_breaks_that_come_in_the_same_row():
    GroupFactory(slug="tea")
    load_meetings({"group": "tea", "weekdays": "mon", "start_time": "10:00", "breaks": "1 January 2020"})
    assert Meeting.objects.get().next_at is None


def test_meetings_share_a_venue_of_the_same_name_and_address():
    GroupFactory(slug="tea")
    venue = {"venue_name": "Hall", "locality": "Leeds", "country": "ENG"}
    rows = [{"group": "tea", "weekdays": day, "start_time": "7pm", **venue} for day in ("mon", "tue")]
    load_meetings(*rows)
    assert Venue.objects.get().meetings.count() == 2


def test_a_venue_is_changed_by_its_uuid_only_and_by_one_voice():
    meeting, other = MeetingFactory(), MeetingFactory()
    venue = meeting.venue
    Meeting.objects.filter(pk=other.pk).update(venue=venue)
    same = {"venue_name": venue.name, "address": venue.address, "locality": venue.locality}
    found = problem(load_meetings(row_of(meeting, **same, venue_kind="cafe")))
    assert found.column == "venue_kind"
    assert "venue_uuid" in found.why
    rows = [
        row_of(each, venue_uuid=venue.uuid, venue_kind=kind) for each, kind in ((meeting, "cafe"), (other, "school"))
    ]
    result = load_meetings(*rows)
    assert "Row 2 says otherwise" in result.refused[0].problems[0].why
    assert fates(load_meetings(rows[0])) == ["changed"]
    venue.refresh_from_db()
    assert venue.kind == "cafe"
    assert fates(load_meetings(rows[0])) == ["unchanged"]


def test_hiding_an_address_moves_the_public_point():
    meeting = MeetingFactory()
    load_meetings(row_of(meeting, venue_uuid=meeting.venue.uuid, address_visibility="curators"))
    venue = Venue.objects.get()
    assert (venue.public_latitude, venue.public_longitude) != (venue.latitude, venue.longitude)


def test_a_meeting_can_lose_its_venue_and_move_to_another_group():
    meeting, other = MeetingFactory(), GroupFactory()
    empty = dict.fromkeys(("venue_uuid", "venue_name", "address", "locality", "postcode"), "")
    assert fates(load_meetings({"uuid": meeting.uuid, "group": other.slug, **empty})) == ["changed"]
    meeting.refresh_from_db()
    assert (meeting.group, meeting.venue) == (other, None)


def test_a_meeting_without_a_uuid_changes_none_that_is_there():
    meeting = MeetingFactory()
    when = {"group": meeting.group.slug, "weekdays": "tue", "start_time": "7pm"}
    assert fates(load_meetings(when)) == ["unchanged"]
    assert problem(load_meetings({**when, "note": "Other words"})).column == "uuid"
    assert fates(load_meetings({**when, "start_time": "8pm"})) == ["new"]


@pytest.mark.parametrize(
    ("more", "column", "why"),
    [
        ({"group": "nobody"}, "group", "no group with the address “nobody”"),
        ({"group": ""}, "group", "Say which group"),
        ({"start_time": "7"}, "start_time", "7.30 pm"),
        ({"start_time": ""}, "start_time", "at what time"),
        ({"weekdays": "Tuseday"}, "weekdays", "Did you mean “tuesday”"),
        ({"interval": "2"}, "starts_on", "say the first date"),
        ({"time_zone": "Leeds"}, "time_zone", "not a time zone"),
        ({"join_url": "javascript:x"}, "join_url", "valid URL"),
        ({"venue_name": "Hall", "country": "ENG"}, "locality", "blank"),
        ({"locality": "Leeds", "country": "ENG", "latitude": "53"}, "", "both latitude and longitude"),
        ({"locality": "Leeds", "country": "ENG", "latitude": "north", "longitude": "1"}, "latitude", "53.796"),
        ({"breaks": "2 May 2026 | 1 May 2026"}, "breaks", "Line 1: A break ends after it starts"),
        ({"exceptions": "2 May 2026\n02/05/2026"}, "exceptions", "exception_once_a_date"),
    ],
)
def test_a_wrong_cell_of_a_meeting_is_named(more, column, why):
    GroupFactory(slug="tea")
    result = load_meetings({"group": "tea", "weekdays": "tue", "start_time": "7pm", **more})
    assert fates(result) == ["refused"]
    assert [column] == sorted({each.column for each in result.refused[0].problems if why in each.why}), result.refused[
        0
    ].problems
    assert not Meeting.objects.exists()
    assert not Venue.objects.exists()


def test_a_former_address_of_the_group_will_do():
    group = GroupFactory()
    FormerAddress.objects.create(listing=group, slug="before")
    load_meetings({"group": "before", "weekdays": "tue", "start_time": "7pm"})
    assert group.meetings.count() == 1


def test_a_dry_run_leaves_nothing_behind():
    VenueFactory()
    load({"name": "A", "contacts": "email | a@example.org"}, dry_run=True)
    assert not Group.objects.exists()
    assert not Act.objects.filter(why="Import of groups").exists()
