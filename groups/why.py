"""Why a group is among the results: 'About Grief and loss. It fits “tea”. Meets on Monday. 1.2 miles away.'."""

import re
from os.path import commonprefix

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from directory.preparing import prepared_cursor
from directory.words import plain
from groups.models.search import facet, slots

# Words with one stem have at least so many letters in common.
LEAST_IN_COMMON = 3


def explain(groups, filterset):
    """Set `why` on each group: sentences that say what of the search it fits. Makes at most one query."""
    fitting = _fitting(groups, filterset)
    for group in groups:
        group.why = fitting.get(group.pk, [])
        if group.distance_words and group.why:
            group.why.append(_("%(distance)s away.") % {"distance": group.distance_words.capitalize()})
        elif group.distance is not None and not group.distance_words:
            group.why.append(_("It is for people near %(place)s.") % {"place": filterset.places_in_words})


def _fitting(groups, filterset):
    """Return {pk: sentences that say which words, topics and days of the search a group fits}."""
    terms = [term.word for term in filterset.reading.terms]
    labels = {code: str(label) for code, label in filterset.form.fields["topic"].choices}
    topics = dict.fromkeys([*filterset.asked.get("topic", []), *filterset.reading.topics])
    days = [] if filterset.reading.understood.refused.get("day") else filterset.values.get("day", [])
    others = filterset.of_a_meeting(without=("day",))
    if not groups or not (terms or topics or days):
        return {}
    # The text of a group holds the other words for its topics, so that it is found by them: it need not say them.
    of_topics = {term.word for term in filterset.reading.terms_of_topics}
    facts = _facts(groups, terms)
    day_labels = dict(filterset.form.fields["day"].choices)
    fitting = {}
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
        fitting[group.pk] = [
            sentence % {"what": get_text_list(what, _("and"))}
            for sentence, what in [
                (_("About %(what)s."), about),
                (_("Its name says %(what)s."), [_quoted(_as_said(word, group.name)) for word in in_name]),
                # It is found by the wider topics, too: it need not say these words itself.
                (_("It fits %(what)s."), [_quoted(word) for word in in_text]),
                (_("Meets on %(what)s."), meets),
            ]
            if what
        ]
    return fitting


def _quoted(words):
    return _("“%(word)s”") % {"word": words}


def _as_said(words, name):
    """Return how a name says what has the stems of `words`: 'Tuesday' of 'The Tuesday Tea', for 'tuesdays'."""
    own = {plain(each): each for each in re.findall(r"[\w’'-]+", name)}

    def beginning(word, each):
        return len(commonprefix([word, each]))

    nearest = [
        max(own, key=lambda each, word=word: (each == word, beginning(word, each)), default="")
        for word in words.split()
    ]
    are_near = all(beginning(word, each) >= LEAST_IN_COMMON for word, each in zip(words.split(), nearest, strict=True))
    return " ".join(own[each] for each in nearest) if are_near else words


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
