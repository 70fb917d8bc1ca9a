"""Words of a search that many groups hold are known without asking, and the same as by asking."""

import random
import string

import pytest
from django.db import connection

from directory import keeping
from directory.keeping import asking_once
from groups import spelling
from groups.rebuilding import rebuild
from groups.spelling import common_words, spell, terms_of
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
    """Return what the database alone says of the words of a text: (word, how many groups hold it)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT word, (SELECT count(*) FROM groups_groupsearch WHERE words @@ search_query(word))
            FROM string_to_table(search_text(%s), ' ') WITH ORDINALITY typed (word, number)
            WHERE to_tsvector('directory', word) <> '' GROUP BY word ORDER BY min(number) LIMIT 12
            """,
            [text],
        )
        return cursor.fetchall()


@pytest.mark.parametrize(
    "text", ["tea", "Carers tea", "tea carers tea TEA", "bereaved", "", "tea, carers!", "carers’ tea"]
)
def test_common_words_need_no_query(tea_groups, django_assert_num_queries, text):
    common_words()
    terms_of(text)
    with django_assert_num_queries(0):
        (terms,) = terms_of(text)
    assert [(term.word, term.groups) for term in terms] == asked(text)
    assert all(term.groups == term.total == spelling.COMMON_FROM + 1 for term in terms)


@pytest.mark.parametrize("text", ["origami", "tea and origami", "origamí", "tea 12"])
def test_whatever_else_is_typed_is_asked(tea_groups, django_assert_num_queries, text):
    terms_of("tea")
    with django_assert_num_queries(1):
        (terms,) = terms_of(text)
    assert [(term.word, term.groups) for term in terms] == asked(text)


@pytest.mark.parametrize("text", ["œufs", "straße", "Ωmega"])
def test_what_becomes_of_other_letters_is_asked_too(tea_groups, django_assert_num_queries, text):
    terms_of("tea")
    with django_assert_num_queries(2):
        (terms,) = terms_of(text)
    assert [(term.word, term.groups) for term in terms] == asked(text)


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


def cut(texts):
    """Return the words of each text as the database cuts them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_text(text) FROM unnest(%s::text[]) text", [texts])
        return [list(dict.fromkeys(row[0].split()))[: spelling.MOST_WORDS] for row in cursor.fetchall()]


def test_words_are_cut_as_the_database_cuts_them():
    rng = random.Random(7)
    alphabet = "abcdlstSTqu .,'’`&-_/12;:\t\x1f" * 3 + string.printable + "éÀüñçœßø–…“´"
    texts = ["St. Mark's", "M.E. and A.A.", "a.b", "a.bc", "x.", "R&B", "well-being", "a_b", "1.2.3", "U.S.A.x"]
    texts += ["l'eau d’Yonne", "O'Brien it's", "carers’ “tea” – now…", "e\u0301t\u0065\u0301", "STRASSE Straße"]
    texts += ["".join(rng.choices(alphabet, k=rng.randrange(1, 25))) for _ in range(300)]
    assert [spelling.words_in(text) for text in texts] == cut(texts)


def test_every_letter_is_cut_as_the_database_cuts_it(monkeypatch):
    monkeypatch.setattr(spelling, "_as_the_database_cuts", lambda text: "asked")
    letters = [chr(code) for code in range(0x80, 0x3000) if chr(code).isprintable()]
    texts = [f"a{letter}b {letter}" for letter in letters]
    mine = [(spelling.words_in(text), there) for text, there in zip(texts, cut(texts), strict=True)]
    known = [each for each in mine if each[0] != ["asked"]]
    assert len(known) > 700
    assert [words for words, _there in known] == [there for _words, there in known]


def test_several_slips_take_as_many_statements_as_one(tea_groups, django_assert_num_queries):
    one, many = spell("chese"), spell("chese breead ginnger origxmi")
    assert one.corrected == (("chese", "cheese"),)
    assert many.corrected == (*one.corrected, ("breead", "bread"), ("ginnger", "ginger"), ("origxmi", "origami"))
    assert [term.word for term in many.terms] == ["cheese", "bread", "ginger", "origami"]
    for words in ("chese", "chese breead ginnger origxmi"):
        with django_assert_num_queries(2):
            spell(words)


def test_a_word_two_slips_away_counts_where_it_is_long(tea_groups):
    assert spell("kaale ggingerr").corrected == (("kaale", "kale"), ("ggingerr", "ginger"))
    assert spell("kkaale").corrected == ()
    GroupFactory(summary="Encouragement with a strawberry.")
    rebuild()
    mended = (("encuoragemnt", "encouragement"), ("strawbary", "strawberry"))
    assert spell("encuoragemnt xyz strawbary").corrected == mended


def test_what_was_looked_up_is_not_asked_again_for_the_same_page(tea_groups, django_assert_num_queries):
    with asking_once():
        before = terms_of("the tea of origxmi"), spell("origxmi")
        with django_assert_num_queries(0):
            assert terms_of("the tea of origxmi")[0] == before[0][0]
            (mended,) = terms_of("origami")
        assert mended == before[1].terms
    with django_assert_num_queries(1):
        terms_of("the tea of origxmi")


def test_a_slip_of_a_stop_word_is_a_stop_word(tea_groups, monkeypatch):
    GroupFactory(summary="Tea with cake.")
    monkeypatch.setattr(spelling, "_stop_words", set())
    with asking_once():
        assert spell("wiht tea").corrected == (("wiht", "with"),)
        assert [term.word for term in terms_of("with tea")[0]] == ["tea"]


def test_of_guesses_as_good_as_each_other_it_is_always_the_same(tea_groups):
    for word in ("zabulon", "zebulon", "zibulon", "zobulon", "zubulon"):
        GroupFactory(summary=word.capitalize())
    assert spell("zbulon").corrected == (("zbulon", "zabulon"),)
