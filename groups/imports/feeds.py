"""A feed's file, read into rows: plain JSON values, each with a key that stays the same from feed to feed."""

import json
from collections import Counter

from django.utils.translation import gettext as _

from groups.imports.text import clean, key_of

LARGEST_BYTES = 50 * 1024 * 1024
# The format's own identifier, and the one that WordPress plug-ins add.
IDENTIFIERS = ("slug", "id")
LONGEST_IDENTIFIER = 150


class FeedError(Exception):
    """The file is not a feed; the message says why, in one sentence."""


def load(path):
    """Return the list in the file. Raises `FeedError`."""
    rows = _parse(_read(path), path)
    if not isinstance(rows, list):
        raise FeedError(_("%(path)s is JSON, but not a list of meetings.") % {"path": path})
    if not rows:
        raise FeedError(_("%(path)s is a list without meetings.") % {"path": path})
    return rows


def _read(path):
    try:
        if not path.is_file():
            problem = _("is not a file") if path.exists() else _("does not exist")
            raise FeedError(f"{path} {problem}.")
        if path.stat().st_size > LARGEST_BYTES:
            raise FeedError(_("%(path)s is larger than 50 MB, which no feed of meetings is.") % {"path": path})
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise FeedError(_("%(path)s cannot be read: %(error)s.") % {"path": path, "error": error}) from error
    if not content.strip():
        raise FeedError(_("%(path)s is empty.") % {"path": path})
    return content


def _parse(content, path):
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FeedError(
            _("%(path)s is not UTF-8 text: byte %(byte)d cannot be read.") % {"path": path, "byte": error.start}
        ) from error
    except (ValueError, RecursionError) as error:
        raise FeedError(_("%(path)s is not valid JSON: %(error)s.") % {"path": path, "error": error}) from error


def keys_of(rows):
    """Return a key for each row, and for each row whether it had to be made up.

    The format wants unique slugs. Real feeds have constant ones, or none: the identifier that is unique for most rows
    is taken, and a row that has none of its own is known by its name, day, time and place.
    """
    found = {name: [_identifier(row, name) for row in rows] for name in IDENTIFIERS}
    counts = {name: Counter(values) for name, values in found.items()}
    best = max(IDENTIFIERS, key=lambda name: sum(n == 1 for value, n in counts[name].items() if value))
    keys = []
    for row, value in zip(rows, found[best], strict=True):
        own = value and counts[best][value] == 1
        keys.append((value, False) if own else (_made_up(row), True))
    return keys


def _identifier(row, name):
    value = row.get(name) if isinstance(row, dict) else None
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = clean(value).replace("\n", " ")
    return text if len(text) <= LONGEST_IDENTIFIER else key_of(text, longest=LONGEST_IDENTIFIER)


def _made_up(row):
    if not isinstance(row, dict):
        return ""
    place = row.get("formatted_address") or [row.get(name) for name in ("address", "city", "postal_code")]
    return key_of("row", row.get("name"), row.get("day"), row.get("time"), place)
