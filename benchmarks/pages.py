"""What a search page costs beside its own SQL and its own rendering, in pages a second.

    SIZES=100000 python benchmarks/pages.py

One client, warm, a mix of searches over made-up groups: the whole stack (WSGI in this process, all middleware, without
compression), the same SQL statements by pgbench, the same template from the same constants, both together in this
process without anything else, a static file. All are measured in turns, some rounds, and medians taken, since other
work on the machine hits them alike.
The last line is JSON: {"100000": {"pages_per_s": ..., "pgbench_per_s": ..., "render_per_s": ..., "static_per_s": ...}}.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from io import BytesIO
from itertools import count
from pathlib import Path
from statistics import median
from unittest.mock import patch
from urllib.parse import quote_plus

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import scratch_database
from benchmarks.made_up import fill, vacuum

SIZES = [int(size) for size in os.environ.get("SIZES", "100000").split(",")]
ROUNDS, SECONDS = 7, 3
STATIC = "css/site.css"


def searches(words):
    """Return addresses as people would ask: common and rare words, topics, places, choices."""
    return [
        "/groups/?near=Leeds",
        "/groups/?q=anxiety+near+Leeds",
        "/groups/?near=London&sort=distance",
        "/groups/?topic=grief&near=Glasgow&day=mon",
        "/groups/?q=bereavement+online",
        "/groups/?q=women+monday+evening+near+Manchester",
        f"/groups/?q={words[3]}",
        f"/groups/?q={words[100]}+{words[900]}&free=on",
        f"/groups/?q={quote_plus(words[2000])}&near=York",
        "/groups/?format=online&time=evening",
    ]


def environment(address):
    """Return what a web server would hand over for a request."""
    path, _, query = address.partition("?")
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "443", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(), "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip


def fetch(application, address):
    """Answer one request to its last byte."""
    said = []
    response = application(environment(address), lambda status, headers: said.append(status))
    body = b"".join(response)
    response.close()
    if not said[0].startswith("200"):
        raise SystemExit(f"{address} gave {said[0]}")
    return body


@contextmanager
def statements():
    """Yield a list of (SQL, its values, whether the connection keeps its plan) of all that is asked."""
    from django.db import connection
    from psycopg import ClientCursor

    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params or (), not isinstance(context["cursor"].cursor, ClientCursor)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def take_apart(application, address):
    """Return what one page is made of: its SQL statements, and what its template was rendered from."""
    from django.template.backends.django import Template

    rendered = []
    real = Template.render

    def note(template, context=None, request=None):
        if template.template.name == "groups/list.html":
            rendered.append((template, context, request))
        return real(template, context, request)

    with statements() as asked, patch.object(Template, "render", note):
        fetch(application, address)
    (page,) = rendered
    with statements() as more:
        page[0].render(*page[1:])
    if more:
        raise SystemExit(f"{address}: the template itself asks the database")
    return asked, page


def script_of(asked):
    """Return a script for pgbench that asks the same: what the site has kept ready is kept ready once a session."""
    from django.db import connection
    from psycopg import ClientCursor

    write = ClientCursor(connection.connection).mogrify
    names, lines = {}, []
    for sql, params, is_kept in asked:
        if is_kept:
            name = names.setdefault(sql, f"kept{len(names)}")
            lines.append(write(f"EXECUTE {name} ({', '.join(['%s'] * len(params))})", params))
        else:
            lines.append(write(sql, params))
    numbers = {sql: count(1) for sql in names}
    ready = [
        f"PREPARE {name} AS " + re.sub("%s", lambda _, sql=sql: f"${next(numbers[sql])}", sql).replace("%%", "%")
        for sql, name in names.items()
    ]
    # In a script, a statement is a line.
    both = [[" ".join(line.split()) + ";\n" for line in each] for each in (ready, lines)]
    return "".join(["\\if :first\n", *both[0], "\\set first 0\n", "\\endif\n", *both[1]])


def ask_and_render(part):
    """Ask a page's statements by the site's own driver and render its template: what no page could do without."""
    from django.db import connection

    from directory.preparing import prepared_cursor

    asked, (template, context, request) = part
    for sql, params, is_kept in asked:
        with prepared_cursor() if is_kept else connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()
    template.render(context, request)


def per_second(work, pages):
    """Return how often `work` is done in a second, taking the pages in turn for some seconds."""
    done, start = 0, time.perf_counter()
    while (taken := time.perf_counter() - start) < SECONDS:
        for page in pages:
            work(page)
        done += len(pages)
    return done / taken


def pgbench(script, pages):
    """Return how many pages' worth of statements a second the server answers to one client of pgbench."""
    from django.conf import settings

    from selfhelp.postgres import _programs

    done = subprocess.run(
        [_programs() / "pgbench", "-n", "-c", "1", "-D", "first=1", "-T", str(SECONDS), "-f", script,
         os.environ["DATABASE_URL"]],
        stdout=subprocess.PIPE, text=True, check=True,
        env=os.environ | {"PGOPTIONS": settings.DATABASES["default"]["OPTIONS"]["options"]},
    )  # fmt: skip
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1]) * pages


def measure(size):
    """Make the groups, measure all, and return the figures."""
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.management import call_command

    from groups.rebuilding import rebuild

    words = fill(size)
    vacuum()
    rebuild()
    vacuum()
    call_command("collectstatic", interactive=False, verbosity=0)
    from selfhelp.wsgi import application

    addresses = searches(words)
    for address in addresses * 2:  # what a process keeps for a minute is read once
        fetch(application, address)
    parts = [take_apart(application, address) for address in addresses]
    for address, (asked, _page) in zip(addresses, parts, strict=True):
        print(f"  {len(asked):2} statements, {len(fetch(application, address)):,} bytes: {address}", flush=True)
    static = staticfiles_storage.url(STATIC)
    rounds = []
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(script_of([one for asked, _page in parts for one in asked]))
        script.flush()
        for _ in range(ROUNDS):
            rounds.append(
                {
                    "pages_per_s": per_second(lambda address: fetch(application, address), addresses),
                    "pgbench_per_s": pgbench(script.name, len(parts)),
                    "render_per_s": per_second(lambda part: part[1][0].render(*part[1][1:]), parts),
                    "bare_per_s": per_second(ask_and_render, parts),
                    "static_per_s": per_second(lambda address: fetch(application, address), [static] * 50),
                }
            )
            print("  " + ", ".join(f"{name} {value:,.0f}" for name, value in rounds[-1].items()), flush=True)

    def over_sql_and_rendering(name):
        shares = [1 / each[name] / (1 / each["pgbench_per_s"] + 1 / each["render_per_s"]) for each in rounds]
        return round(median(shares), 2)

    return {
        **{name: round(median(each[name] for each in rounds), 1) for name in rounds[0]},
        "cost_over_sql_and_rendering": over_sql_and_rendering("pages_per_s"),
        "bare_over_sql_and_rendering": over_sql_and_rendering("bare_per_s"),
        "most_statements": max(len(asked) for asked, _page in parts),
        "load": round(os.getloadavg()[0], 1),
    }


def main():
    """Measure each size and print the JSON line."""
    with scratch_database("benchmark_pages"):
        from directory.content import load_directory

        load_directory()
        print(json.dumps({str(size): measure(size) for size in SIZES}))


if __name__ == "__main__":
    main()
