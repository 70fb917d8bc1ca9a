"""Groups that look like one another: what is found, why, and what is not."""

from datetime import time

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.geo import Point
from directory.likeness import compare_names, in_words, words_of
from directory.merging import merge
from directory.models import DuplicatePair
from groups.duplicates import find_all, likely_duplicates
from groups.models import Group, Meeting, Venue
from practitioners.models import Practitioner
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    MeetingFactory,
    PlaceFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
HALL = {"name": "St. Mark's Church Hall", "locality": "Headingley, Leeds", "latitude": 53.82, "longitude": -1.578}


def make(name, *contacts, at=None, **meeting):
    """Return a group with ways to get in touch, given as (kind, value), and one meeting."""
    group = GroupFactory(name=name)
    for kind, value in contacts:
        GroupContactFactory(group=group, kind=kind, value=value)
    MeetingFactory(group=group, venue=VenueFactory(**(HALL | (at or {}))), **meeting)
    return group


def found():
    """Return the pairs that a search finds, as sets of names."""
    find_all()
    return [{str(pair.first), str(pair.second)} for pair in DuplicatePair.objects.all()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anxiety Support Group", "anxiety  support grp."),
        ("Saint Mark’s Carers", "St. Mark's Carer Group"),
        ("Herbata o siódmej", "HERBATA O SIODMEJ"),
        ("Steps at Six", "Steps @ 6"),
        ("M.E. Meetup", "ME Meetup"),
        ("Le Café des absents", "Cafe des Absents"),
        ("Homework and Hot Chocolate", "Homework & Hot Choc"),
        ("The Pushchair Parade", "Push Chair Parade"),
        ("Chapeltown Sugar Club", "Chapletown Sugar Club"),
    ],
)
def test_one_name_written_in_two_ways(one, other):
    assert compare_names(words_of(one), words_of(other)).share > 0.9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Talk It Through – Women", "Talk It Through – Men"),
        ("Carers of Hull", "Young Carers of Hull"),
        ("Sober Fellowship Tuesday", "Sober Fellowship Thursday"),
        ("Bridge Street Alcohol Support", "Bridge Street Gambling Support"),
    ],
)
def test_sisters_in_one_hall_at_one_time_with_one_telephone_are_two(one, other):
    phone = ("phone", "01632 960001")
    make(one, phone)
    make(other, phone)
    assert found() == []


def test_a_copy_with_another_pin_and_another_writing_is_found_and_says_why():
    make("Tea and Talk", ("phone", "0113 496 0171"))
    make("Tea & Talk Grp", ("phone", "+44 (0)113 4960171"), at={"latitude": 53.8209}, start_time=time(19, 30))
    find_all()
    pair = DuplicatePair.objects.get()
    assert pair.score > 0.95
    told = in_words(pair.reasons)
    assert told[0] == "names alike: 1.00"
    assert {"same telephone", "100 metres apart", "same day, 30 minutes apart", "names of the venues alike"} <= set(
        told
    )


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", "tea@example.org", " TEA@Example.org"),
        ("phone", "0113 496 0171", "0044-113-496-0171"),
        ("phone", "01 99 00 12 34", "+33 1.99.00.12.34"),
        ("website", "https://example.org/tea", "http://www.example.org/tea/?utm_source=leaflet"),
        ("social", "https://example.org/Tea", "https://example.org/tea/#about"),
    ],
)
def test_the_same_contact_in_another_writing(kind, one, other):
    make("Tea and Talk", (kind, one))
    group = GroupFactory(name="Tea and Talk Headingley")
    GroupContactFactory(group=group, kind=kind, value=other)
    assert len(found()) == 1


def test_one_hall_and_one_evening_make_no_double_and_neither_does_its_telephone():
    for name in ("Anxiety Circle", "Bereavement Friends", "The Kettle"):
        make(name, ("phone", "01632 960001"))
    assert found() == []


def test_a_help_line_that_many_have_says_nothing():
    for number in range(6):
        group = GroupFactory(name=f"Fellowship {['Red', 'Green', 'Blue', 'Brown', 'Grey', 'Purple'][number]}")
        GroupContactFactory(group=group, kind="phone", value="0300 496 0011")
    assert found() == []


def test_a_name_in_another_city_is_another_group():
    make("Men's Shed")
    make("Men's Shed", at={"locality": "Cardiff", "latitude": 51.48, "longitude": -3.18})
    assert found() == []


def test_a_time_by_the_clock_of_another_zone_is_the_same_time():
    make("Tea and Talk", start_time=time(19))
    make("Tea and Talk", start_time=time(20), time_zone="Europe/Paris")
    find_all()
    assert "same day and time" in in_words(DuplicatePair.objects.get().reasons)


def test_a_name_and_a_town_are_enough_where_nothing_else_is_known():
    make("Leeds Bereavement Friends")
    make("Bereavement Friends Leeds", at={"name": "", "latitude": None, "longitude": None, "locality": "Leeds"})
    assert len(found()) == 1


def test_what_is_archived_or_a_sample_is_nobodys_double():
    make("Tea and Talk")
    archived, sample = make("Tea and Talk"), make("Tea and Talk")
    Group.objects.filter(pk=archived.pk).update(state="archived")
    Group.objects.filter(pk=sample.pk).update(sample=True)
    assert found() == []


def test_what_was_decided_stays_decided_and_what_is_no_longer_alike_goes():
    one, other = make("Tea and Talk"), make("Tea & Talk")
    make("Coffee Hour with Cake", at={"latitude": 53.9})
    make("Coffee Hour", at={"latitude": 53.9})
    assert len(found()) == 2
    pair = DuplicatePair.objects.get(first_id=one.pk)
    DuplicatePair.objects.filter(pk=pair.pk).update(state="not-same", decided_at=one.created_at)
    Group.objects.filter(name="Coffee Hour").update(name="Something else")
    find_all()
    assert DuplicatePair.objects.get().state == "not-same"
    find_all()
    assert DuplicatePair.objects.get().pk == pair.pk
    Group.objects.filter(pk=other.pk).update(name="Quite another name")
    find_all()
    assert DuplicatePair.objects.get().pk == pair.pk


def test_practitioners_are_compared_too():
    town = PlaceFactory()
    one = PractitionerFactory(name="Dr Moses Clarke-Adeyinka", organisation="South Quay", places=[town])
    PractitionerContactFactory(practitioner=one, value="moses@example.org")
    PractitionerFactory(name="Clarke, Moses", own_email="Moses@Example.org")
    PractitionerFactory(name="Amos Clarke", organisation="South Quay", places=[town])
    PractitionerFactory(name="Moses Clarke-Adeyinka", organisation="North Quay", places=[PlaceFactory(name="York")])
    call_command("find_duplicates", verbosity=0)
    pair = DuplicatePair.objects.of(Practitioner).get()
    assert (str(pair.first), str(pair.second)) == ("Dr Moses Clarke-Adeyinka", "Clarke, Moses")


# What somebody suggests


def test_a_suggestion_that_is_not_saved_finds_what_is_here():
    here = make("Tea and Talk", ("email", "tea@example.org"))
    make("Bereavement Friends")
    by_contact = likely_duplicates(name="Tea n Talk Group", contacts=[("email", "TEA@example.org"), ("post", "x")])
    by_place = likely_duplicates(name="Tea & Talk", point=Point(53.8205, -1.578), locality="Leeds")
    venue = Venue(name="St Mark's", locality="Leeds", country="ENG")
    meeting = Meeting(venue=venue, weekdays=[1], start_time=time(19))
    by_meeting = likely_duplicates(name="Tea & talk", meetings=[meeting])
    for likely in (by_contact, by_place, by_meeting):
        assert [each.group for each in likely] == [here]
    assert "same email address" in by_contact[0].reasons
    assert "same day and time" in by_meeting[0].reasons


@pytest.mark.parametrize("name", ["", "\x00", "x" * 1_000_000, "%_'\"\\", "🫖", "the of and"])
def test_any_words_can_be_asked_about(name):
    make("Tea and Talk")
    assert likely_duplicates(name=name, contacts=[("email", "\x00"), ("phone", "x"), ("website", "")]) == []


def test_asking_takes_as_many_queries_with_many_groups_as_with_few():
    def ask():
        with CaptureQueriesContext(connection) as queries:
            likely_duplicates(name="Tea and Talk", point=Point(53.82, -1.578), contacts=[("phone", "01632 960001")])
        return len(queries)

    make("Tea and Talk", ("phone", "01632 960001"))
    few = ask()
    for number in range(20):
        make(f"Tea and Talk {number}", ("phone", "01632 960001"))
    assert ask() == few


def test_a_merged_group_on_a_readers_list_is_the_one_that_stays(client):
    keep, lose, other = GroupFactory(name="Stays"), GroupFactory(name="Goes"), GroupFactory(name="Other")
    here = {"headers": {"origin": "http://testserver"}}
    client.post("/shortlist/", {"add": f"{lose.pk}-{other.pk}-{keep.pk}"}, **here)
    merge(keep, lose, {}, by=User.objects.create_user("curator"))
    page = client.get("/shortlist/").content.decode()
    assert page.index("Stays") < page.index("Other")
    assert "Goes" not in page
    assert "left out" not in page
    assert "Stays" in client.get(f"/shortlist/?g={lose.pk}").content.decode()
    response = client.post("/shortlist/", {"remove": keep.pk}, **here)
    assert response.cookies["shortlist"].value == str(other.pk)
    response = client.post("/shortlist/", {"add": lose.pk}, **here)
    assert response.cookies["shortlist"].value == f"{other.pk}-{keep.pk}"
