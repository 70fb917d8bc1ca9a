"""How long a table of listings takes out and in, and whether an import that is killed leaves anything half done.

    ROWS=10000 KILLS=20 python benchmarks/tables.py          # ROWS=0: kill only

Three tables of ROWS rows each, as CSV, by the commands: exported, the directory wiped, imported, imported once more
(unchanged), and with other words in each row. Then an import of KILLED_ROWS groups is started KILLS times
as a process of its own and killed (`kill -9`): before it writes, between its first write and its commit, and
around the commit. After each, every table must hold what it held before, or the export what the file says.
The last line is JSON: {"rows": ..., "seconds": {...}, "kills": {"reading": ..., "writing": ..., "after": ...}}.
"""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import scratch_database
from benchmarks.made_up import fill

ROOT = Path(__file__).resolve().parents[1]
ROWS = int(os.environ.get("ROWS", "10000"))
KILLS = int(os.environ.get("KILLS", "20"))
KILLED_ROWS = 1000
KINDS = ("groups", "meetings", "practitioners")
NAME = "benchmark_tables"


def people(path):
    """Write a table of made-up practitioners."""
    from directory.models import SupportRole, Topic

    rng = random.Random(1)
    roles = list(SupportRole.objects.values_list("slug", flat=True))
    topics = list(Topic.objects.values_list("slug", flat=True))
    names = [
        "name",
        "slug",
        "state",
        "consent_given_on",
        "profession",
        "roles",
        "topics",
        "places",
        "offers",
        "contacts",
    ]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for number in range(ROWS):
            town = rng.choice(["Leeds", "York", "Hull", "Bristol", "Cardiff", "Glasgow", "Swansea", "Norwich"])
            writer.writerow(
                [
                    f"Person {number}",
                    f"person-{number}",
                    "published",
                    "3 March 2026",
                    "link-worker",
                    "; ".join(rng.sample(roles, 2)),
                    "; ".join(rng.sample(topics, 3)),
                    town,
                    "A talk at your meeting.",
                    f"email | person-{number}@example.org | relay",
                ]
            )


def timed(name, seconds, *args, **options):
    """Run a command, and note how long it took."""
    from django.core.management import call_command

    start = time.monotonic()
    with open(os.devnull, "w") as nowhere:
        call_command(*args, stdout=nowhere, verbosity=0, **options)
    seconds[name] = round(time.monotonic() - start, 1)
    print(f"{name}: {seconds[name]} s", flush=True)


def wipe():
    """Empty the directory of listings, by what the database is quickest at."""
    from django.db import connection

    tables = "groups_group, groups_venue, groups_searchword, practitioners_practitioner, directory_act"
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}, directory_formeraddress CASCADE")


def speed(folder):
    """Return how many seconds each way takes."""
    from groups.models import Group, GroupContact

    seconds = {}
    fill(ROWS)
    GroupContact.objects.bulk_create(
        GroupContact(group=group, kind="email", value=f"{group.slug}@example.org", visibility="relay")
        for group in Group.objects.all()
    )
    people(folder / "people.csv")
    timed(
        "practitioners, made by hand",
        seconds,
        "import_listings",
        "practitioners",
        folder / "people.csv",
        publish=True,
    )
    for kind in KINDS:
        timed(f"{kind}, export", seconds, "export_listings", kind, folder / f"{kind}.csv")
    wipe()
    for kind in KINDS:
        timed(f"{kind}, import", seconds, "import_listings", kind, folder / f"{kind}.csv", publish=True)
    for kind in KINDS:
        timed(f"{kind}, unchanged", seconds, "import_listings", kind, folder / f"{kind}.csv", publish=True)
    for kind, column in zip(KINDS, ("summary", "note", "summary"), strict=True):
        other = folder / f"{kind}-other.csv"
        with (folder / f"{kind}.csv").open(newline="", encoding="utf-8-sig") as file:
            rows = [row | {column: f"Other words {n}."} for n, row in enumerate(csv.DictReader(file))]
        with other.open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        timed(f"{kind}, each changed", seconds, "import_listings", kind, other)
    return seconds


# Killing


def digest(connection, *, with_history=True):
    """Return what every table holds, in short."""
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        if with_history or name not in {"directory_act", "directory_change"}
    ]
    return {
        name: connection.execute(
            f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM \"{name}\" t"
        ).fetchone()
        for name in tables
    }


def start(path):
    """Start an import as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_listings", "groups", str(path), "--publish", "--verbosity", "0"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


WATCH = """
SELECT backend_xid IS NOT NULL, query_start, left(regexp_replace(query, '\\s+', ' ', 'g'), 60)
FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def kill_at(process, watcher, phase, statements, looks):
    """Kill the process so many statements, and then so many looks, into a phase. Return the phase and the statement.

    A phase is told by what PostgreSQL says of the process: a transaction that writes has a number. Returns `None` where
    the process was done before.
    """
    wrote, seen, started = False, False, set()
    while process.poll() is None:
        rows = watcher.execute(WATCH).fetchall()
        writes = any(has_number for has_number, _start, _query in rows)
        seen, wrote = seen or bool(rows), wrote or writes
        now = "writing" if writes else "after" if wrote else "reading" if seen else "starting"
        if now == phase:
            started |= {begun for _has_number, begun, _query in rows}
            looks -= len(started) >= statements
            if looks < 0:
                process.send_signal(signal.SIGKILL)
                process.wait()
                return now, rows[0][2] if rows else ""
    return None


def alone(watcher):
    """Wait until the database has ended what the process left behind."""
    while watcher.execute(WATCH).fetchall():
        time.sleep(0.01)


def killing(folder):
    """Kill imports, and return how often in which phase. Raises `AssertionError` where anything is half done."""
    from django.core.management import call_command
    from django.db import connections

    path, expected, found = (folder / name for name in ("killed.csv", "expected.csv", "found.csv"))
    fill(KILLED_ROWS)
    call_command("export_listings", "groups", path, verbosity=0)
    wipe()
    connections.close_all()
    rng = random.Random()
    counted = Counter()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as watcher:
        before = digest(watcher)
        assert start(path).wait() == 0
        call_command("export_listings", "groups", expected, verbosity=0)
        after_counts = {name: count for name, (count, _md5) in digest(watcher).items()}
        wipe()
        connections.close_all()
        plan = ["writing"] * max(10, KILLS * 3 // 5) + ["reading"] * max(1, KILLS // 5)
        plan += ["after"] * max(0, KILLS - len(plan))
        attempts = 0
        while plan:
            attempts += 1
            assert attempts < 5 * KILLS, "the moments that were looked for did not come"
            phase = plan[0]
            process = start(path)
            try:
                most = {"writing": (30, 20), "reading": (6, 200), "after": (0, 0)}[phase]
                where = kill_at(process, watcher, phase, *(rng.randint(0, each) for each in most))
            finally:
                process.kill()
                process.wait()
            alone(watcher)
            now = digest(watcher)
            if now == before:
                outcome = "wholly before"
            else:
                assert {name: count for name, (count, _md5) in now.items()} == after_counts, "half done"
                call_command("export_listings", "groups", found, verbosity=0)
                assert found.read_bytes() == expected.read_bytes(), "half done"
                outcome = "wholly after"
                wipe()
                connections.close_all()
                assert digest(watcher) == before
            if where is None:
                continue
            plan.pop(0)
            counted[where[0]] += 1
            print(f"killed while {where[0]}: {outcome}. {where[1]}", flush=True)
    return counted


def main():
    """Print the measurements."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    with tempfile.TemporaryDirectory() as name, scratch_database(NAME):
        from django.core.management import call_command

        call_command("load_content", verbosity=0)
        folder = Path(name)
        seconds = speed(folder) if ROWS else {}
        counted = killing(folder)
        print(json.dumps({"rows": ROWS, "seconds": seconds, "kills": dict(counted)}))


if __name__ == "__main__":
    main()
