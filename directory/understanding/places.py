"""The place in a text, from the surest sign to the weakest."""

from django.utils.translation import gettext as _

from directory.choices import Nation
from directory.understanding.placecodes import PlaceCodes
from directory.understanding.placenames import BIG_PLACE, LONGEST_PLACE, MOST_PLACES
from directory.understanding.placewords import (
    AMBIGUOUS,
    BUILDINGS,
    HERE,
    IN_WORDS,
    NATIONS,
    NEAR_ME_ALONE_BY_FIRST,
    NEAR_ME_BY_FIRST,
    NEAR_WORDS,
    OR_WORDS,
    ORDINARY,
    PLACE_AFTER,
    WORDS_FIRST,
)
from directory.understanding.refusedplaces import RefusedPlaces
from directory.understanding.words import EDGES, JOINS, PRONOUNS, SENTENCE, set_of

_BEFORE_ANOTHER = set_of("near in around close to at")


class Places(RefusedPlaces, PlaceCodes):
    """Reads where somebody looks."""

    def read_place(self):
        """Find where somebody looks, from the surest sign to the weakest."""
        unread = self.take_unread_codes()
        self.read_refused_places()
        self.give_towns_back()
        for reader in (
            self.read_postcode,
            self.read_place_after_preposition,
            self.read_near_me,
            self.read_what_is_left_as_place,
            self.read_bare_place,
        ):
            if reader():
                break
        self.read_near_me_alone()
        while self.places and len(self.places) < MOST_PLACES and self.read_another_place():
            pass
        if unread and not any(part.field == "near" for part in self.parts):
            self.add_part("near", self.typed(unread[0], unread[-1]), unread[0], unread[-1])

    def give_towns_back(self):
        """Free a town that was taken for the plural of a topic's word: 'anger in Angers'."""
        for _at, first, _is_sure in self.prepositions():
            is_plural = self.words[first] != self.numbers[first] and self.tokens[first].has_capital
            if is_plural and self.capitals_tell and self.vocabulary.places.get(self.words[first]):
                start, end = self.tokens[first].start, self.tokens[first].end
                gone = [part for part in self.parts if part.is_soft and (part.start, part.end) == (start, end)]
                self.parts = [part for part in self.parts if part not in gone]
                self.give_back(gone)

    def set_place(self, place, first, last, name=None):
        """Keep the place that was found at some tokens, with what follows and narrows it: 'Newport, Wales'."""
        name = name or self.typed(first, last)
        longest = min(last + 3, len(self.tokens) - 1)
        for end in range(longest, last, -1):
            between = self.read[self.tokens[last].end : self.tokens[last + 1].start]
            if any(self.taken[last + 1 : end + 1]) or self.words[last + 1] in EDGES - {"isle"}:
                continue
            hint = self.words[last + 1 : end + 1]
            if hint[-1] in JOINS or not (set(hint) <= NATIONS or self.is_known(last + 1, end)):
                continue
            if not self.vocabulary.places and "," not in between and not set(hint) <= NATIONS:
                continue
            longer = f"{name}, {self.typed(last + 1, end)}"
            narrowed = self.ask(longer)
            if narrowed is not None:
                place, name, last = narrowed, longer, end
                break
        place, name, first, last = self.narrowed(place, name, first, last)
        self.add_place(place, name, first, last)
        return True

    def read_another_place(self):
        """Read the other one of 'Leeds or Bradford', 'in Leeds, or near York'."""
        spans = [self.tokens_in(part.start, part.end) for part in self.parts if part.field == "near"]
        return self.read_place_beyond(spans[-1][-1]) or self.read_place_short_of(min(spans)[0])

    def read_place_beyond(self, last):
        """Read a place that stands after one that was found."""
        first = last + 1
        while first < len(self.tokens) and self.words[first] in OR_WORDS | _BEFORE_ANOTHER:
            first += 1
        if first == len(self.tokens):
            return False
        between = self.read[self.tokens[last].end : self.tokens[first].start]
        joined = not OR_WORDS.isdisjoint(self.words[last + 1 : first]) or any(mark in between for mark in ",/")
        if not joined and between.strip():
            return False
        return any(
            self.read_one_more_place(begin, end, joined=joined)
            for begin in self.names_from(first)
            for end in self.runs_from(begin)
        )

    def read_place_short_of(self, first):
        """Read a place that stands before one that was found."""
        last = first - 1
        while last >= 0 and self.words[last] in OR_WORDS | _BEFORE_ANOTHER:
            last -= 1
        joined = not OR_WORDS.isdisjoint(self.words[last + 1 : first])
        if last < 0 or not (joined or (last == first - 1 and self.is_beside(last, first))):
            return False
        begins = range(max(0, last - LONGEST_PLACE + 1), last + 1)
        return any(
            last in self.runs_from(begin) and self.read_one_more_place(begin, last, joined=joined) for begin in begins
        )

    def read_one_more_place(self, first, last, *, joined):
        """Read the place of these tokens, if they name one as surely as a bare name does."""
        if not joined and not self.is_name(first, last):
            return False
        if not self.is_known(first, last) or (first == last and self.words[first] in ORDINARY - AMBIGUOUS):
            return False
        place = self.ask(self.typed(first, last))
        has_capital = self.tokens[first].has_capital and self.capitals_tell
        return (
            place is not None
            and (has_capital or self.is_big(place, first, last))
            and (joined or self.is_sure(place, first, last))
            and self.set_place(place, first, last)
        )

    def prepositions(self):
        """Return (its token, the token after it, whether it can hardly mean anything else) for words before a place."""
        found = []
        for at, word in enumerate(self.words):
            if word in PLACE_AFTER:
                two = tuple(self.words[at : at + 2])
                if two in NEAR_WORDS:
                    found.append((at, at + 2, True))
                elif (word,) in NEAR_WORDS:
                    found.append((at, at + 1, True))
                elif word in IN_WORDS or self.tokens[at].typed in {"à", "À"}:
                    found.append((at, at + 1, False))
        if self.distance:
            found.append((self.distance[3], self.distance[3] + 1, True))
        return sorted((each for each in found if each[1] < len(self.words)), key=lambda each: not each[2])

    def read_place_after_preposition(self):
        """Read 'near Leeds', 'in Reading', 'close to the Isle of Wight'."""
        unknown = None
        for at, after, is_sure in self.prepositions():
            for first, last in self.runs_after(after):
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
                ordinary = len(words) == 1 and words[0] in ORDINARY - AMBIGUOUS
                has_capital = self.tokens[first].has_capital and self.capitals_tell
                if not ordinary or has_capital:
                    self.take(at, first - 1)
                    return self.set_place(place, first, last)
            if is_sure and unknown is None:
                unknown = self.unknown_from(self.names_from(after)[-1])
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

    def runs_after(self, first):
        """Return the spans that may be the name of a place which stands after a sign, the likeliest first."""
        return [(begin, last) for begin in self.names_from(first) for last in self.runs_from(begin)]

    def unknown_from(self, first):
        """Return the span of a place's name that is not known, or `None`."""
        if self.taken[first] or self.words[first] in EDGES | SENTENCE | ORDINARY or self.words[first].isdigit():
            return None
        of = first + 1
        is_isle = self.words[first : of + 1] == ["isle", "of"] and not any(self.taken[of : of + 2])
        last = min(of + 1, len(self.words) - 1) if is_isle else first
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
        span = self.free_phrase(NEAR_ME_BY_FIRST) or self.here()
        if span is None and "local" in self.words and not (self.parts or self.free_runs()):
            span = self.words.index("local"), self.words.index("local")
        if span is not None:
            self.add_part("near", "me", *span, _("Near me"))
        return span is not None

    def free_phrase(self, phrases):
        """Return the span of the first of some phrases, given by their first word, that nothing took, or `None`."""
        for at, word in enumerate(self.words):
            for phrase in phrases.get(word, ()):
                end = at + len(phrase)
                if tuple(self.words[at:end]) == phrase and not any(self.taken[at:end] + self.held[at:end]):
                    return at, end - 1
        return None

    def here(self):
        """Return the span of 'not far from me' and 'within 5 miles of home', or `None`."""
        for at in range(1, len(self.words)):
            begin = self.sign_of_here(at)
            for phrase in HERE if begin is not None else ():
                if tuple(self.words[at : at + len(phrase)]) == phrase:
                    return begin, at + len(phrase) - 1
        return None

    def sign_of_here(self, at):
        """Return where words begin that make 'me' at token `at` a place, or `None`."""
        if self.distance is not None and self.distance[3] == at - 1:
            # The distance goes with it: of 'within 5 miles of me' alone, 'me' says nothing.
            return self.distance[2]
        size = self.size_before(at) if self.words[at - 1] in {"from", "of", "to"} else 0
        # 'Part of me' and 'outside of my home' tell of something else.
        is_sign = size and "outside" not in self.words[at - size : at] and self.words[at - size : at][1:] != ["of"]
        return at - size if is_sign else None

    def read_near_me_alone(self):
        """Read 'nearest', which says nothing more where a place is named."""
        while span := self.free_phrase(NEAR_ME_ALONE_BY_FIRST):
            if any(part.field == "near" for part in self.parts):
                self.take(*span)
            else:
                self.add_part("near", "me", *span, _("Near me"))

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
        if word and not self.can_stand_bare(place, first):
            return False
        if word in ORDINARY - AMBIGUOUS or (word in AMBIGUOUS and PRONOUNS & set(self.words)):
            return False
        is_town = self.is_big(place, first, last) or not (self.parts or word in WORDS_FIRST)
        if word in AMBIGUOUS and not is_town:
            return False
        return self.set_place(place, first, last)

    def can_stand_bare(self, place, at):
        """Whether a name of one word that no sign stands before can mean so small a place: 'heather' is a plant."""
        if self.needs_a_sign(at):
            return False
        if self.is_big(place, at, at):
            return True
        if getattr(place, "country", "") == Nation.FRANCE:
            return self.has_capital_inside(at)
        if len(self.tokens) == 1 or (self.tokens[at].has_capital and self.capitals_tell):
            return True
        if at > 0 and at == len(self.tokens) - 1 and self.taken[at - 1]:
            # Where it is looked for stands last: 'anxiety edgbaston', but 'avenue anxiety'.
            return True
        people = getattr(place, "population", None)
        return getattr(place, "kind", "") != "ward" and (people is None or people >= BIG_PLACE // 10)

    def read_bare_place(self):
        """Read a place without a sign before it: capitals, the end of the text, or a big town's name."""
        count = len(self.tokens)
        for want_capital in (True, False):
            for first in range(count):
                token = self.tokens[first]
                if self.taken[first] or self.held[first] or self.words[first] in EDGES or token.word.isdigit():
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
        return self.words[index] in SENTENCE or (len(self.words[index]) < 3 and not self.vocabulary.places)

    def is_bare_place(self, first, last, has_capital):
        """Whether some tokens, without any sign, name a place."""
        words = self.words[first : last + 1]
        if not self.is_known(first, last) or (first == last and words[0] in (ORDINARY - AMBIGUOUS)):
            return False
        if first == last and not has_capital and (words[0] in AMBIGUOUS or self.needs_a_sign(first)):
            return False
        if has_capital and not all(self.tokens[index].has_capital for index in (first, last)):
            return False
        ends = last == len(self.tokens) - 1
        if not self.vocabulary.places and not has_capital and not (ends or first == last):
            # Without the list of names each pair of words would be a look-up.
            return False
        place = self.ask(self.typed(first, last))
        # 'UK anxiety Leeds' is about Leeds: several countries at once tell less than any town that follows.
        if place is None or len(getattr(place, "nations", ())) > 1:
            return False
        if self.is_big(place, first, last):
            return True
        after = self.words[last + 1] if not ends else ""
        if after in BUILDINGS or getattr(place, "country", "") == Nation.FRANCE:
            return False
        if has_capital:
            return True
        is_town = (getattr(place, "population", None) or 0) >= BIG_PLACE // 10
        comma = first > 0 and "," in self.read[self.tokens[first - 1].end : self.tokens[first].start]
        return (ends or comma) and is_town and first > 0
