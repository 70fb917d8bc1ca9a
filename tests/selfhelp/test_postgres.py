"""The embedded server, in folders of its own and in processes of its own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from selfhelp import postgres
from selfhelp.postgres import DatabaseUnavailable, local_database

# One process that uses the database: it says so, and leaves when it reads a line.
USER = """
import os, sys
from pathlib import Path
from selfhelp import postgres
postgres.BASE_DIR = Path(sys.argv[1])  # and so no .env of this checkout
{before}
with postgres.local_database(Path(sys.argv[1])):
    print(os.environ["DATABASE_URL"], flush=True)
    {inside}
    sys.stdin.readline()
"""


def start_user(folder, inside="pass", before="pass", **environ):
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-c", USER.format(inside=inside, before=before), str(folder)],
        cwd=Path(__file__).parents[2],
        env=clean | environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address_of(user):
    address = user.stdout.readline().strip()
    assert address, user.stderr.read()
    return address


def leave(user, code=0):
    said = user.communicate("\n", timeout=60)[1]
    assert "Traceback" not in said
    assert user.returncode == code, said


def query(address, words):
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(words)
        return cursor.fetchone()[0] if cursor.description else None


def wait_until(true, seconds=30):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def servers_of(folder):
    """Return all processes of the folder's server; its children stand under the first."""
    data = str(folder / "postgres")
    mains = [process for process in psutil.process_iter(["name", "cmdline"]) if data in (process.info["cmdline"] or [])]
    return [process for main in mains for process in [main, *main.children(recursive=True)]]


@pytest.fixture
def empty():
    """A folder of its own: pytest's are closed again to the server's account whenever another pytest starts as root."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder).resolve()


@pytest.fixture(scope="module")
def made():
    """A folder with a database in it that was stopped."""
    folder = Path(tempfile.mkdtemp()).resolve()
    user = start_user(folder)
    query(address_of(user), "CREATE TABLE kept AS SELECT 1 AS number")
    leave(user)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder(made):
    """The same, which a test leaves stopped and with its table."""
    yield made
    left = servers_of(made)
    for process in left:
        process.kill()
    assert left == []


@contextmanager
def changed(path, text):
    before = path.read_text()
    path.write_text(text)
    try:
        yield
    finally:
        path.write_text(before)


def kept(address):
    return query(address, "SELECT count(*) FROM kept") == 1


def test_it_keeps_what_was_written_and_stops_with_its_last_user(folder):
    first, second = start_user(folder), start_user(folder)
    assert address_of(first) == address_of(second)
    leave(first)
    third = start_user(folder)
    address = address_of(third)
    leave(second)
    assert kept(address)
    leave(third)
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_several_first_users_at_once_make_one_database(empty):
    users = [start_user(empty) for _ in range(3)]
    assert len({address_of(user) for user in users}) == 1
    for user in users:
        leave(user)
    assert servers_of(empty) == []


def test_after_a_user_was_killed_the_next_one_takes_over_and_stops_it(folder):
    user = start_user(folder)
    address = address_of(user)
    user.kill()
    user.communicate()
    assert kept(address)
    after = start_user(folder)
    assert address_of(after) == address
    leave(after)


def test_after_everything_was_killed_nothing_is_lost(folder):
    user = start_user(folder)
    query(address_of(user), "UPDATE kept SET number = 7")
    for process in [*servers_of(folder), psutil.Process(user.pid)]:
        process.kill()
    user.communicate()
    assert (folder / "postgres" / "postmaster.pid").exists()
    after = start_user(folder)
    assert query(address_of(after), "SELECT number FROM kept") == 7
    leave(after)


@pytest.mark.parametrize("left", ["", "12", "not a number\n", "{living}\n/elsewhere\n1\n5432\n/tmp\n\n1 1\nready\n"])
def test_a_process_file_that_tells_nothing_does_not_hinder(folder, left):
    (folder / "postgres" / "postmaster.pid").write_text(left.format(living=os.getpid()))
    user = start_user(folder)
    assert kept(address_of(user))
    leave(user)


def test_a_copy_made_while_it_ran_is_a_database_of_its_own(folder, empty):
    user = start_user(folder)
    address = address_of(user)
    query(address, "CHECKPOINT")
    shutil.copytree(
        folder / "postgres", empty / "postgres", ignore=lambda _, names: [name for name in names if ".s.PGSQL" in name]
    )
    other = start_user(empty)
    assert address_of(other) != address
    query(address, "UPDATE kept SET number = 5")
    leave(other)
    assert query(address, "SELECT number FROM kept") == 5
    leave(user)


def test_a_set_up_that_was_killed_half_way_begins_anew(empty):
    (empty / "postgres.new" / "base").mkdir(parents=True)
    (empty / "postgres.new" / "PG_VERSION").write_text("18\n")
    user = start_user(empty)
    assert query(address_of(user), "SELECT 1") == 1
    leave(user)


def test_a_long_path_with_odd_letters_serves_and_stays_closed_to_others(made, empty):
    folder = empty / f"a {'long' * 25} path, & 100 % é"
    folder.mkdir()
    shutil.copytree(made / "postgres", folder / "postgres")
    user = start_user(folder)
    address = address_of(user)
    assert kept(address)
    socket_folder = Path(query(address, "SHOW unix_socket_directories"))
    for path in (socket_folder, folder / "postgres"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert query(address, "SHOW listen_addresses") == ""
    leave(user)
    assert not socket_folder.exists()


def test_letters_and_order_do_not_hang_on_the_language_of_the_machine(empty):
    user = start_user(empty, LANG="C", LC_ALL="C")
    address = address_of(user)
    query(address, "CREATE EXTENSION pg_trgm")
    # é counts as a letter: under the locale C the two words would share no trigram with their first letters.
    assert query(address, "SELECT similarity('été', 'étés')") > 0.4
    assert query(address, "SELECT lower('ÉŴ')") == "éŵ"
    leave(user)


def test_the_log_has_no_statement_and_no_values(folder):
    user = start_user(folder)
    address = address_of(user)
    with pytest.raises(psycopg.Error):
        query(address, "SELECT 1/0 AS confidential")
    leave(user)
    log = (folder / "postgres" / "log").read_text()
    assert "division by zero" in log
    assert "confidential" not in log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_stops_it_too(folder, number):
    user = start_user(folder)
    address_of(user)
    user.send_signal(number)
    user.communicate(timeout=60)
    assert user.returncode in (128 + number, -number)


def test_a_signal_while_it_starts_stops_it_after_that(folder):
    user = start_user(folder)
    wait_until(lambda: (folder / "postgres" / "postmaster.pid").exists())
    user.send_signal(signal.SIGTERM)
    user.communicate(timeout=60)
    assert user.returncode == 128 + signal.SIGTERM


def test_a_forked_child_that_leaves_stops_nothing_and_one_left_behind_does(folder):
    user = start_user(folder, inside="child = os.fork()\n    if child: os.waitpid(child, 0)\n    else: sys.exit()")
    assert kept(address_of(user))
    leave(user)

    orphan = "import time\n    parent = os.getpid()\n    if os.fork() == 0:\n        print('forked', flush=True)\n"
    orphan += "        while os.getppid() == parent: time.sleep(0.01)\n        sys.exit()"
    user = start_user(folder, inside=orphan)
    address_of(user)
    assert user.stdout.readline() == "forked\n"
    user.kill()
    user.wait()
    wait_until(lambda: not (folder / "postgres" / "postmaster.pid").exists())
    user.communicate()


@pytest.fixture
def no_address(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "BASE_DIR", tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)


def enter(folder):
    with local_database(folder):
        pass


@pytest.mark.usefixtures("no_address")
def test_another_major_version_is_one_sentence(folder):
    sentence = r"was made by PostgreSQL 15, and this is \d+\.\d+: .*pg_dump"
    with changed(folder / "postgres" / "PG_VERSION", "15\n"), pytest.raises(DatabaseUnavailable, match=sentence):
        enter(folder)


@pytest.mark.usefixtures("no_address")
def test_a_configuration_that_is_wrong_is_told_in_the_servers_words(folder):
    sentence = r"did not start: .*configuration file.*\. Its log is .*postgres/log\."
    configuration = folder / "postgres" / "postgresql.auto.conf"
    with changed(configuration, "max_connections = many\n"), pytest.raises(DatabaseUnavailable, match=sentence):
        enter(folder)


@pytest.mark.usefixtures("no_address")
def test_a_full_disk_is_one_sentence(folder, monkeypatch):
    usage = shutil.disk_usage(folder)._replace(free=50 * 1024**2)
    monkeypatch.setattr(postgres.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(DatabaseUnavailable, match=r"the disk is nearly full: 50 MB free, and the database needs 200\."):
        enter(folder)


@pytest.mark.usefixtures("no_address")
def test_a_folder_that_is_no_folder_is_one_sentence(tmp_path):
    (tmp_path / "var").write_text("")
    with pytest.raises(DatabaseUnavailable, match=r"var can't be written to: "):
        enter(tmp_path / "var")


def test_a_named_database_starts_none(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/x")
    with local_database(tmp_path / "var"):
        assert os.environ["DATABASE_URL"] == "postgres://elsewhere/x"
    assert not (tmp_path / "var").exists()
