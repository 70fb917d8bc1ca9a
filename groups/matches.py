"""What a search for groups finds: the one definition, which the ranked page and the whole set both read."""

from dataclasses import dataclass
from functools import cached_property, reduce
from math import log, prod
from operator import and_, or_
from typing import NamedTuple

from django.contrib.postgres.search import SearchQueryField
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.sql.where import WhereNode

from groups.models import Group
from groups.models.search import SAYS_AGES, Fits, facets_of, statistics

# Counts are exact up to here.
CAP = 1000
# About so many entries of a long list in the index are read in the time that one row takes to look at.
LISTED_IN_A_ROWS_TIME = 300
# A word that stands in more than this share of the groups, and in more than so many, tells nothing beside a rarer one.
COMMON, SELDOM = 0.05, 1000
# A topic that was understood counts as much as a word of this rarity in the name.
TOPIC = 5
# About so large a share of the groups that hold a word have it in the name.
IN_NAMES = 0.2


class Step(NamedTuple):
    """What makes a match, and for about how large a share of the groups it is true."""

    condition: Q
    share: float


class Branch(NamedTuple):
    """Rows that match, and about how many they are: a guess, which only decides how to look for them."""

    rows: QuerySet
    expected: float


class WordQuery(Func):
    """The tsquery for one word, as the SQL function `search_query` cuts it."""

    # As a question of its own, it is answered once and not once a row.
    template = "(SELECT search_query(%(expressions)s))"
    output_field = SearchQueryField()


class AnyOf(Func):
    """Several tsqueries, any of which is enough, as one."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = SearchQueryField()


class Holds(Func):
    """Whether a column of words holds what a tsquery asks for."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Term(NamedTuple):
    """One word of a search, with the number of groups that hold it: the rarer, the more it tells.

    Several words are meant all together.
    """

    word: str
    groups: int
    total: int

    @classmethod
    def of_all(cls, terms):
        """Return the one that stands for all of some."""
        return min(terms, key=lambda term: term.groups)._replace(word=" ".join(term.word for term in terms))

    @property
    def rarity(self):
        """The inverse document frequency, ln(1 + N / n)."""
        return log(1 + self.total / max(1, self.groups))

    @property
    def share(self):
        """The share of groups that hold it."""
        return min(1, self.groups / self.total)

    @property
    def is_common(self):
        """Whether it stands in so many groups that it tells little."""
        return self.groups > max(SELDOM, self.total * COMMON)


@dataclass(frozen=True)
class Matches:
    """What a search finds: rows that pass the filters, and of these the ones that hold its words or its topics.

    `rows` are filtered by everything but words. `terms` and `topics` (slugs) widen each other: either is enough. With
    `by_age`, groups that say which ages they are for come first.
    """

    rows: object
    terms: tuple = ()
    topics: tuple = ()
    by_age: bool = False

    @property
    def telling(self):
        """The terms that tell something: the rare ones, or all where none is rare."""
        return [term for term in self.terms if not term.is_common] or list(self.terms)

    @property
    def circle(self):
        """The distance from the place that the search is around, with its `point` and `km`; `None` without one."""
        return self.rows.query.annotations.get("distance")

    @cached_property
    def _around(self):
        """About how large a share of all groups has a point near the place."""
        return min(1, sum(statistics().shares(self.circle.squares(self.circle.km)))) if self.circle else 1

    @cached_property
    def _choices(self):
        """What must fit, the rarest first. What must not takes little away."""
        conditions = [each.lhs for each in self.rows.query.where.children if not isinstance(each, WhereNode)]
        return sorted((each for each in conditions if isinstance(each, Fits)), key=lambda each: each.share)

    def _branch(self, rows, share):
        """Return these rows, of which the words and topics alone are a share of all, with what is known about them.

        A choice that fits many groups has a long list in the index. Where the other conditions leave few rows, it is
        sooner checked on these.
        """
        groups, checked = statistics().groups, set()
        expected = groups * self._around * share
        for choice in self._choices:
            # No more rows are read than fill the cap.
            read = min(expected, CAP / choice.share) if choice.share else expected
            if read * (1 - choice.share) * LISTED_IN_A_ROWS_TIME < groups * choice.share:
                checked.add(choice)
            expected *= choice.share
        rows = rows.all()
        rows.query.checked = checked
        return Branch(rows, expected)

    @property
    def _anywhere(self):
        """The condition that a telling word stands anywhere."""
        if not self.terms:
            return []
        share = sum(term.share for term in self.telling)
        return [Step(self._holding_any("words", self.telling), min(1, share))]

    @property
    def _topical(self):
        numbers = facets_of("topic", self.topics)
        return [Step(Q(codes__overlap=numbers), min(1, sum(statistics().shares(numbers))))] if numbers else []

    def _holding_any(self, column, terms):
        return Q(Holds(F(column), AnyOf(*(WordQuery(Value(term.word)) for term in terms))))

    def _holding_all(self, column):
        # Each word as a condition of its own: the index is several times as quick with these as with one of all words.
        return reduce(and_, [Q(Holds(F(column), WordQuery(Value(term.word)))) for term in self.terms])

    def _steps(self):
        """Return what makes a match, in the order of the best that each can score."""
        topical, anywhere = self._topical, self._anywhere
        if not anywhere:
            return topical
        share = prod(term.share for term in self.terms)
        in_name = Step(self._holding_all("name_words"), share * IN_NAMES)
        steps = [Step(topic.condition & word.condition, topic.share) for topic in topical for word in anywhere]
        by_name = sum(term.rarity for term in self.terms) > TOPIC
        steps += [in_name, *topical] if by_name else [*topical, in_name]
        if len(self.terms) > 1:
            any_in_name = self._holding_any("name_words", self.telling)
            steps.append(Step(self._holding_all("words") & any_in_name, share))
            rarest_first = sorted(self.telling, key=lambda term: term.groups)
            steps += [Step(self._holding_any("name_words", [term]), term.share * IN_NAMES) for term in rarest_first[:2]]
            if len(self.telling) > 2:
                steps.append(Step(any_in_name, anywhere[0].share * IN_NAMES))
        return [*steps, *anywhere]

    def called_so(self):
        """Return the rows that have each of the words in their name."""
        return self.rows.filter(self._holding_all("name_words"))

    def branches(self):
        """Return what shares no row and together is all that matches, the strongest matches first."""
        before, found = None, []
        steps = self._steps() or [Step(Q(), 1)]
        if self.by_age:
            numbers = facets_of(SAYS_AGES[0], SAYS_AGES[1:])
            says, share = Q(codes__overlap=numbers), sum(statistics().shares(numbers))
            steps = [*(Step(step.condition & says, step.share * share) for step in steps), *steps]
        for step in steps:
            wanted = self.rows.filter(step.condition)
            found.append(self._branch(wanted.exclude(before) if before else wanted, step.share))
            before = before | step.condition if before else step.condition
        return found

    def in_one(self):
        """Return all that matches in one branch: what the weakest of the branches would take alone."""
        steps = [*self._anywhere, *self._topical]
        rows = self.rows.filter(reduce(or_, [step.condition for step in steps], Q()))
        return self._branch(rows, min(1, sum(step.share for step in steps)) if steps else 1)

    def apart(self):
        """Return the same in branches that share no row: each of words or of topics, so that none has an 'or'.

        For a statement that is planned before its values are known, PostgreSQL does not look up both sides of an 'or'.
        """
        if not (self._anywhere and self._topical):
            return [self.in_one()]
        [word], [topic] = self._anywhere, self._topical
        by_word = self.rows.filter(word.condition).exclude(topic.condition)
        return [self._branch(self.rows.filter(topic.condition), topic.share), self._branch(by_word, word.share)]

    def everything(self):
        """Return the exact set of groups, without a limit."""
        return Group.objects.filter(found_by__in=self.in_one().rows)
