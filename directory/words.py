"""Words in a form in which they can be compared."""

import re
import unicodedata
from functools import cache
from string import ascii_lowercase

from spellchecker import SpellChecker

_APOSTROPHES = re.compile(r"['’‘`´]")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_SAINT = re.compile(r"\bst\b")
# How often a word stands in the library's texts, of which it tells everyday words from rare and odd ones: about 30,000
# words of English, and the 10,000 commonest of French.
_EVERYDAY = {"en": 300, "fr": 1000}


def plain(text):
    """Return `text` without case, accents and punctuation: 'Saint-Étienne' and 'St Etienne' give 'saint etienne'."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", letters).replace("&", " and ")).strip()
    return _SAINT.sub("saint", words)


def with_small_letter(text):
    """Return a text as a part of a sentence: 'Not Monday' gives 'not Monday'."""
    return text[:1].lower() + text[1:]


@cache
def everyday_words():
    """Return the everyday words of English and French, in plain letters: right, though no listing holds them."""
    return frozenset(
        plain(word)
        for language, least in _EVERYDAY.items()
        for word, times in SpellChecker(language=language).word_frequency.items()
        if times >= least
    )


def one_slip_from(word):
    """Return every spelling one slip away: a letter missing, extra or wrong, or two swapped."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {a + b[1:] for a, b in halves if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    wrong = {a + letter + b[1:] for a, b in halves if b for letter in ascii_lowercase}
    extra = {a + letter + b for a, b in halves for letter in ascii_lowercase}
    return (missing | swapped | wrong | extra) - {word}
