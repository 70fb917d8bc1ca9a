"""Why a group is among the results: 'About Grief and loss. Says “tea”. Meets on Monday. 1.2 miles away.'."""

from django.db.models import F, Value
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from groups.matches import Holds, WordQuery
from groups.models import GroupSearch
from groups.models.search import facet, slots


def explain(groups, filterset):
    """Set `why` on each group: sentences that say what of the search it fits. Makes at most one query."""
    terms = [term.word for term in filterset.reading.terms]
    labels = {code: str(label) for code, label in filterset.form.fields["topic"].choices}
    topics = dict.fromkeys([*filterset.asked.get("topic", []), *filterset.reading.topics])
    days = [] if filterset.reading.understood.refused.get("day") else filterset.values.get("day", [])
    others = filterset.of_a_meeting(without=("day",))
    if not groups or not (terms or topics or days):
        return
    named = {f"name{n}": Holds(F("name_words"), WordQuery(Value(word))) for n, word in enumerate(terms)}
    said = {f"text{n}": Holds(F("words"), WordQuery(Value(word))) for n, word in enumerate(terms)}
    rows = GroupSearch.objects.filter(pk__in=[group.pk for group in groups]).annotate(**named, **said)
    fits = {row["pk"]: row for row in rows.values("pk", "facets", "codes", *named, *said)}
    day_labels = dict(filterset.form.fields["day"].choices)
    for group in groups:
        row = fits.get(group.pk)
        if row is None:
            continue
        own = set(row["codes"])
        about = [labels[slug] for slug in topics if slug in labels and facet("topic", slug) in row["facets"]]
        in_name = [word for n, word in enumerate(terms) if row[f"name{n}"]]
        in_text = [word for n, word in enumerate(terms) if row[f"text{n}"] and word not in in_name]
        meets = [str(day_labels[day]) for day in days if not own.isdisjoint(slots(day=[day], **others))]
        group.why = [
            sentence % {"what": get_text_list(what, _("and"))}
            for sentence, what in [
                (_("About %(what)s."), about),
                (_("Its name says %(what)s."), [_("“%(word)s”") % {"word": word} for word in in_name]),
                (_("It says %(what)s."), [_("“%(word)s”") % {"word": word} for word in in_text]),
                (_("Meets on %(what)s."), meets),
            ]
            if what
        ]
        if group.distance_words:
            group.why.append(_("%(distance)s away.") % {"distance": group.distance_words.capitalize()})
