"""An action on many listings shows first what it would do, and the second step does just that."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory import actions, foreseeing
from directory.history import undo
from directory.models import Act, FormerAddress
from groups.models import Group
from practitioners import foreseeing as practitioners_foreseeing
from practitioners.actions import withdraw_consent
from practitioners.joining import leave_proposed, take_proposed
from practitioners.models import Practitioner
from tests.factories import CaseStudyFactory, GroupFactory, PractitionerFactory, SupportFactory
from tests.forms import filled
from tests.pages import text_of

pytestmark = pytest.mark.django_db

GROUPS, PEOPLE = "/admin/groups/group/", "/admin/practitioners/practitioner/"


def ask(client, page, name, *chosen, **more):
    data = {"action": name, "_selected_action": [each.pk for each in chosen]} | more
    return client.post(page, data)


def press(client, page, asked):
    """Press the button of the page that asks."""
    return client.post(page, filled(asked), follow=True)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def states(model):
    return dict(model.objects.values_list("name", "state"))


@pytest.mark.parametrize("name", ["publish", "archive", "send_back", "confirm", "readdress"])
@pytest.mark.parametrize(
    ("factory", "page"),
    [(GroupFactory, GROUPS), (PractitionerFactory, PEOPLE), (CaseStudyFactory, "/admin/casestudies/casestudy/")],
)
def test_nothing_happens_before_the_second_step(admin_client, factory, page, name):
    listing = factory(state="pending", name="Kettle")
    before = type(listing).objects.values().get()
    asked = ask(admin_client, page, name, listing)
    assert "Nothing has happened yet." in text_of(asked)
    assert "Kettle (Waiting for a curator)" in text_of(asked)
    assert type(listing).objects.values().get() == before
    done = press(admin_client, page, asked)
    assert messages_of(done)[0].endswith(": 1.")
    assert type(listing).objects.values().get() != before


def test_it_says_what_is_done_what_is_so_already_and_what_is_refused_and_why(admin_client):
    willing = PractitionerFactory(name="Willing", state="draft")
    PractitionerFactory(name="Unasked", state="draft", consent_given_on=None)
    PractitionerFactory(name="Shown", state="published")
    asked = ask(admin_client, PEOPLE, "publish", *Practitioner.objects.all())
    said = text_of(asked)
    assert "It will be done to 1 Everybody can see and find them at once. Willing (Draft)" in said
    assert "1 would be refused, and stays as it is Unasked (Draft): Say when they agreed to be listed" in said
    assert "1 is so already." in said
    # What is refused is not even tried.
    assert filled(asked)["_selected_action"] == [str(willing.pk)]
    assert messages_of(press(admin_client, PEOPLE, asked)) == ["Published: 1."]
    assert states(Practitioner) == {"Willing": "published", "Unasked": "draft", "Shown": "published"}


def unpublishable():
    """Return listings with everything that may keep one from being published."""
    moved = GroupFactory(state="archived", slug="now")
    former = GroupFactory(state="draft", slug="before")
    FormerAddress.objects.create(listing=moved, slug="before")
    return [
        former,
        moved,
        GroupFactory(state="draft", founded=1066),
        GroupFactory(state="pending", founded=1066, name=""),
        PractitionerFactory(state="draft", consent_given_on=None),
        PractitionerFactory(state="pending"),
        CaseStudyFactory(state="draft", year=1),
        GroupFactory(state="published"),
    ]


def test_what_is_foreseen_comes_true(admin_user):
    for listing in unpublishable():
        foreseen = foreseeing.publish([listing])[listing.pk]
        if isinstance(foreseen, ValidationError):
            with pytest.raises(ValidationError) as refused:
                actions.publish(listing, by=admin_user)
            assert foreseen.message_dict == refused.value.message_dict, listing
        else:
            assert actions.publish(listing, by=admin_user) is foreseen, listing


@pytest.mark.parametrize("name", ["archive", "send_back", "confirm", "readdress"])
@pytest.mark.parametrize("state", ["draft", "pending", "published", "archived"])
def test_what_else_is_foreseen_comes_true_too(admin_user, name, state):
    more = {"confirmed_by": "curator"} if name == "confirm" else {}
    for listing in (GroupFactory(name="New name", slug="new-name-2", state=state), GroupFactory(state=state, slug="x")):
        foreseen = getattr(foreseeing, name)([listing])[listing.pk]
        assert foreseen is getattr(actions, name)(listing, by=admin_user, **more)


@pytest.mark.parametrize(
    ("name", "act"), [("withdraw", withdraw_consent), ("take_words", take_proposed), ("leave_words", leave_proposed)]
)
def test_what_is_foreseen_of_practitioners_comes_true(admin_user, name, act):
    shown = SupportFactory(practitioner__state="archived", practitioner__consent_given_on=None).practitioner
    reached = PractitionerFactory(state="archived", consent_given_on=None)
    reached.contacts.create(kind="website", value="https://ada.example/", visibility="everyone", personal="no")
    people = [
        shown,
        reached,
        PractitionerFactory(state="archived", consent_given_on=None),
        PractitionerFactory(state="archived"),
        PractitionerFactory(proposed={"about": "New words"}),
        PractitionerFactory(proposed={"name": "x" * 200}),
    ]
    outcomes = set()
    for foreseen, practitioner in [(getattr(practitioners_foreseeing, name)([each])[each.pk], each) for each in people]:
        if isinstance(foreseen, ValidationError):
            with pytest.raises(ValidationError) as refused:
                act(practitioner, by=admin_user)
            assert foreseen.message_dict == refused.value.message_dict
        else:
            assert act(practitioner, by=admin_user) is foreseen, practitioner.pk
        outcomes.add(foreseen if isinstance(foreseen, bool) else None)
    assert outcomes >= {True, False}


@pytest.mark.parametrize("name", ["withdraw", "take_words", "leave_words"])
def test_practitioners_own_actions_ask_first_too(admin_client, name):
    ada = PractitionerFactory(name="Ada", proposed={"about": "I play the\ncello"})
    before = Practitioner.objects.values().get()
    asked = ask(admin_client, PEOPLE, name, ada)
    assert "Nothing has happened yet." in text_of(asked)
    assert ("I play the cello" in text_of(asked)) == (name != "withdraw")
    assert Practitioner.objects.values().get() == before
    assert messages_of(press(admin_client, PEOPLE, asked))[0].endswith(": 1.")
    assert Practitioner.objects.values().get() != before
    assert "1 is so already." in text_of(ask(admin_client, PEOPLE, name, ada))


@pytest.mark.parametrize("name", ["take_words", "leave_words"])
def test_words_that_came_after_the_page_was_shown_are_neither_published_nor_forgotten(admin_client, name):
    ada, bea = (PractitionerFactory(name=each, proposed={"about": "I play the cello"}) for each in ("Ada", "Bea"))
    asked = ask(admin_client, PEOPLE, name, ada, bea)
    Practitioner.objects.filter(pk=ada.pk).update(proposed={"about": "Buy my cure"})
    told = messages_of(press(admin_client, PEOPLE, asked))
    changed = "“Ada” is still ‘Published’. What it says has changed since you read it. Read it again first."
    assert told[0] == changed
    assert told[1].endswith(": 1.")
    assert told[2] == "Refused: 1."
    ada.refresh_from_db()
    bea.refresh_from_db()
    assert (ada.about, ada.proposed, bea.proposed) == ("", {"about": "Buy my cure"}, {})
    # Nobody says of themselves that they have read it.
    assert messages_of(press(admin_client, PEOPLE, ask(admin_client, PEOPLE, name, ada)))[0].endswith(": 1.")
    Practitioner.objects.update(proposed={"about": "More"})
    chosen = {"action": name, "_selected_action": [ada.pk], "confirmed": "1"}
    assert messages_of(admin_client.post(PEOPLE, chosen, follow=True))[0] == changed


def test_all_that_has_to_be_read_is_shown(admin_client):
    people = [
        Practitioner(name=f"P {n}", slug=f"p-{n}", state="draft", proposed={"about": f"Cello {n:02}"})
        for n in range(60)
    ]
    said = text_of(ask(admin_client, PEOPLE, "take_words", *Practitioner.objects.bulk_create(people)))
    assert said.count("Cello") == 60
    assert "These are the first" not in said


def test_the_first_fifty_are_named_and_all_are_counted(admin_client):
    Group.objects.bulk_create(Group(name=f"Kettle {n:03}", slug=f"kettle-{n}", state="draft") for n in range(60))
    bad = {"state": "draft", "founded": 1066}
    Group.objects.bulk_create(Group(name=f"Old {n:03}", slug=f"old-{n}", **bad) for n in range(55))
    asked = ask(admin_client, GROUPS, "publish", *Group.objects.all())
    said = text_of(asked)
    assert "It will be done to 60" in said
    assert "55 would be refused, and stay as they are" in said
    assert "Kettle 049" in said
    assert "Kettle 050" not in said
    assert "Old 049" in said
    assert "Old 050" not in said
    assert said.count("These are the first 50.") == 2
    assert len(filled(asked)["_selected_action"]) == 60


def test_all_that_a_filter_finds_are_acted_on_and_no_others(admin_client):
    for number in range(3):
        GroupFactory(name=f"Waits {number}", state="pending")
    GroupFactory(name="Draft", state="draft")
    page = f"{GROUPS}?state__exact=pending"
    asked = ask(admin_client, page, "publish", Group.objects.first(), select_across="1")
    # Whoever joins the list in the meantime was not seen.
    GroupFactory(name="Waits too", state="pending")
    done = press(admin_client, page, asked)
    assert messages_of(done) == ["Published: 3."]
    assert states(Group)["Draft"] == "draft"
    assert states(Group)["Waits too"] == "pending"
    assert done.redirect_chain[-1][0] == page


def test_what_is_done_to_many_is_one_act_of_the_history(admin_client, admin_user):
    for _each in range(3):
        GroupFactory(state="pending")
    press(admin_client, GROUPS, ask(admin_client, GROUPS, "publish", *Group.objects.all()))
    act = Act.objects.filter(by=admin_user).get()
    assert str(act) == "Published"
    undo(act, by=admin_user)
    assert set(states(Group).values()) == {"pending"}


def test_too_many_are_not_touched(admin_client, monkeypatch):
    monkeypatch.setattr("directory.admin.bulk.MOST_AT_ONCE", 2)
    groups = [GroupFactory(state="draft") for _each in range(3)]
    done = admin_client.post(
        GROUPS, {"action": "publish", "_selected_action": [each.pk for each in groups]}, follow=True
    )
    assert messages_of(done) == ["You chose more than 2. Nothing was done. Choose fewer at a time."]
    assert set(states(Group).values()) == {"draft"}


def test_where_nothing_would_be_done_there_is_no_button(admin_client):
    asked = ask(admin_client, GROUPS, "publish", GroupFactory())
    assert "1 is so already." in text_of(asked)
    assert 'name="confirmed"' not in asked.content.decode()


def test_what_changed_in_between_is_refused_with_its_reason(admin_client):
    group = GroupFactory(name="Kettle", state="draft")
    asked = ask(admin_client, GROUPS, "publish", group)
    Group.objects.update(founded=1066)
    told = messages_of(press(admin_client, GROUPS, asked))
    assert told[0].startswith("“Kettle” is still ‘Draft’. Founded in:")
    assert told[1:] == ["Refused: 1."]


def queries(client, listings, name):
    data = {"action": name, "_selected_action": [each.pk for each in listings]}
    with CaptureQueriesContext(connection) as captured:
        assert client.post(PEOPLE, data).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["publish", "withdraw", "take_words"])
def test_as_many_queries_for_a_thousand_as_for_ten(admin_client, name):
    today = timezone.localdate()
    people = Practitioner.objects.bulk_create(
        Practitioner(name=f"P {n}", slug=f"p-{n}", state="draft", consent_given_on=today if n % 2 else None)
        for n in range(1000)
    )
    queries(admin_client, people[:1], name)
    assert queries(admin_client, people[:10], name) == queries(admin_client, people, name)


def test_a_script_in_a_name_stays_a_name(admin_client):
    group = GroupFactory(state="draft", name="<script>alert(1)</script>")
    page = ask(admin_client, GROUPS, "publish", group).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
