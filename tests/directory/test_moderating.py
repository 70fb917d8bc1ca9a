"""Deciding on a suggestion: field by field, once, nothing overwritten, all of it recorded, all of it can be undone."""

import threading
from datetime import time

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection

from directory import moderating
from directory.choices import PublicationState, SuggestionState
from directory.history import CannotUndo, recording, undo
from directory.models import Act, Suggestion
from directory.moderating import Choice, Overtaken
from groups.models import Group
from tests.factories import GroupFactory, MeetingFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return User.objects.create_user("ada")


@pytest.fixture
def bob():
    return User.objects.create_user("bob")


@pytest.fixture
def group():
    return GroupFactory(name="Old name", summary="Old summary", host="Old host", topics=[TopicFactory()])


@pytest.fixture
def correction(group):
    return correct(group, name="New name", summary="New summary", host="New host")


def correct(group, **values):
    """Return a correction of a group, as somebody sent it in."""
    before = {path: getattr(group, path) for path in values}
    return Suggestion.objects.create(kind="correction", listing=group, title=group.name, values=values, before=before)


def yes(value, why=""):
    return Choice(True, value, why)


NO = Choice(False)


def new_group(**values):
    """Return a new group that somebody suggested."""
    topic = TopicFactory()
    values = {"name": "Brand new", "kind": "mutual-aid", "topics": [topic.slug]} | values
    kind = ContentType.objects.get_for_model(Group)
    return Suggestion.objects.create(kind="new", content_type=kind, title="Brand new", values=values)


def all_of(suggestion):
    return {path: yes(value) for path, value in suggestion.values.items()}


def test_what_is_accepted_is_written_and_the_rest_stays(ada, group, correction):
    choices = {"name": yes("New name"), "summary": yes("Better summary", "clearer"), "host": Choice(False, "", "no")}
    done = moderating.decide(
        correction, choices, by=ada, seen=moderating.token_of(correction), reply="Thank you for writing."
    )
    group.refresh_from_db()
    assert (group.name, group.summary, group.host) == ("New name", "Better summary", "Old host")
    done.refresh_from_db()
    assert (done.state, done.decided_by, done.reply) == (SuggestionState.PARTLY, ada, "Thank you for writing.")
    assert done.decisions == {
        "name": {"accepted": True, "value": "New name", "why": ""},
        "summary": {"accepted": True, "value": "Better summary", "why": "clearer"},
        "host": {"accepted": False, "value": "", "why": "no"},
    }
    assert done.decided_at is not None
    assert (done.act.by, done.act.author) == (ada, "ada")
    assert done.act.changes.exists()


def test_all_accepted_and_all_refused(ada, group):
    first, second = correct(group, name="A"), correct(group, name="B")
    for one, choice in ((first, yes("A")), (second, NO)):
        one = Suggestion.objects.get(pk=one.pk)
        moderating.decide(one, {"name": choice}, by=ada, seen=moderating.token_of(one))
    assert [Suggestion.objects.get(pk=one.pk).state for one in (first, second)] == ["accepted", "refused"]
    assert Suggestion.objects.get(pk=second.pk).act is None
    group.refresh_from_db()
    assert group.name == "A"


def test_each_field_has_to_be_decided(ada, correction):
    with pytest.raises(ValidationError) as raised:
        moderating.decide(correction, {"name": NO}, by=ada, seen=moderating.token_of(correction))
    assert set(raised.value.message_dict) == {"summary", "host"}
    assert Suggestion.objects.waiting().exists()


def test_a_field_that_nobody_suggested_is_not_written(ada, group, correction):
    choices = all_of(correction) | {"about": yes("Sneaked in")}
    moderating.decide(correction, choices, by=ada, seen=moderating.token_of(correction))
    group.refresh_from_db()
    assert group.about == ""


def test_a_value_that_makes_no_sense_is_refused_with_all_others(ada, group):
    suggestion = correct(group, name="New name", age_from=18)
    with pytest.raises(ValidationError) as raised:
        moderating.decide(
            suggestion,
            {"name": yes("New name"), "age_from": yes("many")},
            by=ada,
            seen=moderating.token_of(suggestion),
        )
    assert "age_from" in raised.value.message_dict
    group.refresh_from_db()
    assert group.name == "Old name"
    assert Suggestion.objects.waiting().exists()


def test_a_part_of_a_listing_is_corrected(ada, group):
    meeting = MeetingFactory(group=group)
    path = f"meetings.{meeting.pk}.start_time"
    suggestion = Suggestion.objects.create(
        kind="correction", listing=group, title="x", values={path: "18:30"}, before={path: "19:00"}
    )
    moderating.decide(suggestion, {path: yes("18:30")}, by=ada, seen=moderating.token_of(suggestion))
    meeting.refresh_from_db()
    assert meeting.start_time == time(18, 30)


def test_a_new_listing_waits_for_whoever_may_publish(ada):
    suggestion = new_group()
    moderating.decide(suggestion, all_of(suggestion), by=ada, seen=moderating.token_of(suggestion))
    group = Group.objects.get()
    assert (group.name, group.state) == ("Brand new", PublicationState.PENDING)
    suggestion.refresh_from_db()
    assert suggestion.listing == group


def test_a_new_listing_is_published_where_that_is_wished(ada):
    suggestion = new_group()
    moderating.decide(suggestion, all_of(suggestion), by=ada, seen=moderating.token_of(suggestion), publish=True)
    assert Group.objects.get().state == PublicationState.PUBLISHED


def test_a_new_listing_that_is_refused_is_never_made(ada):
    suggestion = new_group()
    choices = dict.fromkeys(suggestion.values, NO)
    moderating.decide(suggestion, choices, by=ada, seen=moderating.token_of(suggestion), publish=True)
    assert not Group.objects.exists()


def test_a_suggestion_without_fields_is_decided_as_a_whole(ada, group):
    suggestion = Suggestion.objects.create(kind="correction", listing=group, title="x", note="The photo is old")
    moderating.decide(suggestion, {"": yes("")}, by=ada, seen=moderating.token_of(suggestion))
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.act) == (SuggestionState.ACCEPTED, None)


# Two curators at once


def test_who_comes_second_is_told_who_decided(ada, bob, group, correction):
    seen = moderating.token_of(correction)
    moderating.decide(correction, dict.fromkeys(correction.values, NO), by=ada, seen=seen)
    with pytest.raises(Overtaken) as raised:
        moderating.decide(correction, all_of(correction), by=bob, seen=seen)
    assert raised.value.told[0].startswith("ada decided on this at")
    group.refresh_from_db()
    assert group.name == "Old name"
    correction.refresh_from_db()
    assert correction.decided_by == ada


def test_what_somebody_changed_meanwhile_is_not_overwritten(ada, bob, group, correction):
    seen = moderating.token_of(correction)
    with recording(by=ada, why="Telephoned them"):
        Group.objects.update(summary="Ada's summary")
    with pytest.raises(Overtaken) as raised:
        moderating.decide(correction, all_of(correction), by=bob, seen=seen)
    (told,) = raised.value.told
    assert told.startswith("ada changed it at")
    assert "Telephoned them" in told
    group.refresh_from_db()
    assert (group.name, group.summary) == ("Old name", "Ada's summary")
    moderating.decide(correction, all_of(correction), by=bob, seen=moderating.token_of(correction))
    group.refresh_from_db()
    assert group.summary == "New summary"


def test_a_change_elsewhere_in_the_listing_is_no_hindrance(ada, group, correction):
    seen = moderating.token_of(correction)
    Group.objects.update(about="Something else")
    moderating.decide(correction, all_of(correction), by=ada, seen=seen)
    group.refresh_from_db()
    assert (group.name, group.about) == ("New name", "Something else")


def test_a_listing_archived_meanwhile_is_looked_at_again(ada, group, correction):
    seen = moderating.token_of(correction)
    Group.objects.update(state="archived")
    with pytest.raises(Overtaken):
        moderating.decide(correction, all_of(correction), by=ada, seen=seen)


@pytest.mark.parametrize("seen", ["", "x", "\x00", "x" * 10_000])
def test_without_a_page_that_somebody_saw_nothing_is_decided(ada, correction, seen):
    with pytest.raises(Overtaken):
        moderating.decide(correction, all_of(correction), by=ada, seen=seen)
    assert Suggestion.objects.waiting().exists()


def test_the_page_of_another_suggestion_does_not_count(ada, group, correction):
    other = correct(group, name="Other")
    with pytest.raises(Overtaken):
        moderating.decide(correction, all_of(correction), by=ada, seen=moderating.token_of(other))


def test_nothing_is_accepted_for_a_listing_that_is_gone(ada, group, correction):
    Group.objects.all().delete()
    correction = Suggestion.objects.get()
    with pytest.raises(ValidationError):
        moderating.decide(correction, all_of(correction), by=ada, seen=moderating.token_of(correction))
    moderating.decide(correction, dict.fromkeys(correction.values, NO), by=ada, seen=moderating.token_of(correction))
    assert not Group.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_decides_and_the_other_is_told(ada, bob, group, correction):
    seen, together, outcomes = moderating.token_of(correction), threading.Barrier(2), {}

    def decide(user, name):
        together.wait()
        try:
            moderating.decide(correction, all_of(correction) | {"name": yes(name)}, by=user, seen=seen)
        except Overtaken as overtaken:
            outcomes[user] = overtaken.told[0]
        else:
            outcomes[user] = name
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=each) for each in ((ada, "Ada's"), (bob, "Bob's"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    correction.refresh_from_db()
    winner = correction.decided_by
    (loser,) = {ada, bob} - {winner}
    group.refresh_from_db()
    assert group.name == outcomes[winner]
    assert outcomes[loser].startswith(f"{winner} decided on this at")
    assert correction.decisions["name"]["value"] == group.name


@pytest.mark.django_db(transaction=True)
def test_whoever_saves_the_listing_at_the_same_moment_is_not_overwritten(ada, bob, group, correction):
    """One has the row locked and changes it; the decision waits for them, and then finds another value."""
    seen, locked, outcomes = moderating.token_of(correction), threading.Event(), []

    def decide():
        locked.wait()
        try:
            moderating.decide(correction, all_of(correction), by=bob, seen=seen)
        except Overtaken as overtaken:
            outcomes.append(overtaken.told[0])
        finally:
            connection.close()

    thread = threading.Thread(target=decide)
    thread.start()
    with recording(by=ada, why="Telephoned them"):
        Group.objects.filter(pk=group.pk).update(name="Ada's")
        locked.set()
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        with connection.cursor() as cursor:
            while cursor.execute(waiting).fetchone() == (0,):
                assert thread.is_alive()
    thread.join()
    assert "ada changed it" in outcomes[0]
    group.refresh_from_db()
    assert group.name == "Ada's"


# Taking back


def test_a_decision_is_undone_as_a_whole(ada, bob, group, correction):
    moderating.decide(correction, all_of(correction), by=ada, seen=moderating.token_of(correction))
    correction.refresh_from_db()
    assert not correction.is_undone
    moderating.undo(correction, by=bob)
    group.refresh_from_db()
    assert (group.name, group.summary, group.host) == ("Old name", "Old summary", "Old host")
    correction = Suggestion.objects.get()
    assert correction.is_undone
    assert (correction.state, correction.decided_by, correction.act.undone_by.by) == ("accepted", ada, bob)
    with pytest.raises(CannotUndo):
        moderating.undo(correction, by=bob)


def test_taking_back_that_is_taken_back_itself_leaves_the_decision(ada, group, correction):
    moderating.decide(correction, all_of(correction), by=ada, seen=moderating.token_of(correction))
    moderating.undo(correction, by=ada)
    correction = Suggestion.objects.get()
    undo(Act.objects.get(pk=correction.act.undone_by_id), by=ada)
    assert not Suggestion.objects.get().is_undone
    group.refresh_from_db()
    assert group.name == "New name"


def test_a_refusal_has_nothing_to_undo(ada, correction):
    moderating.decide(correction, dict.fromkeys(correction.values, NO), by=ada, seen=moderating.token_of(correction))
    with pytest.raises(CannotUndo, match="changed nothing"):
        moderating.undo(correction, by=ada)


def test_a_new_listing_that_is_undone_is_archived(ada):
    suggestion = new_group()
    moderating.decide(suggestion, all_of(suggestion), by=ada, seen=moderating.token_of(suggestion), publish=True)
    moderating.undo(suggestion, by=ada)
    assert Group.objects.get().state == PublicationState.ARCHIVED


# The answer


def decided(suggestion, user, **more):
    return moderating.decide(suggestion, all_of(suggestion), by=user, seen=moderating.token_of(suggestion), **more)


def test_the_answer_goes_to_whoever_left_an_address(ada, correction):
    Suggestion.objects.update(email="eve@example.org")
    done = decided(correction, ada, reply="It is on the page now.")
    assert moderating.send_answer(done, receipt="https://example.org/receipts/x/", forget=True)
    (letter,) = mail.outbox
    assert letter.to == ["eve@example.org"]
    assert "It is on the page now." in letter.body
    assert "https://example.org/receipts/x/" in letter.body
    assert Suggestion.objects.get().email == ""


def test_nobody_is_written_to_who_left_no_address_or_has_no_answer_yet(ada, correction):
    assert moderating.send_answer(correction, receipt="x", forget=True) is None
    Suggestion.objects.update(email="eve@example.org")
    correction.refresh_from_db()
    assert moderating.send_answer(correction, receipt="x", forget=True) is None
    assert mail.outbox == []


def test_an_answer_that_is_not_taken_is_kept_for_another_try(ada, correction, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    Suggestion.objects.update(email="eve@example.org")
    done = decided(correction, ada, reply="Secret words")
    assert moderating.send_answer(done, receipt="x", forget=True) is False
    assert Suggestion.objects.get().email == "eve@example.org"
    assert "eve@" not in caplog.text
    assert "Secret" not in caplog.text
