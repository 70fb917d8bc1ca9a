"""The page of a suggestion: what a curator reads, chooses and is told."""

import re

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import ReplyTemplate, Suggestion
from groups.models import Group
from tests.factories import CaseStudyFactory, GroupFactory, TopicFactory
from tests.selfhelp.test_admin import assert_nothing_inline
from tests.selfhelp.test_roles import sign_in

pytestmark = pytest.mark.django_db

LONG = "People meet over tea in the old library and talk about how their week has been."


@pytest.fixture
def group():
    return GroupFactory(name="Old name", summary=LONG, host="Old host", topics=[TopicFactory(label="Grief")])


@pytest.fixture
def correction(group):
    values = {"name": "New name", "summary": LONG.replace("tea", "coffee"), "host": "New host"}
    before = {"name": "Older name", "summary": LONG, "host": "Old host"}
    return Suggestion.objects.create(
        kind="correction", listing=group, title="Old name", values=values, before=before, note="I go there."
    )


@pytest.fixture
def new():
    values = {"name": "Hope Street Carers", "kind": "mutual-aid", "topics": [TopicFactory().slug]}
    kind = ContentType.objects.get_for_model(Group)
    return Suggestion.objects.create(kind="new", content_type=kind, title="Hope Street Carers", values=values)


def page_of(suggestion):
    return f"/admin/queue/{suggestion.pk}/"


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def as_shown(client, suggestion):
    """Return what the form of the page would send, as it is shown."""
    response = client.get(page_of(suggestion))
    return {"decision-seen": response.context["token"]} | {
        row.path: row.widget.value() for row in response.context["rows"] if row.widget
    }


def ticked(**choices):
    return {"decision-do": "ticked"} | {f"decision-accept.{path}": choice for path, choice in choices.items()}


def told(response):
    """Return the last thing that was said."""
    return [str(message) for message in response.context["messages"]][-1]


def test_the_page_shows_each_field_beside_what_is_there(admin_client, correction):
    response = admin_client.get(page_of(correction))
    page = text_of(response)
    assert_nothing_inline(response)
    # In the order of the form.
    assert [row.path for row in response.context["rows"]] == ["name", "summary", "host"]
    for words in ("I go there.", "Older name", "changed since", "New name"):
        assert words in page, words
    assert re.search(r"<del ?>tea ?</del> ?<ins ?>coffee ?</ins>", page)
    rows = {row.path: row for row in response.context["rows"]}
    assert [rows[path].is_changed_since for path in ("name", "summary", "host")] == [True, False, False]


def test_two_of_three_are_accepted_one_of_them_edited(admin_client, group, correction):
    sent = as_shown(admin_client, correction) | ticked(name="accept", summary="accept", host="refuse")
    sent |= {"name": "Better name", "decision-why.host": "They told us", "decision-reply": "Thank you."}
    response = admin_client.post(page_of(correction), sent, follow=True)
    assert response.redirect_chain == [("/admin/queue/", 302)]
    assert "Accepted in part" in told(response)
    group.refresh_from_db()
    assert (group.name, group.host) == ("Better name", "Old host")
    assert "coffee" in group.summary
    page = text_of(admin_client.get(page_of(correction)))
    for words in ("Accepted in part", "Accepted as", "Better name", "Why: They told us", "Thank you.", "Undo"):
        assert words in page, words


def test_all_are_accepted_or_refused_with_one_button(admin_client, group, correction):
    other = Suggestion.objects.create(kind="correction", listing=group, title="x", values={"host": "Third"})
    admin_client.post(page_of(other), as_shown(admin_client, other) | {"decision-do": "none"})
    admin_client.post(page_of(correction), as_shown(admin_client, correction) | {"decision-do": "all"})
    group.refresh_from_db()
    assert (group.name, group.host) == ("New name", "New host")
    assert set(Suggestion.objects.values_list("state", flat=True)) == {"accepted", "refused"}


def test_what_is_not_ticked_is_asked_for_and_all_input_stays(admin_client, correction):
    sent = as_shown(admin_client, correction) | ticked(name="accept") | {"name": "Mine", "decision-reply": "Hello"}
    response = admin_client.post(page_of(correction), sent)
    assert response.status_code == 422
    page = text_of(response)
    assert page.count("Choose: accept or refuse.") == 2 * 2
    assert 'value="Mine"' in page
    assert "Hello</textarea>" in page
    assert Suggestion.objects.waiting().exists()


def test_a_value_that_makes_no_sense_is_said_at_its_field(admin_client, correction):
    sent = as_shown(admin_client, correction) | {"decision-do": "all", "name": "x" * 500}
    response = admin_client.post(page_of(correction), sent)
    assert response.status_code == 422
    (row,) = [row for row in response.context["rows"] if row.errors]
    assert (row.path, row.widget.value()) == ("name", "x" * 500)
    assert "<details open" in text_of(response)


def test_a_ready_made_answer_goes_below_what_was_typed(admin_client, correction):
    template = ReplyTemplate.objects.create(slug="t", title="Thanks", text="Thank you for writing.")
    sent = as_shown(admin_client, correction) | ticked(name="accept")
    sent |= {"decision-do": "fill-in", "decision-template": template.pk, "decision-reply": "Dear reader,"}
    response = admin_client.post(page_of(correction), sent)
    assert response.status_code == 200
    assert "Dear reader, Thank you for writing.</textarea>" in text_of(response)
    assert Suggestion.objects.waiting().exists()
    assert [str(row.chosen) for row in response.context["rows"]] == ["Accept", "nothing ticked", "nothing ticked"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"decision-do": "explode"},
        {"decision-do": "ticked", "decision-accept.name": "perhaps"},
        {"decision-do": "all", "decision-reply": "\x00"},
        {"decision-do": "all", "decision-reply": "x" * 1_000_000},
        {"decision-do": "all", "decision-why.name": "x" * 1_000_000},
        {"decision-do": "all", "decision-seen": "x" * 1_000_000},
        {"decision-do": "all", "decision-template": "x"},
        {"decision-do": "all", "name": "\x00"},
        {"decision-do": "all", "name": "x" * 1_000_000},
        {"decision-do": "all", "decision-seen": "\x00"},
    ],
)
def test_bad_input_gets_a_message(admin_client, correction, sent):
    response = admin_client.post(page_of(correction), as_shown(admin_client, correction) | sent)
    assert response.status_code in {409, 422}
    assert 'role="alert"' in text_of(response)
    assert Suggestion.objects.waiting().exists()


# New listings


def test_a_new_listing_is_published_by_whoever_may(client, new):
    GroupFactory(name="Hope St Carers")
    sign_in(client, "curator")
    page = text_of(client.get(page_of(new)))
    assert "Looks like" in page
    assert "Hope St Carers" in page
    client.post(page_of(new), as_shown(client, new) | {"decision-do": "publish"})
    assert Group.objects.get(name="Hope Street Carers").state == "published"


def test_a_moderator_takes_a_new_listing_for_a_curator_to_publish(client, new):
    sign_in(client, "moderator")
    assert "Accept all and publish" not in text_of(client.get(page_of(new)))
    sent = as_shown(client, new)
    assert client.post(page_of(new), sent | {"decision-do": "publish"}).status_code == 403
    client.post(page_of(new), sent | {"decision-do": "all"})
    assert Group.objects.get().state == "pending"
    assert client.get(f"/admin/groups/group/{Group.objects.get().pk}/change/").status_code == 403


def test_a_suggestion_without_fields_can_be_closed(admin_client, group):
    note = Suggestion.objects.create(kind="correction", listing=group, title="x", note="The door is green now.")
    assert "The door is green now." in text_of(admin_client.get(page_of(note)))
    admin_client.post(
        page_of(note), as_shown(admin_client, note) | {"decision-do": "ticked", "decision-accept.": "refuse"}
    )
    assert Suggestion.objects.get().state == "refused"
    assert admin_client.get(page_of(note)).status_code == 200


def test_a_safety_concern_is_shown_and_not_decided_like_a_correction(admin_client, group):
    concern = Suggestion.objects.create(kind="safety", listing=group, title="x", note="They asked for money.", risk=180)
    page = text_of(admin_client.get(page_of(concern)))
    for words in ("They asked for money.", "Look at this first"):
        assert words in page
    assert "Decide as ticked" not in page
    for action in ("", "undo/"):
        assert admin_client.post(page_of(concern) + action, {"decision-do": "all"}).status_code == 403
    assert Suggestion.objects.waiting().exists()


# Two curators


def test_the_second_of_two_is_told_and_keeps_their_words(admin_client, group, correction):
    ben = Client()
    ben.force_login(User.objects.create_superuser("ben"))
    shown = as_shown(ben, correction)
    admin_client.post(page_of(correction), as_shown(admin_client, correction) | {"decision-do": "none"})
    response = ben.post(
        page_of(correction), shown | {"decision-do": "all", "decision-reply": "From Ben", "name": "Ben's"}
    )
    assert response.status_code == 409
    page = text_of(response)
    assert "admin decided on this at" in page
    for words in ("From Ben", "Ben&#x27;s", "What you chose and wrote (not saved)"):
        assert words in page, words
    group.refresh_from_db()
    assert group.name == "Old name"


def test_whoever_changed_the_listing_meanwhile_is_named_and_the_new_words_are_shown(admin_client, group, correction):
    shown = as_shown(admin_client, correction)
    ben = Client()
    ben.force_login(User.objects.create_superuser("ben"))
    other = Suggestion.objects.create(kind="correction", listing=group, title="x", values={"name": "Ben's"})
    ben.post(page_of(other), as_shown(ben, other) | {"decision-do": "all"})
    mine = shown | {"decision-do": "all", "name": "Mine", "decision-why.name": "Because", "decision-reply": "Hello"}
    response = admin_client.post(page_of(correction), mine)
    assert response.status_code == 409
    page = text_of(response)
    assert "ben changed it at" in page
    rows = {row.path: row for row in response.context["rows"]}
    assert (rows["name"].now, rows["name"].widget.value(), rows["name"].why.value()) == ("Ben's", "Mine", "Because")
    group.refresh_from_db()
    assert group.name == "Ben's"
    mine["decision-seen"] = response.context["token"]
    assert admin_client.post(page_of(correction), mine).status_code == 302
    group.refresh_from_db()
    assert group.name == "Mine"


def test_a_ready_made_answer_hides_no_change_from_somebody(admin_client, group, correction):
    sent = as_shown(admin_client, correction) | {"decision-do": "fill-in"}
    Group.objects.update(name="Changed meanwhile")
    again = admin_client.post(page_of(correction), sent)
    sent |= {"decision-do": "all", "decision-seen": again.context["token"]}
    assert admin_client.post(page_of(correction), sent).status_code == 409


# Undo and answer


def test_a_decision_is_undone(admin_client, group, correction):
    admin_client.post(page_of(correction), as_shown(admin_client, correction) | {"decision-do": "all"})
    assert admin_client.get(page_of(correction) + "undo/").status_code == 405
    response = admin_client.post(page_of(correction) + "undo/", follow=True)
    assert "It is undone." in told(response)
    assert "Undone by admin" in text_of(response)
    receipt = text_of(admin_client.get(f"/receipts/{correction.uuid}/"))
    assert "has put the page back as it was since" in receipt
    assert receipt.count("Taken, and put back since") == 3
    group.refresh_from_db()
    assert group.name == "Old name"
    again = admin_client.post(page_of(correction) + "undo/", follow=True)
    assert "taken back already" in told(again)
    assert "Undone" in text_of(admin_client.get("/admin/queue/?show=decided"))


def test_what_was_changed_since_is_not_undone(admin_client, group, correction):
    admin_client.post(page_of(correction), as_shown(admin_client, correction) | {"decision-do": "all"})
    Group.objects.update(name="Later")
    response = admin_client.post(page_of(correction) + "undo/", follow=True)
    assert "changed again since" in told(response)
    group.refresh_from_db()
    assert group.name == "Later"


def test_the_answer_is_mailed_and_the_address_deleted(admin_client, correction, settings):
    settings.MAIL_GOES_OUT = True
    Suggestion.objects.update(email="eve@example.org")
    sent = as_shown(admin_client, correction) | {"decision-do": "all", "decision-reply": "It is there now."}
    response = admin_client.post(page_of(correction), sent, follow=True)
    assert "on its way" in told(response)
    (letter,) = mail.outbox
    assert "It is there now." in letter.body
    assert str(correction.uuid) in letter.body
    assert Suggestion.objects.get().email == ""


def test_where_the_mail_server_refuses_it_is_told_and_can_be_tried_again(admin_client, correction, settings, caplog):
    settings.MAIL_GOES_OUT = True
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    Suggestion.objects.update(email="eve@example.org")
    sent = as_shown(admin_client, correction) | {"decision-do": "none", "decision-reply": "Hidden words"}
    response = admin_client.post(page_of(correction), sent, follow=True)
    assert "did not take the answer" in told(response)
    assert "eve@" not in caplog.text
    assert "Hidden words" not in caplog.text
    assert "Mail the answer again" in text_of(admin_client.get(page_of(correction)))
    settings.EMAIL_BACKEND = works
    response = admin_client.post(page_of(correction) + "answer/", follow=True)
    assert "on its way" in told(response)
    assert "Mail the answer again" not in text_of(response)


def test_without_a_mail_server_that_is_said(admin_client, correction, settings):
    settings.MAIL_GOES_OUT = False
    Suggestion.objects.update(email="eve@example.org")
    sent = as_shown(admin_client, correction) | {"decision-do": "none"}
    response = admin_client.post(page_of(correction), sent, follow=True)
    assert "There is no mail server" in told(response)
    assert Suggestion.objects.get().email == "eve@example.org"


# Who may do what, by direct address


@pytest.mark.parametrize(
    ("role", "about_a_group", "about_a_case"),
    [("curator", 200, 200), ("moderator", 200, 200), ("administrator", 200, 200), ("editor", 403, 200)],
)
def test_each_role_opens_only_what_it_may_decide(client, correction, role, about_a_group, about_a_case):
    about_case = Suggestion.objects.create(kind="correction", listing=CaseStudyFactory(), title="x")
    sign_in(client, role)
    for one, status in ((correction, about_a_group), (about_case, about_a_case)):
        assert client.get(page_of(one)).status_code == status
        for action in ("", "undo/", "answer/"):
            allowed = client.post(page_of(one) + action, {"decision-do": "all"}).status_code != 403
            assert allowed == (status == 200), (role, action)
    assert client.get("/admin/queue/987654/").status_code == 404


def test_nobody_else_opens_it(client, correction):
    pages = [page_of(correction), page_of(correction) + "undo/", page_of(correction) + "answer/"]
    without_a_role = Client()
    without_a_role.force_login(User.objects.create_user("nobody", is_staff=True))
    for somebody, status in ((client, 302), (without_a_role, 403)):
        for page in pages:
            assert somebody.get(page).status_code in {status, 405}
            assert somebody.post(page, {"decision-do": "all"}).status_code == status
    assert Suggestion.objects.waiting().exists()


def test_a_form_from_elsewhere_is_refused(correction):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("ben"))
    assert client.post(page_of(correction), {"decision-do": "all"}).status_code == 403


def test_the_page_makes_a_constant_number_of_queries(admin_client, group, correction):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert admin_client.get(page_of(correction)).status_code == 200
        return len(found)

    admin_client.get(page_of(correction))
    few = queries()
    for _each in range(20):
        Suggestion.objects.create(kind="correction", listing=group, title="x", values={"name": "y"})
    correction.values |= {"about": "x", "host": "y", "cost_note": "z", "first_time": "a", "ground_rules": "b"}
    correction.save()
    assert queries() == few
