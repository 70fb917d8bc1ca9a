"""What every test may use."""

import pytest
from django.conf import settings
from django.test.utils import override_settings


@pytest.fixture(autouse=True, scope="session")
def plain_static_files(tmp_path_factory):
    """Serve static files from where they lie, without the manifest that only `collectstatic` makes."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture(autouse=True)
def nothing_kept():
    """Start each test with a process that keeps nothing of another test's database."""
    from directory import keeping
    from groups import vocabulary

    keeping.forget()
    vocabulary.forget()


@pytest.fixture
def content(db):
    """Reference content without the places: topics, help lines, roles, the role finder, case studies."""
    from casestudies.content import load_case_studies
    from directory.content import CONTENT, FILES, entries_of
    from directory.loading import load
    from practitioners.content import load_practitioners

    for name in FILES:
        load(CONTENT[name], entries_of(name))
    load_practitioners()
    load_case_studies()
