"""The leak walk: nothing hidden is shown by any output, and nothing that anyone asks finds it.

The addresses come from the URL resolver. An output that the walk does not know how to ask for fails it.
"""

import re

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from directory import actions
from groups.models import SearchWord
from groups.rebuilding import rebuild
from tests.factories import GroupFactory
from tests.leaks import (
    HIDDEN,
    World,
    a_list,
    addresses_of,
    forms_of,
    patterns,
    questions,
    said,
    spelt_out,
    text_in,
    walk,
)

# Groups of tests are begun first, the longest ones before others: nobody waits for the long walk at the end.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]


@pytest.fixture
def world():
    return World()


def test_the_walk_knows_every_output(world):
    names = [name for name, _parameters in patterns()]
    known = {"groups:map", "complete", "sitemap_section", "groups:contact", "practitioners:contact", "casestudies:ask"}
    assert known < set(names)
    for name, parameters in patterns():
        assert addresses_of(name, parameters, world.slugs())
    with pytest.raises(AssertionError, match="does not know how to ask for groups:secret"):
        addresses_of("groups:secret", ("slug", "key"), world.slugs())


@pytest.mark.parametrize("which", [0, 1])
def test_nothing_hidden_is_shown(client, world, which):
    world.hide(which)
    rebuild()
    words = {form: name for name, pair in HIDDEN.items() for form in forms_of(pair[which])}
    anything = re.compile("|".join(re.escape(word) for word in words))
    shown = []
    asked = [{}, {"q": "tea"}, {"view": "week"}, {"near": "Leeds", "sort": "distance"}, {"q": "an"}, a_list()]
    for address, query, response in walk(client, world.slugs(), asked):
        # The address itself may hold a slug that somebody guessed.
        found = anything.findall(spelt_out(text_in(response)).replace(address.casefold(), ""))
        shown += [(address, query, words[word]) for word in found]
        assert response.status_code < 500
    assert shown == []


def test_whatever_is_hidden_no_output_to_any_question_depends_on_it(client, world):
    """Everything hidden is changed, points within their area too; every answer stays the same, to the letter.

    So no hidden value is shown, found, completed or counted, and no distance and no order tells where it is.
    """
    answers = []
    for which in (0, 1):
        world.hide(which)
        rebuild()
        answers.append(
            {
                (address, *query.items()): said(response)
                for address, query, response in walk(client, world.slugs(), questions())
            }
        )
    before, after = answers
    assert before.keys() == after.keys()
    assert [asked for asked in before if before[asked] != after[asked]] == []
    assert sum(status == 200 for status, _text in before.values()) > 300


def test_a_word_of_what_is_no_longer_public_is_at_once_no_longer_offered(client, world):
    group = GroupFactory(name="Feverfewton together", about="Feverfewton and tea")
    assert "Feverfewton together" in client.get("/groups/?q=feverfwton").content.decode()
    actions.archive(group, by=None)
    assert "feverfewton" not in client.get("/groups/?q=feverfwton").content.decode().casefold()
    assert list(SearchWord.objects.filter(word="tea")) != []


def test_the_admin_says_nothing_to_a_stranger(world):
    world.hide(0)
    for address in [f"/admin/groups/group/{world.group.pk}/change/", "/admin/directory/relayedmessage/", "/admin/"]:
        response = Client().get(address)
        assert response.status_code == 302
        assert response.content == b""


def test_nothing_without_consent_is_public(world):
    """Each hidden contact, made public without a word on who agreed, is refused by the database."""
    for contact in [*world.contacts.values(), *world.practitioner_contacts.values()]:
        for personal in ("yes", "unknown"):
            change = {"visibility": "everyone", "personal": personal}
            with pytest.raises(IntegrityError, match="public_with_consent"), transaction.atomic():
                type(contact).objects.filter(pk=contact.pk).update(**change)


# Columns of which a part is hidden. A template that shows one asks `meeting.public`, or a list of public contacts.
PRIVATE = r"(?<!public)\.(join_url|join_phone|passcode|room|postcode|travel_notes|curator_notes|external_id|latitude)\b"


def test_no_template_reads_a_column_that_may_be_hidden():
    found = []
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = path.read_text().replace("meeting.public.point.", "public.")
        found += [(path.name, match[0]) for match in re.finditer(PRIVATE, text)]
    assert found == []
