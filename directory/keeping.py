"""What a process may keep: for a minute short lists that curators change some times a year, for a request answers."""

import time
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

_kept = {}
_answers = ContextVar("answers that are kept while a page is made", default=None)


def kept_for(seconds):
    """Return a decorator: a function without arguments is asked at most once in so many seconds in each process."""

    def decorator(function):
        @wraps(function)
        def ask():
            value, until = _kept.get(function, (None, 0))
            if time.monotonic() >= until:
                value = function()
                _kept[function] = value, time.monotonic() + seconds
            return value

        return ask

    return decorator


kept_for_a_minute = kept_for(60)
# What is long to read, and hardly ever changes.
kept_for_an_hour = kept_for(3600)


def forget():
    """Forget everything that is kept."""
    _kept.clear()


@contextmanager
def asking_once():
    """Keep, until the end of the outermost of these blocks, what `answers_to` is given: several rooms read one text."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def answers_to(question):
    """Return the dictionary of what is known about a question, by its name, so far; outside `asking_once` a new one."""
    answers = _answers.get()
    return {} if answers is None else answers.setdefault(question, {})
