"""What pages say to machines: structured data, tags for sharing, and addresses that stay."""

import json
import re

import pytest
from django.core.exceptions import ValidationError

from directory import actions
from directory.models import FormerAddress
from tests.factories import (
    CaseStudyFactory,
    GroupContactFactory,
    GroupFactory,
    LanguageFactory,
    MeetingFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    TopicFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def structured(client, listing):
    html = client.get(listing.get_absolute_url()).content.decode()
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return json.loads(text)


def test_a_group_is_an_organisation_with_its_next_dates(client):
    group = GroupFactory(name="Worry Less", cost="free", founded=2019, topics=[TopicFactory(label="Anxiety")])
    group.languages.set([LanguageFactory()])
    venue = VenueFactory(postcode="LS6 1AA", region="West Yorkshire")
    MeetingFactory(
        group=group, venue=venue, format="hybrid", join_url="https://meet.example/a", join_visibility="everyone"
    )
    GroupContactFactory(group=group, visibility="everyone", value="tea@example.org")
    GroupContactFactory(group=group, visibility="everyone", kind="phone", value="0113 496 0001")
    GroupContactFactory(group=group, visibility="everyone", kind="website", value="https://example.org/")
    GroupContactFactory(group=group, visibility="relay", value="hidden@example.org")
    data = structured(client, group)
    url = f"http://testserver/groups/{group.slug}/"
    assert (data["@context"], data["@type"], data["name"], data["url"]) == (
        "https://schema.org",
        "Organization",
        "Worry Less",
        url,
    )
    assert (data["email"], data["telephone"], data["sameAs"]) == (
        "tea@example.org",
        "0113 496 0001",
        ["https://example.org/"],
    )
    assert (data["foundingDate"], data["knowsLanguage"], data["knowsAbout"]) == ("2019", ["en"], ["Anxiety"])
    assert len(data["event"]) == 3
    event = data["event"][0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT19:00:00[+-]\d\d:00", event["startDate"])
    assert event["endDate"][11:16] == "20:30"
    assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert event["isAccessibleForFree"] is True
    place, online = event["location"]
    assert place["name"] == "The Reading Rooms"
    assert place["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "4 Lantern Yard",
        "addressLocality": "Headingley",
        "addressRegion": "West Yorkshire",
        "postalCode": "LS6 1AA",
        "addressCountry": "GB",
    }
    assert place["geo"] == {"@type": "GeoCoordinates", "latitude": 53.819, "longitude": -1.577}
    assert online == {"@type": "VirtualLocation", "url": "https://meet.example/a"}


def test_of_a_hidden_address_machines_read_the_town_alone(client):
    meeting = MeetingFactory(
        venue=VenueFactory(address_visibility="relay", postcode="LS6 1AA"),
        format="hybrid",
        join_url="https://x.example/",
    )
    data = structured(client, meeting.group)
    assert data["event"][0]["location"] == [
        {
            "@type": "Place",
            "name": "Headingley",
            "address": {"@type": "PostalAddress", "addressLocality": "Headingley", "addressCountry": "GB"},
        },
        {"@type": "VirtualLocation", "url": data["url"]},
    ]


def test_a_practitioner_is_a_person_with_public_fields_only(client):
    person = PractitionerFactory(name="Ada", title="Link worker", organisation="A library")
    PractitionerContactFactory(practitioner=person, visibility="everyone", value="ada@example.org")
    PractitionerContactFactory(practitioner=person, visibility="relay", value="hidden@example.org")
    data = structured(client, person)
    assert (data["@type"], data["name"], data["jobTitle"]) == ("Person", "Ada", "Link worker")
    assert data["worksFor"] == {"@type": "Organization", "name": "A library"}
    assert data["email"] == "ada@example.org"


def test_no_text_can_end_the_element(client):
    group = GroupFactory(name="</script><script>alert(1)</script>", summary="<!-- & <script>")
    assert structured(client, group)["name"] == "</script><script>alert(1)</script>"
    html = client.get(group.get_absolute_url()).content.decode()
    assert "<script>alert" not in html


@pytest.mark.parametrize("factory", [GroupFactory, PractitionerFactory])
def test_a_page_says_its_own_address_and_what_a_link_to_it_shows(client, factory):
    listing = factory(name="Tea & Talk", summary="Come in.")
    html = client.get(f"{listing.get_absolute_url()}?from=somewhere").content.decode()
    url = f"http://testserver{listing.get_absolute_url()}"
    for tag in [
        f'<link rel="canonical" href="{url}">',
        f'<meta property="og:url" content="{url}">',
        '<meta property="og:title" content="Tea &amp; Talk">',
        '<meta property="og:description" content="Come in.">',
        '<meta property="og:site_name" content="Open Chair">',
    ]:
        assert tag in html
    assert "noindex" not in html
    assert "noindex" in client.get(factory(sample=True).get_absolute_url()).content.decode()


@pytest.mark.parametrize("factory", [GroupFactory, PractitionerFactory, CaseStudyFactory])
def test_after_a_new_name_the_old_address_leads_to_the_new_one(client, admin_user, factory):
    listing = factory(name="Tea", slug="tea")
    old = listing.get_absolute_url()
    listing.name = "Coffee & Cake"
    listing.save()
    assert actions.readdress(listing, by=admin_user)
    assert not actions.readdress(listing, by=admin_user)
    assert listing.slug == "coffee-cake"
    response = client.get(f"{old}?a=b")
    assert (response.status_code, response["Location"]) == (301, f"{listing.get_absolute_url()}?a=b")
    assert client.get(listing.get_absolute_url()).status_code == 200
    # Twice renamed, both lead on; and back again, it is its own address once more.
    listing.name = "Cocoa"
    listing.save()
    actions.readdress(listing, by=admin_user)
    assert client.get(old)["Location"] == listing.get_absolute_url() == old.replace("tea", "cocoa")
    listing.name = "Tea"
    listing.save()
    actions.readdress(listing, by=admin_user)
    assert client.get(old).status_code == 200
    assert client.get(old.replace("tea", "cocoa"))["Location"] == old


def test_a_form_that_was_open_is_sent_on_to_the_new_address(client, admin_user):
    group = GroupContactFactory(group__name="Coffee", group__slug="tea", visibility="relay").group
    actions.readdress(group, by=admin_user)
    response = client.post("/groups/tea/contact/", {"message": "Hello"})
    assert (response.status_code, response["Location"]) == (308, "/groups/coffee/contact/")


@pytest.mark.parametrize("rest", ["", "calendar.ics", "report/", "suggest/"])
@pytest.mark.parametrize("slug", ["groups", "report", "suggest"])
def test_a_former_address_may_be_a_word_that_stands_in_others(client, admin_user, slug, rest):
    group = GroupFactory(name="Coffee", slug=slug)
    actions.readdress(group, by=admin_user)
    response = client.get(f"/groups/{slug}/{rest}")
    assert (response.status_code, response["Location"]) == (301, f"/groups/coffee/{rest}")


def test_each_file_of_a_case_study_leads_to_its_new_address(client, admin_user):
    case = CaseStudyFactory(name="Coffee", slug="tea")
    actions.readdress(case, by=admin_user)
    assert client.get("/case-studies/tea/data.csv")["Location"] == "/case-studies/coffee/data.csv"


def test_an_old_address_does_not_tell_of_what_is_no_longer_public(client, admin_user):
    group = GroupFactory(name="Coffee", slug="tea")
    actions.readdress(group, by=admin_user)
    actions.archive(group, by=admin_user)
    assert client.get("/groups/tea/").status_code == 404


def test_nobody_else_gets_an_address_that_leads_somewhere(admin_user):
    group = GroupFactory(name="Coffee", slug="tea")
    actions.readdress(group, by=admin_user)
    with pytest.raises(ValidationError, match="Another listing had this address before"):
        GroupFactory.build(name="Tea", slug="tea").clean()
    other = GroupFactory(name="Tea", slug="something")
    actions.readdress(other, by=admin_user)
    assert other.slug == "tea-2"
    reserved = GroupFactory(name="Map", slug="plan")
    actions.readdress(reserved, by=admin_user)
    assert reserved.slug == "map-2"
    # Another room has addresses of its own.
    PractitionerFactory.build(name="Tea", slug="tea").clean()
    assert FormerAddress.objects.of(type(group)).count() == 3


def test_a_curator_gives_a_new_address_in_the_list(admin_client):
    group = GroupFactory(name="Coffee", slug="tea")
    admin_client.post("/admin/groups/group/", {"action": "readdress", "_selected_action": [group.pk], "confirmed": "1"})
    group.refresh_from_db()
    assert group.slug == "coffee"
