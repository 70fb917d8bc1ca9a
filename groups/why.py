"""Why a group is among the results: 'About Grief and loss. Says “tea”. Meets on Monday. 1.2 miles away.'."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from directory.preparing import prepared_cursor
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
    # The text of a group holds the other words for its topics, so that it is found by them: it need not say them.
    of_topics = {term.word for term in filterset.reading.terms_of_topics}
    facts = _facts(groups, terms)
    day_labels = dict(filterset.form.fields["day"].choices)
    for group in groups:
        if group.pk not in facts:
            continue
        facets, codes, named, said = facts[group.pk]
        own = set(codes)
        about = [labels[slug] for slug in topics if slug in labels and facet("topic", slug) in facets]
        in_name = [word for word, is_there in zip(terms, named, strict=True) if is_there]
        told = {*in_name, *(of_topics if about else ())}
        in_text = [word for word, is_there in zip(terms, said, strict=True) if is_there and word not in told]
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


def _facts(groups, words):
    """Return {pk: (facets, codes, whether each word is in the name, whether each word is anywhere)}."""
    with prepared_cursor() as cursor:
        cursor.execute(
            """
            WITH asked AS MATERIALIZED (
                SELECT search_query(word) AS query, number
                FROM unnest(%s::text[]) WITH ORDINALITY each (word, number)
            )
            SELECT group_id, facets, codes,
                   ARRAY(SELECT name_words @@ query FROM asked ORDER BY number),
                   ARRAY(SELECT words @@ query FROM asked ORDER BY number)
            FROM groups_groupsearch WHERE group_id = ANY(%s)
            """,
            [words, [group.pk for group in groups]],
        )
        return {number: facts for number, *facts in cursor.fetchall()}
