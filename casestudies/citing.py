"""A case study to cite: in plain text, as BibTeX, as RIS."""

from django.conf import settings
from django.utils.translation import gettext as _

LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    each: f"\\{each}" for each in "&%$#_{}"
}


def as_text(whole):
    """Return the citation in plain text."""
    lines = [f"{settings.SITE_NAME} ({whole.year}). {whole.case.name}. {_('Case study')}. {whole.address}"]
    if whole.sources:
        lines.append(whole.rests_on)
    return "\n".join(lines) + "\n"


def as_bibtex(whole):
    """Return the citation as BibTeX."""
    fields = {
        "author": "{" + _latex(settings.SITE_NAME) + "}",
        "title": "{" + _latex(whole.case.name) + "}",
        "year": str(whole.year),
        "howpublished": _latex(_("Case study")),
        "url": whole.address,
        "language": whole.case.text_language,
    }
    if whole.sources:
        fields["note"] = _latex(whole.rests_on)
    rows = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{whole.case.slug},\n{rows}\n}}\n"


def _latex(text):
    return "".join(LATEX.get(letter, letter) for letter in " ".join(text.split()))


def as_ris(whole):
    """Return the citation as RIS, for reference managers."""
    rows = [
        ("TY", "ELEC"),
        ("AU", settings.SITE_NAME),
        ("TI", whole.case.name),
        ("PY", str(whole.year)),
        ("UR", whole.address),
        ("LA", whole.case.text_language),
        ("AB", whole.case.summary),
        *[("KW", topic.label) for topic in whole.topics],
        *([("N1", whole.rests_on)] if whole.sources else []),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in rows if value or tag == "ER")
