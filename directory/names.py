"""Names of people, so that no word which may be one is kept."""

import gzip
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "data" / "names.txt.gz"
SHORTEST = 3


def may_be_a_name(word):
    """Whether a word in plain letters is a given name or a surname that many people have."""
    return f"\n{word}\n" in _names()


@cache
def _names():
    # One text and not a set: it is a tenth as large in memory, and seldom asked.
    return f"\n{gzip.decompress(FILE.read_bytes()).decode()}\n"
