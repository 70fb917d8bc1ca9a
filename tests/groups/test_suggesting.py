"""Anyone suggests a group, or what is wrong with one, without an account; and follows it by a receipt."""

import io
import logging
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from directory.forms import listing_key, stamp_for
from directory.models import Act, Change, RelayCount, Suggestion
from directory.relay import LIMITS
from directory.suggesting import apply, remove_old
from directory.suggesting.contacts import SEEN_BY
from groups.models import Group
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    HelpLineFactory,
    LanguageFactory,
    MeetingFactory,
    TopicFactory,
    VenueFactory,
)
from tests.forms import filled
from tests.pages import main_of, queries_of, text_of

pytestmark = pytest.mark.django_db
ADD = "/groups/add/"


@pytest.fixture
def group():
    tea = TopicFactory(slug="tea", label="Tea")
    TopicFactory(slug="grief", label="Grief")
    group = GroupFactory(slug="tea-for-all", name="Tea for all", topics=[tea])
    MeetingFactory(group=group)
    GroupContactFactory(group=group, value="open@example.org", visibility="everyone")
    return group


def address_of(group):
    return f"/groups/{group.slug}/suggest/"


def stamped(group=None, seconds=60):
    key = f"suggest:{listing_key(group) if group else 'groups.Group'}"
    return {"stamp": stamp_for(key, timezone.now() - timedelta(seconds=seconds)), "homepage": ""}


def as_shown(client, group, **changes):
    """Return what a browser would send of a group's form, with some changes; a `None` is a tick taken away."""
    data = filled(client.get(address_of(group))) | stamped(group) | changes
    return {name: value for name, value in data.items() if value is not None}


def new_group(**changes):
    parts = {"parts": ["meetings.new1", "contacts.new1"], "meetings.new1.weekdays": ["1"]}
    words = {
        "name": "Walk and talk",
        "topics": ["tea"],
        "kind": "mutual-aid",
        "meetings.new1.frequency": "weekly",
        "meetings.new1.interval": "1",
        "meetings.new1.start_time": "19:00",
        "meetings.new1.format": "in-person",
        "meetings.new1.locality": "Leeds",
        "meetings.new1.venue_kind": "unknown",
        "meetings.new1.join_visibility": "curators",
        "contacts.new1.kind": "",
        "contacts.new1.value": "",
        "contacts.new1.visibility": "curators",
        "note": "They are kind.",
    }
    return parts | words | stamped() | changes


def test_the_life_of_a_correction(client, group):
    page = client.get(f"/groups/{group.slug}/")
    assert f'href="{address_of(group)}"' in page.content.decode()
    meeting = group.meetings.get()
    sent = as_shown(
        client,
        group,
        name="Tea for everyone",
        email="ada@example.org",
        **{f"meetings.{meeting.pk}.start_time": "18:30"},
    )
    before = Change.objects.count()
    answer = client.post(address_of(group), sent)
    suggestion = Suggestion.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/receipts/{suggestion.uuid}/")
    path = f"meetings.{meeting.pk}.start_time"
    assert suggestion.values == {"name": "Tea for everyone", path: "18:30"}
    assert suggestion.before == {"name": "Tea for all", path: "19:00"}
    assert (suggestion.kind, suggestion.listing, suggestion.state) == ("correction", group, "waiting")
    assert Change.objects.count() == before
    receipt = client.get(answer.headers["Location"])
    words = main_of(receipt)
    assert "Tea for everyone" in words
    assert "18:30" in words
    assert "ada@example.org" not in text_of(receipt)
    # A curator takes one of both, and says why not the other.
    ada = get_user_model().objects.create_user("curator-name")
    apply(suggestion, {path: "18:30"}, by=ada)
    suggestion.decisions = {
        path: {"accepted": True, "value": "18:30", "why": ""},
        "name": {"accepted": False, "value": "", "why": "The sign on the door says all."},
    }
    suggestion.state, suggestion.decided_at, suggestion.reply = "partly", timezone.now(), "Thank you for telling us."
    suggestion.decided_by = ada
    suggestion.save()
    words = main_of(client.get(answer.headers["Location"]))
    for told in ("A curator has taken a part of it.", "The sign on the door says all.", "Thank you for telling us."):
        assert told in words
    assert "curator-name" not in words
    assert "Take it back" not in words
    meeting.refresh_from_db()
    group.refresh_from_db()
    assert (f"{meeting.start_time:%H:%M}", group.name) == ("18:30", "Tea for all")
    assert Act.objects.get(pk=suggestion.act_id).by == ada


def test_the_life_of_a_new_group(client):
    TopicFactory(slug="tea")
    assert 'href="/groups/add/"' in client.get("/groups/").content.decode()
    assert client.get(ADD).status_code == 200
    answer = client.post(ADD, new_group())
    suggestion = Suggestion.objects.get()
    assert answer.headers["Location"] == f"/receipts/{suggestion.uuid}/"
    assert (suggestion.kind, suggestion.object_id, suggestion.title) == ("new", None, "Walk and talk")
    assert suggestion.values["meetings.new1.weekdays"] == ["1"]
    assert not any(path.startswith("contacts.") for path in suggestion.values)
    assert suggestion.before == {}
    assert not Group.objects.exists()
    made = apply(suggestion, suggestion.values, by=None)
    assert (made.state, made.slug, made.meetings.get().venue.locality) == ("pending", "walk-and-talk", "Leeds")
    assert client.get(made.get_absolute_url()).status_code == 404
    assert "walk-and-talk" not in client.get(answer.headers["Location"]).content.decode()


def test_a_further_meeting_comes_by_a_button_and_nothing_is_lost(client):
    TopicFactory(slug="tea")
    again = client.post(ADD, new_group(add="meetings", name="", **{"meetings.new1.start_time": "nonsense"}))
    assert again.status_code == 200
    data = filled(again)
    assert data["parts"] == ["meetings.new1", "meetings.new2", "contacts.new1"]
    assert data["meetings.new1.start_time"] == ["nonsense"]
    assert data["note"] == "They are kind."
    assert "Type a name" not in text_of(again)
    assert not Suggestion.objects.exists()
    without = client.post(ADD, data | {"drop": "meetings.new1"})
    assert filled(without)["parts"] == ["meetings.new2", "contacts.new1"]
    full = new_group(add="meetings", parts=[f"meetings.new{n}" for n in range(1, 7)])
    assert len(filled(client.post(ADD, full))["parts"]) == 6
    assert client.post(ADD, {"add": "nonsense"}).status_code == 200


def test_what_is_hidden_is_not_shown_and_empty_means_leave_it(client, group):
    GroupContactFactory(group=group, value="secret@example.org", label="Mrs Secret")
    venue = VenueFactory(address_visibility="curators", address="9 Hidden Row", postcode="LS6 1AA")
    meeting = MeetingFactory(group=group, venue=venue, join_url="https://meet.example/secret", room="Secret attic")
    page = client.get(address_of(group)).content.decode()
    for secret in ("secret@example.org", "Mrs Secret", "Hidden Row", "LS6 1AA", "meet.example", "Secret attic"):
        assert secret not in page
    assert "We hold this and do not show it." in page
    path = f"meetings.{meeting.pk}.address"
    client.post(address_of(group), as_shown(client, group, **{path: "10 New Row"}))
    suggestion = Suggestion.objects.get()
    assert suggestion.values == {path: "10 New Row"}
    assert suggestion.before == {path: "9 Hidden Row"}
    assert "9 Hidden Row" not in client.get(f"/receipts/{suggestion.uuid}/").content.decode()


def test_nothing_changed_is_told_but_words_alone_count(client, group):
    answer = client.post(address_of(group), as_shown(client, group))
    assert answer.status_code == 422
    assert "You have not changed anything yet." in main_of(answer)
    assert client.post(address_of(group), as_shown(client, group, note="The bell is broken.")).status_code == 302
    assert Suggestion.objects.get().note == "The bell is broken."


@pytest.mark.parametrize(
    ("changes", "least"),
    [
        ({"note": "Hello"}, 0),
        ({"ended": "on"}, 40),
        ({"contacts.{c}.value": "else@example.org"}, 30),
        ({"meetings.{m}.join_url": "https://else.example/"}, 30),
        ({"summary": "Other words"}, 0),
    ],
)
def test_what_could_do_harm_stands_higher_in_the_queue(client, group, changes, least):
    keys = {"m": group.meetings.get().pk, "c": group.contacts.get().pk}
    client.post(address_of(group), as_shown(client, group, **{k.format(**keys): v for k, v in changes.items()}))
    ordinary = Suggestion.objects.get().risk
    assert ordinary == least
    group.topics.update(sensitive=True)
    client.post(address_of(group), as_shown(client, group, note="Once more"))
    assert Suggestion.objects.latest("pk").risk == 10


def test_one_can_take_it_back_while_it_waits(client, group):
    client.post(address_of(group), as_shown(client, group, name="Other", email="ada@example.org"))
    suggestion = Suggestion.objects.get()
    address = f"/receipts/{suggestion.uuid}/"
    assert client.post(address).status_code == 302
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.values, suggestion.email) == ("withdrawn", {}, "")
    assert "You took it back." in main_of(client.get(address))
    decided_at = suggestion.decided_at
    client.post(address)
    suggestion.refresh_from_db()
    assert suggestion.decided_at == decided_at


def test_of_a_new_listing_that_was_taken_back_not_even_its_name_stays(client):
    TopicFactory(slug="tea", label="Tea")
    suggestion_at = client.post(ADD, new_group()).headers["Location"]
    client.post(suggestion_at)
    suggestion = Suggestion.objects.get()
    assert (suggestion.state, suggestion.title) == ("withdrawn", "")
    assert "Walk and talk" not in main_of(client.get(suggestion_at))


def test_a_receipt_is_for_nobody_else(client, group):
    client.post(address_of(group), as_shown(client, group, name="Other"))
    answer = client.get(f"/receipts/{Suggestion.objects.get().uuid}/")
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert client.get("/receipts/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert client.get("/receipts/1/").status_code == 404


def test_no_receipt_stands_in_the_log(client, monkeypatch):
    handler = next(each for each in logging.getLogger("django").handlers if each.filters)
    written = io.StringIO()
    monkeypatch.setattr(handler, "stream", written)
    assert client.get("/receipts/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert "/receipts/[key]/" in written.getvalue()
    assert "4000" not in written.getvalue()


def test_half_a_year_after_the_decision_nothing_is_kept(client, group, capsys):
    long_ago = timezone.now() - timedelta(days=184)
    client.post(address_of(group), as_shown(client, group, name="Other"))
    Suggestion.objects.update(sent_at=long_ago)
    assert remove_old() == 0
    Suggestion.objects.update(state="refused", decided_at=timezone.now() - timedelta(days=182))
    assert remove_old() == 0
    Suggestion.objects.update(decided_at=long_ago)
    call_command("remove_old_drafts")
    assert "1 suggestions" in capsys.readouterr().out
    assert not Suggestion.objects.exists()


def test_mistakes_stand_first_each_with_a_way_to_its_field(client, group):
    meeting = group.meetings.get()
    path = f"meetings.{meeting.pk}.weekdays"
    answer = client.post(address_of(group), as_shown(client, group, name="", **{path: None}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#id_{path}">' in page
    assert f'id="id_{path}"' in page
    assert '<a href="#id_name">“Name of the group”: Type a name.</a>' in page
    assert page.partition("<title>")[2].split()[:3] == ["Error:", "Suggest", "a"]
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x\0y"},
        {"note": "x\0y"},
        {"email": "x\0y@example.org"},
        {"email": "a@example.org\r\nBcc: b@example.org"},
        {"topics": ["x\0y"]},
        {"age_from": "9" * 5000},
        {"age_from": "²"},
        {"kind": ["a", "b"]},
        {"name": "x" * 100_000},
        {"contacts.new1.value": "x", "parts": ["contacts.new1"]},
        {"contacts.new1.kind": "phone", "parts": ["contacts.new1"]},
        {"stamp": "nonsense"},
        {"homepage": "https://example.org"},
    ],
)
def test_what_cannot_be_read_gets_a_message_and_nothing_is_kept(client, group, changes):
    answer = client.post(address_of(group), as_shown(client, group, **changes))
    assert answer.status_code == 422
    assert "We have not sent it yet" in main_of(answer)
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize("day", ["01/01/0099", "0001-01-01", "31/12/9999"])
def test_a_date_in_a_year_that_nobody_means_gets_a_message(client, group, day):
    when = {"meetings.new1.frequency": "dates", "meetings.new1.dates": day, "meetings.new1.weekdays": []}
    page = main_of(client.post(ADD, new_group(**when)))
    assert "Is this the right year? Give one from 1900 to 2199." in page
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    "parts",
    [["meetings.99999"], ["nonsense.new1"], ["meetings"], ["meetings.new0"], ["\0"], ["meetings.new999"], ["."]],
)
def test_parts_that_are_not_there_are_left_out(client, group, parts):
    sent = as_shown(client, group, parts=parts, **{f"{parts[0]}.start_time": "10:00"})
    assert client.post(address_of(group), sent).status_code == 422
    assert not Suggestion.objects.exists()


def test_a_part_that_went_while_the_page_was_open_is_no_harm(client, group):
    sent = as_shown(client, group, name="Other")
    group.meetings.all().delete()
    assert client.post(address_of(group), sent).status_code == 302
    assert Suggestion.objects.get().values == {"name": "Other"}


def test_one_megabyte_gets_a_clear_message(client, group):
    answer = client.post(address_of(group), as_shown(client, group, about="x" * 1024 * 1024))
    assert answer.status_code == 413
    assert "That was too long" in main_of(answer)
    many = {f"x{n}": "1" for n in range(2100)}
    assert client.post(address_of(group), many).status_code == 413
    assert client.get("/?q=%ff").status_code in {200, 302, 400}
    assert not Suggestion.objects.exists()
    assert not RelayCount.objects.exists()


def test_fifty_in_a_minute_are_not_taken(client, group, monkeypatch):
    # As ten minutes, but not over while this test runs: they begin by the clock.
    monkeypatch.setitem(LIMITS, "network", [(timedelta(days=3650), 5)])
    shown = as_shown(client, group)
    statuses = [
        client.post(address_of(group), shown | {"note": f"No {n}"} | stamped(group, seconds=60 + n)).status_code
        for n in range(50)
    ]
    assert statuses[:5] == [302] * 5
    assert set(statuses[5:]) == {429}
    assert Suggestion.objects.count() == 5


def test_one_form_is_sent_once(client, group):
    sent = as_shown(client, group, name="Other")
    assert client.post(address_of(group), sent).status_code == 302
    answer = client.post(address_of(group), sent)
    assert answer.status_code == 429
    assert "You have sent this form already." in main_of(answer)
    assert Suggestion.objects.count() == 1


def test_a_program_that_is_too_quick_is_asked_again(client, group):
    sent = as_shown(client, group, name="Other") | stamped(group, seconds=1)
    assert client.post(address_of(group), sent).status_code == 422


def test_where_it_could_harm_to_be_seen_there_is_a_way_out_and_a_help_line(client, group):
    group.topics.update(sensitive=True)
    line = HelpLineFactory(slug="quiet", name="Quiet line")
    line.topics.set(group.topics.all())
    page = client.get(address_of(group))
    assert "data-exit" in page.content.decode()
    assert "Quiet line" in main_of(page)
    client.post(address_of(group), as_shown(client, group, name="Other"))
    assert "data-exit" in client.get(f"/receipts/{Suggestion.objects.get().uuid}/").content.decode()


def test_only_published_groups_can_be_corrected(client, group):
    Group.objects.update(state="archived")
    assert client.get(address_of(group)).status_code == 404
    assert client.post(address_of(group), {"name": "x"}).status_code == 404


def test_the_pages_hold_a_constant_number_of_queries(client, group):
    few = queries_of(client, address_of(group))
    for n in range(5):
        MeetingFactory(group=group, weekdays=[n])
        GroupContactFactory(group=group, value=f"x{n}@example.org")
        LanguageFactory(code=f"x{n}", name=f"Language {n}")
    assert queries_of(client, address_of(group)) == few <= 14
    assert queries_of(client, ADD) <= 6
    client.post(address_of(group), as_shown(client, group, note="Hello", name="Other"))
    assert queries_of(client, f"/receipts/{Suggestion.objects.get().uuid}/") <= 18


def test_the_receipt_of_a_new_group_stands_in_the_order_of_the_form_without_what_nobody_typed(client, group):
    client.post(ADD, new_group(**{"summary": "On foot.", "meetings.new1.end_time": "20:30"}))
    suggestion = Suggestion.objects.get()
    page = main_of(client.get(f"/receipts/{suggestion.uuid}/"))
    said = ["Walk and talk", "On foot.", "Tea", "Tuesday", "19:00", "20:30", "Leeds", "They are kind."]
    assert [page.index(each) for each in said] == sorted(page.index(each) for each in said)
    for offered in ["What sort of group", "not every one?", "Who may see how to join?", "What kind of place"]:
        assert offered not in page


def test_who_took_it_back_need_not_keep_the_address(client, group):
    client.post(ADD, new_group())
    receipt = f"/receipts/{Suggestion.objects.get().uuid}/"
    assert "Keep this address" in main_of(client.get(receipt))
    page = main_of(client.post(receipt, follow=True))
    assert "You took it back." in page
    assert "Keep this address" not in page
    assert "Six months after" not in page


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [("20:00", "19:00", 422), ("20:00", "00:00", 302), ("22:30", "01:00", 302), ("19:00", "20:00", 302)],
)
def test_a_meeting_that_ends_before_it_starts_is_asked_about(client, group, start, end, status):
    times = {"meetings.new1.start_time": start, "meetings.new1.end_time": end}
    response = client.post(ADD, new_group(**times))
    assert response.status_code == status
    assert ("It ends before it starts." in text_of(response)) == (status == 422)


def test_a_meeting_that_goes_on_over_midnight_already_can_be_corrected(client, group):
    group.meetings.update(start_time="21:00", minutes=240)
    meeting = group.meetings.get()
    sent = as_shown(client, group, **{f"meetings.{meeting.pk}.note": "Bring a torch."})
    assert client.post(address_of(group), sent).status_code == 302


@pytest.mark.parametrize(("postcode", "status"), [("NOTAPOST", 422), ("LS6 1AA", 302), ("LS6", 302), ("62000", 302)])
def test_a_postcode_has_a_number_in_it(client, group, postcode, status):
    response = client.post(ADD, new_group(**{"meetings.new1.postcode": postcode}))
    assert response.status_code == status
    assert ("This is no postcode." in text_of(response)) == (status == 422)


def test_a_list_of_mistakes_names_each_field(client, group):
    page = main_of(client.post(ADD, new_group(age_from="old", age_to="older", email="ada")))
    for label in ["From what age?", "Up to what age?"]:
        assert f"“{label}”: Type a whole number from 0 to 120." in page
    assert "“Your email address, if you want an answer”: Type an email address" in page


def test_no_choice_of_who_may_see_something_is_cut_off_on_a_phone():
    assert max(len(label) for _code, label in SEEN_BY) < 30


def test_being_quick_is_no_fault_beside_a_mistake(client, group):
    page = main_of(client.post(ADD, new_group(name="") | stamped(seconds=1)))
    assert "Type a name." in page
    assert "very quick" not in page
