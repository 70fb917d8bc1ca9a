"""The practice template as data: its fields in the order in which a reader asks, and what a case study answers."""

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from casestudies.choices import (
    EffectAudience,
    EffectKind,
    Engagement,
    Evaluation,
    Funding,
    Involvement,
    Issue,
    Leadership,
    Scope,
    Status,
    Sustainability,
    Transferability,
)
from directory.markdown import to_html


@dataclass(frozen=True)
class Field:
    """One field of the template: its number there, and the columns that hold a choice, a text or both."""

    number: int
    label: str
    text: str
    choice: str = ""
    choices: type[TextChoices] | None = None
    markdown: bool = True

    @property
    def name(self):
        """The field's name in addresses and exports."""
        return self.choice or self.text


@dataclass(frozen=True)
class PartOfRecord:
    """A few fields that belong together, under one heading. `slug` is its place on the page."""

    slug: str
    title: str
    fields: list[Field]


def chosen(number, label, name, choices, text=""):
    """Return a field with a choice and words about it."""
    return Field(number, label, text or f"{name}_note", choice=name, choices=choices)


PARTS = [
    PartOfRecord("story", _("The story"), [Field(4, _("The story"), "overview")]),
    PartOfRecord(
        "what-and-why",
        _("What it is, and why"),
        [
            Field(5, _("Context"), "context"),
            Field(8, _("Aims"), "aims"),
            Field(7, _("Whom it is for"), "target_group"),
        ],
    ),
    PartOfRecord(
        "who",
        _("Who is behind it"),
        [
            Field(2, _("Responsible organisation"), "organisation", markdown=False),
            Field(3, _("Contact"), "contact", markdown=False),
            Field(6, _("Staff"), "staff"),
            chosen(12, _("Leadership"), "leadership", Leadership),
            chosen(13, _("Others with a stake in it"), "engagement", Engagement),
            chosen(14, _("Part that users and families play"), "involvement", Involvement),
        ],
    ),
    PartOfRecord(
        "how-it-runs",
        _("How it runs"),
        [
            chosen(10, _("How far it has come"), "status", Status),
            chosen(11, _("Scale"), "scope", Scope),
            chosen(9, _("Issues for social services"), "issues", Issue),
        ],
    ),
    PartOfRecord("cost", _("What it cost"), [chosen(15, _("Costs and resources"), "funding", Funding, text="costs")]),
    PartOfRecord(
        "learned",
        _("What was learned"),
        [chosen(16, _("How it was evaluated"), "evaluation", Evaluation), Field(19, _("Lessons"), "lessons")],
    ),
    PartOfRecord(
        "elsewhere",
        _("Can it last, and work elsewhere?"),
        [
            chosen(20, _("Can it last?"), "sustainability", Sustainability),
            chosen(21, _("Does it work elsewhere?"), "transferability", Transferability),
        ],
    ),
]
FIELDS = [each for part in PARTS for each in part.fields]


@dataclass(frozen=True)
class Answer:
    """What a case study says in one field: codes with their words, a text, both or neither."""

    field: Field
    codes: list[str]
    text: str

    @property
    def label(self):
        """The field's label."""
        return self.field.label

    @property
    def words(self):
        """The choice in words."""
        return ", ".join(str(self.field.choices(code).label) for code in self.codes)

    @property
    def html(self):
        """The text as safe HTML; a line that is no Markdown stays out of it."""
        return to_html(self.text) if self.field.markdown else ""

    @property
    def line(self):
        """The text of a field that is one plain line."""
        return "" if self.field.markdown else self.text

    @property
    def is_given(self):
        """Whether there is an answer."""
        return bool(self.codes or self.text.strip())


@dataclass(frozen=True)
class AnsweredPart:
    """One part of the template with a case study's answers."""

    slug: str
    title: str
    answers: list[Answer]

    @property
    def is_single(self):
        """Whether it is one field, which needs no label of its own."""
        return len(self.answers) == 1


def answer_of(case, each):
    """Return what a case study says in one field."""
    codes = getattr(case, each.choice) if each.choice else []
    if isinstance(codes, str):
        codes = [codes] if codes else []
    return Answer(each, codes, getattr(case, each.text))


def answered_parts(case):
    """Return the parts of the template with a case study's answers."""
    return [AnsweredPart(part.slug, part.title, [answer_of(case, each) for each in part.fields]) for part in PARTS]


@dataclass(frozen=True)
class EffectsOn:
    """The effects of one kind on one audience."""

    audience: EffectAudience
    effects: list


@dataclass(frozen=True)
class EffectsOfKind:
    """The effects of one kind, by audience; `silent` are the audiences of whom the source says nothing."""

    kind: EffectKind
    by_audience: list[EffectsOn]
    silent: list[str] = field(default_factory=list)


def effects_of_kind(effects, kind):
    """Return the effects of one kind, by audience."""
    found = {audience: [] for audience in EffectAudience}
    for effect in effects:
        if effect.kind == kind:
            found[EffectAudience(effect.audience)].append(effect)
    return EffectsOfKind(
        kind,
        [EffectsOn(audience, each) for audience, each in found.items() if each],
        [audience.label for audience, each in found.items() if not each],
    )


@dataclass(frozen=True)
class Completeness:
    """How many of the template's questions are answered, and which are not.

    Effects are asked about for five audiences, once measured and once hoped for: ten questions.
    """

    total: int
    left: list[Field]
    effects_left: list[tuple[EffectKind, EffectAudience]]

    @property
    def given(self):
        """How many are answered."""
        return self.total - len(self.left) - len(self.effects_left)


def completeness(case, effects):
    """Return how much of the template a case study answers."""
    asked = [(kind, audience) for kind in EffectKind for audience in EffectAudience]
    told = {(effect.kind, effect.audience) for effect in effects}
    return Completeness(
        # The title is a question of the template too, and has always an answer.
        total=1 + len(FIELDS) + len(asked),
        left=[each for each in FIELDS if not answer_of(case, each).is_given],
        effects_left=[pair for pair in asked if pair not in told],
    )
