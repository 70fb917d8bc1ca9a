import pytest
from django.db import IntegrityError, transaction

from groups.models import Venue
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    HelpLineFactory,
    MeetingFactory,
    PlaceFactory,
    SupportFactory,
    TopicFactory,
    VenueFactory,
)
from tests.pages import main_of, queries_of, text_of

pytestmark = pytest.mark.django_db


def test_the_page_answers_a_newcomers_questions(client):
    group = GroupFactory(
        name="Worry Less",
        about="Come if worry makes your life smaller.",
        first_time="Someone waits by the door.\nYou get tea.",
        ways_in=["drop-in"],
        cost="free",
        run_by="members",
        time_limited=False,
        confidentiality="What is said here stays here.",
    )
    MeetingFactory(group=group)
    page = main_of(client.get("/groups/" + group.slug + "/")).replace("\N{NO-BREAK SPACE}", " ")
    for said in [
        "Worry Less",
        "Come if worry makes your life smaller.",
        "Every Tuesday, 7 pm to 8.30 pm",
        "The Reading Rooms",
        "Someone waits by the door.",
        "Just turn up",
        "Free",
        "Members, in turn",
        "What is said here stays here.",
        "Nobody has confirmed this yet",
    ]:
        assert said in page


def test_what_is_not_known_is_said(client):
    group = GroupFactory()
    assert "not known" in main_of(client.get(f"/groups/{group.slug}/")).casefold()


@pytest.mark.parametrize("visibility", ["relay", "curators"])
def test_a_hidden_contact_stands_nowhere_on_the_page(client, visibility):
    contact = GroupContactFactory(visibility=visibility, value="hidden@example.org")
    assert "hidden@example.org" not in client.get(f"/groups/{contact.group.slug}/").content.decode()


def test_a_public_contact_can_be_used(client):
    contact = GroupContactFactory(visibility="everyone", kind="phone", value="0113 496 0001")
    assert 'href="tel:01134960001"' in client.get(f"/groups/{contact.group.slug}/").content.decode()


def test_how_to_join_online_is_shown_only_where_it_is_public(client):
    hidden = MeetingFactory(format="online", venue=None, join_url="https://example.org/secret", passcode="424242")
    shown = MeetingFactory(
        format="online", venue=None, join_url="https://example.org/open", passcode="515151", join_visibility="everyone"
    )
    page = client.get(f"/groups/{hidden.group.slug}/").content.decode()
    assert "example.org/secret" not in page
    assert "424242" not in page
    page = client.get(f"/groups/{shown.group.slug}/").content.decode()
    assert "example.org/open" in page
    assert "515151" in page


def test_a_hidden_address_leaves_only_the_town(client):
    venue = VenueFactory(
        name="Violet House",
        address="9 Hidden Row",
        postcode="LS6 1AA",
        travel_notes="Ring twice",
        address_visibility="relay",
    )
    meeting = MeetingFactory(venue=venue, room="Attic")
    page = text_of(client.get(f"/groups/{meeting.group.slug}/"))
    assert "Headingley" in page
    for hidden in ["Violet House", "9 Hidden Row", "LS6 1AA", "Ring twice", "Attic", "53.819", "-1.577"]:
        assert hidden not in page


@pytest.mark.parametrize(
    ("visibility", "contact", "words"),
    [
        ("relay", "relay", "tells you the address when you write to it"),
        ("relay", None, "The address is not shown here"),
        ("curators", "relay", "The address is not shown here"),
    ],
)
def test_who_does_not_show_the_address_may_tell_it_to_those_who_write(client, visibility, contact, words):
    meeting = MeetingFactory(venue__address_visibility=visibility)
    if contact:
        GroupContactFactory(group=meeting.group, visibility=contact)
    page = main_of(client.get(f"/groups/{meeting.group.slug}/"))
    assert words in page
    assert "4 Lantern Yard" not in page


def test_an_address_is_hidden_unless_somebody_says_otherwise():
    venue = Venue.objects.create(locality="Leeds", country="ENG", latitude=53.8, longitude=-1.5)
    assert venue.address_visibility == "curators"
    assert venue.public_latitude != 53.8
    with pytest.raises(IntegrityError, match="venue_visibility_known"), transaction.atomic():
        Venue.objects.update(address_visibility="some")


@pytest.mark.parametrize("visibility", ["relay", "curators"])
def test_the_public_point_of_a_hidden_address_is_not_its_own(visibility):
    venue = VenueFactory(address_visibility=visibility)
    venue = Venue.objects.get(pk=venue.pk)
    assert (venue.public_latitude, venue.public_longitude) != (venue.latitude, venue.longitude)
    venue.address_visibility = "everyone"
    venue.save()
    assert (venue.public_latitude, venue.public_longitude) == (venue.latitude, venue.longitude)


def test_a_sample_says_so(client):
    group = GroupFactory(sample=True)
    assert "Sample" in main_of(client.get(f"/groups/{group.slug}/"))


def test_a_sensitive_topic_brings_a_quick_way_out_and_its_help_lines(client):
    line = HelpLineFactory(name="A line to call")
    topic = TopicFactory(sensitive=True)
    topic.help_lines.set([line])
    page = main_of(client.get(f"/groups/{GroupFactory(topics=[topic]).slug}/"))
    assert "A line to call" in page
    assert "Exit this page" in page
    calm = main_of(client.get(f"/groups/{GroupFactory().slug}/"))
    assert "Exit this page" not in calm


def test_support_is_shown_only_where_both_agree_and_both_are_public(client):
    shown = SupportFactory(practitioner__name="Ada Shown")
    hidden = SupportFactory(practitioner__name="Ben Hidden", group=shown.group, practitioner_agrees=False)
    draft = SupportFactory(practitioner__name="Cy Draft", practitioner__state="draft", group=shown.group)
    page = main_of(client.get(f"/groups/{shown.group.slug}/"))
    assert "Ada Shown" in page
    assert hidden.practitioner.name not in page
    assert draft.practitioner.name not in page


def test_curators_notes_never_leave_the_admin(client):
    group = GroupFactory(curator_notes="The organiser is called Zebedee.")
    assert "Zebedee" not in client.get(f"/groups/{group.slug}/").content.decode()


def test_constant_queries(client):
    group = GroupFactory(topics=[TopicFactory()])
    MeetingFactory(group=group)
    few = queries_of(client, f"/groups/{group.slug}/")
    for _each in range(9):
        MeetingFactory(group=group)
        GroupContactFactory(group=group, visibility="everyone")
        SupportFactory(group=group)
        group.topics.add(TopicFactory())
    assert queries_of(client, f"/groups/{group.slug}/") == few


def test_an_age_is_said_once(client):
    group = GroupFactory(audiences=["adults", "women"], age_from=18)
    page = main_of(client.get(group.get_absolute_url()))
    assert "It is only for: Women." in page
    assert "It is for people aged 18 or over." in page
    group.age_from = None
    group.save()
    assert "It is only for: Adults, Women." in main_of(client.get(group.get_absolute_url()))


@pytest.mark.parametrize(
    ("ways", "words"),
    [
        (["drop-in"], "Just turn up"),
        (["drop-in", "contact-first"], "Just turn up, or get in touch first"),
        (["drop-in", "self-referral", "contact-first"], "Just turn up, you can ask to join yourself, or get in touch"),
        ([], ""),
    ],
)
def test_several_ways_in_are_a_choice_and_no_orders(ways, words):
    assert GroupFactory(ways_in=ways).ways_in_words.startswith(words)


@pytest.mark.parametrize(
    ("ways", "short"),
    [
        (["professional", "contact-first"], "Get in touch first"),
        (["professional", "self-referral"], "You can ask to come yourself"),
        (["professional"], "Someone like a doctor has to send you"),
    ],
)
def test_of_several_ways_in_the_strictest_does_not_stand_alone(client, ways, short):
    page = main_of(client.get(GroupFactory(ways_in=ways).get_absolute_url()))
    assert short in page[page.index("In short") : page.index("Is it for me?")]
    assert ("has to send you" in page) == (ways == ["professional"])
    assert ("Any one of these is enough:" in page) == (len(ways) > 1)


def test_what_group_and_place_both_offer_is_said_once_and_places_are_told_apart(client):
    group = GroupFactory(access=["childcare"])
    MeetingFactory(group=group, venue=VenueFactory(access=["childcare", "step-free"], access_notes=""))
    MeetingFactory(group=group, venue=VenueFactory(access=["childcare"], access_notes=""))
    group.serves.set([PlaceFactory(name=name, area="West Yorkshire") for name in ("Leeds", "Bradford")])
    response = client.get(group.get_absolute_url())
    page = main_of(response)
    part = page[page.index("Can I get in?") : page.index("Does someone have to send me?")]
    assert part.count("Children can come") == 1
    assert part.count("The place has") == 1
    assert "No steps" in part
    assert "<li>Leeds, West Yorkshire</li>" in response.content.decode()
