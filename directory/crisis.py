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
# Without its apostrophe, 'OD'd' is 'odd'.
_OVERDOSED = re.compile(r"\bod['’`]e?d\b", re.IGNORECASE)


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
    found = _told_in(words, tables) or _said_alone(words, tables)
    if not found:
        return None
    position, language = min(found)
    kind = tables.kinds[position]
    help_lines = kind["help_lines"]
    return Crisis(kind["kind"], kind["gentle"], tuple(help_lines.get(language, help_lines["en"])))


def _words_of(text):
    text = _OVERDOSED.sub("overdosed", text[:LONGEST_READ])
    # NUL, emoji and lone surrogates are no letters: `plain` leaves them out.
    words = plain(_ELISION.sub(r"\1 ", text)).split()
    return [word if word in _tables().spelt else _mended(word) for word in words]


def _told_in(words, tables):
    """Return the outcomes of all phrases in the words."""
    found = []
    taken = [False] * len(words)
    markers = list(_spans(words, tables.long_ago, tables))
    # The longest phrase counts: 'bereaved by suicide' is not 'suicide'.
    spans = sorted(_spans(words, tables.phrases, tables), key=lambda span: (span[0] - span[1], span[0]))
    for first, last, (position, language) in spans:
        if not any(taken[first:last]):
            taken[first:last] = [True] * (last - first)
            if position in tables.past_kinds and _is_long_ago(words, first, last, markers, tables):
                position = tables.past_kinds[position]
            found.append((position, language))
    return found


def _said_alone(words, tables):
    """Return the outcomes of words that mean danger only where hardly anything else is said: 'cutting'."""
    # What was taken out as meant otherwise leaves its mark: then something else is said.
    return [
        outcome
        for first, last, outcome in _spans(words, tables.alone, tables)
        if tables.around.issuperset(words[:first] + words[last:])
    ]


def _is_long_ago(words, first, last, markers, tables):
    """Return whether the words of a phrase are past, and those beside it say that it is long ago."""
    told = set(words[first:last])
    if not told & tables.past or told & tables.of_today:
        return False
    gaps = [words[last:begin] if begin >= last else words[end:first] for begin, end, _outcome in markers]
    return any(tables.between.issuperset(gap) for gap in gaps)


class _Tables(NamedTuple):
    kinds: list
    # {words: (position of the kind, language)}, and the same for what is not meant that way.
    phrases: dict
    nothing: dict
    # What counts only where nothing stands around it but these.
    alone: dict
    around: frozenset
    # What tells that something is long ago, the words that may be, and {position of a kind: of what then counts}.
    long_ago: dict
    past: frozenset
    # Of partners and children nobody tells as long ago, what else they say.
    of_today: frozenset
    past_kinds: dict
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
        keys = reached = {word} & tables.starts
        last = first
        fillers = 0
        while keys:
            for key in reached & phrases.keys():
                yield first, last + 1, phrases[key]
            last += 1
            if last == len(words) or not words[last]:
                break
            reached = {f"{key} {words[last]}" for key in keys} & tables.starts
            if words[last] in tables.between and fillers < MOST_BETWEEN:
                fillers += 1
                keys = keys | reached
            else:
                keys = reached


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
    phrases, alone, misspelt = {}, {}, {}
    around = frozenset(raw["around"]).union(raw["between"])
    kinds = [kind["kind"] for kind in raw["kinds"]]
    # The most urgent kind comes first and keeps a phrase that two kinds name.
    for position, kind in enumerate(raw["kinds"]):
        for table, said in ((phrases, kind["phrases"]), (alone, kind.get("alone", {}))):
            for language, patterns in said.items():
                outcome = position, language
                for phrase in _written_out(patterns, classes):
                    table.setdefault(phrase, outcome)
    nothing = dict.fromkeys(_written_out(raw["nothing"], classes))
    long_ago = dict.fromkeys(_written_out(raw["long_ago"], classes))
    starts = {
        phrase[:end]
        for phrase in (*phrases, *alone, *nothing, *long_ago)
        for end in [*(at for at, letter in enumerate(phrase) if letter == " "), len(phrase)]
    }
    for word in raw["misspelt"]:
        for less in _with_one_less(word):
            misspelt.setdefault(less, []).append(word)
    spelt = around.union(word for phrase in (*phrases, *nothing, *alone, *long_ago) for word in phrase.split())
    return _Tables(
        kinds=raw["kinds"],
        phrases=phrases,
        nothing=nothing,
        alone=alone,
        around=around,
        long_ago=long_ago,
        past=frozenset(raw["past"]),
        of_today=frozenset(raw["classes"]["partner"]).union(raw["classes"]["child"]),
        past_kinds={at: kinds.index(kind["long_ago"]) for at, kind in enumerate(raw["kinds"]) if "long_ago" in kind},
        starts=frozenset(starts),
        between=frozenset(raw["between"]),
        misspelt=misspelt,
        spelt=spelt,
    )


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
