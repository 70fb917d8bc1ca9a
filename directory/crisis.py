"""Words of somebody in danger, for which help lines stand above every search. Nothing here is logged or kept."""

import re
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import yaml

from directory.words import plain

WORDS = Path(__file__).resolve().parent / "data" / "crisis.yaml"
# A text is read further than a search is: what matters may come late in a long message.
LONGEST_READ = 2000
MOST_BETWEEN = 4
# 'Il m’a frappée' is four words: where English has a possessive, French drops a vowel.
_ELISION = re.compile(r"\b([cdjlmnst]|qu)['’](?=[aeiouhàâéèêëîïôûù])", re.IGNORECASE)


class Crisis(NamedTuple):
    """What the words seem to tell, and the help lines for it, by slug, in the order in which they are shown."""

    kind: str
    gentle: bool
    help_lines: tuple[str, ...]


def crisis_in(text):
    """Return the most urgent `Crisis` that the words tell of, or `None`."""
    tables = _tables()
    words = _words_of(text or "")
    for first, last, _outcome in list(_spans(words, tables.nothing, tables)):
        # A mark, and not a gap: the words around must not grow together.
        words[first:last] = [""] * (last - first)
    found = []
    taken = [False] * len(words)
    # The longest phrase counts: 'bereaved by suicide' is not 'suicide'.
    spans = sorted(_spans(words, tables.phrases, tables), key=lambda span: (span[0] - span[1], span[0]))
    for first, last, outcome in spans:
        if not any(taken[first:last]):
            taken[first:last] = [True] * (last - first)
            found.append(outcome)
    if not found:
        return None
    position, language = min(found)
    kind = tables.kinds[position]
    return Crisis(kind["kind"], kind["gentle"], tuple(kind["help_lines"][language]))


def _words_of(text):
    # NUL, emoji and lone surrogates are no letters: `plain` leaves them out.
    words = plain(_ELISION.sub(r"\1 ", text[:LONGEST_READ])).split()
    return [word if word in _tables().spelt else _mended(word) for word in words]


class _Tables(NamedTuple):
    kinds: list
    # {words: (position of the kind, language)}, and the same for what is not meant that way.
    phrases: dict
    nothing: dict
    # The words that begin a phrase, and all beginnings of phrases.
    starts: frozenset
    between: frozenset
    # {a spelling with one letter less: the words it may come from}
    misspelt: dict
    # Words of phrases, which nobody misspelt.
    spelt: frozenset


def _spans(words, phrases, tables):
    """Yield (first, last + 1, outcome) for each phrase that stands in the words, with filler between its words."""
    for first, word in enumerate(words):
        keys = {word} & tables.starts
        last = first
        fillers = 0
        while keys:
            for key in keys & phrases.keys():
                yield first, last + 1, phrases[key]
            last += 1
            if last == len(words) or not words[last]:
                break
            following = {f"{key} {words[last]}" for key in keys} & tables.starts
            if words[last] in tables.between and fillers < MOST_BETWEEN:
                fillers += 1
                following |= keys
            keys = following


def _mended(word):
    """Return the word of the list that `word` misspells by one letter, or `word`."""
    tables = _tables()
    if len(word) > 5:
        for less in _with_one_less(word):
            for right in tables.misspelt.get(less, ()):
                if right[0] == word[0] and abs(len(right) - len(word)) < 2:
                    return right
    return word


def _with_one_less(word):
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@cache
def _tables():
    raw = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    classes = {name: "|".join(words) for name, words in raw["classes"].items()}
    phrases, misspelt = {}, {}
    # The most urgent kind comes first and keeps a phrase that two kinds name.
    for position, kind in enumerate(raw["kinds"]):
        for language, patterns in kind["phrases"].items():
            for phrase in _written_out(patterns, classes):
                phrases.setdefault(phrase, (position, language))
    nothing = dict.fromkeys(_written_out(raw["nothing"], classes))
    starts = {
        phrase[:end]
        for phrase in (*phrases, *nothing)
        for end in [*(at for at, letter in enumerate(phrase) if letter == " "), len(phrase)]
    }
    for word in raw["misspelt"]:
        for less in _with_one_less(word):
            misspelt.setdefault(less, []).append(word)
    spelt = frozenset(word for phrase in (*phrases, *nothing) for word in phrase.split())
    return _Tables(raw["kinds"], phrases, nothing, frozenset(starts), frozenset(raw["between"]), misspelt, spelt)


def _written_out(patterns, classes):
    """Return each phrase that the patterns stand for: '(one|other)' is either, '{he}' any word of a class."""
    found = {}
    for pattern in patterns:
        for name, words in classes.items():
            pattern = pattern.replace(f"{{{name}}}", f"({words})")
        pieces = [
            [plain(choice) for choice in piece[1:-1].split("|")] if piece.startswith("(") else [plain(piece)]
            for piece in re.split(r"(\([^()]*\))", pattern)
        ]
        for choice in product(*pieces):
            found[" ".join(" ".join(choice).split())] = None
    return list(found)
