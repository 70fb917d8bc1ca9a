"""What somebody typed in this room's search box, read: what is understood, what is left, misspelt words mended."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from directory.gazetteer import find_place
from directory.keeping import asking_once
from directory.lists import role_choices
from directory.search import TEXT_CONFIG
from directory.understanding import Meaning, Understanding, Vocabulary, folded, understand
from directory.words import everyday_words, one_slip_from, plain
from groups.spelling import SHORTEST_MISSPELT, is_of_a_place, spell, terms_of
from groups.vocabulary import vocabulary as group_vocabulary
from practitioners.choices import Profession, Sector
from practitioners.search import Wish

# What the groups' vocabulary knows and means the same here; topics besides.
SHARED_FIELDS = {"language", ""}
ONLINE = _("Online only")
LONGEST_NAME = 5
_kept = {}


def vocabulary():
    """Return the groups' vocabulary without what only groups have, and with the support roles by name."""
    shared, roles = group_vocabulary(), role_choices()
    if _kept.get("from") != (id(shared), roles):
        _kept.update({"from": (id(shared), roles), "shared": shared, "vocabulary": _build(shared, roles)})
    return _kept["vocabulary"]


def _build(shared, roles):
    entries = [(phrase, meaning) for phrase, meanings in shared.loose.items() for meaning in meanings]
    for phrase, meanings in shared.exact.items():
        for meaning in meanings:
            if meaning.field in SHARED_FIELDS:
                entries.append((phrase, meaning))
            elif (meaning.field, meaning.code) == ("format", "online"):
                entries.append((phrase, Meaning("online", "only", ONLINE, meaning.when)))
    for slug, name in roles:
        entries += [(words, Meaning("role", slug, name)) for words in (name, name.replace("-", ""))]
    return Vocabulary(
        entries=entries,
        parents=shared.parents,
        leads=shared.leads,
        child_leads=shared.child_leads,
        relatives=shared.relatives,
        places=shared.places,
        distances=shared.distances,
    )


class Pages(NamedTuple):
    """What the pages say: whether somebody is called so, which words stand there, which ones that are a slip away."""

    names_somebody: bool = False
    held: frozenset = frozenset()
    near: frozenset = frozenset()


@dataclass(frozen=True)
class Reading:
    """A text as the search takes it. `corrected` holds (typed, taken) for each word that was read as another."""

    understood: Understanding
    wishes: tuple = ()
    corrected: tuple = ()

    @classmethod
    def of(cls, text, *, literal=False):
        """Read a text; `literal` takes each word as it was typed, for a word and nothing more."""
        if not text:
            return cls(Understanding(""))
        with asking_once():
            return cls._understood(text, literal)

    @classmethod
    def _understood(cls, text, literal):
        words = vocabulary()
        understood = Understanding(text, words=text) if literal else understand(text, words, find_place)
        terms, all_terms = _terms(understood.words, text)
        # Anna Bradford may well be from Leeds.
        name = _as_a_name(text) if understood.hard_parts else ""
        known = words.words | _choice_words()
        doubtful = {} if literal else _doubtful([*terms, *(all_terms if name else [])], known)
        pages = _on_pages(name, doubtful)
        if pages.names_somebody:
            understood = Understanding(text, words=text)
            terms = all_terms
        corrected = tuple(_misspelt([term for term in terms if term in doubtful], doubtful, pages, known))
        if corrected:
            for typed, taken in corrected:
                text = re.sub(rf"\b{re.escape(typed)}\b", taken, text, flags=re.IGNORECASE)
            understood = understand(text, words, find_place)
            [terms] = _terms(understood.words)
        topics = [
            Wish(tuple(folded(understood.text[part.start : part.end]).split()), part.code)
            for part in understood.soft_parts
        ]
        return cls(understood, (*topics, *(Wish((term,)) for term in terms)), corrected)


def _terms(*texts):
    """Return the words of each text that count, in the form in which they are looked up."""
    return [[term.word for term in terms] for terms in terms_of(*texts)]


def _as_a_name(text):
    """Return the query for somebody who is called so; an empty one where nobody can be."""
    words = plain(text).split()
    # A is the weight of the name.
    return " & ".join(f"{word}:A" for word in words) if 2 <= len(words) <= LONGEST_NAME else ""


def _doubtful(terms, known):
    """Return {word: its spellings one slip away} for the words that mean nothing by themselves, here or for groups."""
    right = group_vocabulary().words
    return {
        word: one_slip_from(word)
        for word in terms
        if not (word in known or word in right or word in everyday_words() or is_of_a_place(word))
        and len(word) >= SHORTEST_MISSPELT
        and word.isalpha()
    }


def _on_pages(name, doubtful):
    """Return what `Pages` there are, in one statement.

    They are asked each time: a name that nobody shows any longer stands in no list of words.
    """
    if not name and not doubtful:
        return Pages()
    pairs = [(word, slip) for word, slips in doubtful.items() for slip in slips]
    columns = list(map(list, zip(*pairs, strict=True))) if pairs else [[], []]
    with connection.cursor() as cursor:
        cursor.execute(_ON_PAGES, [list(doubtful), TEXT_CONFIG, name or None, *columns])
        names_somebody, held, near = cursor.fetchone()
    return Pages(names_somebody, frozenset(held), frozenset(near))


def _misspelt(terms, doubtful, pages, known):
    """Yield (typed, taken) for each word that nobody's page holds and that is close to one that somebody's does."""
    best = {
        word: min(doubtful[word] & (pages.near | known), key=lambda each: (word[0] != each[0], each), default=None)
        for word in terms
        if word not in pages.held
    }
    left = " ".join(word for word in best if not best[word])
    meant = best | dict(spell(left, known=known).corrected if left else ())
    yield from ((word, taken) for word, taken in meant.items() if taken)


def _choice_words():
    return frozenset(word for each in [*Profession, *Sector] for word in plain(str(each.label)).split())


_ON_PAGES = """
WITH typed AS MATERIALIZED (
    SELECT word, EXISTS (SELECT FROM practitioners_practitionersearch WHERE words @@ search_query(word)) AS is_held
    FROM unnest(%s::text[]) word
)
SELECT EXISTS (SELECT FROM practitioners_practitionersearch WHERE words @@ to_tsquery(%s::regconfig, %s)),
       ARRAY(SELECT word FROM typed WHERE is_held),
       ARRAY(SELECT slip FROM unnest(%s::text[], %s::text[]) slipped (word, slip) JOIN typed USING (word)
             WHERE NOT is_held
             AND EXISTS (SELECT FROM practitioners_practitionersearch WHERE words @@ search_query(slip)))
"""
