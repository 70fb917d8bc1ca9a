"""Words in a form in which they can be compared."""

import re
import unicodedata
from string import ascii_lowercase

_APOSTROPHES = re.compile(r"['’‘`´]")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_SAINT = re.compile(r"\bst\b")


def plain(text):
    """Return `text` without case, accents and punctuation: 'Saint-Étienne' and 'St Etienne' give 'saint etienne'."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", letters).replace("&", " and ")).strip()
    return _SAINT.sub("saint", words)


def with_small_letter(text):
    """Return a text as a part of a sentence: 'Not Monday' gives 'not Monday'."""
    return text[:1].lower() + text[1:]


def one_slip_from(word):
    """Return every spelling one slip away: a letter missing, extra or wrong, or two swapped."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {a + b[1:] for a, b in halves if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    wrong = {a + letter + b[1:] for a, b in halves if b for letter in ascii_lowercase}
    extra = {a + letter + b for a, b in halves for letter in ascii_lowercase}
    return (missing | swapped | wrong | extra) - {word}
