"""What a card needs of a group comes by one statement, the same as by Django's own prefetching."""

from datetime import date, time

import pytest
from django.db.models import Prefetch

from groups.models import Group, Meeting
from groups.models.cards import NAMES
from groups.presenting import present_groups
from tests.factories import (
    GroupFactory,
    MeetingBreakFactory,
    MeetingExceptionFactory,
    MeetingFactory,
    PlaceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    """A group with a meeting of each kind, breaks, a date that is moved and one that is cancelled."""
    group = GroupFactory(access=["step-free"], run_by="members")
    weekly = MeetingFactory(group=group, interval=2, starts_on=date(2026, 1, 6), months=[1, 2, 12])
    MeetingBreakFactory(meeting=weekly, starts_on=date(2027, 12, 20), ends_on=date(2028, 1, 3), reason="Christmas")
    MeetingBreakFactory(meeting=weekly, starts_on=date(2027, 8, 1), ends_on=None)
    MeetingExceptionFactory(
        meeting=weekly, on=date(2027, 2, 2), moved_to_on=date(2027, 2, 3), moved_to_time=time(18, 30)
    )
    MeetingExceptionFactory(meeting=weekly, on=date(2027, 1, 5), note="Snow")
    MeetingFactory(group=group, frequency="dates", weekdays=[], dates=[date(2027, 3, 4), date(2027, 5, 6)])
    MeetingFactory(group=group, frequency="monthly-date", weekdays=[], day_of_month=31, minutes=None)
    MeetingFactory(group=group, venue=None, format="online", frequency="appointment", weekdays=[], start_time=None)
    group.serves.add(PlaceFactory(country="SCT"))
    return group


def told(instance, names):
    """Return what an instance holds under some names, with the types, for a comparison."""
    return [(name, getattr(instance, name), type(getattr(instance, name))) for name in names]


def test_it_is_the_same_as_what_django_fetches(group, django_assert_num_queries):
    with django_assert_num_queries(1):
        (card,) = Group.objects.for_cards()
        meetings = list(card.meetings.all())
        parts = [(each.venue, list(each.breaks.all()), list(each.exceptions.all())) for each in meetings]
        assert list(card.nations_served) == ["SCT"]
    expected = list(Meeting.objects.for_display().filter(group=group).order_by("start_time", "pk"))
    assert meetings == expected
    assert len(meetings) == 4
    for meeting, (venue, breaks, changes), like in zip(meetings, parts, expected, strict=True):
        assert told(meeting, NAMES[Meeting]) == told(like, NAMES[Meeting])
        assert meeting.group is card
        assert venue == like.venue
        for own, others in ((breaks, like.breaks.all()), (changes, like.exceptions.all())):
            names = NAMES[type(own[0])] if own else []
            assert [told(each, names) for each in own] == [told(each, names) for each in others]
    assert [len(each.breaks.all()) + len(each.exceptions.all()) for each in meetings].count(4) == 1


def test_cards_say_the_same_of_both(group):
    def words(found):
        shown = present_groups(list(found))[0]
        said = "where_words", "when_words", "format_words", "access_words", "distance_words", "confirmed_words"
        return [getattr(shown, name) for name in said], shown.next and shown.next.at

    fetched = Group.objects.prefetch_related(Prefetch("meetings", Meeting.objects.for_display()), "serves")
    assert words(Group.objects.for_cards()) == words(fetched)


def test_a_card_reads_nothing_that_it_may_not_show(group):
    (card,) = Group.objects.for_cards()
    assert {"curator_notes"} <= card.get_deferred_fields()
    meeting = card.meetings.all()[0]
    assert {"join_url", "join_phone", "passcode", "room"} <= meeting.get_deferred_fields()
    assert {"address", "postcode", "latitude", "longitude", "name"} <= meeting.venue.get_deferred_fields()


def test_a_group_without_a_meeting_has_none():
    GroupFactory()
    (card,) = Group.objects.for_cards().by_next_date()
    assert list(card.meetings.all()) == []


@pytest.mark.parametrize(("formats", "words"), [(["telephone", "online"], ""), (["in-person"], "In person")])
def test_a_card_does_not_say_twice_that_nobody_goes_anywhere(formats, words):
    group = GroupFactory()
    for each in formats:
        MeetingFactory(group=group, format=each, **({} if each == "in-person" else {"venue": None}))
    (card,) = present_groups(list(Group.objects.for_cards()))
    assert card.format_words == words
    assert card.where_words == ("Online and by phone" if not words else "Headingley")
