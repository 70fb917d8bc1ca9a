"""The whole site, started and ended as people do it: in a copy of the checkout, with its own server and port."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from directory.links import make_key

ROOT = Path(__file__).parents[2]
PARTS = ["casestudies", "directory", "groups", "practitioners", "selfhelp", "static", "templates"]
FILES = ["manage.py", "gunicorn.conf.py"]
# One process makes the copy and sets it up, which takes the most time.
pytestmark = pytest.mark.xdist_group("serve")


def wait_until(true, seconds=240):
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)
    return found


class Checkout:
    """A copy of the project, which runs on a port of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.process_file = folder / "var" / "postgres" / "postmaster.pid"
        for part in PARTS:
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, folder / name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def environ(self, **more):
        own = {"SECRET_KEY": "only for tests " * 4, "ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "off"}
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MAKELEVEL")}
        return kept | own | {"PORT": str(self.port), "PYTHONWARNINGS": "default"} | more

    def start(self, command=(sys.executable, "manage.py", "serve"), **environ):
        self.said = self.folder / "said.txt"
        with self.said.open("w") as said:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=self.environ(**environ),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def run(self):
        """Start, and return once it answers; what is left of an earlier run may answer before."""
        process = self.start()
        wait_until(lambda: "Ctrl-C" in self.said.read_text() or process.poll() is not None)
        assert process.poll() is None, self.said.read_text()
        wait_until(self.answers)
        return process

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def answers(self):
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def end(self, process, number=signal.SIGTERM):
        process.send_signal(number)
        process.wait(timeout=60)
        assert "Traceback" not in self.said.read_text()
        assert process.returncode >= 0, "somebody else killed it"
        # At once as a rule; a worker of an earlier run that was killed may be the last to leave.
        wait_until(lambda: not self.process_file.exists(), seconds=30)
        return process.returncode

    def query(self, words):
        folder = self.process_file.read_text().splitlines()[4]
        with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as connection:
            cursor = connection.execute(words)
            return cursor.fetchone()[0] if cursor.description else None

    def processes(self):
        """Return each process that works in this folder: the site's, and PostgreSQL's with its children."""
        words = {str(self.folder / "var" / "postgres")}
        found = []
        for process in psutil.process_iter(["cmdline"]):
            try:
                if words & set(process.info["cmdline"] or []) or process.cwd() == str(self.folder):
                    found += [process, *process.children(recursive=True)]
            except psutil.Error:
                continue
        return found


def test_a_log_of_requests_holds_no_keys_no_searches_and_no_addresses(tmp_path):
    (tmp_path / "plain.py").write_text("def app(environ, start):\n    start('200 OK', [])\n    return [b'Hello']\n")
    said, key = tmp_path / "said.txt", make_key("ada", "tests.serve")
    command = [sys.executable, "-m", "gunicorn", "--pythonpath", str(tmp_path), "plain:app"]
    environ = os.environ | {"ACCESS_LOG": "on", "BIND": "127.0.0.1:0", "WEB_CONCURRENCY": "1"}
    with said.open("w") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=file, stderr=file)
    try:
        host = wait_until(lambda: re.search(r"Listening at: (http://\S+)", said.read_text()))[1]
        for path in [f"/groups/confirm/{key}/", "/receipts/4e5f/", "/groups/?q=grief", "/topics/"]:
            urllib.request.urlopen(host + path, timeout=30).close()
        wait_until(lambda: "/topics/" in said.read_text())
    finally:
        process.terminate()
        process.wait(timeout=60)
    log = said.read_text()
    for written in ["GET /groups/confirm/[key]/ 200", "GET /receipts/[key]/ 200", "GET /groups/ 200"]:
        assert written in log
    for kept_out in [key, "4e5f", "grief", "127.0.0.1 "]:
        assert kept_out not in log


@pytest.fixture(scope="module")
def checkout():
    """A checkout that ran once; `first` is what it said then, and `page` what its way in for the first curator is."""
    # Not one of pytest's folders, which are closed to the server's account whenever another pytest starts as root.
    checkout = Checkout(Path(tempfile.mkdtemp()).resolve())
    started = time.monotonic()
    process = checkout.run()
    checkout.first_took = time.monotonic() - started
    checkout.first = checkout.said.read_text()
    way_in = re.search(r"http://127\.0\.0\.1:\d+(/first-curator/\S+/)", checkout.first)
    checkout.page = checkout.get(way_in[1]) if way_in else (None, "")
    checkout.home = checkout.get("/")
    checkout.groups = checkout.query("SELECT count(*) FROM groups_group")
    checkout.query("CREATE TABLE kept AS SELECT 0 AS number")
    checkout.end(process)
    yield checkout
    left = checkout.processes()
    for process in left:
        process.kill()
    shutil.rmtree(checkout.folder)
    assert left == []


def test_the_first_run_says_where_it_is_and_how_the_first_curator_gets_in(checkout):
    assert f"Open Chair runs at http://127.0.0.1:{checkout.port}/\n" in checkout.first
    assert checkout.page[0] == 200
    assert 'name="password1"' in checkout.page[1]
    assert checkout.home[0] == 200
    assert checkout.groups > 50


def test_the_next_run_starts_quickly_with_all_that_was_kept(checkout):
    stamp = checkout.folder / "var" / "static" / "collected"
    before = stamp.stat().st_mtime_ns
    started = time.monotonic()
    process = checkout.run()
    took = time.monotonic() - started
    left = checkout.query("SELECT count(*) FROM groups_group")
    assert checkout.end(process) == 0
    # The first run loads the content; the next one finds it there.
    assert took < checkout.first_took / 3
    assert left == checkout.groups
    assert stamp.stat().st_mtime_ns == before


def test_after_the_master_was_killed_the_workers_leave_and_the_next_run_comes(checkout):
    process = checkout.run()
    checkout.query("UPDATE kept SET number = 1")
    process.kill()
    process.wait()
    again = checkout.run()  # at once: the workers may still hold the port
    assert checkout.query("SELECT number FROM kept") == 1
    assert checkout.end(again) == 0
    assert checkout.processes() == []


def test_after_everything_was_killed_nothing_is_lost(checkout):
    process = checkout.run()
    checkout.query("UPDATE kept SET number = 2")
    for each in checkout.processes():
        each.kill()
    process.wait()
    again = checkout.run()
    assert checkout.query("SELECT number FROM kept") == 2
    assert checkout.get("/readyz") == (200, "ok\n")
    assert checkout.end(again) == 0


def test_it_goes_when_make_is_killed(checkout):
    under_make = ["sh", "-c", f"{shlex.quote(sys.executable)} manage.py serve & wait"]
    make = checkout.start(under_make, MAKELEVEL="1")
    wait_until(checkout.answers)
    make.kill()
    make.wait()
    wait_until(lambda: not checkout.process_file.exists())
    assert not checkout.answers()
    wait_until(lambda: checkout.processes() == [])


def test_control_c_ends_it(checkout):
    assert checkout.end(checkout.run(), signal.SIGINT) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_during_set_up_ends_it_cleanly(checkout, number):
    process = checkout.start()
    wait_until(checkout.process_file.exists)
    assert checkout.end(process, number) == 128 + number


def test_a_closed_terminal_ends_it(checkout):
    assert checkout.end(checkout.run(), signal.SIGHUP) == 0


def test_a_port_that_is_taken_is_one_sentence(checkout):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", checkout.port))
        taken.listen()
        process = checkout.start()
        assert process.wait(timeout=60) == 1
    said = checkout.said.read_text()
    assert f"Port {checkout.port} is taken" in said
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("port", ["0", "65536", "http", "²"])
def test_a_port_that_is_none_is_one_sentence(checkout, port):
    process = checkout.start(PORT=port, DATABASE_URL="postgres://nobody@127.0.0.1:1/x")
    assert process.wait(timeout=60) == 1
    said = checkout.said.read_text().strip()
    assert said == f"CommandError: PORT is {port!r}: give a whole number from 1 to 65535."


def test_a_database_that_does_not_answer_is_one_sentence(checkout):
    process = checkout.start(DATABASE_URL="postgres://nobody:confidential@127.0.0.1:1/x")
    assert process.wait(timeout=60) == 1
    said = checkout.said.read_text()
    assert said.startswith("CommandError: The database does not answer: ")
    assert "confidential" not in said
    assert len(said.strip().splitlines()) == 1


def test_what_visitors_look_for_is_not_in_the_logs(checkout):
    process = checkout.run()
    assert checkout.get("/search/?q=confidential")[0] == 200
    assert checkout.get("/nowhere/?q=confidential")[0] == 404
    assert checkout.get("/search/?q=" + "confidential" * 700)[0] == 200
    with socket.create_connection(("127.0.0.1", checkout.port)) as raw:
        raw.sendall(b"GET /?q=confidential HTTP/1.1\r\nHost: 127.0.0.1\r\nBad Header confidential\r\n\r\n")
        assert b" 400 " in raw.recv(1000)
    checkout.end(process)
    assert "confidential" not in checkout.said.read_text()
    assert "confidential" not in (checkout.folder / "var" / "postgres" / "log").read_text()
