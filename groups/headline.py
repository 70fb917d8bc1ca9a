"""A search in one sentence: '6 groups for Bereavement near Leeds, on Mondays, in the evening, for women'."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.formfields import SwitchField
from directory.understanding import DATED, REFUSED
from directory.wording import counted_up_to
from directory.words import with_small_letter
from groups.search import CAP

DAYS = {
    "mon": gettext_lazy("Mondays"),
    "tue": gettext_lazy("Tuesdays"),
    "wed": gettext_lazy("Wednesdays"),
    "thu": gettext_lazy("Thursdays"),
    "fri": gettext_lazy("Fridays"),
    "sat": gettext_lazy("Saturdays"),
    "sun": gettext_lazy("Sundays"),
}
TIMES = {
    "morning": gettext_lazy("in the morning"),
    "afternoon": gettext_lazy("in the afternoon"),
    "evening": gettext_lazy("in the evening"),
}
# How a choice of a field is said where its label alone does not tell what is meant.
AS_SAID = {
    "day": gettext_lazy("on %(what)s"),
    "audience": gettext_lazy("for %(what)s"),
    "language": gettext_lazy("in %(what)s"),
    "seeking": gettext_lazy("looking for support: %(what)s"),
}
# In this order, after what it is about and where.
FIELDS = (
    *("day", "time", "format", "audience", "age", "access", "language", "referral", "kind", "run_by", "free"),
    *("peer_led", "seeking", "confirmed"),
)


def headline(search, total):
    """Return what a search asks for and how many groups it finds, in words."""
    words = ngettext("%(n)s group", "%(n)s groups", total) % {"n": counted_up_to(total, CAP)}
    if about := looked_for(search, "" if search.says_nothing else search.reading.understood.words):
        words = _("%(groups)s for %(topics)s") % {"groups": words, "topics": ", ".join(about)}
    if search.place and not search.is_from_anywhere:
        near = _("%(groups)s in %(place)s") if search.nations else _("%(groups)s near %(place)s")
        words = near % {"groups": words, "place": search.places_in_words}
    elif "near" in search.form.errors:
        words = _("%(groups)s, from everywhere") % {"groups": words}
    return ", ".join([words, *(said for name in FIELDS for said in _said(search, name)), *refused(search)])


def looked_for(search, words):
    """Return the topics that are looked for, and the `words` besides, in quotation marks."""
    chosen = search.asked.get("topic", [])
    labels = [str(label) for code, label in search.form.fields["topic"].choices if code in chosen]
    labels += [part.label for part in search.reading.understood.soft_parts]
    return [*dict.fromkeys(labels), *([_("“%(words)s”") % {"words": words}] if words else [])]


def _said(search, name):
    """Return what is asked for in one field, in words; nothing where it was only refused."""
    value, field, understood = search.values.get(name), search.form.fields[name], search.reading.understood
    if isinstance(field, SwitchField):
        return [_lower(field.label)] if value else []
    codes = [value] if isinstance(value, str) else value or []
    if name in understood.refused:
        codes = [*search.asked.get(name, []), *(code for code in understood.codes(name) if code in codes)]
    labels = {"day": DAYS, "time": TIMES}.get(name) or {
        code: str(label) if name == "language" else _lower(label) for code, label in field.choices if code in codes
    }
    dated = [part for part in understood.parts if part.field == name and part.code.startswith(DATED)]
    if dated and search.dates:
        return [with_small_letter(part.label) for part in dated]
    said = get_text_list(
        [str(labels[code]) for code in labels if code in codes], _("and") if name == "access" else _("or")
    )
    return [AS_SAID.get(name, "%(what)s") % {"what": said}] if said else []


def refused(search):
    """Return what is not wanted: 'not Monday'."""
    labels = [part.label for part in search.reading.understood.parts if part.code.startswith(REFUSED)]
    return list(map(with_small_letter, labels))


def _lower(label):
    """Return a label as a part of a sentence: 'LGBTQ+ people' and 'Black, Asian ...' keep their capitals."""
    label = str(label)
    return with_small_letter(label) if label[1:] == label[1:].lower() else label
