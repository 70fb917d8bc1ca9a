"""What somebody typed in this room's search box, read: what is understood, what is left, misspelt words mended."""

import re
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from directory.crisis import crisis_in
from directory.filters import role_choices
from directory.gazetteer import find_place
from directory.understanding import Meaning, Understanding, Vocabulary, folded, understand
from directory.words import plain
from groups.spelling import LONG, SHORTEST_MISSPELT, one_slip_from, slips, spell
from groups.vocabulary import vocabulary as group_vocabulary
from practitioners.choices import Profession, Sector
from practitioners.models import PractitionerSearch
from practitioners.search import Wish

# What the groups' vocabulary knows and means the same here; topics besides.
SHARED_FIELDS = {"language", ""}
ONLINE = _("Online only")
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
    def of(cls, text, *, literal=False):
        """Read a text; `literal` takes each word as it was typed, for a word and nothing more."""
        if not text:
            return cls(Understanding(""))
        words = vocabulary()
        understood = Understanding(text, words=text) if literal else understand(text, words, find_place)
        if understood.hard_parts and _is_a_name(text):
            # Anna Bradford may well be from Leeds.
            understood = Understanding(text, words=text)
        terms = _terms(understood.words)
        corrected = ()
        # Nobody in danger is told what they meant.
        if not literal and terms and not crisis_in(text):
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
    return [term.word for term in spell(words, literal=True).terms] if words else []


def _is_a_name(text):
    """Whether somebody is called so."""
    words = plain(text).split()
    if len(words) < 2 or len(words) > 5:
        return False
    found = PractitionerSearch.objects.filter(name__trigram_similar=text).values_list("name", flat=True)[:50]
    return any(set(words) <= set(plain(name).split()) for name in found)


def _misspelt(terms, vocabulary):
    """Yield (typed, taken) for each word that nobody's page holds and that is close to one that means something."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [terms])
        held = {word for (word,) in cursor.fetchall()}
    known = vocabulary.words | _choice_words()
    for word in terms:
        if word in held or word in known or len(word) < SHORTEST_MISSPELT or not word.isalpha():
            continue
        # The names are asked for each time: a name that nobody shows any longer is in no list of words.
        near = {each for name in _alike(word) for each in plain(name).split() if slips(word, each) <= _most(word)}
        near |= one_slip_from(word) & known
        best = min(near, key=lambda each: (slips(word, each), word[0] != each[0], each), default=None)
        if best:
            yield word, best
        else:
            yield from spell(word, known=known).corrected


def _most(word):
    return 2 if len(word) >= LONG else 1


def _alike(word):
    return PractitionerSearch.objects.filter(name__trigram_word_similar=word).values_list("name", flat=True)[:20]


def _choice_words():
    return frozenset(word for each in [*Profession, *Sector] for word in plain(str(each.label)).split())


_HELD = """
SELECT word FROM unnest(%s::text[]) word
WHERE EXISTS (SELECT FROM practitioners_practitionersearch WHERE words @@ search_query(word))
"""
