"""The role finder: from ticked answers to roles, each with its reasons. Pure: rules come in, a suggestion goes out."""

from dataclasses import dataclass, field

# From this strength on, an answer speaks clearly for a role.
CLEAR = 2


@dataclass
class Suggestion:
    """One role, with the rules that speak for it and those that speak against it."""

    role: object
    reasons: list = field(default_factory=list)
    cautions: list = field(default_factory=list)

    @property
    def total(self):
        """How much speaks for it, less what speaks against it."""
        return sum(rule.strength for rule in [*self.reasons, *self.cautions])

    @property
    def clear_total(self):
        """The same without what speaks for it only a little, which tells nothing about what comes first."""
        return sum(rule.strength for rule in [*self.reasons, *self.cautions] if rule.strength != 1)

    @property
    def is_clear(self):
        """Whether at least one answer speaks clearly for it."""
        return any(rule.strength >= CLEAR for rule in self.reasons)


@dataclass(frozen=True)
class Advice:
    """What the finder says: the roles that suit, the strongest first; those worth a thought; those not for now."""

    suited: list
    perhaps: list
    not_now: list

    @property
    def roles(self):
        """The roles that suit."""
        return [suggestion.role for suggestion in self.suited]

    @property
    def is_level(self):
        """Whether the first two suit equally well."""
        return len(self.suited) > 1 and self.suited[0].clear_total == self.suited[1].clear_total


def advise(rules):
    """Return the `Advice` for the rules of the answers that were ticked.

    A role suits where an answer speaks clearly for it, and more speaks for it than against it. So no trouble that
    somebody ticks is outvoted by the others. Of two that suit equally well, the one whose answer comes first on the
    page is first: without a room, nothing else can be done.
    """
    by_role = {}
    for rule in rules:
        suggestion = by_role.setdefault(rule.role, Suggestion(rule.role))
        (suggestion.reasons if rule.strength > 0 else suggestion.cautions).append(rule)
    # In the order of the answers, which a stable sort keeps.
    ordered = sorted(by_role.values(), key=lambda each: -each.clear_total)
    return Advice(
        suited=[each for each in ordered if each.is_clear and each.total > 0],
        perhaps=[each for each in ordered if each.reasons and not each.is_clear and each.total > 0],
        not_now=[each for each in ordered if each.cautions and each.total <= 0],
    )
