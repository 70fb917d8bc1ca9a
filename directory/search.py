"""Full text search, in one configuration: no accents, English stems."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Func, IntegerField, Q
from django.db.models.lookups import Exact

# Made by the first migration of this room.
TEXT_CONFIG = "directory"
# A search of more words than this is a pasted letter; the first ones say what it is about.
MOST_WORDS = 12


def query_for(words):
    """Return a query for text that holds every one of `words`, whatever punctuation they carry."""
    return SearchQuery(words, config=TEXT_CONFIG, search_type="plain")


def any_of(words):
    """Return a query for text that holds at least one of `words`."""
    combined = SearchQuery("", config=TEXT_CONFIG, search_type="plain")
    for word in words.split()[:MOST_WORDS]:
        combined |= query_for(word)
    return combined


def says_nothing(query):
    """Return a condition that is true for a query without any word that counts, such as 'the'."""
    return Q(Exact(Func(query, function="numnode", output_field=IntegerField()), 0))


def in_column(word, column="search"):
    """Return a condition that `word` stands in the search column, or counts for nothing."""
    query = query_for(word)
    return Q(**{column: query}) | says_nothing(query)
