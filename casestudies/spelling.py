"""Misspelt words of a search for case studies, read as words that the case studies hold."""

from django.db import connection

from casestudies.models import CaseStudy
from casestudies.models.search import SEARCHED, typed_words
from directory.keeping import kept_for_a_minute
from directory.words import everyday_words, one_slip_from, plain
from groups.spelling import SHORTEST_MISSPELT


@kept_for_a_minute
def known_words():
    """Return every longer word that stands in a published case study, with the number of case studies that hold it."""
    table = CaseStudy._meta.db_table
    columns = ", ".join(column for columns in SEARCHED.values() for column in columns)
    texts = (
        f"SELECT to_tsvector('simple', search_words(concat_ws(' ', {columns}))) FROM {table} WHERE state = 'published'"  # noqa: S608 names of our own columns
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, ndoc FROM ts_stat(%s) WHERE length(word) >= %s", [texts, SHORTEST_MISSPELT])
        return dict(cursor.fetchall())


def mend(text):
    """Return the words typed, each that no case study holds read as the likeliest one that is one slip away."""
    known = known_words()
    return " ".join(_nearest(word, known) for word in typed_words(text))


def _nearest(word, known):
    letters = plain(word)
    if letters in known or letters in everyday_words() or len(letters) < SHORTEST_MISSPELT or " " in letters:
        return word
    near = sorted(one_slip_from(letters) & known.keys())
    return max(near, key=lambda each: (each[0] == letters[0], known[each]), default=word)
