"""What a process may keep for a minute: short lists that curators change some times a year and each search reads."""

import time
from functools import wraps

SECONDS = 60
_kept = {}


def kept_for_a_minute(function):
    """Return a function without arguments that asks `function` at most once a minute in each process."""

    @wraps(function)
    def ask():
        value, until = _kept.get(function, (None, 0))
        if time.monotonic() >= until:
            value = function()
            _kept[function] = value, time.monotonic() + SECONDS
        return value

    return ask


def forget():
    """Forget everything that is kept."""
    _kept.clear()
