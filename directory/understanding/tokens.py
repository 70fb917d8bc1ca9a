"""The words of a text, folded so that they can be compared, each with its place in the text."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from directory.understanding.words import LOOSE, set_of

_APOSTROPHES = frozenset("'’‘`´ʼ")
_ELIDED = set_of("l d j m n s t c qu")
_FORMS = {
    "st": "saint",
    "cannot": "cant",
    "womens": "women",
    "womans": "women",
    "mens": "men",
    "childrens": "children",
    "peoples": "people",
}


class Token(NamedTuple):
    """A word of the text: folded, and where it stands."""

    word: str
    start: int
    end: int
    typed: str

    @property
    def has_capital(self):
        """Whether it begins with a capital letter."""
        return self.typed[:1].isupper()

    @property
    def is_capitals(self):
        """Whether it is all in capital letters."""
        return self.typed.isupper() and len(self.word) > 1


@lru_cache(maxsize=4096)
def _fold(letter):
    """Return one letter as `plain` folds it, except that letters of other scripts stay."""
    if letter == "&":
        return " and "
    if letter in _APOSTROPHES:
        return ""
    folded = unicodedata.normalize("NFKD", letter.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(
        each if each.isalnum() else ""
        if unicodedata.category(each).startswith("M") else " " for each in folded
    )  # fmt: skip


def tokens_of(text):
    """Return the words of a text, folded as `plain` does, each with its place in the text.

    'l’alcool' is two words: French drops a vowel where English has a possessive.
    """
    tokens, letters, start, end = [], [], 0, 0

    def close():
        word = "".join(letters)
        if word:
            tokens.append(Token(_FORMS.get(word, word), start, end, text[start:end]))
        letters.clear()

    for index, letter in enumerate(text):
        folded = _fold(letter)
        if letter == "&":
            close()
            tokens.append(Token("and", index, index + 1, letter))
        elif folded == "" and letters:
            after = _fold(text[index + 1])[:1] if index + 1 < len(text) else ""
            if letter in _APOSTROPHES and after and after in "aeiouhy" and "".join(letters) in _ELIDED:
                close()
            elif letter not in _APOSTROPHES or after.strip():
                end = index + 1
        elif folded.strip():
            if not letters:
                start = index
            letters.append(folded.strip())
            end = index + 1
        else:
            close()
    close()
    return tokens


def folded(phrase):
    """Return a phrase as the vocabulary keys it."""
    return " ".join(token.word for token in tokens_of(phrase))


_EASY = re.compile(r"[a-z0-9 ]*")


def split(phrase):
    """Return the words of a phrase; most are written plainly already."""
    return [_FORMS.get(word, word) for word in phrase.split()] if _EASY.fullmatch(phrase) else folded(phrase).split()


def loosely(words):
    """Return words without those that come and go inside a topic's wording."""
    return [word for word in words if word not in LOOSE]


# Not the plural of what it seems to be: 'keep fit' is no epilepsy, 'first aid' no HIV.
_ONE_FORM = set_of("fits aids nerves bills benefits absences news arms glasses customs always does")
# 'Dads' are a group of their own kind, 'dad' is somebody's father.
_ONE_FORM |= set_of(
    "dads mums moms fathers mothers parents grandparents husbands wives partners sons daughters friends"
)


@lru_cache(maxsize=16384)
def singular(word):
    """Return a word without the s of a plural, a possessive or a verb, so that each of them finds the others."""
    if word == "children":
        return "child"
    if len(word) < 4 or word[-1] != "s" or word in _ONE_FORM or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def clean(text):
    """Return text without control characters, lone surrogates and doubled spaces."""
    return " ".join("".join(" " if unicodedata.category(each) in {"Cc", "Cs"} else each for each in text).split())
