"""`import_meetings`: hand-written feeds of fictional groups, and real ones where somebody has them."""

import json
import os
from datetime import time
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from directory import safety
from directory.choices import ContactKind, ForWhom, Nation, PlaceKind, PublicationState, Visibility
from directory.models import Language, LoadedContent, Place, Topic
from groups.choices import Access, Audience, Frequency, GroupKind, MeetingFormat, OpenTo
from groups.imports import addresses, times
from groups.imports.text import clean, cut, part_lines, part_words
from groups.models import Group, GroupContact, Meeting, Venue

FEEDS = Path(os.environ.get("SHARED_FEEDS") or Path(settings.BASE_DIR).parent / "shared" / "feeds")
LEEDS = {"latitude": 53.8, "longitude": -1.55}
ROW = {
    "slug": "monday-heron",
    "name": "Heron Group",
    "day": 1,
    "time": "19:00",
    "end_time": "20:30",
    "types": ["O"],
    "location": "Heron Hall",
    "formatted_address": "3 Heron Lane, Leeds LS1 1AA, UK",
    **LEEDS,
}


@pytest.fixture
def feed(tmp_path):
    """Return a function that imports rows and returns the report."""

    def run(rows, *options):
        path, report = tmp_path / "feed.json", tmp_path / "report.json"
        path.write_text(json.dumps(rows))
        call_command("import_meetings", str(path), "--report", str(report), *options, stdout=StringIO())
        told = json.loads(report.read_text())
        assert told["taken"] + len(told["not_taken"]) == told["rows"] == len(rows)
        assert told["taken"] == sum(told["meetings"].values())
        return told

    return run


def only(model):
    """Return the one row of a model."""
    return model.objects.get()


@pytest.mark.django_db
def test_a_row_becomes_a_group_a_venue_and_a_meeting(feed):
    report = feed([ROW])

    group, venue, meeting = only(Group), only(Venue), only(Meeting)
    assert (group.name, group.slug, group.source, group.kind) == (
        "Heron Group",
        "heron-group",
        "feed",
        GroupKind.TWELVE_STEP,
    )
    assert (group.state, group.confirmed_at, group.open_to) == (PublicationState.PENDING, None, [OpenTo.ANYONE])
    assert (venue.name, venue.address, venue.locality, venue.postcode) == (
        "Heron Hall",
        "3 Heron Lane",
        "Leeds",
        "LS1 1AA",
    )
    assert venue.address_visibility == "everyone"
    assert (venue.public_latitude, venue.public_longitude) == (53.8, -1.55)
    assert (meeting.weekdays, meeting.start_time, meeting.minutes) == ([0], time(19), 90)
    assert (meeting.time_zone, meeting.frequency) == ("Europe/London", Frequency.WEEKLY)
    assert meeting.format == MeetingFormat.IN_PERSON
    assert meeting.next_at is not None
    assert report["meetings"] == {"new": 1, "changed": 0, "unchanged": 0}


@pytest.mark.django_db
def test_the_second_run_changes_nothing(feed):
    rows = [ROW, {**ROW, "slug": "two", "day": 3, "types": ["C", "W"], "notes": "Ring the bell.\nPIN: 1234"}]
    feed(rows)
    before = [list(model.objects.order_by("pk").values()) for model in (Group, Venue, Meeting, GroupContact)]

    report = feed(rows)

    after = [list(model.objects.order_by("pk").values()) for model in (Group, Venue, Meeting, GroupContact)]
    assert after == before
    for kind, count in [("groups", 1), ("venues", 1), ("meetings", 2)]:
        assert report[kind] == {"new": 0, "changed": 0, "unchanged": count}
    assert report["kept"] == []


@pytest.mark.django_db
def test_a_changed_feed_changes_what_no_curator_did(feed):
    row = {**ROW, "group_notes": "Old words.", "email": "heron@example.org"}
    feed([row])
    group, meeting = only(Group), only(Meeting)
    group.name = "The Herons"
    group.save()
    meeting.note = "Ring twice."
    meeting.save()

    report = feed(
        [{**row, "group_notes": "New words.", "time": "18:30", "notes": "Ring once.", "email": "h@example.org"}]
    )

    group, meeting = only(Group), only(Meeting)
    assert (group.name, group.about) == ("The Herons", "New words.")
    assert (meeting.start_time, meeting.note) == (time(18, 30), "Ring twice.")
    assert [contact.value for contact in group.contacts.all()] == ["h@example.org"]
    assert report["kept"] == [
        {"kind": "group", "name": "The Herons", "field": "name"},
        {"kind": "meeting", "name": "Heron Group", "field": "note"},
    ]
    assert (report["groups"]["changed"], report["meetings"]["changed"]) == (1, 1)


@pytest.mark.django_db
def test_a_text_that_a_browser_sent_back_unchanged_still_follows_the_feed(feed):
    feed([{**ROW, "group_notes": "One.\nTwo."}])
    Group.objects.update(about="One.\r\nTwo.")
    feed([{**ROW, "group_notes": "One.\nThree."}])
    assert only(Group).about == "One.\nThree."


@pytest.mark.django_db
def test_who_may_see_a_contact_is_the_curators_choice(feed):
    row = {**ROW, "email": "heron@example.org"}
    feed([row])
    GroupContact.objects.update(visibility=Visibility.EVERYONE, personal="no")
    feed([{**row, "phone": "0113 496 0000"}])
    found = GroupContact.objects.order_by("kind").values_list("kind", "visibility")
    assert list(found) == [(ContactKind.EMAIL, Visibility.EVERYONE), (ContactKind.PHONE, Visibility.CURATORS)]


@pytest.mark.django_db
def test_states_are_kept_and_only_pending_groups_are_published(feed):
    rows = [{**ROW, "slug": name, "name": name} for name in ("Wren", "Robin", "Finch", "Lark")]
    feed(rows)
    Group.objects.filter(name="Wren").update(state=PublicationState.ARCHIVED)
    Group.objects.filter(name="Robin").update(state=PublicationState.PUBLISHED)
    Group.objects.filter(name="Finch").update(state=PublicationState.DRAFT)
    feed(rows)
    states = dict(Group.objects.values_list("name", "state"))
    assert states == {"Wren": "archived", "Robin": "published", "Finch": "draft", "Lark": "pending"}

    report = feed(rows, "--publish")

    assert dict(Group.objects.values_list("name", "state")) == states | {"Lark": "published"}
    assert report["groups"] == {"new": 0, "changed": 1, "unchanged": 3}


@pytest.mark.django_db
def test_publish_makes_new_groups_public_and_confirms_nothing(feed):
    feed([{**ROW, "updated": "2026-01-01 10:00:00", "last_contact": "2026-01-01"}], "--publish")
    assert only(Group).is_published
    assert only(Group).confirmed_at is None


@pytest.mark.django_db
def test_what_a_curator_deleted_stays_deleted(feed):
    rows = [ROW, {**ROW, "slug": "two", "day": 2}, {**ROW, "slug": "wren", "name": "Wren Group"}]
    feed(rows)
    Group.objects.get(name="Wren Group").delete()
    Meeting.objects.get(external_id="two").delete()

    report = feed(rows)

    assert Group.objects.count() == 1
    assert Meeting.objects.count() == 1
    assert [each["row"] for each in report["not_taken"]] == [2, 3]


@pytest.mark.django_db
def test_a_group_whose_name_changes_in_the_feed_stays_the_same_group(feed):
    feed([ROW, {**ROW, "slug": "two", "day": 2}])
    before = only(Group)

    report = feed([{**row, "name": "Grey Heron Group"} for row in (ROW, {**ROW, "slug": "two", "day": 2})])

    assert (only(Group).pk, only(Group).slug, only(Group).name) == (before.pk, before.slug, "Grey Heron Group")
    assert report["groups"]["changed"] == 1
    assert (report["kept"], report["gone"]) == ([], [])


@pytest.mark.django_db
def test_a_meeting_moves_with_its_group_and_its_venue(feed):
    two = {**ROW, "slug": "two", "day": 2}
    feed([ROW, two])
    feed([ROW, {**two, "name": "Wren Group", "formatted_address": "1 Wren Road, York YO1 1AA, UK"}])
    moved = Meeting.objects.get(external_id="two")
    assert (moved.group.name, moved.venue.locality) == ("Wren Group", "York")


@pytest.mark.django_db
def test_what_left_the_feed_stays_and_is_reported(feed):
    feed([ROW, {**ROW, "slug": "wren", "name": "Wren Group"}])
    report = feed([ROW])
    assert Group.objects.count() == 2
    assert report["gone"] == ["group name|wren group|3 heron lane|leeds||ls1 1aa", "meeting wren"]


@pytest.mark.django_db
def test_rows_of_one_group_come_together(feed):
    rows = [
        ROW,
        {**ROW, "slug": "b", "name": "HERON  group", "day": 2},
        {**ROW, "slug": "c", "name": "Heron Group", "formatted_address": "9 Far Street, York YO1 1AA, UK"},
        {**ROW, "slug": "d", "name": "Early Wren", "group": "Wren", "group_id": 7},
        {**ROW, "slug": "e", "name": "Late Wren", "group": "Wren", "group_id": 7, "day": 4},
        {**ROW, "slug": "f", "name": "Robin", "group": "District 5", "district": "District 5"},
        {**ROW, "slug": "g", "name": "Finch", "group": "District 5", "district": "District 5"},
    ]
    report = feed(rows)
    found = {group.slug: group.meetings.count() for group in Group.objects.all()}
    assert found == {"heron-group": 2, "heron-group-york": 1, "wren": 2, "robin": 1, "finch": 1}
    assert set(Group.objects.get(slug="wren").meetings.values_list("note", flat=True)) == {"Early Wren", "Late Wren"}
    assert report["dropped"]["group that is only an area"] == [6, 7]
    assert Venue.objects.count() == 2


@pytest.mark.django_db
def test_identifiers_that_repeat_are_not_believed(feed):
    rows = [
        {**ROW, "slug": "x", "id": 1},
        {**ROW, "slug": "x", "id": 1, "day": 2},
        {**ROW, "slug": "x", "id": 1, "day": 2},
    ]
    report = feed(rows)
    assert Meeting.objects.count() == 2
    assert report["not_taken"] == [{"row": 3, "name": "Heron Group", "reason": "it says the same as row 2"}]
    assert feed(list(reversed(rows)))["meetings"]["unchanged"] == 2


@pytest.mark.django_db
def test_a_taken_slug_gets_the_town_and_then_a_number(feed):
    towns = ["Leeds LS1 1AA", "York YO1 1AA", "York YO2 2AA"]
    feed([{**ROW, "slug": town, "formatted_address": f"1 Street, {town}, UK"} for town in towns])
    feed([{**ROW, "slug": "r", "name": "Add"}, {**ROW, "slug": "g", "name": "შეკრება"}], "--source", "second")
    assert set(Group.objects.values_list("slug", flat=True)) == {
        "heron-group",
        "heron-group-york",
        "heron-group-york-2",
        "add-leeds",
        "group",
    }


@pytest.mark.parametrize(
    ("day", "weekdays"), [("0", [6]), (6, [5]), (1, [0]), (["1", 3], [0, 2]), ([0, 6], [5, 6]), (" 2 ", [1])]
)
def test_days_start_with_sunday(day, weekdays):
    assert times.read_days(day) == weekdays


@pytest.mark.parametrize("day", [7, "7", -1, "Monday", 1.5, True, [1, 9], {"day": 1}])
def test_other_days_are_refused(day):
    with pytest.raises(times.Unreadable):
        times.read_days(day)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19:00", time(19)),
        ("19:00:00", time(19)),
        ("7:00 pm", time(19)),
        ("7pm", time(19)),
        ("7.30 p.m.", time(19, 30)),
        ("12:15 AM", time(0, 15)),
        ("12 pm", time(12)),
        ("Noon", time(12)),
        ("19h30", time(19, 30)),
    ],
)
def test_times_are_read_as_people_write_them(text, expected):
    assert times.read_time(text) == expected


@pytest.mark.parametrize("text", ["", "19", "25:00", "24:00", "13:00 pm", "0 am", "7:60 pm", "evening", "1900"])
def test_other_times_are_refused(text):
    with pytest.raises(times.Unreadable):
        times.read_time(text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"day": 7}, "day 7 is not a day"),
        ({"time": "late"}, "“late” is not a time"),
        ({"time": ""}, "it has a day but no time"),
        ({"name": " \t\xa0"}, "it has no name"),
        ({"types": ["TC"]}, "its place is closed"),
        ({"attendance_option": "inactive"}, "calls it inactive"),
        ({"formatted_address": ""}, "its town is not told"),
        ({"latitude": None, "longitude": None}, "nothing tells its time zone"),
        ({"name": "Heron, 8:15pm Central"}, "the name says 8:15pm Central, the row 19:00"),
    ],
)
def test_a_row_that_cannot_be_a_meeting_is_reported_with_its_reason(feed, change, reason):
    report = feed([{**ROW, **change}])
    assert reason in report["not_taken"][0]["reason"]
    assert not Group.objects.exists()


@pytest.mark.django_db
def test_rows_that_are_no_objects_are_reported(feed):
    report = feed([ROW, None, "words", 7, [ROW]])
    assert report["taken"] == 1
    assert [each["row"] for each in report["not_taken"]] == [2, 3, 4, 5]


@pytest.mark.django_db
def test_no_day_is_by_arrangement(feed):
    feed([{**ROW, "day": None, "time": None, "end_time": None, "latitude": 0, "longitude": 0}])
    meeting = only(Meeting)
    assert (meeting.frequency, meeting.weekdays, meeting.start_time) == (Frequency.APPOINTMENT, [], None)
    assert meeting.next_at is None


@pytest.mark.django_db
def test_an_end_before_the_start_is_after_midnight(feed):
    feed([{**ROW, "time": "23:30", "end_time": "00:30"}])
    assert only(Meeting).minutes == 60


@pytest.mark.django_db
def test_an_end_that_says_nothing_is_dropped(feed):
    report = feed([{**ROW, "end_time": "19:00"}, {**ROW, "slug": "b", "end_time": "later"}])
    assert set(Meeting.objects.values_list("minutes", flat=True)) == {None}
    assert report["dropped"]["end_time that is the start"] == [1]
    assert report["dropped"]["end_time that is not a time"] == [2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "options", "zone"),
    [
        ({"timezone": "Europe/Paris"}, ["--time-zone", "Europe/Dublin"], "Europe/Paris"),
        ({"timezone": "Mars/Base"}, ["--time-zone", "Europe/Dublin"], "Europe/Dublin"),
        ({}, [], "Europe/London"),
        # The name says its clock, and the point is only a placeholder.
        ({"name": "Heron - 7pm Eastern - Online"}, [], "America/New_York"),
        # 'Central' may be Mexico's.
        ({"name": "Heron - 7pm Central", "latitude": 20.91, "longitude": -100.75}, [], "America/Mexico_City"),
        # The name says the same moment by another clock.
        ({"name": "Heron - 2pm Eastern"}, [], "Europe/London"),
    ],
)
def test_the_time_zone_comes_from_the_row_its_name_the_option_or_its_point(feed, change, options, zone):
    feed([{**ROW, **change}], *options)
    assert only(Meeting).time_zone == zone


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Heron Group", (Frequency.WEEKLY, [])),
        ("4th Step to Freedom", (Frequency.WEEKLY, [])),
        ("Leeds - 1st and 3rd Mondays 3:30 pm", (Frequency.MONTHLY_WEEKDAY, [1, 3])),
        ("Last Monday Group", (Frequency.MONTHLY_WEEKDAY, [-1])),
        ("Second & fourth Monday", (Frequency.MONTHLY_WEEKDAY, [2, 4])),
        ("2nd Tuesday", (Frequency.APPOINTMENT, [])),
        ("Heron every other Monday", (Frequency.APPOINTMENT, [])),
        ("Monthly Heron", (Frequency.APPOINTMENT, [])),
    ],
)
def test_a_name_tells_what_is_not_weekly(name, expected):
    assert times.rhythm(name, [0]) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, MeetingFormat.IN_PERSON),
        ({"types": ["onl"], "conference_url": "https://example.org/a"}, MeetingFormat.HYBRID),
        ({"conference_url": "https://example.org/a"}, MeetingFormat.HYBRID),
        ({"conference_url": "https://example.org/a", "approximate": "yes"}, MeetingFormat.ONLINE),
        ({"types": ["TC"], "conference_url": "https://example.org/a"}, MeetingFormat.ONLINE),
        ({"types": ["TC"], "conference_phone": "+441134960000"}, MeetingFormat.TELEPHONE),
        ({"attendance_option": "online"}, MeetingFormat.ONLINE),
        ({"attendance_option": "hybrid"}, MeetingFormat.HYBRID),
        ({"attendance_option": "in_person", "conference_phone": "1"}, MeetingFormat.IN_PERSON),
    ],
)
def test_the_format_follows_types_attendance_and_links(feed, change, expected):
    feed([{**ROW, **change}])
    assert only(Meeting).format == expected
    assert (only(Meeting).venue is None) == (expected in {MeetingFormat.ONLINE, MeetingFormat.TELEPHONE})


@pytest.mark.django_db
def test_types_go_where_they_are_true(feed):
    Language.objects.create(code="fr", name="French")
    rows = [
        {**ROW, "types": ["C", "W", "LGBTQ", "X", "FR", "PUN", "BE"]},
        {**ROW, "slug": "b", "day": 2, "types": ["O", "W", "CF", "be", "POA"]},
    ]
    report = feed(rows)
    group = only(Group)
    assert (group.audiences, group.access, group.open_to) == ([Audience.WOMEN], [], [OpenTo.EXPERIENCE])
    assert [language.code for language in group.languages.all()] == ["fr"]
    assert only(Venue).access == [Access.STEP_FREE]
    assert Meeting.objects.get(external_id="monday-heron").note == "Only for: LGBTQ+ people"
    assert Meeting.objects.get(external_id="b").note == (
        "Open meeting: anyone may come. Here: Children can come or play near by."
    )
    dropped = {"language pa, which the directory lacks": [1], "type BE": [1, 2], "type POA": [2]}
    assert report["dropped"] == dropped


@pytest.mark.django_db
def test_topics_are_given_by_slug(feed):
    Topic.objects.create(slug="herons", label="Herons", description="Herons.", for_whom=ForWhom.FAMILY)
    feed([{**ROW, "types": ["C"]}], "--topic", "herons")
    assert [topic.slug for topic in only(Group).topics.all()] == ["herons"]
    assert only(Group).open_to == [OpenTo.FAMILY]
    with pytest.raises(CommandError, match="There is no topic wrens"):
        feed([ROW], "--topic", "herons", "--topic", "wrens")


@pytest.mark.django_db
def test_ways_to_join_and_to_get_in_touch_are_for_curators(feed):
    private = {
        "conference_url": "https://example.org/join?pwd=one",
        "conference_phone": "+441134960001",
        "conference_url_notes": "password two",
        "email": "heron@example.org",
        "phone": "0113 496 0002",
        "contact_1_name": "Kit",
        "contact_1_email": "kit@example.org",
        "contact_2_name": "Sam",
        "mailing_address": "1 Heron Lane",
        "website": "https://example.org/heron",
    }
    report = feed([{**ROW, **private, "author": "robin", "edit_url": "https://example.org/edit"}])
    meeting, group = only(Meeting), only(Group)
    assert (meeting.join_url, meeting.join_phone) == (private["conference_url"], private["conference_phone"])
    assert meeting.join_visibility == Visibility.CURATORS
    assert {(each.kind, each.value, each.label, each.visibility) for each in group.contacts.all()} == {
        ("email", "heron@example.org", "", "curators"),
        ("phone", "0113 496 0002", "", "curators"),
        ("email", "kit@example.org", "Kit", "curators"),
        ("post", "1 Heron Lane", "", "curators"),
        ("website", "https://example.org/heron", "", "curators"),
    }
    assert group.curator_notes == "Monday 19:00: password two / Contact: Sam"
    assert (report["dropped"]["author"], report["dropped"]["edit_url"]) == ([1], [1])
    remembered = json.dumps(list(LoadedContent.objects.values_list("values", flat=True)))
    assert not any(secret in remembered for secret in ("pwd=one", "kit@example.org", "password two"))


@pytest.mark.django_db
def test_what_is_no_link_and_no_address_is_kept_for_curators(feed):
    report = feed([{**ROW, "conference_url": "javascript:alert(1)", "email": "not an address"}])
    assert only(Meeting).join_url == ""
    assert not GroupContact.objects.exists()
    assert only(Group).curator_notes == "Monday 19:00: javascript:alert(1) / not an address"
    assert report["dropped"]["conference_url that is not a web address, kept for curators"] == [1]


@pytest.mark.parametrize(
    "line",
    [
        "See https://example.org/a",
        "linktr.ee/heron",
        "write to heron@example.org",
        "Call 0113 496 0000",
        "Call 01 23 45 67 89",
        "Dial +44 113 496 0000",
        "Zoom ID: 123",
        "Meeting ID 123 4567 8901",
        "Zoom 12345678901",
        "Passcode heron",
        "Pass code: heron",
        "pw: heron",
        "Pass: heron",
        "PIN 1234",
        "Mot de passe : héron",
        "Kennwort: Reiher",
        "Ask @heron_group",
    ],
)
def test_a_line_with_a_secret_is_not_public(line):
    assert part_lines(f"Ring the bell.\n{line}\nUse the stairs.") == (["Ring the bell.", "Use the stairs."], [line])


@pytest.mark.parametrize(
    "line",
    [
        "Meets 1st and 3rd Sundays @ 7pm, room 12",
        "Newcomers' meeting at 6:30-7:15 on 2026-01-31",
        "Steps 1-3, Traditions 10 to 12",
        "Pin Oak Group, 12 Passcombe Road",
        "02139-1234",
    ],
)
def test_other_lines_are_public(line):
    assert part_lines(line) == ([line], [])
    assert part_words(line) == (line, [])


def test_a_secret_may_stand_in_the_line_after_its_label():
    assert part_lines("passcode:\n\nheron\nRing the bell.") == (["Ring the bell."], ["passcode:", "heron"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heron Group (passcode: 1234)", ("Heron Group", ["passcode: 1234)"])),
        ("The Hall, 5 Street, ID: 000000", ("The Hall, 5 Street", ["ID: 000000"])),
        ("30818592 Herons", ("30818592 Herons", [])),
        ("0113 496 0000 Steps", ("Steps", ["0113 496 0000"])),
    ],
)
def test_secrets_are_taken_out_of_names_and_addresses(text, expected):
    words, secrets = part_words(text)
    assert (words.rstrip(" ("), secrets) == expected


@pytest.mark.django_db
def test_notes_are_parted_into_public_and_private(feed):
    row = {
        **ROW,
        "notes": "Ring&nbsp;the\tbell &amp; wait.<br>Zoom ID: 123\nPasscode: heron",
        "group_notes": "We read.\t\t\nwww.example.org",
        "location_notes": "Side door.\nCaretaker: 0113 496 0000",
    }
    report = feed([row])
    assert only(Meeting).note == "Ring the bell & wait."
    assert only(Group).about == "We read."
    assert only(Venue).travel_notes == "Side door."
    assert only(Group).curator_notes == (
        "Monday 19:00: Caretaker: 0113 496 0000 / Zoom ID: 123 / Passcode: heron / www.example.org"
    )
    assert {kind for kind in report["dropped"] if "private" in kind} == {
        f"{field}: private lines, kept for curators" for field in ("notes", "group_notes", "location_notes")
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "public"),
    [
        ({}, True),
        ({"approximate": "yes"}, False),
        ({"formatted_address": "Leeds LS1 1AA, UK"}, False),
        ({"latitude": 0, "longitude": 0}, False),
        ({"latitude": "", "longitude": ""}, False),
        ({"latitude": "north", "longitude": "-1"}, False),
        ({"latitude": 91, "longitude": 0}, False),
    ],
)
def test_the_exact_address_is_public_only_where_the_feed_gives_a_street_and_a_point(feed, change, public):
    feed([{**ROW, **change}], "--time-zone", "Europe/London")
    assert only(Venue).address_visibility == ("everyone" if public else "curators")


@pytest.mark.django_db
def test_the_point_in_the_sea_is_never_stored(feed):
    report = feed([{**ROW, "latitude": 0.0, "longitude": "0"}], "--time-zone", "Europe/London")
    assert (only(Venue).latitude, only(Venue).longitude) == (None, None)
    assert report["dropped"]["coordinates 0, 0"] == [1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 Heron Lane, Leeds LS1 1AA, UK", ("3 Heron Lane", "Leeds", "", "LS1 1AA", "UK")),
        ("5 Main St, Melrose, MA 02176, USA", ("5 Main St", "Melrose", "MA", "02176", "USA")),
        ("9 Kootenay St, Cranbrook, BC V1C 5X1, Canada", ("9 Kootenay St", "Cranbrook", "BC", "V1C 5X1", "Canada")),
        ("Straße 92, 10119 Berlin, Germany", ("Straße 92", "Berlin", "", "10119", "Germany")),
        ("Straat 3, 5212 AJ Den Bosch, Netherlands", ("Straat 3", "Den Bosch", "", "5212 AJ", "Netherlands")),
        (
            "46 Ave, Parkview, Randburg, 2122, South Africa",
            ("46 Ave, Parkview", "Randburg", "", "2122", "South Africa"),
        ),
        ("12 Calle, 45046 Zapopan, Jal., Mexico", ("12 Calle", "Zapopan", "Jal.", "45046", "Mexico")),
        ("12 rue Neuve, 44000 Nantes, France", ("12 rue Neuve", "Nantes", "", "44000", "France")),
        ("Boston, MA", ("", "Boston", "MA", "", "")),
        ("London, UK", ("", "London", "", "", "UK")),
        ("United States", ("", "", "", "", "United States")),
        ("", ("", "", "", "", "")),
    ],
)
def test_addresses_in_one_line_are_parted(text, expected):
    assert addresses.parse(text) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "country"),
    [
        ({"formatted_address": "5 Main St, Melrose, MA 02176, USA"}, "US"),
        ({"formatted_address": "12 rue Neuve, 44000 Nantes, France"}, Nation.FRANCE),
        ({"formatted_address": "", "address": "1 Street", "city": "Cork", "country": "ie"}, Nation.IRELAND),
        ({"formatted_address": "1 Street, Cardiff", "region": "Wales"}, Nation.WALES),
        ({"formatted_address": "1 Street, Nantes", "latitude": 47.2, "longitude": -1.55}, Nation.FRANCE),
        ({"formatted_address": "1 Street, Nowhere", "latitude": None, "timezone": "UTC"}, "ZZ"),
        # No place near by says which nation.
        ({}, "GB"),
    ],
)
def test_countries(feed, change, country):
    report = feed([{**ROW, **change}])
    assert only(Venue).country == country
    assert ("country that nothing tells" in report["dropped"]) == (country == "ZZ")


@pytest.mark.django_db
def test_the_nearest_place_tells_the_nation(feed):
    for name, nation, longitude in [("Leeds", Nation.ENGLAND, -1.54), ("Far", Nation.SCOTLAND, -1.8)]:
        Place.objects.create(
            code=name, name=name, kind=PlaceKind.CITY, country=nation, latitude=53.8, longitude=longitude
        )
    feed([ROW])
    assert only(Venue).country == Nation.ENGLAND


@pytest.mark.django_db
def test_too_long_values_are_cut_at_a_word_and_reported(feed):
    report = feed([{**ROW, "name": "heron " * 100, "notes": "wait " * 200}])
    assert only(Group).name.endswith("heron…")
    assert len(only(Group).name) <= 160
    assert only(Meeting).note.endswith("wait…")
    assert report["dropped"]["name: cut at 160 characters"] == [1]
    assert report["dropped"]["notes: cut at 500 characters"] == [1]


def test_text_is_cut_at_a_word():
    assert cut("one two three", 13) == "one two three"
    assert cut("one two three", 12) == "one two…"
    assert cut("one two three", 8) == "one two…"
    assert cut("onetwothree", 5) == "onet…"


def test_text_is_cleaned():
    assert clean("\ta\xa0b&amp;c \n\n St. Clare\x92s\x00<br/>x <b>y</b>\ufeff\ud800") == "a b&c\n\nSt. Clare’s\nx y"


@pytest.mark.django_db
def test_fields_that_nothing_reads_are_counted(feed):
    report = feed([{**ROW, "append": "x", "empty": ""}, {**ROW, "slug": "b", "day": 2, "append": "y"}])
    assert report["not_read"] == {"append": 2}


@pytest.mark.django_db
def test_the_report_on_the_terminal(tmp_path):
    path = tmp_path / "herons.json"
    path.write_text(json.dumps([ROW, {**ROW, "slug": "b", "day": 7}]))
    out = StringIO()
    call_command("import_meetings", str(path), stdout=out)
    assert "Rows in the file: 2. Taken: 1. Not taken: 1." in out.getvalue()
    assert "2. Heron Group: day 7 is not a day: 0 is Sunday, 6 is Saturday" in out.getvalue()
    assert only(Group).source == "herons"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"[]", "without meetings"),
        (b'{"meetings": []}', "not a list"),
        (b'[{"name": "Heron"}] and more', "is not valid JSON"),
        (b'[{"name": "Heron"', "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        ('[{"name": "Héron"}]'.encode("latin-1"), "is not UTF-8 text"),
        (b"\x1f\x8b\x08\x00", "is not UTF-8 text"),
    ],
)
def test_a_damaged_file_gives_one_sentence_and_changes_nothing(tmp_path, content, sentence):
    path = tmp_path / "feed.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence) as error:
        call_command("import_meetings", str(path))
    assert "\n" not in str(error.value)
    assert not LoadedContent.objects.filter(kind__startswith="feed:").exists()


@pytest.mark.django_db
def test_a_byte_order_mark_is_no_damage(tmp_path):
    path = tmp_path / "feed.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps([ROW]).encode())
    call_command("import_meetings", str(path), stdout=StringIO())
    assert Group.objects.count() == 1


@pytest.mark.django_db
def test_a_file_that_is_missing_no_file_or_huge_gives_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="does not exist"):
        call_command("import_meetings", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match="is not a file"):
        call_command("import_meetings", str(tmp_path))
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    with pytest.raises(CommandError, match="larger than 50 MB"):
        call_command("import_meetings", str(huge))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [("time_zone", "Leeds", "is not a time zone"), ("source", " ", "1 to 40"), ("source", "s" * 41, "1 to 40")],
)
def test_wrong_options_give_one_sentence(tmp_path, option, value, sentence):
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([ROW]))
    with pytest.raises(CommandError, match=sentence):
        call_command("import_meetings", str(path), **{option: value})


@pytest.mark.django_db
def test_a_report_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([ROW]))
    with pytest.raises(CommandError, match="The report cannot be written"):
        call_command("import_meetings", str(path), report=tmp_path / "none" / "report.json")
    assert not Group.objects.exists()
    assert not LoadedContent.objects.filter(kind__startswith="feed:").exists()


NASTY = [None, "", 0, -1, 10**30, 1.5, float("nan"), float("inf"), True, [], [None, {}], {}, {"a": 1}]
NASTY += ["\x00", "\ud800", "x" * 5000, "<script>alert(1)</script>", "'; drop table", "🐦" * 300, "\n\n", "%s %(a)s"]
FIELDS = [*ROW, "id", "group", "group_id", "group_notes", "notes", "location_notes", "region", "district", "timezone"]
FIELDS += ["conference_url", "conference_phone", "conference_url_notes", "email", "phone", "website", "coordinates"]
FIELDS += ["contact_1_name", "contact_1_email", "address", "city", "state", "postal_code", "country", "approximate"]
FIELDS += ["attendance_option", "sub_region", "mailing_address", "feedback_emails", "unheard_of"]


@pytest.mark.django_db
@pytest.mark.parametrize("field", FIELDS)
def test_no_value_of_any_field_stops_the_import(feed, field):
    rows = [{**ROW, "slug": f"row-{number}", field: value} for number, value in enumerate(NASTY)]
    report = feed(rows, "--publish")
    again = feed(rows, "--publish")
    assert again["taken"] == report["taken"] == again["meetings"]["unchanged"]


REAL = [
    ("meeting-guide-al-anon.json", [], 360, {9: "the feed calls it inactive"}),
    ("meeting-guide-kansas-city.json", [], 206, {12: "its place is closed"}),
    ("meeting-guide-international.json", [], 185, {56: "the name says 8:15pm Central, the row 21:15"}),
    ("meeting-guide-times.json", ["--time-zone", "America/Chicago"], 9, {}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "options", "rows", "reasons"), REAL)
def test_real_feeds_are_accounted_for_row_by_row(tmp_path, name, options, rows, reasons):
    if not (FEEDS / name).is_file():
        pytest.skip(f"There is no {name} in the folder of feeds: name one with SHARED_FEEDS.")
    reports = []
    for turn in ("first", "second"):
        report = tmp_path / f"{turn}.json"
        call_command("import_meetings", str(FEEDS / name), "--report", str(report), *options, stdout=StringIO())
        reports.append(json.loads(report.read_text()))
    first, second = reports
    assert first["rows"] == rows
    assert first["taken"] + len(first["not_taken"]) == rows
    assert first["taken"] == first["meetings"]["new"] == Meeting.objects.count()
    told = {each["row"]: each["reason"] for each in first["not_taken"]}
    assert all(told[row].startswith(reason) for row, reason in reasons.items())
    for kind in ("groups", "venues", "meetings"):
        assert second[kind] == {"new": 0, "changed": 0, "unchanged": first[kind]["new"]}
    assert not Group.objects.published().exists()
    public = [*Group.objects.values_list("name", "about", "summary")]
    public += [*Venue.objects.values_list("name", "address", "travel_notes")]
    public += [*Meeting.objects.values_list("note")]
    words = json.dumps(public)
    # The feeds' own secrets were replaced by these before they came here.
    assert not any(secret in words for secret in ("example.org", "020 7946", "Password:", "passcode", "000000"))
    assert not Meeting.objects.exclude(join_visibility=Visibility.CURATORS).exists()
    assert not GroupContact.objects.exclude(visibility=Visibility.CURATORS).exists()


@pytest.mark.django_db
def test_the_malformed_feed_gives_one_sentence_and_changes_nothing():
    path = FEEDS / "meeting-guide-malformed.json"
    if not path.is_file():
        pytest.skip("There is no malformed feed in the folder of feeds: name one with SHARED_FEEDS.")
    with pytest.raises(CommandError, match="is not valid JSON: Extra data"):
        call_command("import_meetings", str(path))
    assert not Group.objects.exists()


@pytest.mark.django_db
def test_an_import_publishes_nothing_that_is_hidden_for_safety(feed):
    feed([ROW], "--publish")
    concern = safety.report(only(Group), concern="abuse", note="x", email="", form="1", network="192.0.2.0/24")
    safety.hide(concern, by=None)
    feed([{**ROW, "group_notes": "New words."}], "--publish")
    assert (only(Group).state, only(Group).about) == (PublicationState.PENDING, "New words.")
