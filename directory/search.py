"""Full text search, in one configuration: no accents, English stems."""

from django.contrib.postgres.search import SearchQuery

# Made by the first migration of this room.
TEXT_CONFIG = "directory"
# A search of more words than this is a pasted letter; the first ones say what it is about.
MOST_WORDS = 12


def query_for(words):
    """Return a query for text that holds every one of `words`, whatever punctuation they carry."""
    return SearchQuery(words, config=TEXT_CONFIG, search_type="plain")
