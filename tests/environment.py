"""Loaded by pytest before Django: the settings of a test run, and the embedded database."""

import os
from contextlib import ExitStack

from selfhelp.postgres import local_database

os.environ["SECRET_KEY"] = "only for tests"
os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["HTTPS"] = "off"
os.environ["DEBUG"] = "off"
# Playwright runs an event loop in the thread of the tests while its browser lives, and Django takes that for an
# asynchronous program. No test of ours is one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_open = ExitStack()
_open.enter_context(local_database())


def pytest_unconfigure():
    """Leave the embedded database, which stops it when this was the last run."""
    _open.close()
