"""A search in one sentence: '4 practitioners for Anxiety and panic near Leeds, as co-educator'."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.wording import counted_up_to
from directory.words import with_small_letter
from groups.headline import looked_for, refused
from groups.search import CAP

# How a choice of a field is said after what it is about and where, in this order.
AS_SAID = {
    "role": gettext_lazy("as %(what)s"),
    "area": gettext_lazy("for this support: %(what)s"),
    "sector": gettext_lazy("where they work: %(what)s"),
    "language": gettext_lazy("in %(what)s"),
}


def headline(search, total):
    """Return what a search asks for and how many practitioners it finds, in words."""
    words = ngettext("%(n)s practitioner", "%(n)s practitioners", total) % {"n": counted_up_to(total, CAP)}
    if about := looked_for(search, search.reading.understood.words):
        words = _("%(people)s for %(topics)s") % {"people": words, "topics": ", ".join(about)}
    said = [said for name in AS_SAID for said in _said(search, name)]
    if search.values.get("accepting"):
        said.append(_("who take requests now"))
    return ", ".join([_where(search, words), *said, *refused(search)])


def _where(search, words):
    if search.is_only_online:
        return _("%(people)s online") % {"people": words}
    if "near" in search.form.errors:
        return _("%(people)s, from everywhere") % {"people": words}
    if not search.place:
        return words
    also = search.values.get("online") == "also"
    if search.nations:
        near = _("%(people)s in %(place)s, or online") if also else _("%(people)s in %(place)s")
    else:
        near = _("%(people)s near %(place)s, or online") if also else _("%(people)s near %(place)s")
    return near % {"people": words, "place": search.places_in_words}


def _said(search, name):
    """Return what is asked for in one field, in words; nothing where it is open."""
    codes = search.values.get(name, [])
    labels = [str(label) for code, label in search.form.fields[name].choices if code in codes]
    if name in {"role", "sector"}:
        labels = list(map(with_small_letter, labels))
    said = get_text_list(labels, _("and") if name == "role" and search.wants_all_roles else _("or"))
    return [AS_SAID[name] % {"what": said}] if said else []
