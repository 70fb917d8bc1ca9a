"""A backup is put back into a fresh database and compared; what is wrong is one sentence, and changes nothing."""

import json
import os
import shutil
import tarfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import ConnectionHandler

from selfhelp.backup import LEFT_OUT, BackupError, make_backup, restore_backup
from tests.factories import GroupContactFactory, GroupFactory, MeetingFactory

# What a backup reads must be committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fresh():
    """Another database, with nothing in it."""
    name = f"{connection.settings_dict['NAME']}_fresh"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    other = ConnectionHandler({"default": connection.settings_dict | {"NAME": name}})["default"]
    yield other
    other.close()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "Report é.pdf").write_bytes(b"%PDF-1.7 " + bytes(range(256)))
    return folder


@pytest.fixture
def backup(tmp_path, uploads):
    meeting = MeetingFactory(group=GroupFactory(name="Tuesday tea"))
    GroupContactFactory(group=meeting.group)
    path = tmp_path / "backup"
    make_backup(path, connection=connection, uploads=uploads)
    return path


def all_of(database):
    """Return each row of each table, and where each sequence stands."""
    with database.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [table for (table,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = cursor.fetchall()
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1")
        found["sequences"] = cursor.fetchall()
        cursor.execute("SELECT conname, conrelid::regclass::text FROM pg_constraint ORDER BY 1, 2")
        found["constraints"] = cursor.fetchall()
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        found["indexes"] = cursor.fetchall()
    return found


def test_what_is_put_back_is_what_was_there(admin_client, backup, fresh, uploads, tmp_path):
    before = all_of(connection)
    assert before["groups_groupcontact"]
    there = tmp_path / "elsewhere" / "uploads"
    restore_backup(backup, connection=fresh, uploads=there)
    after = all_of(fresh)
    for table in LEFT_OUT:
        assert before.pop(table) != after.pop(table) == []
    # Signing in, after the backup, is all that changed.
    for table in before:
        if not table.startswith(("auth_user", "otp_", "axes_", "sequences")):
            assert after[table] == before[table], table
    file = "sources/Report é.pdf"
    assert (there / file).read_bytes() == (uploads / file).read_bytes()


def test_the_commands_make_a_file_for_its_owner_and_say_so(backup, tmp_path, settings, uploads):
    settings.MEDIA_ROOT = uploads
    said, path = StringIO(), tmp_path / "by-command"
    call_command("backup", path, stdout=said)
    assert "the database and 1 uploads" in said.getvalue()
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(tmp_path)) == ["backup", "by-command", "uploads"]


def test_a_database_with_something_in_it_is_replaced_only_when_asked(backup, fresh, uploads, tmp_path):
    restore_backup(backup, connection=fresh, uploads=uploads)
    with fresh.cursor() as cursor:
        cursor.execute("CREATE TABLE extra AS SELECT 1 AS n")
        cursor.execute("UPDATE groups_group SET name = 'Changed'")
    (uploads / "new.txt").write_text("new")
    with pytest.raises(BackupError, match="not empty: with --replace"):
        restore_backup(backup, connection=fresh, uploads=uploads)
    assert (uploads / "new.txt").exists()
    assert "extra" in all_of(fresh)
    restore_backup(backup, connection=fresh, uploads=uploads, replace=True)
    after = all_of(fresh)
    assert "extra" not in after
    assert "Tuesday tea" in str(after["groups_group"])
    assert not (uploads / "new.txt").exists()
    assert (uploads / "sources" / "Report é.pdf").exists()


def changed(backup, **changes):
    """Write the backup anew, with something else in what it says of itself or in its dump."""
    folder = backup.with_name("parts")
    with tarfile.open(backup) as tar:
        tar.extractall(folder, filter="data")
    about = json.loads((folder / "about.json").read_text())
    (folder / "about.json").write_text(json.dumps(about | changes))
    other = backup.with_name("changed")
    with tarfile.open(other, "w") as tar:
        for name in os.listdir(folder):
            tar.add(folder / name, name)
    shutil.rmtree(folder)
    return other


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 99}, "another version of this site"),
        ({"postgresql": 99}, "The backup is of PostgreSQL 99"),
        ({"migrations": [["groups", "0099_later"]]}, "newer version of this site, with groups.0099_later"),
        ({"files": {"database.dump": "0" * 64}}, "is broken: database.dump is not as it was written"),
        ({"files": []}, "is no backup of this site"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(backup, fresh, uploads, changes, said):
    with pytest.raises(BackupError, match=said):
        restore_backup(changed(backup, **changes), connection=fresh, uploads=uploads)
    assert all_of(fresh)["sequences"] == []
    assert (uploads / "sources").exists()


# The last 10 KB of a tar file may be padding, which nobody misses.
@pytest.mark.parametrize("keep", [0, 100, 20_000, 0.5, 0.9])
def test_a_file_that_was_cut_off_changes_nothing(backup, fresh, uploads, keep):
    # A tar ends in blocks of zeros, and to lose some of those is to lose nothing.
    content = backup.read_bytes().rstrip(b"\0")
    backup.write_bytes(content[: int(keep if keep > 1 else keep * len(content))])
    with pytest.raises(BackupError, match=r"missing\.|is broken"):
        restore_backup(backup, connection=fresh, uploads=uploads)
    assert all_of(fresh)["sequences"] == []


def test_a_restore_that_fails_half_way_leaves_the_database_as_it_was(backup, fresh, uploads):
    restore_backup(backup, connection=fresh, uploads=uploads)
    with fresh.cursor() as cursor:
        cursor.execute("UPDATE groups_group SET name = 'Changed'")
    with fresh.cursor() as cursor:
        cursor.execute("CREATE SCHEMA held; CREATE TABLE held.one (n int)")
        cursor.execute(
            "CREATE FUNCTION held.stop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'no room left'; END $$"
        )
        cursor.execute(
            "CREATE EVENT TRIGGER stop ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION held.stop()"
        )
    before = all_of(fresh)
    with pytest.raises(BackupError, match="psql could not do it: .*no room left"):
        restore_backup(backup, connection=fresh, uploads=uploads, replace=True)
    assert all_of(fresh) == before
    assert (uploads / "sources").exists()


def test_no_file_and_no_folder_are_one_sentence(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    with pytest.raises(CommandError, match="is not there"):
        call_command("restore", tmp_path / "nothing", replace=True)
    with pytest.raises(CommandError, match="can't be read or written: No such file"):
        call_command("backup", tmp_path / "no" / "folder")


def test_no_room_is_one_sentence_and_no_file(backup, tmp_path, uploads, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10**9, 10**9, 1024**2))
    with pytest.raises(BackupError, match="There is no room: .* has 1 MB"):
        make_backup(tmp_path / "second", connection=connection, uploads=uploads)
    assert not (tmp_path / "second").exists()
