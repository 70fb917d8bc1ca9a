"""Whether some words of a text are the name of a place."""

from directory.understanding.placewords import DIRECTIONS, NEED_A_SIGN
from directory.understanding.text import Text
from directory.understanding.tokens import tokens_of
from directory.understanding.words import JOINS

# Each look-up is a query: a text of two hundred letters must not cost a hundred of them.
MOST_LOOKUPS = 12
LONGEST_PLACE, MOST_PLACES = 4, 3
# A bare word in small letters means a place only if the place is as big as this, or a district, county or country.
BIG_PLACE = 10_000
WIDE_PLACES = {"district", "county", "country"}


def is_big_place(kind, population):
    """Whether people mean a place by its bare name."""
    return (population or 0) >= BIG_PLACE or kind in WIDE_PLACES


def runs_of(words):
    """Return the runs of words that are no longer than a place's name, each as one text."""
    starts = range(len(words))
    return {" ".join(words[first:last]) for first in starts for last in range(first + 1, first + 1 + LONGEST_PLACE)}


def place_names_in(text, vocabulary):
    """Return the names of places that may stand in a text, in plain letters."""
    return {name for name in runs_of([token.word for token in tokens_of(text)]) if name in vocabulary.places}


class PlaceNames(Text):
    """Looks up names of places."""

    def ask(self, name):
        """Return the place of that name, asking once for each name and not too often."""
        # Not folded: the comma of 'Newport, Wales' makes it another question.
        key = name.casefold()
        if key not in self.asked:
            self.asked[key] = self.find_place(name) if len(self.asked) < MOST_LOOKUPS else None
        return self.asked[key]

    def is_known(self, first, last):
        """Whether there may be a place of these words."""
        places, name = self.vocabulary.places, " ".join(self.words[first : last + 1])
        # Of 'County Kery' the half that is spelt right is a part of Liverpool; and Isle is a town in France.
        is_half = name == "county" or (name == "isle" and self.words[last + 1 : last + 2] == ["of"])
        is_direction = DIRECTIONS.issuperset(self.words[first : last + 1])
        return not (is_half or is_direction) and (not places or name in places)

    def is_big(self, place, first, last):
        """Whether a place is one that people mean by its bare name."""
        if is_big_place(getattr(place, "kind", ""), getattr(place, "population", None)):
            return True
        return bool(self.vocabulary.places.get(" ".join(self.words[first : last + 1])))

    def has_capital_inside(self, at):
        """Whether a word inside the text begins with a capital letter that tells something."""
        return at > 0 and self.tokens[at].has_capital and self.capitals_tell

    def needs_a_sign(self, at):
        """Whether a word is hardly meant for the place of that name, as it stands here without any sign."""
        return self.words[at] in NEED_A_SIGN and not self.has_capital_inside(at)

    def runs_from(self, first):
        """Return the ends of the runs of free tokens that begin at `first` and may be a place's name, longest first."""
        ends = []
        for last in range(first, min(first + LONGEST_PLACE, len(self.tokens))):
            if self.taken[last] or self.held[last]:
                break
            if last > first:
                between = self.read[self.tokens[last - 1].end : self.tokens[last].start]
                if any(mark in between for mark in ',;:!?()/+<>"') or (
                    "." in between and self.words[last - 1] not in {"saint", "co"}
                ):
                    break
            ends.append(last)
        return [last for last in reversed(ends) if self.words[last] not in JOINS]
