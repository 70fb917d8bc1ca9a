"""What was understood of a text: its parts, each of which can be taken away again."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from directory.words import with_small_letter

# What can be refused ('not on Monday'); the code of such a part begins so.
REFUSABLE, REFUSED = {"day", "time", "format", "audience", "topic", "kind"}, "not-"
# A day of the calendar ('today'); the code of such a part begins so and ends in the date.
DATED = "on-"

# Dangling ends that a removed part leaves behind.
_BEFORE_A_PART = re.compile(
    r"(?:^|[\s,;])(?:near(?:\s+to)?|nearby|in|at|around|after|before|until|from|close\s+to|next\s+to|of|on|for|with|by|à|près\s+de"
    r"|autour\s+de|en|pour|within)\s*$",
    re.IGNORECASE,
)
_JOIN_AT_END = re.compile(r"(?:\s+(?:and|or|but|et|ou|mais|&)|\s*[,;:&/–-])\s*$", re.IGNORECASE)
_JOIN_AT_START = re.compile(r"^\s*(?:(?:and|or|but|et|ou|mais)\s+|[,;:&/]+\s*)", re.IGNORECASE)
_GOVERNED = re.compile(r"^\s*(?:near|in|at|around|on|for|with|within|close)\b", re.IGNORECASE)
_MARKS_LEFT = re.compile(r"^[’'.!?)\]]+(?=\s|$)")


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
        return self.field == "topic" and not self.code.startswith(REFUSED)

    @property
    def is_named_by_label(self):
        """Whether no choice of a form stands for it, but its label does in words: 'Not Monday', 'Today'."""
        return self.code.startswith((REFUSED, DATED))


@dataclass(frozen=True)
class Understanding:
    """What was understood of a text."""

    text: str
    parts: tuple[Part, ...] = ()
    # Where somebody looks, in the order of the parts: anywhere near one of these places.
    places: tuple = ()
    # What is left to search for, as it was typed.
    words: str = ""
    # Every span of every part: a topic that is named twice is one part.
    spans: tuple[Part, ...] = field(default=(), repr=False)

    @property
    def place(self):
        """The first of the places, or `None`."""
        return self.places[0] if self.places else None

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
        return [part.label for part in self.parts if part.field == name and part.is_named_by_label]

    def codes(self, name):
        """Return the codes of one field, in text order: `understanding.codes('day')`."""
        return [part.code for part in self.parts if part.field == name]

    def text_of(self, parts):
        """Return what was typed for some parts, as one text that means the same; places with an 'or' between them."""
        # Of 'mum has dementia', the dementia stands in the mother's part already.
        apart = [part for part in parts if not any(_is_inside(part, other) for other in parts)]
        typed = dict.fromkeys(self.text[part.start : part.end] for part in apart if part.field != "near")
        places = " or ".join(self.text[part.start : part.end] for part in parts if part.field == "near")
        return " ".join([*typed, places]).strip()

    def without(self, part):
        """Return the text without what led to `part`, tidied."""
        text = self.text
        gone, staying = self._gone_with(part), self._said_by_label(part)
        if not (self.words or staying) and len(self.sharing(part)) + 1 == len(self.parts):
            # What is left around it was neither understood nor looked for: 'i want to' of 'i want to die'.
            return ""
        places = [each for each in self.parts if each.field == "near"]
        if part in places:
            kept = self.text_of([each for each in places if each != part])
            if kept:
                # 'Near Leeds or York': the word before the first place is the other one's too.
                return f"{text[: places[0].start]}{kept}{text[places[-1].end :]}"
        for start, end in sorted(gone, reverse=True):
            said = " ".join(
                with_small_letter(each.label) for each in staying if _meets((each.start, each.end), [(start, end)])
            )
            text = f"{text[:start]}{said}{text[end:]}" if said else _cut(text, start, end)
        return text

    def sharing(self, part):
        """Return the other parts that `without(part)` takes away too, since they come from the same words."""
        return [each for each in self._within(self._gone_with(part), part) if not each.is_named_by_label]

    def _said_by_label(self, part):
        """Return the others of those words that only words can say: 'tonight' without the evening is 'today'."""
        return [each for each in self._within(self._gone_with(part), part) if each.is_named_by_label]

    def _within(self, spans, part):
        """Return the other parts that come from nothing but the words of some spans."""
        others = [each for each in self.parts if (each.field, each.code) != (part.field, part.code)]
        return [each for each in others if all(_meets(span, spans) for span in self._spans_of(each))]

    def _gone_with(self, part):
        """Return the spans that go with a part: the whole of each part that would lose a word in all of its spans.

        What 'autism parents' leaves without its 'autism', 'parents', would mean another topic.
        """
        gone = self._spans_of(part)
        while not gone >= (more := _joined(gone.union(*map(self._spans_of, self._within(gone, part))))):
            gone = more
        return gone

    def _spans_of(self, part):
        same = {(each.start, each.end) for each in self.spans if (each.field, each.code) == (part.field, part.code)}
        return same | {(part.start, part.end)}


def _is_inside(part, other):
    return other.start <= part.start and part.end <= other.end and part.end - part.start < other.end - other.start


def _meets(span, spans):
    return any(start < span[1] and span[0] < end for start, end in spans)


def _joined(spans):
    """Return spans as such that share no letter."""
    joined = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return set(joined)


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
