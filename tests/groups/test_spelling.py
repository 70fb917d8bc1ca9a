"""Words of a search that many groups hold are known without asking, and the same as by asking."""

import pytest
from django.db import connection

from directory import keeping
from groups import spelling
from groups.indexing import rebuild
from groups.spelling import common_words, terms_of
from tests.factories import GroupFactory

pytestmark = pytest.mark.django_db
MANY = "apple bread cheese dough egg flour ginger honey jam kale leek milk nut onion"


@pytest.fixture
def tea_groups(transactional_db):
    """Groups that hold the same words, one more than it takes, and a word that only one of them holds."""
    for number in range(spelling.COMMON_FROM + 1):
        GroupFactory(summary=f"Tea for carers and the bereaved. {MANY}." + (" Origami." if number == 0 else ""))
    rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE groups_groupsearch")
    keeping.forget()


def asked(text):
    """Return the rows that the database gives for the words of a text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, groups, total FROM search_terms(%s)", [[text]])
        return [tuple(row) for row in cursor.fetchall()]


@pytest.mark.parametrize("text", ["tea", "Carers tea", "tea carers tea TEA", "bereaved", ""])
def test_common_words_need_no_query(tea_groups, django_assert_num_queries, text):
    common_words()
    terms_of(text)
    with django_assert_num_queries(0):
        (terms,) = terms_of(text)
    assert [tuple(term) for term in terms] == asked(text)
    assert all(term.groups == term.total == spelling.COMMON_FROM + 1 for term in terms)


@pytest.mark.parametrize(
    "text", ["origami", "tea and origami", "the tea", "tea, carers", "thé", "tea 12", "carers’ tea"]
)
def test_whatever_else_is_typed_is_asked(tea_groups, django_assert_num_queries, text):
    terms_of("tea")
    with django_assert_num_queries(1):
        (terms,) = terms_of(text)
    assert [tuple(term) for term in terms] == asked(text)


def test_a_word_that_few_groups_hold_is_not_kept(tea_groups):
    # What only a group said that is taken away must be gone at once.
    assert "tea" in common_words()
    assert not {"origami", "the", "and"} & common_words().keys()


def test_as_many_words_count_either_way(tea_groups, django_assert_num_queries):
    terms_of("tea")
    with django_assert_num_queries(0):
        (terms,) = terms_of(MANY)
    assert [term.word for term in terms] == [row[0] for row in asked(MANY)]
    assert len(terms) == spelling.MOST_WORDS
