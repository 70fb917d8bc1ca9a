"""A case study as its page shows it: the template's fields in a natural order, with what the source leaves open."""

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from casestudies.choices import EffectKind
from directory.markdown import to_html


@dataclass(frozen=True)
class Answer:
    """The answer to one field of the template: a choice in words, a text as HTML, or neither."""

    label: str
    answer: str
    html: str

    @property
    def is_given(self):
        """Whether the source gives an answer."""
        return bool(self.answer or self.html)


@dataclass(frozen=True)
class Part:
    """A few fields that belong together, under one heading. `slug` is its place on the page."""

    slug: str
    title: str
    fields: list


def template_parts(case):
    """Return the template's fields of a case study, in parts, in the order in which a reader asks."""

    def text(label, value):
        return Answer(label, "", to_html(value))

    def line(label, value):
        return Answer(label, value, "")

    def choice(label, value, note):
        return Answer(label, value, to_html(note))

    return [
        Part(
            "what-and-why",
            _("What it is, and why"),
            [
                text(_("Context"), case.context),
                text(_("Aims"), case.aims),
                text(_("Whom it is for"), case.target_group),
            ],
        ),
        Part(
            "who",
            _("Who is behind it"),
            [
                line(_("Responsible organisation"), case.organisation),
                line(_("Contact"), case.contact),
                text(_("Staff"), case.staff),
                choice(_("Leadership"), case.get_leadership_display(), case.leadership_note),
                choice(_("Others with a stake in it"), case.get_engagement_display(), case.engagement_note),
                choice(_("Part that users and families play"), case.get_involvement_display(), case.involvement_note),
            ],
        ),
        Part(
            "how-it-runs",
            _("How it runs"),
            [
                choice(_("How far it has come"), case.get_status_display(), case.status_note),
                choice(_("Scale"), case.get_scope_display(), case.scope_note),
                choice(_("Issues for social services"), ", ".join(map(str, case.issue_labels)), case.issues_note),
            ],
        ),
        Part(
            "cost",
            _("What it cost"),
            [choice(_("Costs and resources"), ", ".join(map(str, case.funding_labels)), case.costs)],
        ),
        Part(
            "learned",
            _("What was learned"),
            [
                choice(_("How it was evaluated"), case.get_evaluation_display(), case.evaluation_note),
                text(_("Lessons"), case.lessons),
            ],
        ),
        Part(
            "elsewhere",
            _("Can it last, and work elsewhere?"),
            [
                choice(_("Can it last?"), case.get_sustainability_display(), case.sustainability_note),
                choice(_("Does it work elsewhere?"), case.get_transferability_display(), case.transferability_note),
            ],
        ),
    ]


def answered(case, parts, effects):
    """Return (answered, all): how many of the template's 21 fields the source answers."""
    kinds = {effect.kind for effect in effects}
    given = [bool(case.name), bool(case.overview), EffectKind.MEASURED in kinds, EffectKind.ANTICIPATED in kinds]
    given += [field.is_given for part in parts for field in part.fields]
    return sum(given), len(given)


def present_figures(figures):
    """Set on each key figure its value in words: 'more than 50', '27,000'. Returns the figures."""
    for figure in figures:
        whole = figure.value == figure.value.to_integral_value()
        number = formats.number_format(int(figure.value) if whole else figure.value.normalize(), force_grouping=True)
        figure.value_words = f"{figure.qualifier} {number}".strip()
    return figures
