"""Two to four case studies side by side, in the fields of the template."""

from dataclasses import dataclass

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casestudies.charts import number_in_words, with_unit
from casestudies.choices import EffectKind
from casestudies.models import CaseStudy, Effect, KeyFigure, RoleShown
from casestudies.record import PARTS, answer_of
from directory.formfields import SwitchField

FEWEST, MOST = 2, 4
# So many others are offered beside those chosen; the list has all of them.
MOST_OFFERED = 12
LONGEST_SLUG = 100


class SlugsField(forms.Field):
    """Several slugs, as they stand in an address."""

    widget = forms.SelectMultiple

    def clean(self, value):
        """Return the slugs as they came, without blanks."""
        return [str(slug).replace("\x00", "").strip()[: LONGEST_SLUG + 1] for slug in value or [] if str(slug).strip()]


class CompareForm(forms.Form):
    """What somebody wants to compare."""

    c = SlugsField(label=gettext_lazy("Case studies"), required=False)
    differing = SwitchField(label=gettext_lazy("Only rows that differ"))


@dataclass(frozen=True)
class Cell:
    """What one case study says in one row: words, safe HTML, lines, or nothing."""

    words: str = ""
    html: str = ""
    lines: tuple = ()

    @property
    def is_empty(self):
        """Whether there is nothing to say."""
        return not (self.words or self.html or self.lines)


@dataclass(frozen=True)
class Row:
    """One row of the comparison. `pairs` joins each case study's name with its cell."""

    label: str
    pairs: list

    @property
    def differs(self):
        """Whether the case studies do not all say the same."""
        return len({cell for _case, cell in self.pairs}) > 1


@dataclass(frozen=True)
class Section:
    """A few rows under one heading."""

    title: str
    rows: list


@dataclass
class Comparison:
    """The case studies that an address asks for, with what it asks for in vain."""

    cases: list
    messages: list
    only_differing: bool

    @property
    def is_possible(self):
        """Whether there are enough to compare."""
        return len(self.cases) >= FEWEST

    @property
    def can_take_more(self):
        """Whether another may join."""
        return len(self.cases) < MOST

    @property
    def columns(self):
        """How many columns the table has, with that of the labels."""
        return len(self.cases) + 1

    def offered(self):
        """Return other case studies to choose from, those like the first one before the rest."""
        others = CaseStudy.objects.published().exclude(pk__in=[case.pk for case in self.cases])
        return list((others.nearest_first(self.cases[0]) if self.cases else others.newest_first())[:MOST_OFFERED])

    def sections(self):
        """Return the rows, under the headings of the page of a case study."""
        sections = [
            Section(_("At a glance"), self._glance()),
            *[Section(part.title, [self._template_row(each) for each in part.fields]) for part in PARTS],
            Section(_("What changed"), self._changes()),
            Section(_("Our own reading"), self._readings()),
        ]
        if not self.only_differing:
            return sections
        kept = [Section(each.title, [row for row in each.rows if row.differs]) for each in sections]
        return [each for each in kept if each.rows]

    def _row(self, label, cell_of):
        return Row(label, [(case, cell_of(case)) for case in self.cases])

    def _template_row(self, each):
        def cell(case):
            answer = answer_of(case, each)
            return Cell(words=answer.words or answer.line, html=answer.html)

        return self._row(each.label, cell)

    def _glance(self):
        return [
            self._row(_("In short"), lambda case: Cell(lines=(case.summary,) if case.summary else ())),
            self._row(_("Country"), lambda case: Cell(words=case.get_country_display())),
            self._row(_("Year"), lambda case: Cell(words=str(case.year or ""))),
            self._row(_("Part of"), lambda case: Cell(words=case.programme.name if case.programme else "")),
            self._row(
                _("Key figures"),
                lambda case: Cell(lines=tuple(figure_in_words(figure) for figure in case.keyfigures.all())),
            ),
        ]

    def _changes(self):
        def effects(kind):
            return lambda case: Cell(
                lines=tuple(
                    f"{effect.get_audience_display()}: {effect.text}"
                    for effect in case.effects.all()
                    if effect.kind == kind
                )
            )

        return [
            self._row(_("What was measured"), effects(EffectKind.MEASURED)),
            self._row(_("What people say or hope"), effects(EffectKind.ANTICIPATED)),
        ]

    def _readings(self):
        return [
            self._row(
                _("Support roles it shows"),
                lambda case: Cell(lines=tuple(shown.role.name for shown in case.roles_shown.all())),
            ),
            self._row(_("Themes"), lambda case: Cell(lines=tuple(str(label) for label in case.theme_labels))),
            self._row(_("Topics"), lambda case: Cell(lines=tuple(topic.label for topic in case.topics.all()))),
        ]


def figure_in_words(figure):
    """Return a key figure in one line: 'Groups in 2015: 403 groups'."""
    return f"{figure.label}: {with_unit(number_in_words(figure.value, figure.qualifier), figure.unit)}"


def compare(data):
    """Return the comparison that an address asks for. What can't be compared gets a message, and the rest counts."""
    form = CompareForm(data)
    form.is_valid()
    slugs = form.cleaned_data["c"]
    wanted = list(dict.fromkeys(slugs))
    found = {
        case.slug: case
        for case in CaseStudy.objects.published()
        .filter(slug__in=[slug for slug in wanted if len(slug) <= LONGEST_SLUG])
        .select_related("programme")
        .prefetch_related(
            "topics",
            Prefetch("effects", Effect.objects.order_by("position", "pk")),
            Prefetch("keyfigures", KeyFigure.objects.order_by("position", "pk")),
            Prefetch("roles_shown", RoleShown.objects.select_related("role")),
        )
    }
    messages = []
    if len(wanted) < len(slugs):
        messages.append(_("One was there twice. We show it once."))
    messages += [_("There is no case study “%(slug)s”.") % {"slug": slug[:40]} for slug in wanted if slug not in found][
        :MOST
    ]
    cases = [found[slug] for slug in wanted if slug in found]
    if len(cases) > MOST:
        messages.append(_("We can show four at a time. These are the first four."))
    elif len(cases) == 1:
        messages.append(_("One more is needed to compare."))
    elif not cases:
        messages.append(_("Choose two to four case studies to compare."))
    return Comparison(cases[:MOST], messages, form.cleaned_data["differing"])
