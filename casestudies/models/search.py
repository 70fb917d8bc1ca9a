"""What a search for case studies reads: all their text, by weight, each in its own language."""

from django.contrib.postgres.search import SearchQuery, SearchQueryField, SearchVectorCombinable, SearchVectorField
from django.db.models import BooleanField, Func, IntegerField, Q, Value
from django.db.models.lookups import Exact

from directory.search import MOST_WORDS, TEXT_CONFIG

# The columns by weight, from the name to the notes. `more_text` holds the words of the parts.
SEARCHED = {
    "A": ["name"],
    "B": ["summary", "organisation"],
    "C": ["overview", "context", "staff", "target_group", "aims"],
    "D": [
        "issues_note",
        "status_note",
        "scope_note",
        "leadership_note",
        "engagement_note",
        "involvement_note",
        "costs",
        "evaluation_note",
        "lessons",
        "sustainability_note",
        "transferability_note",
        "more_text",
    ],
}


class WordsOf(SearchVectorCombinable, Func):
    """The stems of the words in some columns, in the language of the row, with one weight."""

    arg_joiner = " || ' ' || "
    template = "setweight(search_vector(%(expressions)s, \"text_language\"), '%(weight)s')"
    output_field = SearchVectorField()
    # What is in which language stands in the row.
    config = None

    def __init__(self, *columns, weight):
        super().__init__(*columns, weight=weight)


def all_words():
    """Return the expression for the whole text of a case study."""
    first, *others = [WordsOf(*columns, weight=weight) for weight, columns in SEARCHED.items()]
    return sum(others, start=first)


def typed_words(text):
    """Return the first words that somebody typed. More than so many is a pasted letter."""
    return text.split()[:MOST_WORDS]


class Asked(Func):
    """A word as the search asks for it: its English or its French stem."""

    template = "search_query(search_text(%(expressions)s))"
    output_field = SearchQueryField()


class AnyOf(Func):
    """A query for text in which at least one of the words stands."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = SearchQueryField()

    def __init__(self, words):
        super().__init__(*[Asked(Value(word)) for word in words])


class Holds(Func):
    """Whether a column of stems holds what a query asks for."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def stands_in_text(word):
    """Return a condition that a word stands in the text, or says nothing, such as 'the' or 'les'."""
    says_nothing = [
        Exact(Func(SearchQuery(word, config=config), function="numnode", output_field=IntegerField()), 0)
        for config in (TEXT_CONFIG, f"{TEXT_CONFIG}_fr")
    ]
    return Q(Holds("search", Asked(Value(word)))) | Q(says_nothing[0]) | Q(says_nothing[1])
