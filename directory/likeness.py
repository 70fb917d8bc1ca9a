"""How much two listings look like one: their names, and points for and against that add up to a score.

The points and why they are what they are: docs/decisions/0011.
"""

import re
from difflib import SequenceMatcher
from math import exp
from typing import NamedTuple

from django.db.models import CharField, Func
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.words import plain

# As likely as not. Pairs below it are not kept.
LIKELY = 0.5
# Before anything is known, two listings that stand near each other are not the same.
PRIOR = -4.0

_FILLERS = """
    a an and the of for in at on by to with s n r le la les l de des du d et un une en au aux
    group groups grp grps gp gpe groupe groupes support self help selfhelp peer meeting meetings mtg club society
    assoc association committee cttee entraide dentraide mutuelle gem soutien online ligne zoom
"""
FILLERS = frozenset(_FILLERS.split())
_SAME = {
    "first": "1 1st",
    "two": "2",
    "second": "2nd",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "judgement": "judgment",
    "cafe": "cafes",
    "road": "rd",
    "park": "pk",
    "centre": "ctr center",
    # Whom a group is for. Such a word on one side only says that the other is for somebody else.
    "women": "womens woman ladies girls femmes femme",
    "men": "mens man lads blokes hommes homme",
    "mothers": "mum mums mothers mamans meres",
    "fathers": "dad dads fathers papas peres",
    "parents": "parent",
    "young": "youth youths teen teens teenager teenagers adolescents ados jeunes jeune children kids enfants",
    "older": "elder elders elderly seniors aines 50s 60s",
    "adults": "adult adultes",
    "carers": "carer aidants aidant caregivers",
    "families": "family relatives famille familles partner partners wives spouses",
    "veterans": "veteran squaddies",
    # Days
    "monday": "mon mondays lundi lundis",
    "tuesday": "tue tues tuesdays mardi mardis",
    "wednesday": "wed weds wednesdays mercredi mercredis",
    "thursday": "thu thur thurs thursdays jeudi jeudis",
    "friday": "fri fridays vendredi vendredis",
    "saturday": "sat saturdays samedi samedis",
    "sunday": "sun sundays dimanche dimanches",
}
SAME = {other: word for word, others in _SAME.items() for other in others.split()}
_PEOPLE = """
    women men mothers fathers parents young older adults carers families veterans deaf lgbtq lgbt trans students
    urdu polish punjabi arabic somali tamil welsh
"""
PEOPLE = frozenset(_PEOPLE.split())
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SIDES = frozenset(["north", "south", "east", "west", "nord", "sud", "est", "ouest", "upper", "lower", "central"])
_LETTERS = re.compile(r"\b([a-z])((?: [a-z])+)\b")


class ContactKey(Func):
    """A way to get in touch in a form in which it can be compared; none for one that cannot, such as a postal one."""

    function = "contact_key"
    output_field = CharField()


class Likeness(NamedTuple):
    """From 0 to 1, with what speaks for it and against it, as codes with what they are about."""

    score: float
    reasons: list

    @property
    def is_likely(self):
        """Whether it is worth a look."""
        return self.score >= LIKELY


class Points:
    """Points for and against, each with its reason."""

    def __init__(self):
        self.total, self.given = PRIOR, []

    def add(self, points, code, about=None):
        """Add points for a reason."""
        self.total += points
        self.given.append((points, code, about))

    def likeness(self):
        """Return the score, with the reasons that weigh most first."""
        weighty = sorted(self.given, key=lambda each: -abs(each[0]))
        return Likeness(round(1 / (1 + exp(-self.total)), 3), [[code, about] for _points, code, about in weighty])


def in_words(reasons):
    """Return reasons as a curator reads them."""
    return [_in_words(code, about) for code, about in reasons]


def _in_words(code, about):
    match code:
        case "name":
            return _("names alike: %(share)s") % {"share": f"{about:.2f}"}
        case "other words":
            return _("the names differ in: %(words)s") % {"words": about}
        case "people":
            return _("only one name says: %(words)s") % {"words": about}
        case "metres" if about < 20:
            return _("at the same point of the map")
        case "metres":
            return ngettext("%(n)d metre apart", "%(n)d metres apart", about) % {"n": about}
        case "minutes":
            return ngettext("same day, %(n)d minute apart", "same day, %(n)d minutes apart", about) % {"n": about}
        case "shared by many":
            return _("same contact, which %(n)d listings have") % {"n": about}
    return {
        "email": _("same email address"),
        "phone": _("same telephone"),
        "web": _("same website"),
        "own email": _("same address of their own"),
        "town": _("same town"),
        "other town": _("other town"),
        "venue": _("names of the venues alike"),
        "when": _("same day and time"),
        "other times": _("other days or times"),
        "host": _("same host organisation"),
        "topics": _("other topics"),
        "topic in name": _("one name says what the other is about"),
        "organisation": _("same organisation"),
        "other organisation": _("other organisation"),
        "by hand": _("chosen by a curator"),
        "places": _("places in common"),
        "other places": _("no place in common"),
    }.get(code, code)


def words_of(name):
    """Return the words of a name that tell it from others, in one spelling each."""
    text = _LETTERS.sub(lambda found: found[0].replace(" ", ""), plain(name))
    words = [SAME.get(word, word) for word in text.split()]
    telling = [word for word in words if word not in FILLERS]
    return tuple(dict.fromkeys(telling or words))


def trigrams_of(words):
    """Return the threes of letters of a name without its spaces."""
    text = "".join(words)
    return frozenset(text[at : at + 3] for at in range(max(1, len(text) - 2)))


class NamesCompared(NamedTuple):
    """How alike two names are, from 0 to 1, and the words that only one of them has."""

    share: float
    only_a: frozenset
    only_b: frozenset


def compare_names(a, b, place_words=frozenset()):
    """Compare the words of two names. A town that only one of them says does not count."""
    both = set(a) & set(b)
    only_a, only_b = [word for word in a if word not in both], [word for word in b if word not in both]
    towns_a, towns_b = set(only_a) & place_words, set(only_b) & place_words
    if not (towns_a and towns_b):
        only_a = [word for word in only_a if word not in towns_a]
        only_b = [word for word in only_b if word not in towns_b]
    matched = sum(map(len, both)) * 2
    if only_a and only_b:
        matched += _match_slips(only_a, only_b)
    letters = matched + sum(map(len, only_a)) + sum(map(len, only_b))
    share = matched / letters if letters else 1.0
    if matched and not (only_a and only_b) and share < 1:
        # One name holds the other: 'Steady Enough' and 'Steady Enough Parkinson's Group'.
        share = max(share, 0.9 if matched >= 18 else 0.8 if matched >= 10 else share)
    return NamesCompared(share, frozenset(only_a), frozenset(only_b))


def _match_slips(only_a, only_b):
    """Take words out of both lists that differ by a slip, and return how many letters they have."""
    if _alike("".join(only_a), "".join(only_b)) and not _tell_apart(only_a, only_b):
        matched = len("".join(only_a)) + len("".join(only_b))
        only_a.clear()
        only_b.clear()
        return matched
    matched = 0
    for word in list(only_a):
        other = next((each for each in only_b if _alike(word, each) and not _tell_apart([word], [each])), None)
        if other:
            only_a.remove(word)
            only_b.remove(other)
            matched += len(word) + len(other)
    return matched


def _tell_apart(a, b):
    telling = PEOPLE | SIDES | set(DAYS)
    return bool((set(a) | set(b)) & telling)


def _alike(a, b):
    """Whether two words are one with a slip, or one shortened."""
    short, long = sorted((a, b), key=len)
    if len(short) < 3:
        return a == b
    if long.startswith(short) or (len(long) > len(short) + 1 and _skips_letters(short, long)):
        return True
    if len(long) > len(short) + 3:
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= (0.8 if len(long) > 4 else 0.75)


def _skips_letters(short, long):
    """Whether the short word is the long one with letters left out, as in 'bfast' and 'cttee'."""
    rest = iter(long)
    return short[0] == long[0] and short[-1] == long[-1] and all(letter in rest for letter in short)
