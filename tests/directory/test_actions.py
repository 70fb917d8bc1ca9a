"""Publishing, archiving, sending back and confirming."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory import actions
from directory.models.listings import CONFIRM_EVERY
from groups.models import Group
from practitioners.models import Practitioner
from tests.factories import CaseStudyFactory, GroupFactory, PractitionerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("factory", [GroupFactory, PractitionerFactory, CaseStudyFactory])
def test_a_listing_goes_all_the_way_round(factory, admin_user):
    listing = factory(state="pending")
    for act, state in [
        (actions.publish, "published"),
        (actions.send_back, "draft"),
        (actions.publish, "published"),
        (actions.archive, "archived"),
    ]:
        before = timezone.now()
        assert act(listing, by=admin_user)
        assert listing.state == state
        saved = type(listing).objects.get(pk=listing.pk)
        assert saved.state == state
        assert saved.state_changed_by == admin_user
        assert saved.state_changed_at >= before
        assert saved.updated_at >= before


def test_what_is_so_already_stays_untouched(admin_user):
    group = GroupFactory(state="published")
    assert not actions.publish(group, by=admin_user)
    group.refresh_from_db()
    assert group.state_changed_by is None


def test_nobody_is_published_without_their_consent(admin_user):
    practitioner = PractitionerFactory(state="draft", consent_given_on=None)
    with pytest.raises(ValidationError, match="Say when they agreed to be listed"):
        actions.publish(practitioner, by=admin_user)
    assert practitioner.state == "draft"
    assert Practitioner.objects.get(pk=practitioner.pk).state == "draft"


def test_what_the_form_would_refuse_is_not_published(admin_user):
    group = GroupFactory(state="draft", founded=1066)
    with pytest.raises(ValidationError) as refused:
        actions.publish(group, by=admin_user)
    assert set(refused.value.message_dict) == {"founded"}
    assert Group.objects.get(pk=group.pk).state == "draft"


def test_an_invalid_listing_can_still_be_archived(admin_user):
    group = GroupFactory(state="published", founded=1066)
    assert actions.archive(group, by=admin_user)


def test_confirming_sets_the_day_to_ask_again(admin_user):
    group = GroupFactory(review_due_on=timezone.localdate() - timedelta(days=3))
    assert group in Group.objects.stale()
    assert actions.confirm(group, by=admin_user, confirmed_by="owner")
    group = Group.objects.get(pk=group.pk)
    assert timezone.now() - group.confirmed_at < timedelta(minutes=1)
    assert group.confirmed_by == "owner"
    assert group.review_due_on == timezone.localdate() + CONFIRM_EVERY
    assert group not in Group.objects.stale()


def test_somebody_must_have_confirmed_it(admin_user):
    group = GroupFactory()
    with pytest.raises(ValidationError, match="Say who"):
        actions.confirm(group, by=admin_user, confirmed_by="")


def test_an_action_decides_on_what_the_database_says_now(admin_user):
    group = GroupFactory(state="draft", name="Old name")
    Group.objects.filter(pk=group.pk).update(name="New name", state="archived")
    assert actions.archive(group, by=admin_user) is False
    assert group.name == "New name"


def test_an_action_locks_the_row(admin_user):
    group = GroupFactory(state="draft")
    with CaptureQueriesContext(connection) as queries:
        actions.publish(group, by=admin_user)
    assert "FOR UPDATE" in next(
        query["sql"] for query in queries if query["sql"].startswith("SELECT ") and "FROM" in query["sql"]
    )


def test_an_action_happens_whole_or_not_at_all(admin_user):
    group = GroupFactory(state="draft")

    def publish_and_fail():
        with transaction.atomic():
            actions.publish(group, by=admin_user)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert Group.objects.get(pk=group.pk).state == "draft"
