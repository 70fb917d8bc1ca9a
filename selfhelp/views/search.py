"""One search over groups, practitioners, case studies, topics and the learn pages."""

from django import forms
from django.contrib.postgres.search import SearchVector
from django.db.models import Count, TextField, Window
from django.db.models.functions import Cast
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from casestudies.filters import CaseStudyFilterSet
from casestudies.models import CaseStudy
from directory.danger import about_danger
from directory.formfields import PlaceField, WordsField
from directory.keeping import asking_once
from directory.models import Topic
from directory.search import TEXT_CONFIG, query_for
from directory.wording import counted_up_to
from groups.filters import GroupFilterSet, GroupResults
from groups.search import CAP
from groups.unmatched import note_unmatched
from groups.wider import MOST_WIDER, wider
from practitioners.filters import PractitionerFilterSet
from practitioners.results import PractitionerResults
from selfhelp.learn import learn_matching

A_FEW = 5
MOST_TOPICS = 8


class SearchForm(forms.Form):
    """Words and a place."""

    q = WordsField(label=_("What are you looking for?"))
    near = PlaceField(label=_("Where are you?"))


@require_safe
@asking_once()
def search(request):
    """Show the best of each room for the words, with a link to all of it."""
    form = SearchForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "")
    place = form.cleaned_data.get("near")
    asked = bool(words or place)
    for_groups = request.GET.copy()
    for_groups.pop("view", None)  # the week is a view of the groups' own page
    groups = GroupFilterSet(for_groups)
    practitioners = PractitionerFilterSet(request.GET)
    case_studies = CaseStudyFilterSet(request.GET, CaseStudy.objects.published().for_cards())
    context = {"form": form, "asked": asked, "words": words, "place": place}
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
    context["corrected"] = groups.reading.corrected
    context["literal_url"] = groups.url(request.path, spelling="typed")
    context["widen"] = wider(groups, groups_path, 0)[:MOST_WIDER] if asked and not context["groups_count"] else []
    counted = case_studies.qs.annotate(found=Window(Count("pk")))
    context["case_studies"] = list(counted[:A_FEW]) if words else []
    context["case_studies_count"] = context["case_studies"][0].found if context["case_studies"] else 0
    context["case_studies_url"] = case_studies.url(reverse("casestudies:list"))
    context["topics"] = list(topics_matching(words)[:MOST_TOPICS]) if words else []
    context["learn"] = learn_matching(words)[:A_FEW] if words else []
    if not any(context[name] for name in ["practitioners", "case_studies", "topics", "learn"]):
        note_unmatched(request, groups)
    context["found_nothing"] = asked and not any(
        context[name] for name in ["groups", "practitioners", "case_studies", "topics", "learn"]
    )
    return render(request, "selfhelp/search.html", context)


def topics_matching(words):
    """Return topics in whose label or other words all the words stand."""
    if not words.strip():
        return Topic.objects.none()
    text = SearchVector("label", Cast("synonyms", TextField()), config=TEXT_CONFIG)
    return Topic.objects.annotate(words=text).filter(words=query_for(words)).order_by("label")
