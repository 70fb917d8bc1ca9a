"""A case study to use elsewhere: its structured fields as JSON and CSV, its text as Markdown.

The keys and the columns are a contract: others build on them.
"""

import csv
import io
import json
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casestudies.choices import EffectKind, Theme
from casestudies.citing import as_bibtex, as_ris, as_text
from casestudies.comparing import figure_in_words
from casestudies.record import PARTS, Field, answer_of, completeness
from directory.exchange.writing import BOM, neutral

LICENCE = "AGPL-3.0-or-later"
LICENCE_ADDRESS = "https://www.gnu.org/licenses/agpl-3.0.html"
COLUMNS = [
    "part",
    "number",
    "field",
    "code",
    "label",
    "text",
    "audience",
    "qualifier",
    "figure",
    "unit",
    "year",
    "series",
    "caveat",
    "source",
]


def licence_line(whole):
    """Return what may be done with the words. Only those that come with the software are under a licence."""
    if whole.is_part_of_the_software:
        return _(
            "We wrote these words ourselves. They are part of this site’s software, so you may use them under its"
            " licence, %(licence)s. Each source keeps its own rights."
        ) % {"licence": LICENCE}
    return _(
        "Nobody has set a licence for these words. You may quote from them, with the address of this page. Each source"
        " keeps its own rights."
    )


def as_json(whole):
    """Return the structured fields as JSON."""
    return json.dumps(_record(whole), ensure_ascii=False, indent=2) + "\n"


def _record(whole):
    case = whole.case
    complete = completeness(case, whole.effects)
    return {
        "address": whole.address,
        "uuid": str(case.uuid),
        "slug": case.slug,
        "name": case.name,
        "summary": case.summary,
        "language": case.text_language,
        "country": case.country,
        "year": case.year,
        "programme": case.programme.name if case.programme else None,
        "sample": case.sample,
        "answered": {"given": complete.given, "of": complete.total},
        "template": {each.name: _field(case, each) for part in PARTS for each in part.fields},
        "effects": [
            {"kind": effect.kind, "audience": effect.audience, "text": effect.text, "figure": _number(effect.figure)}
            | _cited(effect)
            for effect in whole.effects
        ],
        "key_figures": [
            {
                "label": figure.label,
                "qualifier": figure.qualifier,
                "figure": _number(figure.value),
                "series": figure.series,
            }
            | _cited(figure)
            for figure in whole.figures
        ],
        "visitor_questions": [
            {"question": each.question, "answer": each.answer, "caveat": each.caveat, "source": each.source.slug}
            for each in whole.questions
        ],
        "own_reading": {
            "roles": [{"role": each.role.slug, "text": each.text} for each in whole.roles],
            "themes": list(case.themes),
            "topics": [topic.slug for topic in whole.topics],
        },
        "sources": [
            {"slug": source.slug, "citation": source.citation, "address": source.address, "note": source.note}
            for source in whole.sources
        ],
        "licence": {
            "name": LICENCE if whole.is_part_of_the_software else None,
            "address": LICENCE_ADDRESS if whole.is_part_of_the_software else None,
            "text": licence_line(whole),
        },
    }


def _field(case, each: Field):
    answer = answer_of(case, each)
    codes = {"codes": answer.codes} if each.choice else {}
    return {"number": each.number, "label": str(each.label), **codes, "text": answer.text}


def _cited(each):
    return {"unit": each.unit, "year": each.year, "caveat": each.caveat, "source": each.source.slug}


def _number(value):
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_csv(whole):
    """Return the structured fields as CSV, one thing a row."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    for row in _rows(whole):
        writer.writerow({name: neutral(cell) if isinstance(cell, str) else cell for name, cell in row.items()})
    return BOM + file.getvalue()


def _rows(whole):
    case = whole.case
    for field, text in [
        ("address", whole.address),
        ("name", case.name),
        ("summary", case.summary),
        ("language", case.text_language),
        ("country", case.country),
        ("year", case.year),
        ("programme", case.programme.name if case.programme else ""),
        ("licence", LICENCE if whole.is_part_of_the_software else ""),
    ]:
        yield {"part": "about", "field": field, "text": text}
    for each in [each for part in PARTS for each in part.fields]:
        answer = answer_of(case, each)
        yield {
            "part": "template",
            "number": each.number,
            "field": each.name,
            "code": " ".join(answer.codes),
            "label": answer.words,
            "text": answer.text,
        }
    for effect in whole.effects:
        yield {
            "part": "effect",
            "number": EffectKind(effect.kind).number,
            "field": effect.kind,
            "text": effect.text,
            "audience": effect.audience,
            "figure": _number(effect.figure),
        } | _cited(effect)
    for figure in whole.figures:
        yield {
            "part": "key figure",
            "label": figure.label,
            "qualifier": figure.qualifier,
            "figure": _number(figure.value),
            "series": figure.series,
        } | _cited(figure)
    for each in whole.questions:
        cited = {"caveat": each.caveat, "source": each.source.slug}
        yield {"part": "visitor question", "label": each.question, "text": each.answer} | cited
    for each in whole.roles:
        yield {
            "part": "own reading",
            "field": "role",
            "code": each.role.slug,
            "label": each.role.name,
            "text": each.text,
        }
    for code in case.themes:
        yield {"part": "own reading", "field": "theme", "code": code, "label": str(Theme(code).label)}
    for topic in whole.topics:
        yield {"part": "own reading", "field": "topic", "code": topic.slug, "label": topic.label}
    for source in whole.sources:
        yield {"part": "source", "source": source.slug, "label": source.citation, "caveat": source.note}


def as_markdown(whole):
    """Return the whole text as Markdown."""
    case = whole.case
    blocks = [f"# {_one_line(case.name)}", case.summary]
    if whole.figures:
        blocks += [
            f"## {_('Key figures')}",
            _items(_with_source(figure_in_words(each), each) for each in whole.figures),
        ]
    for part in PARTS:
        answers = [answer_of(case, each) for each in part.fields]
        blocks.append(f"## {part.title}")
        for answer in answers:
            if len(answers) > 1:
                blocks.append(f"### {answer.label}")
            blocks += [f"**{answer.words}**" if answer.words else "", answer.text.strip()]
            if not answer.is_given:
                blocks.append(f"*{_('Not stated in the source')}*")
        if part.slug == "cost":
            blocks += _effects(whole)
    if whole.questions:
        blocks.append(f"## {_('What visitors asked')}")
        for each in whole.questions:
            blocks += [f"### {_one_line(each.question)}", _with_source(each.answer.strip(), each)]
    if whole.roles:
        blocks += [f"## {_('Support roles')}", _items(f"**{each.role.name}.** {each.text}" for each in whole.roles)]
    if whole.sources:
        blocks += [f"## {_('Sources')}", _items(source.citation for source in whole.sources)]
    blocks += ["---", as_text(whole).strip(), licence_line(whole)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _effects(whole):
    for title, kind in [(_("What was measured"), EffectKind.MEASURED), (_("What people say or hope"), "anticipated")]:
        found = [effect for effect in whole.effects if effect.kind == kind]
        yield f"## {title}"
        yield (
            _items(_with_source(f"**{each.get_audience_display()}:** {each.text}", each) for each in found)
            or f"*{_('Not stated in the source')}*"
        )


def _with_source(text, each):
    caveat = f" {_one_line(each.caveat)}" if each.caveat else ""
    return f"{text}{caveat} ({_('Source:')} {each.source.citation})"


def _items(lines):
    return "\n".join(f"- {_one_line(line)}" for line in lines)


def _one_line(text):
    return re.sub(r"\s+", " ", text).strip()


@dataclass(frozen=True)
class Form:
    """One way to take a case study along: what it is called, what it is, how it is made."""

    name: str
    label: str
    content_type: str
    make: object
    is_citation: bool


FORMS = {
    each.name: each
    for each in [
        Form("cite.txt", gettext_lazy("Plain text"), "text/plain", as_text, is_citation=True),
        Form("cite.bib", gettext_lazy("BibTeX"), "application/x-bibtex", as_bibtex, is_citation=True),
        Form("cite.ris", gettext_lazy("RIS"), "application/x-research-info-systems", as_ris, is_citation=True),
        Form("data.json", gettext_lazy("The fields as JSON"), "application/json", as_json, is_citation=False),
        Form("data.csv", gettext_lazy("The fields as CSV, for a spreadsheet"), "text/csv", as_csv, is_citation=False),
        Form("text.md", gettext_lazy("The text as Markdown"), "text/markdown", as_markdown, is_citation=False),
    ]
}
