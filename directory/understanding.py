"""From a sentence to the parts of a search that a person can see: 'womens group monday evening near Leeds'.

Nothing here knows a request or the database: the words come as a `Vocabulary`, and places from a function.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from directory.choices import Nation
from directory.geo import KM_PER_MILE

# A longer text is not a search. What follows is not read, but stays in `Understanding.text`.
LONGEST_READ = 200
# Each look-up is a query: a text of two hundred letters must not cost a hundred of them.
MOST_LOOKUPS = 12
LONGEST_PLACE = 4
# A bare word in small letters means a place only if the place is as big as this, or a county or country.
BIG_PLACE = 10_000
WIDE_PLACES = {"county", "country"}

# What can be refused ('not on Monday'); the code of such a part begins so.
REFUSABLE, REFUSED = {"day", "time", "format", "audience"}, "not-"
# A day of the calendar ('today'); the code of such a part begins so and ends in the date.
DATED = "on-"

# How a phrase must stand to mean something: anyhow; by itself ('sat'); with a capital ('Polish'); in capitals ('ME').
ALWAYS, ALONE, CAPITAL, CAPITALS = "", "alone", "capital", "capitals"


def _set(words):
    return frozenset(words.split())


_APOSTROPHES = frozenset("'’‘`´ʼ")
_ELIDED = _set("l d j m n s t c qu")
_FORMS = {
    "st": "saint",
    "cannot": "cant",
    "womens": "women",
    "womans": "women",
    "mens": "men",
    "childrens": "children",
    "peoples": "people",
}
# Words that come and go inside a topic's wording: 'lost a leg', 'lost my leg', 'have lost my leg'.
_LOOSE = _set(
    "a an the my your his her our their its very really so too quite just been some such have has had recently"
)

# Before a place. The first few can hardly stand before anything else.
_NEAR_WORDS = frozenset(
    tuple(each.split("_"))
    for each in _set("close_to near_to next_to pres_de autour_de live_in living_in based_in near nearby around")
)
_IN_WORDS = _set("in at from")
_PLACE_AFTER = _IN_WORDS | {words[0] for words in _NEAR_WORDS} | {"a"}
_NEAR_ME = [
    *("near me", "nearby me", "near by me", "close to me", "around me", "near here", "around here", "close to here"),
    *("near where i live", "close to where i live", "near my home", "near my house", "close to home", "near home"),
    *("in my area", "in my town", "in my local area", "where i live", "pres de moi", "pres de chez moi"),
    *("autour de moi", "nearby", "near by", "close by", "round here", "round my way"),
]
# Words inside a place's name: they may join two words of it, and never begin or end it.
_JOINS = _set("upon on of the de la le les en sur under in by and du des lès")
# These stand as ordinary words far more often than for the hamlet, ward or French village of that name.
_ORDINARY = _set(
    """a abbey about after aid all alone an angoisse anna any arrow art as ash at aux away bank banks bar bare barn
    bas beach beacon beam beaux best betting bird birch black blond board boot box boys bras bread bridge bride
    bring bunny bus busy by cafe came camp can canal cannes car care carers cars castle central centre chalk champ
    champs change charge chat cheap cher choice choir church ciel city class club coffee college coming common
    company contact core corps council country county course court cove crew crick cross crown cuts dance day deal
    deuil die digne don done dove drink dry duns eagle ease east eating eight end eye face faith family far fear
    feel ferns ferry fille fin fine five fleet flint font food football for force ford forest four france free
    friend friends fun game gap garden gare gas gate geste girls give goes going good grain grand grange great green
    grief group groups grove guide gym hall ham hand hands hard haven hay head health heart heath heavy help here
    heron hill hire hold hole home hook hospital hot house how hub hurst ile in is it jardin job joue journey joy
    kill kind knock lack lake land lane late law lay lea lent library lift ligne lime line link lire little live
    living loans local lodge lone long look loss love low lunch main male manor many march mark market marsh mary me
    mead meet meeting men mens mental mer messy mill mind mine money montagne moor more moss mount moyen music name
    need nest new nice night no north nose nouvelle now of off old on one oral out over pace pain pants par parent
    parents park pass passage peace peel people phoenix pier pill place plaine plaisir plan play plus point pont
    pool port post power precieux priory prison promise pure quarante rage rain reach read red rest ridge right ring
    river road roads roche rock rode role roman room rose rouge round rue run rush sable saint sale same sand sandy
    saint saron school scone sea seat see sees send sens sense set shared shaw shed sick side six skin sleep small
    so soft solo son sore sort south spa space spring square stable standard star start station steep steps still
    stock stone stow street stress strong summer sun support swale sway talk tea team ten test that the their there
    they time tin to together tong top tower town trim troop trust turn two ty undy union university up us vale
    valley van vers vert victoria vieux view vif village ville voices voisins vue walk wall want war ward ware warm
    water way we well wells west western where white who why wine wing winter wish with woman women wood wool work
    workshop world worth young your youth"""
)
# Towns that people do look for, and words all the same. Alone in small letters they are words.
_AMBIGUOUS = _set(
    """bath battle barry beer bow bury cork crook deal die diss dove eye fleet flint hale hook hope lee lens looe lord
    march mold nelson nice over rake reading rugby rye sale sandwich send settle street ware wells wing worth"""
)
# Of these, whoever types nothing else hardly means the village.
_WORDS_FIRST = _set("beer crook die diss dove eye hook hope lee lord march nelson over rake send settle wing")
# What stands after the name of a building: 'St Mark's Church Hall' is no ward of St Mark's.
_BUILDINGS = _set(
    """abbey building cafe cathedral centre chapel church club college gardens hall hospital house hub inn library
    lodge mosque park pub room rooms school square street surgery synagogue temple theatre tower yard road lane
    avenue place"""
)
_NATIONS = _set("wales england scotland ireland uk france northern")
_NEGATIONS = _set("no not without isnt arent except dont wont never non pas sans")
# These may stand between a negation and what it refuses: 'not on a Monday', 'except in the evening'.
_AFTER_NEGATION = _set("on in at by the a an any over via for le la les en au")
_FIRST_PERSON = _set("i im ive id")
_AFTER_RELATIVE = _set(
    """has is was with who keeps in had got suffers cant wont drinks drinking gambles gambling on takes using uses
    living diagnosed self struggling wants says died"""
)
_DOES = _set("does did is has do")

# What a searching sentence is made of, and what carries nothing: taken out wherever it stands.
_FILLERS = [
    *("i am looking for", "im looking for", "looking for", "i need", "i want", "i would like", "id like", "i want to"),
    *("is there a", "is there any", "is there an", "is there", "are there any", "are there", "can you find", "find me"),
    *("show me", "i live", "we live", "we are", "i am", "would like to meet", "want to meet", "like to meet", "do you"),
    *("where can i find", "where can i go", "where can i", "please help me", "please help", "help me", "help with"),
    *("support with", "support for", "help for", "a group for", "group for", "groups for", "group about", "something"),
    *(
        "anyone",
        "anything",
        "someone to talk to",
        "people like me",
        "je cherche",
        "je voudrais",
        "est ce que",
        "y a t il",
    ),
    *("this week", "please", "thanks", "thank you", "hello", "hi"),
]


def _by_first(phrases):
    found = {}
    for phrase in sorted((tuple(each.split()) for each in phrases), key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return found


_FILLERS_BY_FIRST = _by_first(_FILLERS)
_NEAR_ME_BY_FIRST = _by_first(_NEAR_ME)
_BESIDE_A_PART = _set("on every each and or group groups meeting meetings only")
# These go at the edges of what is left; between two words of a name they stay ('puffers and blowers').
_EDGES = _set("l d j m n s t c qu help just diagnosed whats venue") | _set(
    """a about after all also am an and any are around as at au aux avec be been but by can club clubs dans de des
    do du elle en entraide est et every for from get group groupe groupes groups has here have he her him his i id
    il im in into is it its ive je la le les local ma me meet meeting meetings meets mes mon my near nearby not of
    on only or other others our ou par people pour qui regular she since so some someone sur support supports than
    that the their them then there these they this to too un une up us was we were what when where which who will
    with within would you your"""
)
# And these too, in a sentence about oneself.
_SENTENCE = _set(
    """able about after again all always am and anyone anything are be because been but can cannot cant could day
    days do doctor does done dont each ever every feel feeling feels find for friendly from get gets getting go
    going good got group groups had has have having he help her him his how i id if im in is it its ive just keep
    know last let like live lives living lot make many me meet month months more much my need needs never new no not
    now of on one or other others our out people really said say says she so some someone something start started
    still stop support talk tell than that the them then there they thing things think this time to told too try
    trying up us use very want wanted wants was we week weeks well were what when where who will with without would
    year years you your"""
)
_PRONOUNS = _set("i im ive id my we our me")
# Dangling ends that a removed part leaves behind.
_BEFORE_A_PART = re.compile(
    r"(?:^|[\s,;])(?:near(?:\s+to)?|nearby|in|at|around|close\s+to|next\s+to|from|of|on|for|with|by|à|près\s+de"
    r"|autour\s+de|en|pour|within)\s*$",
    re.IGNORECASE,
)
_JOIN_AT_END = re.compile(r"(?:\s+(?:and|or|et|ou|&)|\s*[,;:&/–-])\s*$", re.IGNORECASE)
_JOIN_AT_START = re.compile(r"^\s*(?:(?:and|or|et|ou)\s+|[,;:&/]+\s*)", re.IGNORECASE)
_GOVERNED = re.compile(r"^\s*(?:near|in|at|around|on|for|with|within|close)\b", re.IGNORECASE)
_MARKS_LEFT = re.compile(r"^[’'.!?)\]]+(?=\s|$)")

_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU"
    "|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE"
    "|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV"
    "|YO|ZE|B|E|G|L|M|N|S|W"
)
_POSTCODE = re.compile(rf"(?<!\w)(?:{_AREAS})\d[A-Z\d]?(?:\s*(\d)(?:[A-Z]{{2}})?)?(?!\w)", re.IGNORECASE)
_UNKNOWN_AREAS = ("BT", "JE", "GY", "IM")
_NUMBERS = {"one": 1, "two": 2, "three": 3, "five": 5, "six": 6, "ten": 10, "fifteen": 15, "twenty": 20, "fifty": 50}
_DISTANCE = re.compile(
    r"(?<!\w)(?P<cue>(?:within|up\s+to|less\s+than|under|max(?:imum)?|à\s+moins\s+de|dans\s+un\s+rayon\s+de)\s+"
    rf"(?:an?\s+)?)?(?P<number>\d{{1,5}}(?:[.,]\d+)?|{'|'.join(_NUMBERS)})\s*-?\s*"
    r"(?P<unit>miles?|mi|kms?|kilomet(?:er|re)s?|kilomètres?)(?!\w)"
    r"(?:\s+(?:radius|away))?(?P<from>\s+(?:of|from|de|around)(?!\w))?",
    re.IGNORECASE,
)
_MOVING = _set("walk walked run ran running cycle cycled swim swam ride drive drove")
_CLOCK = re.compile(
    r"(?<!\w)(?:(?P<hour>1[0-2]|0?[1-9])(?:[.:][0-5]\d)?\s*(?P<half>[ap])\.?m\.?|(?P<day>[01]?\d|2[0-3])(?::[0-5]\d|h(?:[0-5]\d)?))(?!\w)",
    re.IGNORECASE,
)


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


class Meaning(NamedTuple):
    """What a phrase stands for. Without a field it stands for nothing, although it looks as if it did."""

    field: str
    code: str
    label: str
    when: str = ALWAYS


class Part(NamedTuple):
    """A part of a search, with the span of the typed text that it came from."""

    field: str
    code: str
    label: str
    start: int
    end: int

    @property
    def is_soft(self):
        """Whether it ranks and finds, and never shuts anything out."""
        return self.field == "topic"


@dataclass(frozen=True)
class Understanding:
    """What was understood of a text."""

    text: str
    parts: tuple[Part, ...] = ()
    place: object | None = None
    # What is left to search for, as it was typed.
    words: str = ""
    # Every span of every part: a topic that is named twice is one part.
    spans: tuple[Part, ...] = field(default=(), repr=False)

    @property
    def hard_parts(self):
        """The parts that shut out what does not fit."""
        return tuple(part for part in self.parts if not part.is_soft)

    @property
    def soft_parts(self):
        """The parts that rank and find: topics."""
        return tuple(part for part in self.parts if part.is_soft)

    @property
    def refused(self):
        """What somebody does not want, as codes by field: {"day": ["mon"]}."""
        found = {}
        for part in self.parts:
            if part.code.startswith(REFUSED):
                found.setdefault(part.field, []).append(part.code.removeprefix(REFUSED))
        return found

    @property
    def dated(self):
        """The days of the calendar that somebody asks for, as dates."""
        codes = self.codes("day")
        return [date.fromisoformat(code.removeprefix(DATED)) for code in codes if code.startswith(DATED)]

    def own_labels(self, name):
        """Return in words what is meant in one field by words that stand for no choice: ['Not Monday'], ['Today']."""
        own = (REFUSED, DATED)
        return [part.label for part in self.parts if part.field == name and part.code.startswith(own)]

    def codes(self, name):
        """Return the codes of one field, in text order: `understanding.codes('day')`."""
        return [part.code for part in self.parts if part.field == name]

    def without(self, part):
        """Return the text without what led to `part`, tidied."""
        text = self.text
        for start, end in sorted(self._spans_of(part), reverse=True):
            text = _cut(text, start, end)
        return text

    def sharing(self, part):
        """Return the other parts that `without(part)` takes away too, since they come from the same words."""
        gone = self._spans_of(part)

        def goes(span):
            return any(start < span[1] and span[0] < end for start, end in gone)

        return [
            other
            for other in self.parts
            if (other.field, other.code) != (part.field, part.code) and all(map(goes, self._spans_of(other)))
        ]

    def _spans_of(self, part):
        same = {(each.start, each.end) for each in self.spans if (each.field, each.code) == (part.field, part.code)}
        return same | {(part.start, part.end)}


def _cut(text, start, end):
    left = text[:start].rstrip()
    right = _MARKS_LEFT.sub("", text[end:]).strip()
    # A text may be nothing but 'near near near': each turn takes one away.
    while dangling := _BEFORE_A_PART.search(left):
        left = left[: dangling.start()].rstrip()
    if not right or _JOIN_AT_START.match(right) or _GOVERNED.match(right):
        while dangling := _JOIN_AT_END.search(left):
            left = left[: dangling.start()].rstrip()
    if not left:
        while dangling := _JOIN_AT_START.match(right):
            right = right[dangling.end() :]
    space = "" if right[:1] in {",", ";", ":"} else " "
    return " ".join(f"{left}{space}{right}".split())


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
            if letter in _APOSTROPHES and after and after in "aeiouh" and "".join(letters) in _ELIDED:
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


def _split(phrase):
    """Return the words of a phrase; most are written plainly already."""
    return [_FORMS.get(word, word) for word in phrase.split()] if _EASY.fullmatch(phrase) else folded(phrase).split()


def _loosely(words):
    return [word for word in words if word not in _LOOSE]


# Not the plural of what it seems to be: 'keep fit' is no epilepsy, 'first aid' no HIV.
_ONE_FORM = _set("fits aids nerves bills benefits absences news arms glasses customs always does")
# 'Dads' are a group of their own kind, 'dad' is somebody's father.
_ONE_FORM |= _set("dads mums moms fathers mothers parents grandparents husbands wives partners sons daughters friends")


@lru_cache(maxsize=16384)
def _singular(word):
    """Return a word without the s of a plural, a possessive or a verb, so that each of them finds the others."""
    if word == "children":
        return "child"
    if len(word) < 4 or word[-1] != "s" or word in _ONE_FORM or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


@dataclass(frozen=True)
class Vocabulary:
    """The phrases that a search knows, compiled once.

    `entries` are (phrase, `Meaning`) pairs; a phrase may have several meanings, and with the field '' none at all.
    `parents`, `leads` and `child_leads` tie topics together: the wider topic, the families' topic for each topic, and
    the parents' topic for a families' one. `relatives` are phrases for somebody close, each with 'child' or ''.
    `places` holds known place names, each with whether it is big; where it is empty, every likely word is looked up.
    """

    entries: Iterable[tuple[str, Meaning]]
    parents: Mapping[str, str] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)
    child_leads: Mapping[str, str] = field(default_factory=dict)
    relatives: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, bool] = field(default_factory=dict)
    distances: tuple[int, ...] = ()
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
            words = _split(phrase)
            known.update(words)
            self._add(words, meaning)
            self.labels.setdefault((meaning.field, meaning.code), meaning.label)
        relatives = {" ".join(map(_singular, _split(phrase))): kind for phrase, kind in self.relatives.items()}
        for name, value in {
            "entries": (),
            # With the longer of those that carry nothing: 'entrade' is 'entraide', and nothing to look for.
            "words": frozenset(known) | {word for word in _EDGES if len(word) > 5},
            "relatives": relatives,
            "relative_starts": frozenset(each.split()[0] for each in relatives),
            "longest_relative": max((len(each.split()) for each in relatives), default=0),
        }.items():
            object.__setattr__(self, name, value)

    def _add(self, words, meaning):
        table, key = self.exact, [_singular(word) for word in words]
        if meaning.field == "topic":
            table, key = self.loose, _loosely(key)
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


@dataclass
class _Match:
    """A phrase found at some tokens."""

    first: int
    last: int
    size: int
    meanings: list

    @property
    def topics(self):
        return [meaning for meaning in self.meanings if meaning.field == "topic"]


def understand(text, vocabulary, find_place: Callable[[str], object | None]):
    """Return what `text` asks for.

    `find_place(name)` returns a place or `None`; it is asked at most `MOST_LOOKUPS` times.
    """
    return _Reading(text or "", vocabulary, find_place).understanding()


class _Reading:
    """One text while it is read."""

    def __init__(self, text, vocabulary, find_place):
        self.text = text
        self.read = text[:LONGEST_READ]
        self.vocabulary = vocabulary
        self.find_place = find_place
        self.tokens = tokens_of(self.read)
        self.words = [token.word for token in self.tokens]
        self.numbers = [_singular(word) for word in self.words]
        # Which tokens a part took, and which belong to a phrase that only looks like one.
        self.taken = [False] * len(self.tokens)
        self.held = [False] * len(self.tokens)
        self.parts = []
        self.place = None
        self.place_name = ""
        self.asked = {}
        letters = [token for token in self.tokens if token.typed.isalpha() and len(token.typed) > 1]
        # In a title or a shout, capitals tell nothing.
        self.is_shout = len(letters) > 1 and all(token.typed.isupper() for token in letters)
        self.capitals_tell = any(token.typed.islower() and token.word not in _JOINS for token in letters)

    def understanding(self):
        """Return the result. Each step leaves less for the next."""
        if not self.tokens:
            return Understanding(self.text)
        self.read_numbers()
        self.read_phrases()
        self.read_families()
        self.drop_wider_topics()
        self.read_place()
        self.read_weak_phrases()
        self.read_distance()
        spans = tuple(sorted(self.parts, key=lambda part: (part.start, part.end == part.start, part.end)))
        once = {(part.field, part.code): part for part in reversed(spans)}
        parts = tuple(part for part in spans if once[part.field, part.code] is part)
        return Understanding(self.text, parts, self.place, self.words_left(), spans)

    # Phrases

    def add_part(self, name, code, first, last, label=None):
        """Add a part that stands at tokens `first` to `last`."""
        label = label if label is not None else str(self.vocabulary.labels.get((name, code), code))
        part = Part(name, code, label, self.tokens[first].start, self.tokens[last].end)
        if part not in self.parts:
            self.parts.append(part)
        self.take(first, last)
        return part

    def take(self, first, last):
        """Mark tokens as used up."""
        self.taken[first : last + 1] = [True] * (last - first + 1)

    def all_matches(self):
        """Return every phrase of the vocabulary that stands in the text."""
        vocabulary, words = self.vocabulary, self.numbers
        places = [index for index, word in enumerate(words) if word not in _LOOSE]
        content = [words[index] for index in places]
        found = {}
        for table, sequence, positions in (
            (vocabulary.exact, words, range(len(words))),
            (vocabulary.loose, content, places),
        ):
            for at, word in enumerate(sequence):
                for size in range(1, min(vocabulary.longest.get(word, 0), len(sequence) - at) + 1):
                    meanings = table.get(" ".join(sequence[at : at + size]))
                    if meanings:
                        span = (positions[at], positions[at + size - 1])
                        match = found.setdefault(span, _Match(*span, 0, []))
                        match.size = max(match.size, size)
                        match.meanings += meanings
        return list(found.values())

    def read_phrases(self):
        """Read the longest phrases, and keep the uncertain ones for later."""
        self.weak, self.matches, chosen = [], [], []
        every = sorted(self.all_matches(), key=lambda each: (-each.size, each.first - each.last, each.first))
        owner = [self.taken[index] for index in range(len(self.tokens))]
        for match in every:
            if any(owner[match.first : match.last + 1]):
                continue
            fitting = [meaning for meaning in match.meanings if self.fits(meaning, match)]
            weak = [meaning for meaning in fitting if meaning.when == ALONE]
            sure = [meaning for meaning in fitting if meaning.when != ALONE]
            if weak and not sure:
                self.weak.append(_Match(match.first, match.last, match.size, weak))
            if not sure:
                continue
            owner[match.first : match.last + 1] = [True] * (match.last - match.first + 1)
            chosen.append(_Match(match.first, match.last, match.size, sure))
        for match in sorted(chosen, key=lambda each: each.first):
            if any(not meaning.field for meaning in match.meanings):
                self.held[match.first : match.last + 1] = [True] * (match.last - match.first + 1)
                continue
            refused = self.refused_from(match.first)
            if refused is not None:
                self.add_refusals(match, refused)
                match.meanings = match.topics
            if match.meanings:
                self.matches.append(match)
                for meaning in match.meanings:
                    self.add_part(meaning.field, meaning.code, match.first, match.last, str(meaning.label))
        # 'mum has dementia' is a phrase of the families' topic; the trouble itself is named inside it.
        for match in list(self.matches):
            families = {meaning.code for meaning in match.topics}
            for inner in every if match.last > match.first else ():
                if match.first <= inner.first and inner.last <= match.last and inner.size < match.size:
                    for meaning in inner.topics:
                        if meaning.when == ALWAYS and self.vocabulary.lead(meaning.code) in families:
                            self.add_part("topic", meaning.code, inner.first, inner.last, str(meaning.label))

    def fits(self, meaning, match):
        """Whether the letters are as large as the meaning wants them."""
        token = self.tokens[match.first]
        if meaning.when == CAPITALS:
            return token.is_capitals and not self.is_shout
        if meaning.when == CAPITAL:
            return token.has_capital and not self.is_shout and (self.capitals_tell or len(self.tokens) == 1)
        # 'SUN' is the name of a network, and 'sun' a day.
        return not (meaning.when == ALONE and token.is_capitals and not self.is_shout)

    def refused_from(self, first):
        """Return where a refusal begins in the text ('not online', 'except on Mondays', '-monday'), else `None`."""
        start = self.tokens[first].start
        if self.read[max(0, start - 2) : start].strip() == "-":
            return start - 1
        before = first - 1
        while before > 0 and self.words[before] in _AFTER_NEGATION and not self.taken[before]:
            before -= 1
        is_negation = before >= 0 and self.words[before] in _NEGATIONS and not self.taken[before]
        return self.tokens[before].start if is_negation else None

    def add_refusals(self, match, start):
        """Add a part for each day, time or way to meet that somebody does not want: 'Not Monday'."""
        for meaning in match.meanings:
            if meaning.field in REFUSABLE:
                label = _("Not %(what)s") % {"what": meaning.label}
                end = self.tokens[match.last].end
                self.parts.append(Part(meaning.field, f"{REFUSED}{meaning.code}", label, start, end))
                inside = self.tokens_in(start, end)
                self.take(inside[0], inside[-1])

    def read_weak_phrases(self):
        """Read words such as 'sat' and 'late', which mean a part of a search only where they stand by themselves."""
        self.undecided = {index for match in self.weak for index in range(match.first, match.last + 1)}
        for match in self.weak:
            span = range(match.first, match.last + 1)
            if any(self.taken[index] or self.held[index] for index in span):
                continue
            refused = self.refused_from(match.first)
            if refused is not None:
                self.add_refusals(match, refused)
                continue
            if self.is_open(match.first, -1) and self.is_open(match.last, 1):
                for meaning in match.meanings:
                    self.add_part(meaning.field, meaning.code, match.first, match.last, str(meaning.label))

    def is_open(self, index, step):
        """Whether nothing that belongs to it stands beside a token."""
        beside = index + step
        if not 0 <= beside < len(self.tokens):
            return True
        first, second = sorted((index, beside))
        between = self.read[self.tokens[first].end : self.tokens[second].start]
        if self.taken[beside] or beside in self.undecided or any(mark in between for mark in ",;:.!?/&+()"):
            return True
        return self.words[beside] in _BESIDE_A_PART

    # Numbers

    def read_numbers(self):
        """Read distances and times of the clock."""
        self.distance = None
        for found in _DISTANCE.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            if not inside:
                continue
            before = self.words[inside[0] - 1] if inside[0] else ""
            if before in _MOVING and not found["cue"]:
                continue
            number = found["number"].casefold().replace(",", ".")
            amount = float(_NUMBERS.get(number, 0) or number)
            self.distance = (amount, found["unit"][0] in "kK", inside[0], inside[-1])
            self.take(inside[0], inside[-1])
            break
        for found in _CLOCK.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            if not inside or any(self.taken[index] for index in inside):
                continue
            hour = int(found["day"]) if found["day"] else int(found["hour"]) % 12
            if found["half"] and found["half"] in "pP":
                hour += 12
            code = "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"
            if ("time", code) in self.vocabulary.labels:
                self.add_part("time", code, inside[0], inside[-1])

    def tokens_in(self, start, end):
        """Return the numbers of the tokens that lie in a span of the text."""
        return [index for index, token in enumerate(self.tokens) if token.start < end and token.end > start]

    def read_distance(self):
        """Add the distance, once the place says in which unit the reader measures."""
        if not self.distance:
            return
        amount, in_km, first, last = self.distance
        distances = sorted(self.vocabulary.distances)
        if self.place is not None:
            wants_km = _in_kilometres(self.place)
            if in_km != wants_km:
                amount = amount / KM_PER_MILE if in_km else amount * KM_PER_MILE
        if not distances:
            self.taken[first : last + 1] = [False] * (last - first + 1)
            return
        code = next((each for each in distances if each >= round(amount, 1)), distances[-1])
        unit_is_km = _in_kilometres(self.place) if self.place is not None else in_km
        label = (_("Within %(n)s km") if unit_is_km else _("Within %(n)s miles")) % {"n": code}
        self.add_part("within", str(code), first, last, label)

    # Families

    def read_families(self):
        """Read 'my husband drinks' as a matter of the family: their topic stands beside the topic itself."""
        troubles = [match for match in self.matches if match.topics]
        if not troubles or not self.vocabulary.leads:
            return
        cues = self.family_cues()
        families = set(self.vocabulary.leads.values()) | set(self.vocabulary.child_leads.values())
        for match in troubles:
            for topic in match.topics:
                if topic.code in families:
                    continue
                cue = self.cue_for(match, cues)
                if cue:
                    first, last, kind = cue
                    self.add_lead(topic.code, kind, first, last)
                    self.forget_audiences(last + 1, match.last)
        # 'stroke carers': carers are somebody's family too.
        for carers in troubles:
            for topic in carers.topics:
                if topic.code in families:
                    for other in troubles:
                        for trouble in other.topics:
                            lead = self.vocabulary.lead(trouble.code)
                            if lead and topic.code in self.vocabulary.ancestors(lead):
                                self.add_lead(trouble.code, "", carers.first, carers.last)

    def add_lead(self, topic, kind, first, last):
        """Add the families' topic for a topic, at the words that name the relative."""
        lead = self.vocabulary.lead(topic, kind)
        if lead:
            start, end = self.tokens[first].start, self.tokens[last].end
            self.parts = [
                part
                for part in self.parts
                if part.start < start or part.end > end or (part.start, part.end) == (start, end)
            ]
            self.add_part("topic", lead, first, last)

    def family_cues(self):
        """Return where somebody close is named, as (first, last, kind)."""
        cues, at = [], 0
        relatives = self.vocabulary.relatives
        while at < len(self.words):
            longest = self.vocabulary.longest_relative if self.numbers[at] in self.vocabulary.relative_starts else 0
            for size in range(min(longest, len(self.words) - at), 0, -1):
                phrase = " ".join(self.numbers[at : at + size])
                if phrase in relatives and self.is_free_for_relative(at, at + size - 1):
                    after = self.words[at + size] if at + size < len(self.words) else ""
                    before = self.words[at - 1] if at else ""
                    # 'mum has dementia' tells of a mother; 'mum and baby group' of oneself.
                    if size > 1 or (before in {"", "and", "my"} and after in _AFTER_RELATIVE):
                        cues.append((at, at + size - 1, relatives[phrase]))
                        at += size - 1
                        break
            at += 1
        return cues

    def is_free_for_relative(self, first, last):
        """Whether no phrase stands at these tokens, but for a shorter one: 'parents' in 'parents of'."""
        return all(
            match.last < first
            or match.first > last
            or (first <= match.first and match.last <= last and match.last - match.first < last - first)
            for match in self.matches
        )

    def cue_for(self, match, cues):
        """Return the relative whose trouble a match is, or `None`."""
        for first, last, kind in reversed(cues):
            if last < match.first:
                between = self.words[last + 1 : match.first]
                if not _FIRST_PERSON & set(between):
                    return first, last, kind
                return None
        # 'I don't drink but my partner does.'
        for first, last, kind in cues:
            if first > match.last and self.words[last + 1 : last + 2] and self.words[last + 1] in _DOES:
                if match.first and self.words[match.first - 1] in _NEGATIONS:
                    self.forget(match)
                return first, last, kind
        return None

    def forget(self, match):
        """Take a match's parts out again."""
        start, end = self.tokens[match.first].start, self.tokens[match.last].end
        self.parts = [part for part in self.parts if (part.start, part.end) != (start, end)]

    def forget_audiences(self, first, last):
        """Take out who the relative is: 'my daughter is deaf' asks for no group of deaf people."""
        start, end = self.tokens[first].start, self.tokens[last].end
        gone = [part for part in self.parts if part.field == "audience" and start <= part.start and part.end <= end]
        self.parts = [part for part in self.parts if part not in gone]
        self.give_back(gone)

    def give_back(self, gone):
        """Free the words of parts that were taken out, as far as no other part stands there."""
        for part in gone:
            for index in self.tokens_in(part.start, part.end):
                token = self.tokens[index]
                self.taken[index] = any(each.start < token.end and each.end > token.start for each in self.parts)

    def drop_wider_topics(self):
        """Keep the more specific of a topic and its ancestor. The words of the wider one are searched as words."""
        codes = {part.code for part in self.parts if part.field == "topic"}
        wider = {ancestor for code in codes for ancestor in self.vocabulary.ancestors(code)} & codes
        if not wider:
            return
        dropped = [part for part in self.parts if part.field == "topic" and part.code in wider]
        self.parts = [part for part in self.parts if part not in dropped]
        self.give_back(dropped)

    # Places

    def ask(self, name):
        """Return the place of that name, asking once for each name and not too often."""
        # Not folded: the comma of 'Newport, Wales' makes it another question.
        key = name.casefold()
        if key not in self.asked:
            self.asked[key] = self.find_place(name) if len(self.asked) < MOST_LOOKUPS else None
        return self.asked[key]

    def is_known(self, first, last):
        """Whether there may be a place of these words."""
        places = self.vocabulary.places
        return not places or " ".join(self.words[first : last + 1]) in places

    def typed(self, first, last):
        """Return the text of some tokens, without what a database cannot hold."""
        return _clean(self.read[self.tokens[first].start : self.tokens[last].end])

    def is_big(self, place, first, last):
        """Whether a place is one that people mean by its bare name."""
        if (getattr(place, "population", None) or 0) >= BIG_PLACE or getattr(place, "kind", "") in WIDE_PLACES:
            return True
        return bool(self.vocabulary.places.get(" ".join(self.words[first : last + 1])))

    def runs_from(self, first):
        """Return the ends of the runs of free tokens that begin at `first` and may be a place's name, longest first."""
        ends = []
        for last in range(first, min(first + LONGEST_PLACE, len(self.tokens))):
            if self.taken[last] or self.held[last]:
                break
            if last > first:
                between = self.read[self.tokens[last - 1].end : self.tokens[last].start]
                if any(mark in between for mark in ',;:!?()/+<>"') or (
                    "." in between and self.words[last - 1] != "saint"
                ):
                    break
            ends.append(last)
        return [last for last in reversed(ends) if self.words[last] not in _JOINS]

    def read_place(self):
        """Find where somebody looks, from the surest sign to the weakest."""
        for reader in (
            self.read_postcode,
            self.read_place_after_preposition,
            self.read_near_me,
            self.read_what_is_left_as_place,
            self.read_bare_place,
        ):
            if reader():
                return

    def set_place(self, place, first, last, name=None):
        """Keep the place that was found at some tokens, with what follows and narrows it: 'Newport, Wales'."""
        name = name or self.typed(first, last)
        longest = min(last + 3, len(self.tokens) - 1)
        for end in range(longest, last, -1):
            between = self.read[self.tokens[last].end : self.tokens[last + 1].start]
            if any(self.taken[last + 1 : end + 1]) or self.words[last + 1] in _EDGES - {"isle"}:
                continue
            hint = self.words[last + 1 : end + 1]
            if hint[-1] in _JOINS or not (set(hint) <= _NATIONS or self.is_known(last + 1, end)):
                continue
            if not self.vocabulary.places and "," not in between and not set(hint) <= _NATIONS:
                continue
            longer = f"{name}, {self.typed(last + 1, end)}"
            narrowed = self.ask(longer)
            if narrowed is not None:
                place, name, last = narrowed, longer, end
                break
        self.place = place
        label = getattr(place, "full_name", None) or getattr(place, "label", None) or name
        self.add_part("near", name, first, last, str(label))
        return True

    def read_postcode(self):
        """Read a postcode, whole or in part, wherever it stands."""
        for found in _POSTCODE.finditer(self.read):
            inside = self.tokens_in(found.start(), found.end())
            if not inside or any(self.taken[index] or self.held[index] for index in inside):
                continue
            name = _clean(found[0])
            place = self.ask(name)
            if place is not None:
                self.place = place
                label = getattr(place, "full_name", None) or getattr(place, "label", None) or name.upper()
                self.add_part("near", name, inside[0], inside[-1], str(label))
                return True
            whole = found[1] and found[0][-1].isalpha()
            if whole or name.upper().startswith(_UNKNOWN_AREAS):
                # Nobody means anything else by it: better to say that we do not know it.
                self.add_part("near", name, inside[0], inside[-1], name.upper())
                return True
        return False

    def prepositions(self):
        """Return (its token, the token after it, whether it can hardly mean anything else) for words before a place."""
        found = []
        for at, word in enumerate(self.words):
            if word in _PLACE_AFTER:
                two = tuple(self.words[at : at + 2])
                if two in _NEAR_WORDS:
                    found.append((at, at + 2, True))
                elif (word,) in _NEAR_WORDS:
                    found.append((at, at + 1, True))
                elif word in _IN_WORDS or self.tokens[at].typed in {"à", "À"}:
                    found.append((at, at + 1, False))
        if self.distance:
            found.append((self.distance[3], self.distance[3] + 1, True))
        return sorted((each for each in found if each[1] < len(self.words)), key=lambda each: not each[2])

    def read_place_after_preposition(self):
        """Read 'near Leeds', 'in Reading', 'close to the Isle of Wight'."""
        unknown = None
        for at, first, is_sure in self.prepositions():
            if self.words[first] == "the" and first + 1 < len(self.words):
                first += 1
            for last in self.runs_from(first):
                if not self.is_known(first, last):
                    continue
                words = self.words[first : last + 1]
                if words == ["march"] and not is_sure:
                    # 'In March' is a month; 'near March' is the town.
                    self.held[first] = True
                    break
                place = self.ask(self.typed(first, last))
                if place is None:
                    continue
                ordinary = len(words) == 1 and words[0] in _ORDINARY - _AMBIGUOUS
                has_capital = self.tokens[first].has_capital and self.capitals_tell
                if not ordinary or has_capital:
                    self.take(at, first - 1)
                    return self.set_place(place, first, last)
            if is_sure and unknown is None:
                unknown = self.unknown_from(first)
        if unknown:
            # 'near Croyden' can only be a place: the part says which, and the place is `None`. It is asked for all the
            # same, since the list of names may be older than the place.
            first, last = unknown
            name = self.typed(first, last)
            place = self.ask(name)
            if place is not None:
                return self.set_place(place, first, last)
            self.add_part("near", name, first, last, name)
            return True
        return False

    def unknown_from(self, first):
        """Return the span of a place's name that is not known, or `None`."""
        if self.taken[first] or self.words[first] in _EDGES | _SENTENCE | _ORDINARY or self.words[first].isdigit():
            return None
        last = first
        while (
            last + 1 < min(first + LONGEST_PLACE, len(self.tokens))
            and not self.taken[last + 1]
            and self.tokens[last + 1].has_capital
            and "," not in self.read[self.tokens[last].end : self.tokens[last + 1].start]
        ):
            last += 1
        return first, last

    def read_near_me(self):
        """Read 'near me': only the browser knows where, and asks first."""
        for at, word in enumerate(self.words):
            for phrase in _NEAR_ME_BY_FIRST.get(word, ()):
                end = at + len(phrase)
                if tuple(self.words[at:end]) == phrase and not any(self.taken[at:end]):
                    self.add_part("near", "me", at, end - 1, _("Near me"))
                    return True
        return False

    def free_runs(self):
        """Return the runs of tokens that nothing took, without the words at their edges that carry nothing."""
        runs, run = [], []
        for index in range(len(self.tokens) + 1):
            if index < len(self.tokens) and not self.taken[index]:
                run.append(index)
                continue
            while run and self.words[run[0]] in _EDGES:
                run.pop(0)
            while run and self.words[run[-1]] in _EDGES:
                run.pop()
            if run:
                runs.append(run)
            run = []
        return runs

    def read_what_is_left_as_place(self):
        """Read a place's name that stands alone, or is all that other parts left: 'Kings Lynn', 'menopause Bath'."""
        runs = self.free_runs()
        if len(runs) != 1 or len(runs[0]) > LONGEST_PLACE:
            return False
        first, last = runs[0][0], runs[0][-1]
        if any(self.held[first : last + 1]) or not self.is_known(first, last):
            return False
        place = self.ask(self.typed(first, last))
        if place is None:
            return False
        word = self.words[first] if first == last else ""
        if word in _ORDINARY - _AMBIGUOUS or (word in _AMBIGUOUS and _PRONOUNS & set(self.words)):
            return False
        is_town = self.is_big(place, first, last) or not (self.parts or word in _WORDS_FIRST)
        if word in _AMBIGUOUS and not is_town:
            return False
        return self.set_place(place, first, last)

    def read_bare_place(self):
        """Read a place without a sign before it: capitals, the end of the text, or a big town's name."""
        count = len(self.tokens)
        for want_capital in (True, False):
            for first in range(count):
                token = self.tokens[first]
                if self.taken[first] or self.held[first] or self.words[first] in _EDGES or token.word.isdigit():
                    continue
                has_capital = token.has_capital and self.capitals_tell and first > 0
                if has_capital != want_capital or (not has_capital and self.is_plain_word(first)):
                    continue
                for last in self.runs_from(first):
                    if self.is_bare_place(first, last, has_capital):
                        return self.set_place(self.ask(self.typed(first, last)), first, last)
        return False

    def is_plain_word(self, index):
        """Whether a word in small letters is hardly ever the beginning of a place's name."""
        return self.words[index] in _SENTENCE or (len(self.words[index]) < 3 and not self.vocabulary.places)

    def is_bare_place(self, first, last, has_capital):
        """Whether some tokens, without any sign, name a place."""
        words = self.words[first : last + 1]
        if not self.is_known(first, last) or (first == last and words[0] in (_ORDINARY - _AMBIGUOUS)):
            return False
        if first == last and words[0] in _AMBIGUOUS and not has_capital:
            return False
        if has_capital and not all(self.tokens[index].has_capital for index in (first, last)):
            return False
        ends = last == len(self.tokens) - 1
        if not self.vocabulary.places and not has_capital and not (ends or first == last):
            # Without the list of names each pair of words would be a look-up.
            return False
        place = self.ask(self.typed(first, last))
        if place is None:
            return False
        if self.is_big(place, first, last):
            return True
        after = self.words[last + 1] if not ends else ""
        if after in _BUILDINGS or getattr(place, "country", "") == Nation.FRANCE:
            return False
        if has_capital:
            return True
        is_town = (getattr(place, "population", None) or 0) >= BIG_PLACE // 10
        comma = first > 0 and "," in self.read[self.tokens[first - 1].end : self.tokens[first].start]
        return (ends or comma) and is_town and first > 0

    # What is left

    def words_left(self):
        """Return what no part took and what means something, as it was typed."""
        keep = [not taken for taken in self.taken]
        for at in range(len(self.words)):
            for phrase in _FILLERS_BY_FIRST.get(self.words[at], ()):
                if tuple(self.words[at : at + len(phrase)]) == phrase:
                    keep[at : at + len(phrase)] = [False] * len(phrase)
                    break
        if _PRONOUNS & set(self.words) and len(self.words) > 3:
            for index, word in enumerate(self.words):
                if word in _SENTENCE and not self.held[index]:
                    keep[index] = False
        runs, run = [], []
        for index in range(len(self.tokens) + 1):
            if index < len(self.tokens) and keep[index]:
                run.append(index)
                continue
            while run and self.words[run[0]] in _EDGES:
                run.pop(0)
            while run and self.words[run[-1]] in _EDGES:
                run.pop()
            if run:
                runs.append(self.typed(run[0], run[-1]))
            run = []
        left = " ".join(runs)
        # A group may be called 'We are with you': words are all that there is, so they stay.
        return left if left or self.parts else self.typed(0, len(self.tokens) - 1)


def _in_kilometres(place):
    known = getattr(place, "in_kilometres", None)
    if known is not None:
        return bool(known)
    country = getattr(place, "country", None)
    return country in {Nation.IRELAND, Nation.FRANCE}


def _clean(text):
    """Return text without control characters, lone surrogates and doubled spaces."""
    return " ".join("".join(" " if unicodedata.category(each) in {"Cc", "Cs"} else each for each in text).split())
