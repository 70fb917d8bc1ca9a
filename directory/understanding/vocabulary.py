"""The phrases that a search knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from directory.understanding.tokens import loosely, singular, split
from directory.understanding.words import EDGES

# How a phrase must stand to mean something: anyhow; by itself ('sat'); with a capital ('Polish'); in capitals ('ME').
ALWAYS, ALONE, CAPITAL, CAPITALS = "", "alone", "capital", "capitals"


class Meaning(NamedTuple):
    """What a phrase stands for. Without a field it stands for nothing, although it looks as if it did."""

    field: str
    code: str
    label: str
    when: str = ALWAYS


@dataclass(frozen=True)
class Vocabulary:
    """The phrases that a search knows, compiled once.

    `entries` are (phrase, `Meaning`) pairs; a phrase may have several meanings, and with the field '' none at all.
    `parents`, `leads` and `child_leads` tie topics together: the wider topic, the families' topic for each topic, and
    the parents' topic for a families' one. `relatives` are phrases for somebody close, each with 'child' or ''.
    `places` holds known place names, each with whether it is big; where it is empty, every likely word is looked up.
    `distances` and `ages` are those that can be asked for.
    """

    entries: Iterable[tuple[str, Meaning]]
    parents: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)
    child_leads: Mapping[str, str] = field(default_factory=dict)
    relatives: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, bool] = field(default_factory=dict)
    distances: tuple[int, ...] = ()
    ages: Iterable[int] = ()
    labels: dict = field(init=False, repr=False, default_factory=dict)
    exact: dict = field(init=False, repr=False, default_factory=dict)
    loose: dict = field(init=False, repr=False, default_factory=dict)
    longest: dict = field(init=False, repr=False, default_factory=dict)
    # Every word of every phrase: what a spelling may be corrected to.
    words: frozenset = field(init=False, repr=False, default=frozenset())
    relative_starts: frozenset = field(init=False, repr=False, default=frozenset())
    longest_relative: int = field(init=False, repr=False, default=0)

    def __post_init__(self):
        known = set()
        for phrase, meaning in self.entries:
            words = split(phrase)
            known.update(words)
            self._add(words, meaning)
            self.labels.setdefault((meaning.field, meaning.code), meaning.label)
        relatives = {" ".join(map(singular, split(phrase))): kind for phrase, kind in self.relatives.items()}
        for name, value in {
            "entries": (),
            # With the longer of those that carry nothing: 'entrade' is 'entraide', and nothing to look for.
            "words": frozenset(known) | {word for word in EDGES if len(word) > 5},
            "relatives": relatives,
            "relative_starts": frozenset(each.split()[0] for each in relatives),
            "longest_relative": max((len(each.split()) for each in relatives), default=0),
        }.items():
            object.__setattr__(self, name, value)

    def _add(self, words, meaning):
        table, key = self.exact, [singular(word) for word in words]
        if meaning.field == "topic":
            table, key = self.loose, loosely(key)
        if not key:
            return
        meanings = table.setdefault(" ".join(key), [])
        if meaning not in meanings:
            meanings.append(meaning)
        if len(key) > self.longest.get(key[0], 0):
            self.longest[key[0]] = len(key)

    def ancestors(self, topic):
        """Return the wider topics of a topic, the nearest first."""
        found = []
        while (topic := self.parents.get(topic)) and topic not in found:
            found.append(topic)
        return found

    def lead(self, topic, kind=""):
        """Return the families' topic for a topic, its own or its nearest ancestor's, or `None`."""
        for each in [topic, *self.ancestors(topic)]:
            if each in self.leads:
                lead = self.leads[each]
                return self.child_leads.get(lead, lead) if kind == "child" else lead
        return None
