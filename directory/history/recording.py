"""Saying who does something, and why, so that the history can tell."""

import uuid
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction

_NAMES = ("act", "by", "who", "why")
_READ = f"SELECT {', '.join('current_setting(%s, true)' for _name in _NAMES)}"
_SET = f"SELECT {', '.join('set_config(%s, %s, true)' for _name in _NAMES)}"


class Recording(NamedTuple):
    """What is going on: the act's key in the history."""

    act: uuid.UUID


@contextmanager
def recording(*, by=None, who="", why=""):
    """Make all changes inside one act of `by`, a user; or of `who`, in words, where there is no user. All or nothing.

    Within another, it belongs to that one. Yields a `Recording`.
    """
    with transaction.atomic():
        outer = _current()
        if outer["act"]:
            yield Recording(uuid.UUID(outer["act"]))
            return
        act = uuid.uuid4()
        user = by if by is not None and by.pk else None
        _say(
            act=str(act),
            by=str(user.pk) if user else "",
            who=(user.get_username() if user else str(who))[:150],
            why=str(why)[:300],
        )
        yield Recording(act)
        # Only where all went well: what is rolled back takes this with it.
        _say(**dict.fromkeys(_NAMES, ""))


def _current():
    with connection.cursor() as cursor:
        cursor.execute(_READ, [f"directory.{name}" for name in _NAMES])
        return dict(zip(_NAMES, cursor.fetchone(), strict=True))


def _say(**values):
    with connection.cursor() as cursor:
        cursor.execute(_SET, [each for name in _NAMES for each in (f"directory.{name}", values[name])])
