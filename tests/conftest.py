"""What every test may use."""

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import connection, transaction
from django.test.utils import override_settings


@pytest.fixture(autouse=True, scope="session")
def plain_static_files(tmp_path_factory):
    """Serve static files from where they lie, without the manifest that only `collectstatic` makes."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_passwords():
    """Keep passwords by a hash that takes no time. The real one is slow on purpose: a tenth of a second for each."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def nothing_kept():
    """Start each test with a process that keeps nothing of another test's database."""
    from directory import keeping
    from groups import unmatched

    keeping.forget()
    unmatched.forget()


@pytest.fixture(autouse=True, scope="session")
def second_step():
    """Let `force_login` and `admin_client` in with both steps taken. A sign-in through the form still takes them."""
    import django_otp
    from django_otp.plugins.otp_totp.models import TOTPDevice

    def take(request, user, **kwargs):
        if request.method is None:  # made by the test client itself
            device, _made = TOTPDevice.objects.get_or_create(user=user)
            request.user = user
            django_otp.login(request, device)

    user_logged_in.connect(take)
    yield
    user_logged_in.disconnect(take)


@pytest.fixture(scope="session")
def content_rows(django_db_setup, django_db_blocker):
    """What each table holds once the reference content is loaded: once for all tests, since it takes seconds."""
    from casestudies.content import load_case_studies
    from directory.content import CONTENT, FILES, entries_of
    from directory.loading import load
    from practitioners.content import load_practitioners

    with django_db_blocker.unblock(), transaction.atomic(), connection.cursor() as cursor:
        empty = [table for table in connection.introspection.table_names(cursor) if is_empty(cursor, table)]
        for name in FILES:
            load(CONTENT[name], entries_of(name))
        load_practitioners()
        load_case_studies()
        rows = {}
        for table in empty:
            if not is_empty(cursor, table):
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    rows[table] = b"".join(copy)
        transaction.set_rollback(True)
    return rows


def is_empty(cursor, table):
    cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table})")
    return cursor.fetchone()[0]


@pytest.fixture
def content(db, content_rows):
    """Reference content without the places: topics, help lines, roles, the role finder, case studies.

    A test that wants it has made nothing before that is part of it, such as a role of the same slug.
    """
    with connection.cursor() as cursor:
        for table, rows in content_rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
