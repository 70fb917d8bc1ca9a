"""Whose trouble it is: one's own, or that of somebody close."""

from directory.understanding.phrases import Phrases
from directory.understanding.words import NEGATIONS, set_of

_FIRST_PERSON = set_of("i im ive id")
_AFTER_RELATIVE = set_of(
    """has is was with who keeps in had got suffers cant wont drinks drinking gambles gambling on takes using uses
    living diagnosed self struggling wants says died"""
)
_DOES = set_of("does did is has do")
_MINE = set_of("my our mon ma notre")
# Who is younger does not search for themselves; and up to this age somebody's 'my 25 year old' is their child.
_YOUNGEST, _OLDEST_CHILD = 10, 30


class Families(Phrases):
    """Reads 'my husband drinks'."""

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
                    self.join_to_relative(topic.code, match, cues)
                    continue
                cue = self.cue_for(match, cues)
                if cue:
                    first, last, kind = cue
                    self.add_lead(topic.code, kind, first, last)
                    if last < match.first:
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

    def join_to_relative(self, topic, match, cues):
        """Let a families' topic stand at the words before it too that name the relative: 'parent of autistic child'."""
        for first, last, _kind in cues:
            if last + 1 == match.first:
                start, end = self.tokens[match.first].start, self.tokens[match.last].end
                self.parts = [part for part in self.parts if part[1:2] + part[3:] != (topic, start, end)]
                self.add_part("topic", topic, first, match.last)

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
        cues, at = self.aged_cues(), 0
        aged = {index for first, last, _kind in cues for index in range(first, last + 1)}
        relatives = self.vocabulary.relatives
        while at < len(self.words):
            longest = self.vocabulary.longest_relative if self.numbers[at] in self.vocabulary.relative_starts else 0
            for size in range(min(longest, len(self.words) - at), 0, -1):
                phrase = " ".join(self.numbers[at : at + size])
                is_new = aged.isdisjoint(range(at, at + size))
                if is_new and phrase in relatives and self.is_free_for_relative(at, at + size - 1):
                    after = self.words[at + size] if at + size < len(self.words) else ""
                    before = self.words[at - 1] if at else ""
                    # 'mum has dementia' tells of a mother; 'mum and baby group' of oneself.
                    if size > 1 or (before in {"", "and", "my"} and after in _AFTER_RELATIVE):
                        cues.append((at, at + size - 1, relatives[phrase]))
                        at += size - 1
                        break
            at += 1
        return sorted(cues)

    def aged_cues(self):
        """Return where somebody close is named by an age: 'my 8 year old', 'a 5 year old', '30 year old son'."""
        cues = []
        for age in self.ages():
            first, last = age.first, age.last
            before, after = self.is_free_relative(first - 1), age.is_old and self.is_free_relative(last + 1)
            is_told = age.is_old or age.is_named or self.ends_a_clause(last)
            is_mine = bool(_MINE.intersection(self.words[max(0, first - 2) : first]))
            if before and is_told:
                first, kind = first - 1, self.vocabulary.relatives[self.numbers[first - 1]]
            elif after:
                last, kind = last + 1, self.vocabulary.relatives[self.numbers[last + 1]]
            elif age.is_old and (is_mine or age.years < _YOUNGEST):
                kind = "child" if age.years <= _OLDEST_CHILD else ""
            else:
                continue
            cues.append((first - (bool(first) and self.words[first - 1] in _MINE), last, kind))
        return cues

    def is_free_relative(self, index):
        """Whether a token by itself names somebody close, and no phrase stands there."""
        return self.is_relative(index) and self.is_free_for_relative(index, index)

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
            # 'My autistic 8 year old'.
            if match.last + 1 == first and self.words[first].isdecimal():
                return first, last, kind
            if last < match.first:
                between = self.words[last + 1 : match.first]
                if not _FIRST_PERSON & set(between):
                    return first, last, kind
                return None
        # 'I don't drink but my partner does.'
        for first, last, kind in cues:
            if first > match.last and self.words[last + 1 : last + 2] and self.words[last + 1] in _DOES:
                if match.first and self.words[match.first - 1] in NEGATIONS:
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
