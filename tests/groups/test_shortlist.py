import re

import pytest

from groups.shortlist import MOST
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    HelpLineFactory,
    MeetingFactory,
    TopicFactory,
    VenueFactory,
)
from tests.pages import main_of, queries_of, text_of

pytestmark = pytest.mark.django_db
HERE = {"origin": "http://testserver"}


def change(client, *, headers=HERE, **data):
    return client.post("/shortlist/", data, headers=headers)


def names_on(response):
    html = response.content.decode()
    return re.findall(r'<h2 id="list-\d+".*?<a [^>]*>(.*?)</a>', html, flags=re.S)


def list_of(client):
    return names_on(client.get("/shortlist/"))


def test_the_first_group_brings_the_cookie_and_an_empty_list_takes_it_away(client):
    group = GroupFactory(name="Worry Less")
    for address in ["/groups/", f"/groups/{group.slug}/", "/shortlist/", f"/shortlist/?g={group.pk}"]:
        assert not client.get(address).cookies
    cookie = change(client, add=group.pk).cookies["shortlist"]
    assert cookie.value == str(group.pk)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert list_of(client) == ["Worry Less"]
    gone = change(client, empty=1).cookies["shortlist"]
    assert gone["max-age"] == 0
    assert list_of(client) == []


def test_over_https_the_cookie_is_bound_to_this_host_and_sent_by_https_only(client, settings):
    settings.HTTPS = True
    response = client.post("/shortlist/", {"add": GroupFactory().pk}, headers={"sec-fetch-site": "same-origin"})
    cookie = response.cookies["__Host-shortlist"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_adding_leads_back_to_the_card_in_the_same_search(client):
    group = GroupFactory()
    response = change(client, add=group.pk, next="/groups/?q=group&page=1")
    assert response.headers["Location"] == f"/groups/?q=group&page=1#list-{group.pk}"
    page = client.get("/groups/?q=group")
    assert "It is on your list." in main_of(page)
    assert f'id="list-{group.pk}"' in page.content.decode()
    assert "My list (1)" in text_of(page)


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "groups", "javascript:alert(1)", ""]
    + ["/\x00", "/" + "a" * 5000],
)
def test_no_form_leads_away_from_this_site(client, address):
    response = change(client, add=GroupFactory().pk, next=address)
    assert response.headers["Location"].startswith("/shortlist/#list-")


def test_nobody_sees_a_list_without_a_cookie_in_the_head_of_a_page_and_caches_are_told(client):
    response = client.get("/groups/")
    assert "My list" not in text_of(response)
    assert "Cookie" in response.headers["Vary"]


def test_groups_move_up_and_down_and_off(client):
    first, second, third = (GroupFactory(name=name) for name in ["One", "Two", "Three"])
    for group in [first, second, third]:
        change(client, add=group.pk)
    change(client, earlier=third.pk)
    assert list_of(client) == ["One", "Three", "Two"]
    change(client, later=first.pk)
    assert list_of(client) == ["Three", "One", "Two"]
    change(client, earlier=third.pk)
    change(client, later=second.pk)
    assert list_of(client) == ["Three", "One", "Two"]
    change(client, remove=first.pk)
    assert list_of(client) == ["Three", "Two"]


def test_taking_a_group_off_the_list_leads_to_its_neighbour_and_at_last_to_what_says_that_none_is_left(client):
    first, second, third = (GroupFactory() for _each in range(3))
    for group in [first, second, third]:
        change(client, add=group.pk)
    for gone, spot in [(second, f"list-{third.pk}"), (third, f"list-{first.pk}"), (first, "main")]:
        response = change(client, remove=gone.pk)
        assert response.headers["Location"] == f"/shortlist/#{spot}"
        assert f'id="{spot}"' in client.get("/shortlist/").content.decode()


def test_taking_a_group_off_in_a_search_leads_back_to_its_card(client):
    group, other = GroupFactory(), GroupFactory()
    change(client, add=f"{group.pk}-{other.pk}")
    response = change(client, remove=group.pk, next="/groups/?q=group")
    assert response.headers["Location"] == f"/groups/?q=group#list-{group.pk}"


def test_a_link_shows_the_list_of_someone_else_and_keeping_it_adds_it_to_ones_own(client):
    own, other = GroupFactory(name="Own"), GroupFactory(name="Other")
    change(client, add=own.pk)
    shown = client.get(f"/shortlist/?g={other.pk}")
    assert names_on(shown) == ["Other"]
    assert "Move up" not in main_of(shown)
    assert list_of(client) == ["Own"]
    change(client, add=f"{other.pk}-{own.pk}")
    assert list_of(client) == ["Own", "Other"]
    assert "All of it is on your list." in main_of(client.get(f"/shortlist/?g={other.pk}"))


def test_the_link_holds_only_numbers_and_opens_the_same_list(client):
    groups = [GroupFactory(name="A secret name"), GroupFactory(name="Another")]
    for group in reversed(groups):
        change(client, add=group.pk)
    html = client.get("/shortlist/").content.decode()
    address = re.search(r'readonly value="(.*?)"', html)[1]
    assert address == f"http://testserver/shortlist/?g={groups[1].pk}-{groups[0].pk}"
    assert names_on(client.get(address)) == ["Another", "A secret name"]
    assert "mailto:?subject=" in html
    assert f"g%3D{groups[1].pk}-{groups[0].pk}" in html


def test_the_page_says_what_to_take_along(client):
    line = HelpLineFactory(name="Line for this", always_open=False)
    HelpLineFactory(name="Line for all", always_open=True)
    topic = TopicFactory()
    topic.help_lines.set([line])
    group = GroupFactory(topics=[topic], ways_in=["drop-in"], cost="free", confirmed_by="")
    MeetingFactory(group=group)
    GroupContactFactory(group=group, visibility="everyone", kind="phone", value="0113 496 0001")
    response = client.get(f"/shortlist/?g={group.pk}")
    page = main_of(response).replace("\N{NO-BREAK SPACE}", " ")
    for said in [
        "Every Tuesday, 7 pm to 8.30 pm",
        "The Reading Rooms, 4 Lantern Yard, Headingley",
        "Just turn up. Free.",
        "0113 496 0001",
        "Nobody has confirmed this yet",
        "Made on",
        "Times may change",
        "Line for this",
        "Line for all",
    ]:
        assert said in page
    assert page.index("Line for this") < page.index("Line for all")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<svg viewBox="' in response.content.decode()


def test_several_ways_in_are_a_choice_and_no_orders(client):
    group = GroupFactory(ways_in=["drop-in", "contact-first"])
    assert "Just turn up, or get in touch first." in main_of(client.get(f"/shortlist/?g={group.pk}"))


def test_what_is_hidden_stays_hidden(client):
    venue = VenueFactory(
        name="Violet House", address="9 Hidden Row", postcode="LS6 1AA", travel_notes="Ring", address_visibility="relay"
    )
    meeting = MeetingFactory(
        venue=venue, room="Attic", format="hybrid", join_url="https://example.org/secret", passcode="424242"
    )
    GroupContactFactory(group=meeting.group, visibility="relay", value="hidden@example.org")
    GroupContactFactory(group=meeting.group, visibility="curators", value="0113 496 0002")
    MeetingFactory(group=meeting.group, format="online", venue=None, join_url="https://example.org/other")
    html = client.get(f"/shortlist/?g={meeting.group.pk}").content.decode()
    assert "Headingley" in html
    for hidden in ["Violet", "9 Hidden", "LS6", "Ring", "Attic", "example.org", "424242", "496 0002"]:
        assert hidden not in html


@pytest.mark.parametrize("state", ["draft", "pending", "archived"])
def test_a_group_that_is_no_longer_listed_is_told_without_its_name(client, state):
    stays, goes = GroupFactory(name="Stays"), GroupFactory(name="Goes away")
    change(client, add=f"{stays.pk}-{goes.pk}")
    goes.state = state
    goes.save()
    response = client.get("/shortlist/")
    assert names_on(response) == ["Stays"]
    assert "no longer listed here" in main_of(response)
    assert "Goes away" not in response.content.decode()
    change(client, remove=goes.pk)
    assert "no longer listed here" not in main_of(client.get("/shortlist/"))


def test_a_full_list_says_so(client):
    groups = [GroupFactory() for _each in range(MOST + 1)]
    change(client, add="-".join(str(group.pk) for group in groups[:MOST]))
    response = change(client, add=groups[MOST].pk)
    assert response.status_code == 200
    assert "Your list is full." in main_of(response)
    assert len(list_of(client)) == MOST


@pytest.mark.parametrize(
    "query",
    ["g=%00", "g=abc", "g=-1", "g=1.5", "g[]=1" + "9" * 400, "g=1&g=2", "g=%ED%A0%80", "g=" + "1-" * 9000]
    + ["g=" + "-".join(map(str, range(1000)))],
)
def test_a_link_takes_bad_input(client, query):
    response = client.get(f"/shortlist/?{query}")
    assert response.status_code == 200
    assert not response.cookies


def test_a_link_with_too_many_groups_shows_the_first_ones_and_says_so(client):
    groups = [GroupFactory() for _each in range(MOST + 2)]
    response = client.get("/shortlist/?g=" + "-".join(str(group.pk) for group in groups))
    assert len(names_on(response)) == MOST
    assert f"A list holds {MOST} groups." in main_of(response)


@pytest.mark.parametrize("value", ["\x00", "abc", "-".join(map(str, range(5000))), "9" * 4000, '"; drop', "1-1-1"])
def test_a_forged_cookie_is_read_as_far_as_it_goes(client, value):
    client.cookies["shortlist"] = value
    for address in ["/shortlist/", "/groups/", "/nowhere/"]:
        assert client.get(address).status_code in {200, 404}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"add": "abc"},
        {"add": "\x00"},
        {"add": "999999"},
        {"earlier": "9" * 400},
        {"empty": ""},
        {"add": "x" * 9999},
    ],
)
def test_a_form_that_cannot_be_read_changes_nothing_and_says_so(client, data):
    change(client, add=GroupFactory(name="Stays").pk)
    response = change(client, **data)
    assert response.status_code == 200
    assert "could not" in main_of(response)
    assert list_of(client) == ["Stays"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"referer": "https://elsewhere.example/testserver"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_a_page_elsewhere_changes_no_list(client, headers):
    group = GroupFactory()
    response = change(client, add=group.pk, headers=headers)
    assert response.status_code == 403
    assert not response.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"origin": "http://testserver"},
        {"origin": "https://testserver"},
        {"referer": "http://testserver/groups/"},
    ],
)
def test_a_page_of_this_site_needs_no_cookie_to_send_its_first_form(client, headers):
    client.handler.enforce_csrf_checks = True
    assert change(client, add=GroupFactory().pk, headers=headers).status_code == 302


def test_a_list_of_a_sensitive_topic_has_the_quick_way_out(client):
    group = GroupFactory(topics=[TopicFactory(sensitive=True)])
    calm = GroupFactory(topics=[TopicFactory()])
    assert "Exit this page" in main_of(client.get(f"/shortlist/?g={calm.pk}-{group.pk}"))
    assert "Exit this page" not in main_of(client.get(f"/shortlist/?g={calm.pk}"))


def test_constant_queries(client):
    def add():
        group = GroupFactory(topics=[TopicFactory()])
        MeetingFactory(group=group)
        MeetingFactory(group=group)
        GroupContactFactory(group=group, visibility="everyone")
        return str(group.pk)

    ids = [add() for _each in range(10)]
    assert queries_of(client, f"/shortlist/?g={ids[0]}") == queries_of(client, f"/shortlist/?g={'-'.join(ids)}")
    few = queries_of(client, "/groups/")
    change(client, add="-".join(ids))
    assert queries_of(client, "/groups/") == few
