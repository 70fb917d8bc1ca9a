"""What a machine asks to know whether a process works."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse


def test_healthz_needs_no_database():
    # pytest-django refuses every query of a test that does not ask for the database.
    response = Client().get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
def test_readyz_when_all_is_well(django_assert_num_queries):
    Client().get("/readyz")
    with django_assert_num_queries(1):
        response = Client().get("/readyz")
    assert response.status_code == 200
    assert response.content == b"ok\n"


@pytest.mark.django_db
def test_readyz_with_an_unapplied_migration():
    MigrationRecorder.Migration.objects.filter(app="auth").order_by("-id").first().delete()
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.content == b"The database is not of this version yet.\n"


@pytest.mark.django_db
def test_readyz_on_a_database_without_tables():
    connection.cursor().execute("DROP TABLE django_migrations")
    assert Client().get("/readyz").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_readyz_without_a_database_tells_nothing_of_it(settings):
    host = connection.settings_dict["OPTIONS"].get("host") or connection.settings_dict["HOST"]
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1", OPTIONS={})
    try:
        response = Client().get("/readyz")
    finally:
        connection.close()
        connection.settings_dict.update(before)
    assert response.status_code == 503
    assert response.content == b"The database does not answer.\n"
    assert host.encode() not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answers_are_never_kept_and_never_redirected(path, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert Client().head(path).status_code == 200
    assert Client().post(path).status_code == 405


def test_addresses():
    assert (reverse("healthz"), reverse("readyz")) == ("/healthz", "/readyz")
