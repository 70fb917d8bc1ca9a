"""One search over groups, practitioners, case studies, topics and the learn pages."""

from urllib.parse import urlencode

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from casestudies.models import CaseStudy
from directory.danger import about_danger
from directory.formfields import PlaceField, WordsField, tell_what_was_left_out
from directory.keeping import asking_once, kept_for_a_minute
from directory.models import Topic
from directory.wording import counted_up_to
from groups.filters import GroupFilterSet
from groups.results import GroupResults
from groups.search import CAP
from groups.spelling import stems_in
from groups.unmatched import note_unmatched
from groups.wider import MOST_WIDER, wider
from practitioners.filters import PractitionerFilterSet
from practitioners.results import PractitionerResults
from selfhelp.learn import best_of_each_page, learn_texts
from selfhelp.texts import Shelf, Text

A_FEW = 5
MOST_TOPICS = 8


class SearchForm(forms.Form):
    """Words and a place."""

    q = WordsField(label=_("What are you looking for?"))
    near = PlaceField(label=_("Where are you?"))

    def __init__(self, data):
        super().__init__(data)
        tell_what_was_left_out(self)


@require_safe
@asking_once()
def search(request):
    """Show the best of each room for the words, with a link to all of it."""
    for_groups = request.GET.copy()
    for_groups.pop("view", None)  # the week is a view of the groups' own page
    groups = GroupFilterSet(for_groups)
    words, place = groups.asked.get("q", ""), groups.asked.get("near")
    asked = bool(words or place)
    practitioners = PractitionerFilterSet(request.GET)
    context = {"form": SearchForm(request.GET), "asked": asked, "words": words, "place": place}
    context |= about_danger(groups.crisis, groups.reading.topics)
    groups_path = reverse("groups:list")
    for name, filterset, results, address in [
        ("groups", groups, GroupResults, groups_path),
        ("practitioners", practitioners, PractitionerResults, reverse("practitioners:list")),
    ]:
        context[name], context[f"{name}_count"] = [], 0
        if asked:
            found = results(filterset, request.path)
            context[name], context[f"{name}_count"] = found.listings[:A_FEW], found.total
            context[f"{name}_shown"] = counted_up_to(found.total, CAP)
            if name == "groups":
                context["understood"] = found.about_places()
        context[f"{name}_url"] = filterset.url(address)
    context["notices"] = [unknown.message for unknown in groups.unknown_places]
    # 'How do I start a group in my town?': every group fits, and who asks wants an answer first.
    meant = [part for part in groups.reading.understood.parts if part.field != "near"]
    context["is_question"] = bool(words) and not (groups.place or groups.reading.terms or meant)
    context["corrected"] = groups.corrected
    context["literal_url"] = groups.url(request.path, spelling="typed")
    context["widen"] = wider(groups, groups_path, 0)[:MOST_WIDER] if asked and not context["groups_count"] else []
    context |= in_the_other_rooms(words, groups.reading)
    if not any(context[name] for name in ["practitioners", "case_studies", "topics", "learn"]):
        note_unmatched(request, groups)
    context["found_nothing"] = asked and not any(
        context[name] for name in ["groups", "practitioners", "case_studies", "topics", "learn"]
    )
    return render(request, "selfhelp/search.html", context)


def in_the_other_rooms(words, reading):
    """Return what the page shows of case studies, topics and learn pages.

    They are asked for the words as typed, and where these find nothing for what a `Reading` says that they are about.
    """
    texts = [text for text in dict.fromkeys([words, reading.about]) if stems_in(text)]
    cases = list(CaseStudy.objects.published().for_cards().found_first_by(texts, reading.topics)[:A_FEW])
    cases = [case for case in cases if case.way == cases[0].way]
    way = [*({"q": text} for text in texts), {"topic": reading.topics}][cases[0].way if cases else 0]
    named = [topic for topic in topic_texts().found if topic.slug in reading.topics]
    return {
        "case_studies": cases,
        "case_studies_count": cases[0].found if cases else 0,
        "case_studies_url": f"{reverse('casestudies:list')}?{urlencode(way, doseq=True)}",
        "topics": list(dict.fromkeys([*named, *topic_texts().matching(texts)]))[:MOST_TOPICS],
        "learn": best_of_each_page(learn_texts().matching(texts) or learn_texts().holding_most(words))[:A_FEW],
    }


@kept_for_a_minute
def topic_texts():
    """Return all topics, to be looked up by what they are called."""
    topics = Topic.objects.order_by("label")
    return Shelf.of([Text(topic, topic.label, "", " ".join(topic.synonyms)) for topic in topics])
