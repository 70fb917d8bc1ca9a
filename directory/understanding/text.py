"""A text while it is read: which of its words are used up, and the parts found so far."""

from directory.understanding.parts import Part
from directory.understanding.tokens import clean, singular, tokens_of
from directory.understanding.words import (
    EDGES,
    FILLERS_BY_FIRST,
    FRENCH_HELPERS,
    FRENCH_PRONOUNS,
    FRENCH_SENTENCE,
    JOINS,
    KIND_OF_THING_BY_FIRST,
    PRONOUNS,
    SENTENCE,
)

# A longer text is not a search. What follows is not read, but stays in `Understanding.text`.
LONGEST_READ = 200


class Text:
    """One text while it is read."""

    def __init__(self, text, vocabulary, find_place):
        self.text = text
        self.read = text[:LONGEST_READ]
        self.vocabulary = vocabulary
        self.find_place = find_place
        self.tokens = tokens_of(self.read)
        self.words = [token.word for token in self.tokens]
        self.numbers = [singular(word) for word in self.words]
        # Which tokens a part took, and which belong to a phrase that only looks like one.
        self.taken = [False] * len(self.tokens)
        self.held = [False] * len(self.tokens)
        self.parts = []
        # {name: place} in the order in which they were found.
        self.places = {}
        # Tokens that stay beside what is left, although by themselves they say nothing: the 'am' of '3 am'.
        self.fixed = set()
        self.asked = {}
        letters = [token for token in self.tokens if token.typed.isalpha() and len(token.typed) > 1]
        # In a title or a shout, capitals tell nothing.
        self.is_shout = len(letters) > 1 and all(token.typed.isupper() for token in letters)
        self.capitals_tell = any(token.typed.islower() and token.word not in JOINS for token in letters)

    def add_part(self, name, code, first, last, label=None):
        """Add a part that stands at tokens `first` to `last`."""
        label = label if label is not None else str(self.vocabulary.labels.get((name, code), code))
        part = Part(name, code, label, self.tokens[first].start, self.tokens[last].end)
        if part not in self.parts:
            self.parts.append(part)
        self.take(first, last)
        return part

    @property
    def place(self):
        """The place that was found first, or `None`."""
        return next(iter(self.places.values()), None)

    def take(self, first, last):
        """Mark tokens as used up."""
        self.taken[first : last + 1] = [True] * (last - first + 1)

    def tokens_in(self, start, end):
        """Return the numbers of the tokens that lie in a span of the text."""
        return [index for index, token in enumerate(self.tokens) if token.start < end and token.end > start]

    def typed(self, first, last):
        """Return the text of some tokens, without what a database cannot hold."""
        return clean(self.read[self.tokens[first].start : self.tokens[last].end])

    def give_back(self, gone):
        """Free the words of parts that were taken out, as far as no other part stands there."""
        for part in gone:
            for index in self.tokens_in(part.start, part.end):
                token = self.tokens[index]
                self.taken[index] = any(each.start < token.end and each.end > token.start for each in self.parts)

    def free_runs(self):
        """Return the runs of tokens that nothing took, without the words at their edges that carry nothing."""
        return self.runs([not taken for taken in self.taken])

    def runs(self, keep):
        """Return the runs of tokens to keep, without the words at their edges that carry nothing."""
        runs, run = [], []
        for index in range(len(self.tokens) + 1):
            if index < len(self.tokens) and keep[index]:
                run.append(index)
                continue
            while run and self.words[run[0]] in EDGES and run[0] not in self.fixed:
                run.pop(0)
            while run and self.words[run[-1]] in EDGES and run[-1] not in self.fixed:
                run.pop()
            if run:
                runs.append(run)
            run = []
        return runs

    def words_left(self):
        """Return what no part took and what means something, as it was typed."""
        fillers = self.covered_by(FILLERS_BY_FIRST)
        carry_nothing = self.sentence_words()
        keep = [
            not (taken or filler or (word in carry_nothing and not held))
            for word, taken, held, filler in zip(self.words, self.taken, self.held, fillers, strict=True)
        ]
        left = " ".join(self.typed(run[0], run[-1]) for run in self.runs(keep))
        # A group may be called 'We are with you': words are all that there is, so they stay.
        is_all = not (any(self.taken) or any(self.covered_by(KIND_OF_THING_BY_FIRST)))
        return self.typed(0, len(self.tokens) - 1) if is_all and not left else left

    def covered_by(self, phrases):
        """Return for each token whether it stands in one of some phrases, which are given by their first word."""
        covered = [False] * len(self.words)
        for at, word in enumerate(self.words):
            for phrase in phrases.get(word, ()):
                if tuple(self.words[at : at + len(phrase)]) == phrase:
                    covered[at : at + len(phrase)] = [True] * len(phrase)
                    break
        return covered

    def sentence_words(self):
        """Return the words that carry nothing since somebody tells of themselves, in English or in French."""
        words = set(self.words)
        # 'Mon' is Monday too, and 'ma' somebody's mother.
        if FRENCH_PRONOUNS & words and len((FRENCH_PRONOUNS | FRENCH_HELPERS) & words) > 1:
            return FRENCH_SENTENCE
        return SENTENCE if PRONOUNS & words and len(self.words) > 3 else frozenset()
