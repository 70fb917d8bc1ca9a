"""Curators' work on listings, topics, places and help lines."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from directory.admin.fields import LinesField
from directory.models import HelpLine, Place, SupportRole, Topic
from groups.models import Group
from tests.factories import (
    CaseStudyFactory,
    GroupFactory,
    HelpLineFactory,
    LanguageFactory,
    PlaceFactory,
    PractitionerFactory,
    SupportRoleFactory,
    TopicFactory,
)
from tests.forms import filled

pytestmark = pytest.mark.django_db

GROUPS = "/admin/groups/group/"


def act(client, page, name, *chosen):
    """Do it, as the button of the page that asks first does."""
    data = {"action": name, "_selected_action": [each.pk for each in chosen], "confirmed": "1"}
    return messages_of(client.post(page, data, follow=True))


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def change_page(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def press(client, page, button, **changes):
    """Fill in the form as it stands, with the changes, and press a button."""
    return client.post(page, filled(client.get(page)) | changes | {button: "1"})


def curator(*rights):
    user = User.objects.create_user("curator", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


# Actions in lists


@pytest.mark.parametrize(
    ("factory", "where"),
    [
        (GroupFactory, GROUPS),
        (PractitionerFactory, "/admin/practitioners/practitioner/"),
        (CaseStudyFactory, "/admin/casestudies/casestudy/"),
    ],
)
def test_listings_are_published_archived_and_sent_back(admin_client, factory, where):
    listing = factory(state="pending")
    for name, state, done in [
        ("publish", "published", "Published: 1."),
        ("archive", "archived", "Archived: 1."),
        ("send_back", "draft", "Made a draft: 1."),
    ]:
        assert act(admin_client, where, name, listing) == [done]
        listing.refresh_from_db()
        assert listing.state == state
        assert listing.state_changed_by.username == "admin"
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Published.",
        "Archived.",
        "Made a draft.",
    ]


def test_each_refusal_says_why_and_the_others_go_on(admin_client):
    willing, other = PractitionerFactory(state="draft"), PractitionerFactory(state="published")
    unasked = PractitionerFactory(state="draft", name="Ada", consent_given_on=None)
    told = act(admin_client, "/admin/practitioners/practitioner/", "publish", willing, unasked, other)
    assert told == [
        "“Ada” is still ‘Draft’. Say when they agreed to be listed, before you publish.",
        "Published: 1.",
        "Already so: 1.",
        "Refused: 1.",
    ]


def test_a_refusal_names_the_field(admin_client):
    group = GroupFactory(state="draft", name="Old", founded=1066)
    told = act(admin_client, GROUPS, "publish", group)
    assert told[0].startswith("“Old” is still ‘Draft’. Founded in: Ensure this value")


def test_many_refusals_do_not_bury_the_page(admin_client, monkeypatch):
    monkeypatch.setattr("directory.admin.listings.MOST_REFUSALS", 2)
    groups = [GroupFactory(state="draft", founded=1066) for _each in range(4)]
    told = act(admin_client, GROUPS, "publish", *groups)
    assert len(told) == 3
    assert told[-1] == "Refused: 4."


def test_curators_confirm(admin_client):
    group = GroupFactory()
    assert act(admin_client, GROUPS, "confirm", group) == ["Confirmed today by a curator: 1."]
    group.refresh_from_db()
    assert group.confirmed_by == "curator"
    assert group.freshness == "fresh"
    assert "Confirmed today by a curator" in admin_client.get(GROUPS).content.decode()


def test_who_may_only_look_may_not_act(client):
    client.force_login(curator("view_group"))
    group = GroupFactory(state="draft")
    page = client.get(GROUPS).content.decode()
    assert 'value="publish"' not in page
    act(client, GROUPS, "publish", group)
    response = client.get(change_page(group))
    assert 'name="_publish"' not in response.content.decode()
    assert client.post(change_page(group), {"_publish": "1"}).status_code == 403
    group.refresh_from_db()
    assert group.state == "draft"


def test_listings_are_archived_not_deleted(admin_client):
    group = GroupFactory()
    assert "delete_selected" not in admin_client.get(GROUPS).content.decode()
    act(admin_client, GROUPS, "delete_selected", group)
    assert admin_client.post(f"{GROUPS}{group.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Group.objects.filter(pk=group.pk).exists()


def test_what_needs_a_look_is_found(admin_client):
    now = timezone.now()
    due = {"confirmed_at": now, "confirmed_by": "owner", "review_due_on": timezone.localdate()}
    GroupFactory(name="Asked too long ago", **due)
    GroupFactory(name="Never asked")
    GroupFactory(name="Asked lately", **due | {"review_due_on": timezone.localdate() + timedelta(days=9)})
    GroupFactory(name="Asked too long ago, archived", state="archived", **due)
    found = {}
    for look in ("any", "due", "never"):
        listed = admin_client.get(GROUPS, {"look": look}).context["cl"].queryset
        found[look] = sorted(group.name for group in listed)
    assert found == {
        "any": ["Asked too long ago", "Never asked"],
        "due": ["Asked too long ago"],
        "never": ["Never asked"],
    }


# The form of a listing


def test_the_form_saves_and_publishes(admin_client):
    group = GroupFactory(state="draft", topics=[TopicFactory()])
    response = press(admin_client, change_page(group), "_publish", name="Worry Less Tuesdays")
    assert response.url == change_page(group)
    group.refresh_from_db()
    assert (group.name, group.state) == ("Worry Less Tuesdays", "published")
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == [
        "Changed Name.",
        "Published.",
    ]


def test_the_form_saves_what_it_may_not_publish(admin_client):
    practitioner = PractitionerFactory(state="draft", consent_given_on=None, roles=[SupportRoleFactory()])
    response = press(admin_client, change_page(practitioner), "_publish", name="Ada")
    assert messages_of(admin_client.get(response.url)) == [
        "“Ada” is still ‘Draft’. Say when they agreed to be listed, before you publish.",
        "“Ada” is saved.",
    ]
    practitioner.refresh_from_db()
    assert (practitioner.name, practitioner.state) == ("Ada", "draft")


def test_the_form_publishes_nothing_that_has_a_mistake(admin_client):
    group = GroupFactory(state="draft", topics=[TopicFactory()])
    response = press(admin_client, change_page(group), "_publish", founded="1066")
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["founded"]
    group.refresh_from_db()
    assert group.state == "draft"


def test_buttons_are_those_that_the_state_allows(admin_client):
    def buttons(group):
        return [act["name"] for act in admin_client.get(change_page(group)).context["acts"]]

    assert buttons(GroupFactory(state="pending")) == ["_publish", "_send_back", "_archive", "_confirm"]
    assert buttons(GroupFactory(state="published")) == ["_confirm", "_send_back", "_archive"]


def test_enter_saves_and_does_not_publish(admin_client):
    page = admin_client.get(change_page(GroupFactory(state="draft"))).content.decode()
    assert page.index('name="_save"') < page.index('name="_publish"')


def test_a_new_listing_is_added_and_published_by_name(admin_client, admin_user):
    topic = TopicFactory()
    response = press(
        admin_client, f"{GROUPS}add/", "_publish", name="New group", slug="new-group", topics=[str(topic.pk)]
    )
    group = Group.objects.get(slug="new-group")
    assert response.url == change_page(group)
    assert (group.state, group.state_changed_by) == ("published", admin_user)


def test_a_new_draft_knows_who_made_it(admin_client, admin_user):
    press(admin_client, f"{GROUPS}add/", "_save", name="New", slug="new", topics=[str(TopicFactory().pk)])
    group = Group.objects.get(slug="new")
    assert (group.state, group.state_changed_by) == ("draft", admin_user)


def test_a_reserved_word_is_no_address(admin_client):
    response = press(admin_client, f"{GROUPS}add/", "_save", name="Map", slug="map", topics=[str(TopicFactory().pk)])
    assert "address of the site itself" in str(response.context["adminform"].form.errors["slug"])


def test_an_address_and_a_state_cannot_be_typed_over(admin_client):
    group = GroupFactory(state="draft", topics=[TopicFactory()], source="feed", external_id="7")
    changes = {"slug": "other", "state": "published", "sample": "on", "external_id": "8", "source": "elsewhere"}
    press(admin_client, change_page(group), "_save", **changes)
    after = Group.objects.get(pk=group.pk)
    for name in changes:
        assert getattr(after, name) == getattr(group, name), name


def test_the_page_is_linked_only_where_the_public_sees_it(admin_client):
    shown, hidden = GroupFactory(), GroupFactory(state="draft")
    assert "viewsitelink" in admin_client.get(change_page(shown)).content.decode()
    page = admin_client.get(change_page(hidden)).content.decode()
    assert "viewsitelink" not in page
    assert f'href="{GROUPS}{hidden.pk}/preview/"' in page


# What points at something keeps it


@pytest.mark.parametrize("factory", [TopicFactory, PlaceFactory, LanguageFactory, SupportRoleFactory, HelpLineFactory])
def test_what_nothing_points_at_can_be_deleted(admin_client, factory):
    thing = factory()
    page = change_page(thing).replace("change", "delete")
    assert admin_client.post(page, {"post": "yes"}).status_code == 302
    assert not type(thing).objects.filter(pk=thing.pk).exists()


def in_a_group(field, factory):
    thing = factory()
    getattr(GroupFactory(name="Pointing"), field).add(thing)
    return thing


@pytest.mark.parametrize(
    "make",
    [
        lambda: in_a_group("topics", TopicFactory),
        lambda: in_a_group("serves", PlaceFactory),
        lambda: in_a_group("languages", LanguageFactory),
        lambda: in_a_group("seeking", SupportRoleFactory),
        lambda: TopicFactory(label="Pointing", parent=TopicFactory()).parent,
        lambda: TopicFactory(label="Pointing", counterpart=TopicFactory()).counterpart,
    ],
)
def test_what_something_points_at_stays_and_the_page_says_why(admin_client, make):
    thing = make()
    page = change_page(thing).replace("change", "delete")
    response = admin_client.post(page, {"post": "yes"})
    assert response.status_code == 200
    assert "Pointing" in response.content.decode()
    changelist = reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [thing.pk], "post": "yes"}
    assert admin_client.post(changelist, chosen).status_code == 200
    assert type(thing).objects.filter(pk=thing.pk).exists()


# Topics, places, roles, help lines


def test_synonyms_are_words_with_commas_or_one_a_line(admin_client):
    topic = TopicFactory(synonyms=["the blues"])
    page = change_page(topic)
    assert filled(admin_client.get(page))["synonyms"] == "the blues"
    press(admin_client, page, "_save", synonyms="low mood, feeling down\r\n\r\n low mood \r\nthe blues")
    assert Topic.objects.get().synonyms == ["low mood", "feeling down", "the blues"]


def test_a_word_that_is_too_long_is_named(admin_client):
    response = press(admin_client, change_page(TopicFactory()), "_save", synonyms="low\n" + "x" * 81)
    assert "Entry 2: Ensure this value" in str(response.context["adminform"].form.errors["synonyms"])


def test_topics_are_found_by_their_synonyms(admin_client):
    topic = TopicFactory(synonyms=["the blues"])
    TopicFactory()
    found = admin_client.get("/admin/directory/topic/", {"q": "blues"}).context["cl"].queryset
    assert list(found) == [topic]


def test_lists_of_a_role_have_commas_in_their_lines(admin_client):
    role = SupportRoleFactory(in_practice=["Finds rooms, and money.", "Asks."])
    page = change_page(role)
    assert filled(admin_client.get(page))["in_practice"] == "Finds rooms, and money.\nAsks."
    lists = dict.fromkeys(("in_practice", "when_needed", "agree_first", "goes_wrong"), "One, two.\nThree.")
    assert press(admin_client, page, "_save", **lists).status_code == 302
    assert SupportRole.objects.get().goes_wrong == ["One, two.", "Three."]


def test_saving_an_unchanged_form_changes_nothing(admin_client):
    topic = TopicFactory(synonyms=["the blues", "low mood"])
    press(admin_client, change_page(topic), "_save")
    assert Topic.objects.get().synonyms == ["the blues", "low mood"]
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_a_place_that_a_curator_saved_is_marked(admin_client):
    place = PlaceFactory()
    press(admin_client, change_page(place), "_save", other_names="Loidis")
    place = Place.objects.get()
    assert place.edited
    assert place.other_names == ["Loidis"]
    assert "loidis" in place.names


@pytest.mark.parametrize("term", ["leeds", "Leeds, West", "Loidis", "LEEDS,"])
def test_places_are_found_by_each_of_their_names(admin_client, term):
    place = PlaceFactory(other_names=["Loidis"])
    PlaceFactory(name="Armley", area="Leeds")
    assert list(admin_client.get("/admin/directory/place/", {"q": term}).context["cl"].queryset) == [place]


def test_postcode_sectors_are_only_looked_at(admin_client):
    assert admin_client.get("/admin/directory/postcodesector/add/").status_code == 403


def test_help_lines_to_check_are_found_and_checked(admin_client):
    old = HelpLineFactory(checked_on=timezone.localdate() - timedelta(days=200))
    HelpLineFactory(checked_on=timezone.localdate())
    page = "/admin/directory/helpline/"
    assert list(admin_client.get(page, {"check": "due"}).context["cl"].queryset) == [old]
    assert act(admin_client, page, "checked_today", old) == ["Checked today: 1."]
    assert not HelpLine.objects.to_recheck().exists()
    assert LogEntry.objects.get().change_message == "Checked."


def test_a_help_lines_nations_are_boxes_to_tick(admin_client):
    line = HelpLineFactory(countries=["ENG"])
    page = change_page(line)
    assert filled(admin_client.get(page))["countries"] == ["ENG"]
    press(admin_client, page, "_save", countries=["ENG", "FR"])
    assert HelpLine.objects.get().countries == ["ENG", "FR"]
    refused = press(admin_client, page, "_save", countries=["ENG", "ATLANTIS"])
    assert refused.context["adminform"].form.errors["countries"]


def test_lines_keep_their_order():
    from django import forms

    field = LinesField(forms.CharField(), commas=False, required=False)
    assert field.clean("b\na, c\n\nb") == ["b", "a, c"]
    assert field.clean("") == []
