"""Words in a form in which they can be compared."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’‘`´]")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_SAINT = re.compile(r"\bst\b")


def plain(text):
    """Return `text` without case, accents and punctuation: 'Saint-Étienne' and 'St Etienne' give 'saint etienne'."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", letters).replace("&", " and ")).strip()
    return _SAINT.sub("saint", words)
