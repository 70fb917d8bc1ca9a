"""A merge whose process is killed at any moment leaves the database wholly as before, or wholly as after."""

import os
import random
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction

from directory.history import undo
from directory.models import Act, DuplicatePair
from groups.models import Group
from tests.directory.test_merging import rows_of_everything
from tests.factories import (
    CaseStudyFactory,
    GroupContactFactory,
    GroupFactory,
    MeetingFactory,
    SupportFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

MOMENTS, AT_LEAST_INSIDE, SEED = 20, 10, 20_261_122


class Merging:
    """Another process, which merges one statement at a time."""

    def __init__(self, keep, lose, user):
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.directory.merging_child", str(keep.pk), str(lose.pk), str(user.pk)],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATABASE_URL": address},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def _go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def killed_at(self, last):
        """Merge until the moment of that number, or until after the commit, kill -9; return the moments until then."""
        number = int(self._go_on())
        moments = [self.process.stdout.readline().strip()]
        while len(moments) <= last and moments[-1] != "after COMMIT":
            moments.append(self._go_on())
            assert moments[-1].startswith(("before ", "after "))
        os.kill(number, signal.SIGKILL)
        assert self.process.stdout.readline().strip() == f"ended {int(signal.SIGKILL)}"
        # The database has let go of it as soon as nobody else holds the rows.
        with transaction.atomic():
            assert len(Group.objects.select_for_update().order_by("pk")) == 2
        return moments


@pytest.fixture
def two_groups():
    keep, lose = GroupFactory(name="Stays", topics=[TopicFactory()]), GroupFactory(name="Goes", topics=[TopicFactory()])
    for group in (keep, lose):
        MeetingFactory(group=group)
        GroupContactFactory(group=group, value=f"{group.pk}@example.org")
        SupportFactory(group=Group.objects.get(pk=group.pk))
        CaseStudyFactory().groups.add(group)
    return keep, lose


def test_a_merge_that_is_killed_leaves_all_as_before_or_all_as_after(two_groups):
    keep, lose = two_groups
    user = User.objects.create_user("curator")
    before = rows_of_everything()
    with Merging(keep, lose, user) as merging:
        # The first one gets as far as its commit, which tells what there is to choose from.
        moments = merging.killed_at(1000)
        after = rows_of_everything()
        assert Group.objects.get(pk=lose.pk).merged_into == keep
        undo(Act.objects.get(pk=DuplicatePair.objects.get().act), by=user)
        DuplicatePair.objects.all().delete()
        assert rows_of_everything() == before != after

        first_write = next(
            at for at, moment in enumerate(moments) if moment.startswith(("after UPDATE", "after INSERT"))
        )
        commit = len(moments) - 1
        choice = random.Random(SEED)
        chosen = sorted(choice.sample(range(commit), MOMENTS))
        inside = [at for at in chosen if first_write <= at < commit]
        assert len(inside) >= AT_LEAST_INSIDE
        for at in chosen:
            merging.killed_at(at)
            assert rows_of_everything() == before, moments[at]
        # Nothing is left behind that stands in the way of the next one.
        merging.killed_at(1000)
    assert Group.objects.get(pk=lose.pk).merged_into == keep
    # To be read with `pytest -s`.
    sys.stdout.write(
        f"\nA merge has {len(moments)} moments; the first write is done at {first_write + 1}. Killed at:\n"
    )
    sys.stdout.writelines(f"  {at + 1}: {moments[at]}{'' if at in inside else ' (no write yet)'}\n" for at in chosen)
