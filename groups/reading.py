"""What somebody typed, read: the parts that are understood, the words that are left, and misspelt ones mended."""

import re
from dataclasses import dataclass

from directory.gazetteer import find_place
from directory.keeping import asking_once
from directory.lists import family_topics
from directory.understanding import Understanding, tokens_of, understand
from directory.understanding.words import SENTENCE
from directory.words import plain
from groups.matches import Matches, Term
from groups.models import GroupSearch
from groups.spelling import spell, terms_of
from groups.vocabulary import vocabulary


@dataclass(frozen=True)
class Reading:
    """A text as the search takes it. `corrected` holds (typed, taken) for each word that was read as another.

    `terms_of_topics` are those of the terms that stand for a topic: what is left where the other words are left out.
    `all_terms` are the words of the whole text, those that were understood among them.
    """

    understood: Understanding
    terms: tuple[Term, ...]
    corrected: tuple = ()
    all_terms: tuple[Term, ...] = ()
    terms_of_topics: tuple[Term, ...] = ()

    @property
    def topics(self):
        """The topics that were understood, by slug."""
        return tuple(part.code for part in self.understood.soft_parts)

    @property
    def about(self):
        """What the text is about, without where, when and for whom: 'grief' of 'grief, Mondays near Leeds'."""
        return " ".join([self.understood.words, *_phrases(self.understood)]).strip()

    @property
    def literal(self):
        """The same text, taken for words and nothing more."""
        text = self.understood.text
        return Reading(Understanding(text, words=text), self.all_terms, all_terms=self.all_terms)

    @classmethod
    def of(cls, text, *, literal=False):
        """Read a text; `literal` takes each word as it was typed, for a word and nothing more."""
        if not text:
            return cls(Understanding(""), ())
        if literal:
            return cls(Understanding(text), (), all_terms=terms_of(text)[0]).literal
        with asking_once():
            return cls._understood(text)

    @classmethod
    def _understood(cls, text):
        phrases = vocabulary()
        understood = understand(text, phrases, find_place)
        # Words that mean something are spelt right.
        _terms, corrected, read = spell(understood.words, known=phrases.words, beside=_searched(understood))
        text, corrected = _mended(text, corrected)
        if corrected:
            # A mended word may mean something: 'anxeity near Leeds'.
            understood = understand(text, phrases, find_place)
            read = terms_of(*_searched(understood))
        all_terms, words, *phrases = read
        # A group that does not name the topic has to say all of what stands for it: of 'long covid' not only 'long'.
        of_topics = tuple(Term.of_all(phrase) for phrase in phrases if phrase)
        terms = tuple({term.word: term for term in (*words, *of_topics)}.values())
        reading = cls(understood, terms, corrected, all_terms, of_topics)
        fields = {part.field for part in understood.hard_parts}
        if fields and not (corrected or understood.refused) and _is_a_name(all_terms, only_a_place=fields == {"near"}):
            # 'Tuesday Tea' is what a group is called, and it may meet on Fridays; 'London Daily Readings' is online.
            return reading.literal
        return reading


def _mended(text, corrected):
    """Return the text with its misspelt words mended, and which these are."""
    done = []
    for typed, taken in corrected:
        # It was looked up without marks: 'alzhiemers' is 'Alzhiemer’s' here.
        meant = [token for token in tokens_of(text) if plain(token.typed) == typed]
        for token in reversed(meant):
            text = text[: token.start] + taken + text[token.end :]
        if meant:
            done.append((typed, taken))
    return text, tuple(done)


def _searched(understood):
    """Return the texts whose words are looked up: the whole, what is left to search for, and what names each topic."""
    return understood.text, understood.words, *_phrases(understood)


def _phrases(understood):
    """Return what names each topic that was understood, which a group may say itself."""
    families, relatives = family_topics(), vocabulary().relatives
    told = []
    for part in understood.soft_parts:
        # Of 'cannot sleep' only 'sleep' tells one group from another, and of 'my son', which names no trouble, nothing.
        empty = SENTENCE.union(relatives) if part.code in families else SENTENCE
        words = understood.text[part.start : part.end].split()
        told.append(" ".join(word for word in words if re.sub(r"\W", "", word).lower() not in empty))
    return list(dict.fromkeys(filter(None, told)))


def _is_a_name(terms, *, only_a_place):
    """Whether a group is called so. Two words with a place among them, 'Leeds tea', are rather a wish than a name."""
    if len(terms) < (3 if only_a_place else 2):
        return False
    return Matches(GroupSearch.objects.all(), terms).called_so().exists()
