"""Helpers for tests of pages: what a page says, and how many queries it takes."""

import re
from contextlib import contextmanager
from html import unescape

from django.db import connection
from django.test.utils import CaptureQueriesContext


def text_of(response):
    """Return the words of a page, without markup, each space single."""
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def main_of(response):
    """Return the words of the main part of a page."""
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def queries_of(client, address):
    """Return how many queries a page takes, once short lists are kept. The page must answer 200."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@contextmanager
def statements():
    """Yield a list of the texts of all statements that are asked, those that are kept ready among them."""
    asked = []

    def note(execute, sql, *args):
        asked.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(note):
        yield asked
