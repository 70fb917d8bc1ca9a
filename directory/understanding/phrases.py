"""The vocabulary's phrases in a text."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory.understanding.parts import DATED, REFUSABLE, REFUSED, Part
from directory.understanding.text import Text
from directory.understanding.vocabulary import ALONE, ALWAYS, CAPITAL, CAPITALS, Meaning
from directory.understanding.words import LOOSE, NEGATIONS, by_first, set_of

# These may stand between a negation and what it refuses: 'not on a Monday', 'except in the evening'.
_AFTER_NEGATION = set_of("on in at by of the a an any over via for about le la les en au aux d de du des")
# And these after a negation that tells what somebody can or wants to do: 'I can't make it on Mondays'.
_WANTING = _AFTER_NEGATION | set_of(
    """to it do doing make making manage come coming attend go going out use using get getting meet meeting meetings be
    being able free available possible good time have join with group groups that meets venir faire"""
)
_REFUSES_WANTING = set_of(
    """not dont cant cannot wont never couldnt doesnt didnt wouldnt avoid avoiding hate hates pas jamais veux peux
    aime"""
)
_WISHES = ("want", "like", "need", "fancy", "enjoy", "suit")
# Refusals of several words: 'anything but AA', 'in person rather than online'. Of 'can't come, want online' the wish
# is none, so the words for it stand here only right after their negation.
_REFUSALS = frozenset(
    tuple(each.split())
    for each in (
        *("anything but", "any day but", "any time but", "anytime but", "anywhere but", "everything but", "all but"),
        *("other than", "apart from", "rather than", "instead of", "tout sauf", "plutot que"),
        *(f"{no} {wish}" for no in ("dont", "not", "didnt", "doesnt", "wouldnt") for wish in _WISHES),
        *("veux pas", "peux pas", "aime pas", "not keen", "not a fan"),
    )
)
_LONGEST_REFUSAL = max(map(len, _REFUSALS))
# These refuse what stands before them: 'Mondays don't work for me'.
_REFUSED_AFTER = by_first(
    f"{verb}{ending}"
    for verb in (
        *("dont work", "doesnt work", "wont work", "dont suit", "doesnt suit", "are no good", "is no good", "no good"),
        *("are not possible", "is not possible", "not possible", "arent possible", "isnt possible", "are out"),
        *("isnt for me", "arent for me", "is not for me", "are not for me", "not for me"),
    )
    for ending in ("", " for me", " me")
)
# A topic is refused by fewer words, and not where somebody tells of themselves: 'I am not sleeping'.
_REFUSES_TOPICS = set_of("not except pas sauf anything any anytime anywhere everything all other apart rather instead")
_OF_ONESELF = set_of("i im am ive we are have do does did would could")
# What stands between two days that mean all from one to the other; 'Monday -Friday' refuses the second one.
_TO_DAY = re.compile(r"\s*(?:[-–—]\s*|\b(?:to|until|till?|through|thru|au|a|à)\s+)", re.IGNORECASE)
_BESIDE_A_PART = set_of("on every each and or group groups meeting meetings only")


@dataclass
class Match:
    """A phrase found at some tokens."""

    first: int
    last: int
    size: int
    meanings: list

    @property
    def topics(self):
        """The topics among its meanings."""
        return [meaning for meaning in self.meanings if meaning.field == "topic"]


class Phrases(Text):
    """Reads phrases of the vocabulary."""

    def all_matches(self):
        """Return every phrase of the vocabulary that stands in the text."""
        vocabulary, words = self.vocabulary, self.numbers
        places = [index for index, word in enumerate(words) if word not in LOOSE]
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
                        match = found.setdefault(span, Match(*span, 0, []))
                        match.size = max(match.size, size)
                        match.meanings += meanings
        return [*found.values(), *self.ranges_of_days()]

    def ranges_of_days(self):
        """Return 'monday to friday' and 'mon-fri' as matches that mean each of the days."""
        found = []
        days = {at: day for at in range(len(self.tokens)) if (day := self.one_day(at)) is not None}
        week = [code for field, code in self.vocabulary.labels if field == "day" and not code.startswith(DATED)]
        for first in days:
            for last in {first + 1, first + 2} & days.keys():
                between = self.read[self.tokens[first].end : self.tokens[last].start]
                if _TO_DAY.fullmatch(between) and not between.endswith(" -") and days[first] != days[last]:
                    begins, ends = week.index(days[first]), week.index(days[last])
                    codes = [week[at % len(week)] for at in range(begins, ends + 1 + len(week) * (ends < begins))]
                    meanings = [Meaning("day", code, self.vocabulary.labels["day", code]) for code in codes]
                    found.append(Match(first, last, last - first + 1, meanings))
        return found

    def one_day(self, at):
        """Return the day of the week that a token names, or `None` where it names none, or more than one."""
        codes = {each.code for each in self.vocabulary.exact.get(self.numbers[at], ()) if each.field == "day"}
        code = codes.pop() if len(codes) == 1 else DATED
        return None if code.startswith(DATED) else code

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
                self.weak.append(Match(match.first, match.last, match.size, weak))
            if not sure:
                continue
            owner[match.first : match.last + 1] = [True] * (match.last - match.first + 1)
            chosen.append(Match(match.first, match.last, match.size, sure))
        for match in sorted(chosen, key=lambda each: each.first):
            if any(not meaning.field for meaning in match.meanings):
                self.held[match.first : match.last + 1] = [True] * (match.last - match.first + 1)
                continue
            self.read_refusal(match)
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

    def read_refusal(self, match):
        """Read whether somebody does not want what a match means, and return that."""
        start, last = self.refused_from(match.first), match.last
        if start is None:
            start, last = self.tokens[match.first].start, self.refused_until(match.last)
        if last is not None:
            self.add_refusals(match, start, last)
        return last is not None

    def refused_until(self, last):
        """Return the last token of a refusal that follows token `last` ('mondays are no good for me'), or `None`."""
        after = self.words[last + 1 :]
        for phrase in _REFUSED_AFTER.get(after[0], ()) if after else ():
            if tuple(after[: len(phrase)]) == phrase:
                return last + len(phrase)
        return None

    def refused_from(self, first):
        """Return where a refusal begins in the text ('not online', 'except on Mondays', '-monday'), else `None`."""
        start = self.tokens[first].start
        # In 'Leeds - men' and in 'drop-in' it is no minus.
        if f" {self.read[:start]}".endswith(" -"):
            return start - 1
        sign = self.refusal_before(first)
        if sign is None:
            sign = self.refusal_before(first, _WANTING)
            sign = sign if sign is not None and self.words[sign] in _REFUSES_WANTING else None
        return None if sign is None else self.tokens[sign].start

    def refusal_before(self, first, between=_AFTER_NEGATION):
        """Return the token at which a refusal begins that only words `between` part from token `first`, or `None`."""
        for last in range(first - 1, -1, -1):
            apart = self.read[self.tokens[last].end : self.tokens[last + 1].start]
            if self.taken[last] or any(mark in apart for mark in ",;:.!?()"):
                return None
            begins = self.refusal_ending(last)
            if begins is not None or self.words[last] not in between:
                return begins
        return None

    def refusal_ending(self, last):
        """Return the token at which a refusal begins whose last word is token `last`, or `None`."""
        for begins in range(max(0, last - _LONGEST_REFUSAL + 1), last):
            if tuple(self.words[begins : last + 1]) in _REFUSALS:
                return begins
        return last if self.words[last] in NEGATIONS else None

    def refuses_topics(self, first, start):
        """Whether a refusal that begins at `start` can be one of a topic, named from token `first` on."""
        sign = self.tokens_in(start, self.tokens[first].end)[0]
        before = self.words[sign - 1] if sign else ""
        if sign == first:
            return start < self.tokens[first].start
        is_near = sign == self.refusal_before(first)
        return is_near and self.words[sign] in _REFUSES_TOPICS and before not in _OF_ONESELF

    def add_refusals(self, match, start, last):
        """Add a part for each day, topic or the like that somebody does not want: 'Not Monday'. Other topics stay."""
        # One date of a day of the week cannot be left out: 'not tomorrow' asks for no day.
        refused = [
            each for each in match.meanings if each.field in REFUSABLE and not each.code.startswith((DATED, REFUSED))
        ]
        # 'Not twelve-step' says how a group works: the addiction is neither refused nor asked for.
        of_kind = any(meaning.field == "kind" for meaning in refused)
        if of_kind or not self.refuses_topics(match.first, start):
            refused = [meaning for meaning in refused if meaning.field != "topic"]
        end = self.tokens[last].end
        for meaning in refused:
            label = _("Not %(what)s") % {"what": meaning.label}
            self.parts.append(Part(meaning.field, f"{REFUSED}{meaning.code}", label, start, end))
        match.meanings = [] if of_kind else [meaning for meaning in match.topics if meaning not in refused]
        if refused or not match.meanings:
            # Who says 'not free' does not ask for what is free: what cannot be refused is left out, words and all.
            inside = self.tokens_in(start, end)
            self.take(inside[0], inside[-1])

    def read_weak_phrases(self):
        """Read words such as 'sat' and 'late', which mean a part of a search only where they stand by themselves."""
        self.undecided = {index for match in self.weak for index in range(match.first, match.last + 1)}
        for match in self.weak:
            span = range(match.first, match.last + 1)
            if any(self.taken[index] or self.held[index] for index in span):
                continue
            if self.read_refusal(match):
                continue
            if self.is_open(match.first, -1) and self.is_open(match.last, 1):
                # 'Family' is a topic by itself, and in 'dementia, family' no second one.
                has_topic = any(part.field == "topic" for part in self.parts)
                for meaning in match.meanings:
                    if not (has_topic and meaning.field == "topic"):
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

    def drop_wider_topics(self):
        """Keep the more specific of a topic and its ancestor. The words of the wider one are searched as words."""
        codes = {part.code for part in self.parts if part.field == "topic"}
        wider = {ancestor for code in codes for ancestor in self.vocabulary.ancestors(code)} & codes
        if not wider:
            return
        dropped = [part for part in self.parts if part.field == "topic" and part.code in wider]
        self.parts = [part for part in self.parts if part not in dropped]
        self.give_back(dropped)
