"""What somebody typed in this room's search box, read: what is understood, what is left, misspelt words mended."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.utils.translation import gettext_lazy as _

from directory.filters import role_choices
from directory.gazetteer import expect, find_place
from directory.keeping import asking_once
from directory.search import TEXT_CONFIG
from directory.understanding import Meaning, Understanding, Vocabulary, folded, place_names_in, understand
from directory.words import one_slip_from, plain
from groups.spelling import SHORTEST_MISSPELT, spell, terms_of
from groups.vocabulary import vocabulary as group_vocabulary
from practitioners.choices import Profession, Sector
from practitioners.models import PractitionerSearch
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


@dataclass(frozen=True)
class Reading:
    """A text as the search takes it. `corrected` holds (typed, taken) for each word that was read as another."""

    understood: Understanding
    wishes: tuple = ()
    corrected: tuple = ()

    @classmethod
    def of(cls, text, *, literal=False, mends=True):
        """Read a text; `literal` takes each word as it was typed, for a word and nothing more; `mends` the misspelt."""
        if not text:
            return cls(Understanding(""))
        with asking_once():
            return cls._understood(text, literal, mends)

    @classmethod
    def _understood(cls, text, literal, mends):
        words = vocabulary()
        expect(place_names_in(text, words))
        understood = Understanding(text, words=text) if literal else understand(text, words, find_place)
        if understood.hard_parts and _is_a_name(text):
            # Anna Bradford may well be from Leeds.
            understood = Understanding(text, words=text)
        terms = _terms(understood.words)
        corrected = ()
        if mends and terms and not literal:
            corrected = tuple(_misspelt(terms, words))
            for typed, taken in corrected:
                text = re.sub(rf"\b{re.escape(typed)}\b", taken, text, flags=re.IGNORECASE)
            if corrected:
                understood = understand(text, words, find_place)
                terms = _terms(understood.words)
        topics = [
            Wish(tuple(folded(understood.text[part.start : part.end]).split()), part.code)
            for part in understood.soft_parts
        ]
        return cls(understood, (*topics, *(Wish((term,)) for term in terms)), corrected)


def _terms(words):
    """Return the words that count, in the form in which they are looked up."""
    return [term.word for term in terms_of(words)[0]] if words else []


def _is_a_name(text):
    """Whether somebody is called so."""
    words = plain(text).split()
    if not 2 <= len(words) <= LONGEST_NAME:
        return False
    # A is the weight of the name.
    query = SearchQuery(" & ".join(f"{word}:A" for word in words), config=TEXT_CONFIG, search_type="raw")
    return PractitionerSearch.objects.filter(words=query).exists()


def _misspelt(terms, vocabulary):
    """Yield (typed, taken) for each word that nobody's page holds and that is close to one that somebody's does."""
    known = vocabulary.words | _choice_words()
    doubtful = [word for word in terms if word not in known and len(word) >= SHORTEST_MISSPELT and word.isalpha()]
    # The pages are asked each time: a name that nobody shows any longer stands in no list of words.
    held = _held(doubtful)
    slipped = {word: one_slip_from(word) for word in doubtful if word not in held}
    near = _held(set().union(*slipped.values()))
    best = {
        word: min(slips & (near | known), key=lambda each: (word[0] != each[0], each), default=None)
        for word, slips in slipped.items()
    }
    left = " ".join(word for word in best if not best[word])
    meant = best | dict(spell(left, known=known).corrected if left else ())
    yield from ((word, taken) for word, taken in meant.items() if taken)


def _held(words):
    """Return those of the words that stand on somebody's page."""
    if not words:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [list(words)])
        return {word for (word,) in cursor.fetchall()}


def _choice_words():
    return frozenset(word for each in [*Profession, *Sector] for word in plain(str(each.label)).split())


_HELD = """
SELECT word FROM unnest(%s::text[]) word
WHERE EXISTS (SELECT FROM practitioners_practitionersearch WHERE words @@ search_query(word))
"""
