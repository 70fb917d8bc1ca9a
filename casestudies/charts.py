"""Figures that belong together, drawn: bars for what can be compared, one bar in pieces for the parts of a whole.

All places along a line are shares of the width, and all places down the page are in letters' heights, so that a chart
fits every screen and grows with the reader's letters. What is drawn and its table come from the same figures.
"""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from textwrap import wrap

from django.utils import formats
from django.utils.translation import gettext as _

from casestudies.choices import EffectKind

# So many letters fit beside each other on the narrowest screen.
LETTERS = 32
LINE, BAR, GAP = 1.45, 1.3, 1.1
# A figure that is only a lower bound has an open end of this width.
OPEN_END = 8
LOWER_BOUNDS = ("more than", "over", "at least")
MOST_PIECES = 4


@dataclass(frozen=True)
class Datum:
    """One number of a chart, with its row of the table."""

    label: str
    value: float
    words: str
    year: int | None
    caveat: str
    source: object
    is_lower_bound: bool = False


@dataclass(frozen=True)
class Mark:
    """One bar or piece: where it is drawn, and its lines of words. Lengths are in percent, heights in em."""

    start: str
    length: str
    words: str
    words_at: str
    lines: list
    bar_at: str
    open_length: str
    number: int


@dataclass(frozen=True)
class Chart:
    """A drawing with its table. `slug` is its place on the page."""

    slug: str
    title: str
    data: list[Datum]
    marks: list[Mark]
    height: str
    is_split: bool
    has_track: bool

    @property
    def description(self):
        """What the drawing shows, in words."""
        shown = "; ".join(f"{each.label}: {each.words}" for each in self.data)
        kind = _("One bar in parts.") if self.is_split else _("Bars.")
        return f"{kind} {shown}."

    @property
    def sources(self):
        """The sources of its figures, each once."""
        return list(dict.fromkeys(each.source for each in self.data))

    @property
    def has_open_end(self):
        """Whether a figure is only a lower bound."""
        return any(each.is_lower_bound for each in self.data)

    @property
    def has_years(self):
        """Whether a figure names its year."""
        return any(each.year for each in self.data)


def number_in_words(value, qualifier=""):
    """Return a number as people write it: 'about 27,000', '1.4'."""
    whole = value == value.to_integral_value()
    number = formats.number_format(int(value) if whole else value.normalize(), force_grouping=True)
    return f"{qualifier} {number}".strip()


def with_unit(number, unit):
    """Return a number with its unit: '30% fewer', '67 people'."""
    return f"{number}{unit}" if unit.startswith("%") else f"{number} {unit}".strip()


def of_figures(figures):
    """Return (charts, figures that stand alone). A series is drawn where it has two numbers of one measure."""
    charts, alone = [], [figure for figure in figures if not figure.series]
    in_series = sorted((figure for figure in figures if figure.series), key=attrgetter("series"))
    for series, members in groupby(in_series, key=attrgetter("series")):
        members = list(members)
        if not _can_be_drawn([(each.value, each.unit) for each in members]):
            alone += members
            continue
        data = [
            Datum(
                label=each.label,
                value=float(each.value),
                words=with_unit(number_in_words(each.value, each.qualifier), each.unit),
                year=each.year,
                caveat=each.caveat,
                source=each.source,
                is_lower_bound=each.qualifier.strip().lower() in LOWER_BOUNDS,
            )
            for each in members
        ]
        charts.append(_drawn(f"chart-{len(charts) + 1}", series, data, members[0].unit))
    order = {id(figure): place for place, figure in enumerate(figures)}
    return charts, sorted(alone, key=lambda figure: order[id(figure)])


def of_effects(effects, charts):
    """Return charts of the measured effects on each audience, unless `charts` draw these numbers already."""
    drawn = [{each.value for each in chart.data} for chart in charts]
    found = []
    measured = [effect for effect in effects if effect.kind == EffectKind.MEASURED and effect.figure is not None]
    for audience in dict.fromkeys(effect.get_audience_display() for effect in measured):
        members = [effect for effect in measured if effect.get_audience_display() == audience]
        values = {float(each.figure) for each in members}
        if not _can_be_drawn([(each.figure, each.unit) for each in members]) or any(values <= each for each in drawn):
            continue
        data = [
            Datum(
                label=each.text,
                value=float(each.figure),
                words=with_unit(number_in_words(each.figure), each.unit),
                year=each.year,
                caveat=each.caveat,
                source=each.source,
            )
            for each in members
        ]
        found.append(_drawn(f"effects-{len(found) + 1}", audience, data, members[0].unit))
    return found


def _measure(unit):
    return "%" if unit.startswith("%") else unit


def _can_be_drawn(numbers):
    one_measure = len({_measure(unit) for _value, unit in numbers}) == 1
    return len(numbers) > 1 and one_measure and all(value >= 0 for value, _unit in numbers) and any(
        value for value, _unit in numbers
    )  # fmt: skip


def _drawn(slug, title, data, unit):
    values = [each.value for each in data]
    in_percent = _measure(unit) == "%" and max(values) <= 100
    is_split = (
        in_percent
        and len(data) <= MOST_PIECES
        and abs(sum(values) - 100) < 1
        and len({each.year for each in data}) == 1
    )
    marks, height = (_pieces if is_split else _bars)(data, 100 if in_percent else max(values))
    return Chart(slug, title, data, marks, _em(height), is_split, has_track=in_percent and not is_split)


def _bars(data, most):
    marks, down = [], 0
    for number, each in enumerate(data, 1):
        length = 100 * each.value / most
        lines = wrap(each.label, LETTERS)
        open_length = min(OPEN_END, 100 - length) if each.is_lower_bound else 0
        marks.append(
            Mark(
                start="0%",
                length=_percent(length),
                words=each.words,
                words_at=_em(down + 1.05),
                lines=_placed(lines, down + LINE),
                bar_at=_em(down + LINE * (1 + len(lines)) + 0.15),
                open_length=_percent(open_length),
                number=number,
            )
        )
        down += LINE * (1 + len(lines)) + BAR + GAP
    return marks, down - GAP + 0.4


def _pieces(data, most):
    marks, start, down = [], 0, 2.4 + GAP
    for number, each in enumerate(data, 1):
        length = 100 * each.value / most
        lines = wrap(each.label, LETTERS - 4)
        marks.append(
            Mark(
                start=_percent(start),
                length=_percent(min(length, 100 - start)),
                words=each.words,
                words_at=_em(down + 1.05),
                lines=_placed(lines, down + LINE),
                bar_at=_em(down + 0.15),
                open_length=_percent(0),
                number=number,
            )
        )
        start += length
        down += LINE * (1 + len(lines)) + 0.5
    return marks, down


def _placed(lines, down):
    return [(_em(down + LINE * number + 1.05), line) for number, line in enumerate(lines)]


def _percent(number):
    return f"{number:.2f}%"


def _em(number):
    return f"{number:.2f}em"
