"""Two listings become one: what is chosen stays, what pointed at the other moves, and all of it can be taken back."""

import threading

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from directory import safety
from directory.actions import publish, readdress, send_back
from directory.history import CannotUndo, erase, recording, restore, undo
from directory.merging import merge, pointing_at
from directory.models import Act, Change, DuplicatePair, FormerAddress, RelayedMessage, Suggestion
from groups.models import Group, GroupSearch, MeetingBreak
from practitioners.models import Practitioner, SoughtRole
from tests.factories import (
    CaseStudyFactory,
    GroupContactFactory,
    GroupFactory,
    LanguageFactory,
    MeetingFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    SupportFactory,
    SupportRoleFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return User.objects.create_user("curator", is_staff=True, is_superuser=True)


@pytest.fixture
def pair():
    """Two groups, each with a meeting and a way to get in touch."""
    keep = GroupFactory(name="Tea and Talk", slug="tea-and-talk", host="", audiences=["women"])
    lose = GroupFactory(name="Tea & Talk Grp", slug="tea-talk", host="The Tea Trust", audiences=["women", "parents"])
    for number, group in enumerate((keep, lose)):
        MeetingFactory(group=group, weekdays=[number])
        GroupContactFactory(group=group, value=f"number{number}@example.org")
    return keep, lose


def rows_of_everything():
    """Return each row of each table that a merge may touch, without the times that say when it was saved."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        for (table,) in cursor.fetchall():
            if table in {"directory_act", "directory_change", "groups_groupsearch", "django_content_type"}:
                continue
            cursor.execute(f"SELECT to_jsonb(t) - '{{updated_at,changed_at}}'::text[] FROM \"{table}\" t")
            found[table] = sorted(str(row) for (row,) in cursor.fetchall())
    return found


def content_type(model):
    return ContentType.objects.get_for_model(model)


def about(listing):
    return {"content_type": content_type(type(listing)), "object_id": listing.pk}


# What points at a listing: a row that does, made for each column that a merge has to move.
POINTING = {
    "casestudies.CaseStudy_groups.group_id": lambda group: CaseStudyFactory().groups.add(group),
    "casestudies.CaseStudy_practitioners.practitioner_id": lambda person: CaseStudyFactory().practitioners.add(person),
    "directory.RelayedMessage.object_id": lambda listing: RelayedMessage.objects.create(**about(listing)),
    "directory.Suggestion.object_id": lambda listing: Suggestion.objects.create(
        kind="correction", title=listing.name, **about(listing)
    ),
    "groups.Group.merged_into_id": lambda group: GroupFactory(state="archived", merged_into=group),
    "practitioners.Practitioner.merged_into_id": lambda person: PractitionerFactory(
        state="archived", merged_into=person
    ),
    "practitioners.SoughtRole.group_id": lambda group: SoughtRole.objects.create(
        group=group, role=SupportRoleFactory(), first_seen_at=timezone.now()
    ),
    "practitioners.Support.group_id": lambda group: SupportFactory(group=group),
    "practitioners.Support.practitioner_id": lambda person: SupportFactory(practitioner=person),
}


def test_every_column_that_points_at_a_listing_is_known_here():
    """A new model that points at a group or a practitioner needs a row above, so that it is proven to move."""
    found = {str(pointing) for model in (Group, Practitioner) for pointing in pointing_at(model)}
    assert found == set(POINTING)


@pytest.mark.parametrize(("model", "make"), [(Group, GroupFactory), (Practitioner, PractitionerFactory)])
def test_what_points_at_the_one_that_goes_moves(curator, model, make):
    keep, lose = make(), make()
    for pointing in pointing_at(model):
        POINTING[str(pointing)](lose)
    before = rows_of_everything()
    merged = merge(keep, lose, {}, by=curator)
    for pointing in pointing_at(model):
        assert pointing.rows(keep.pk).count() == (2 if "merged_into" in str(pointing) else 1), str(pointing)
        assert set(pointing.rows(lose.pk)) == set(), str(pointing)
    undo(Act.objects.get(pk=merged.act), by=curator)
    assert DuplicatePair.objects.get().state == "open"
    DuplicatePair.objects.all().delete()
    assert rows_of_everything() == before


def test_what_the_one_that_stays_has_already_is_not_doubled(curator, pair):
    keep, lose = pair
    support = SupportFactory(group=keep)
    SupportFactory(group=lose, practitioner=support.practitioner, role=support.role)
    case = CaseStudyFactory()
    case.groups.add(keep, lose)
    merge(keep, lose, {}, by=curator)
    assert keep.supports.get() == support
    assert list(keep.case_studies.all()) == [case]


def test_fields_are_taken_one_by_one(curator, pair):
    keep, lose = pair
    one, two, three = TopicFactory(), TopicFactory(), TopicFactory()
    keep.topics.set([one])
    lose.topics.set([two])
    lose.languages.set([LanguageFactory()])
    lose.seeking.set([SupportRoleFactory()])
    choices = {"name": "keep", "host": "lose", "audiences": "both", "topics": "both", "languages": "lose"}
    merge(keep, lose, choices, by=curator)
    keep.refresh_from_db()
    assert (keep.name, keep.host, keep.audiences) == ("Tea and Talk", "The Tea Trust", ["women", "parents"])
    assert set(keep.topics.all()) == {one, two}
    assert three not in keep.topics.all()
    assert keep.languages.count() == 1
    assert not keep.seeking.exists()
    assert GroupSearch.objects.filter(group=keep).exists()
    assert not GroupSearch.objects.filter(group=lose).exists()


def test_a_choice_that_makes_no_sense_changes_nothing(curator, pair):
    keep, lose = pair
    merge(keep, lose, {"name": "both", "host": "x", "slug": "lose", "state": "lose", "uuid": "lose"}, by=curator)
    before = keep.uuid, keep.slug
    keep.refresh_from_db()
    assert (keep.name, keep.host, keep.uuid, keep.slug) == ("Tea and Talk", "", *before)


def test_when_and_by_whom_it_was_confirmed_go_together(curator, pair):
    keep, lose = pair
    at = timezone.now()
    Group.objects.filter(pk=lose.pk).update(confirmed_at=at, confirmed_by="owner", review_due_on="2031-01-01")
    merge(keep, lose, {"confirmed_at": "lose"}, by=curator)
    keep.refresh_from_db()
    assert (keep.confirmed_at, keep.confirmed_by, str(keep.review_due_on)) == (at, "owner", "2031-01-01")


def test_only_the_parts_that_were_chosen_move(curator, pair):
    keep, lose = pair
    moves = lose.meetings.get()
    MeetingBreak.objects.create(meeting=moves, starts_on="2031-08-01", ends_on="2031-08-31")
    stays = MeetingFactory(group=lose, weekdays=[4])
    contact = lose.contacts.get()
    foreign = GroupContactFactory(value="somebody-else@example.org")
    merge(keep, lose, {"meetings": [moves.pk], "contacts": [contact.pk, foreign.pk]}, by=curator)
    assert set(lose.meetings.all()) == {stays}
    assert moves in keep.meetings.all()
    assert keep.meetings.get(pk=moves.pk).breaks.count() == 1
    assert keep.contacts.count() == 2
    assert foreign.group.contacts.get() == foreign


def test_one_number_of_two_lists_is_no_obstacle(curator, pair):
    keep, lose = pair
    MeetingFactory(group=keep, external_id="17")
    other = MeetingFactory(group=lose, external_id="17")
    merge(keep, lose, {"meetings": [other.pk]}, by=curator)
    assert keep.meetings.filter(external_id="17").count() == 1
    assert keep.meetings.filter(pk=other.pk).exists()


@pytest.mark.parametrize("page", ["groups:detail", "groups:contact", "groups:group_calendar"])
def test_every_old_address_leads_to_the_one_that_stays(client, curator, pair, page):
    keep, lose = pair
    lose.name = "Another name"
    lose.save()
    readdress(lose, by=curator)
    old, older = lose.slug, "tea-talk"
    third = GroupFactory(slug="third")
    merge(lose, third, {}, by=curator)
    merged = merge(keep, lose, {}, by=curator)
    for slug in (old, older, "third"):
        response = client.get(reverse(page, args=[slug]) + "?x=1")
        assert (response.status_code, response["Location"]) == (301, reverse(page, args=[keep.slug]) + "?x=1")
    undo(Act.objects.get(pk=merged.act), by=curator)
    assert client.get(reverse("groups:detail", args=[old])).status_code == 200
    assert client.get(reverse("groups:detail", args=[older]))["Location"] == lose.get_absolute_url()
    assert client.get(reverse("groups:detail", args=["third"]))["Location"] == lose.get_absolute_url()
    assert FormerAddress.objects.count() == 1


def test_after_undo_all_is_as_before(curator, pair):
    keep, lose = pair
    keep.topics.set([TopicFactory()])
    lose.topics.set([TopicFactory()])
    before = rows_of_everything()
    parts = {"meetings": [lose.meetings.get().pk], "contacts": [lose.contacts.get().pk]}
    merged = merge(keep, lose, {"name": "lose", "topics": "both", "audiences": "lose"} | parts, by=curator)
    assert Act.objects.get(pk=merged.act).by == curator
    undo(Act.objects.get(pk=merged.act), by=curator)
    DuplicatePair.objects.all().delete()
    assert rows_of_everything() == before
    assert GroupSearch.objects.count() == 2


def test_a_merge_can_be_done_again_after_it_was_taken_back(curator, pair):
    keep, lose = pair
    merged = merge(keep, lose, {}, by=curator)
    undo(Act.objects.get(pk=merged.act), by=curator)
    merge(lose, keep, {}, by=curator)
    assert DuplicatePair.objects.get().merged_id == keep.pk


def test_what_was_changed_since_is_not_lost_by_an_undo(curator, pair):
    keep, lose = pair
    merged = merge(keep, lose, {}, by=curator)
    Group.objects.filter(pk=lose.pk).update(name="Changed since")
    with pytest.raises(CannotUndo):
        undo(Act.objects.get(pk=merged.act), by=curator)
    lose.refresh_from_db()
    assert (lose.merged_into, lose.name) == (keep, "Changed since")


def test_going_back_to_older_words_does_not_undo_a_merge(curator, pair):
    keep, lose = pair
    first = Change.objects.about("groups_group", [lose.pk]).earliest("pk").act
    with recording(by=curator):
        Group.objects.filter(pk=lose.pk).update(name="Later")
    merge(keep, lose, {}, by=curator)
    restore(lose, first, by=curator)
    lose.refresh_from_db()
    assert (lose.name, lose.merged_into, lose.state) == ("Tea & Talk Grp", keep, "archived")


def test_the_second_merge_of_a_pair_is_told_so(curator, pair):
    keep, lose = pair
    merge(keep, lose, {}, by=curator)
    before = rows_of_everything()
    for one, other in ((keep, lose), (lose, keep), (GroupFactory(), lose)):
        with pytest.raises(ValidationError, match="was merged into “Tea and Talk” already. Nothing has changed now"):
            merge(one, other, {"name": "lose"}, by=curator)
    Group.objects.order_by("pk").last().delete()
    assert rows_of_everything() == before


@pytest.mark.parametrize(
    ("keep", "lose", "message"),
    [
        ({"state": "archived"}, {}, "The one that stays is archived"),
        ({"state": "pending"}, {}, "Only one of the two is published"),
        ({}, {"sample": True}, "One of the two is a sample"),
    ],
)
def test_what_would_lose_a_page_is_refused(curator, keep, lose, message):
    with pytest.raises(ValidationError, match=message):
        merge(GroupFactory(**keep), GroupFactory(**lose), {}, by=curator)


@pytest.mark.parametrize("held_one_stays", [True, False])
def test_what_a_safety_concern_hides_is_not_merged_so_closing_it_publishes_nothing_else(curator, held_one_stays):
    held, other = GroupFactory(name="Held"), GroupFactory(state="pending")
    concern = safety.report(held, concern="abuse", note="x", email="", form="1", network="192.0.2.0/24")
    safety.hide(concern, by=curator)
    keep, lose = (held, other) if held_one_stays else (other, held)
    with pytest.raises(ValidationError, match="“Held” is hidden because of a safety concern. Decide on that first"):
        merge(keep, lose, {}, by=curator)
    concern.refresh_from_db()
    safety.close(concern, by=curator, upheld=False)
    assert dict(Group.objects.values_list("pk", "state")) == {held.pk: "published", other.pk: "pending"}
    merge(held, other, {}, by=curator)


def test_a_listing_is_not_merged_into_itself_or_into_another_kind(curator):
    group = GroupFactory()
    for other in (Group.objects.get(pk=group.pk), PractitionerFactory(), CaseStudyFactory()):
        with pytest.raises(ValidationError, match="two different listings"):
            merge(group, other, {}, by=curator)


def test_a_listing_that_is_gone_is_told_so(curator):
    group, gone = GroupFactory(), GroupFactory()
    Group.objects.filter(pk=gone.pk).delete()
    with pytest.raises(ValidationError, match="no longer there"):
        merge(group, gone, {}, by=curator)


def test_what_is_merged_stays_archived(curator, pair):
    keep, lose = pair
    merge(keep, lose, {}, by=curator)
    for act in (publish, send_back):
        with pytest.raises(ValidationError, match="It is merged into “Tea and Talk”"):
            act(lose, by=curator)
    with pytest.raises(IntegrityError, match="group_merged_is_archived"), transaction.atomic():
        Group.objects.filter(pk=lose.pk).update(state="published")


def test_a_choice_that_breaks_a_published_page_changes_nothing(curator):
    keep, lose = PractitionerFactory(), PractitionerFactory(state="draft", consent_given_on=None)
    PractitionerContactFactory(practitioner=lose)
    before = rows_of_everything()
    with pytest.raises(ValidationError, match="agreed to be listed"):
        merge(keep, lose, {"consent_given_on": "lose", "contacts": [lose.contacts.get().pk]}, by=curator)
    assert rows_of_everything() == before


def test_whoever_is_erased_is_erased_with_what_was_merged(curator, pair):
    keep, lose = pair
    merge(keep, lose, {}, by=curator)
    erase(keep, by=curator, reason="asked")
    assert not Group.objects.filter(pk__in=[keep.pk, lose.pk]).exists()
    assert not DuplicatePair.objects.exists()
    assert not Change.objects.about("groups_group", [keep.pk, lose.pk]).exists()


@pytest.mark.django_db(transaction=True)
def test_two_merges_of_one_pair_at_once_do_one(curator, pair):
    keep, lose = pair
    outcomes, together = [], threading.Barrier(2)

    def try_it(one, other):
        try:
            together.wait(timeout=10)
            outcomes.append(merge(one, other, {"name": "lose"}, by=curator).merged_id)
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=sides) for sides in ((keep, lose), (lose, keep))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    done = [each for each in outcomes if isinstance(each, int)]
    refused = [each for each in outcomes if isinstance(each, str)]
    assert len(done) == 1
    assert "already. Nothing has changed now." in refused[0]
    assert set(Group.objects.filter(merged_into__isnull=False).values_list("pk", flat=True)) == set(done)
