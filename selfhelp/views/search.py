"""One search over groups, practitioners, case studies, topics and the learn pages."""

from django import forms
from django.contrib.postgres.search import SearchVector
from django.db.models import TextField
from django.db.models.functions import Cast
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from casestudies.filters import CaseStudyFilterSet
from casestudies.models import CaseStudy
from directory.filters import about_sensitive_topics, crisis_lines
from directory.formfields import PlaceField, WordsField
from directory.models import Topic
from directory.search import TEXT_CONFIG, query_for
from groups.filters import GroupFilterSet, GroupResults
from groups.wider import wider
from practitioners.filters import PractitionerFilterSet
from practitioners.models import Practitioner
from practitioners.presenting import present_practitioners
from selfhelp.learn import learn_matching

A_FEW = 5
MOST_TOPICS = 8


class SearchForm(forms.Form):
    """Words and a place."""

    q = WordsField(label=_("What are you looking for?"))
    near = PlaceField(label=_("Where are you?"))


@require_safe
def search(request):
    """Show the best of each room for the words, with a link to all of it."""
    form = SearchForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "")
    place = form.cleaned_data.get("near")
    asked = bool(words or place)
    groups = GroupFilterSet(request.GET)
    practitioners = PractitionerFilterSet(request.GET, Practitioner.objects.published().for_cards())
    case_studies = CaseStudyFilterSet(request.GET, CaseStudy.objects.published().for_cards())
    context = {"form": form, "asked": asked, "words": words, "place": place, "crisis_lines": crisis_lines(words)}
    context["groups"], context["groups_count"], context["widen"] = [], 0, []
    groups_path = reverse("groups:list")
    if asked:
        results = GroupResults(groups, groups_path)
        context["groups"], context["groups_count"] = results.listings[:A_FEW], results.total
        context["widen"] = [] if results.total else wider(groups, groups_path, 0)
    context |= about_sensitive_topics(words, groups.reading.topics)
    context["groups_url"] = groups.url(groups_path)
    for name, filterset, address in [
        ("practitioners", practitioners, reverse("practitioners:list")),
        ("case_studies", case_studies, reverse("casestudies:list")),
    ]:
        wanted = asked and (name != "case_studies" or words)
        context[name] = list(filterset.qs[:A_FEW]) if wanted else []
        context[f"{name}_count"] = filterset.qs.order_by().count() if wanted else 0
        context[f"{name}_url"] = filterset.url(address)
    present_practitioners(context["practitioners"])
    context["topics"] = list(topics_matching(words)[:MOST_TOPICS]) if words else []
    context["learn"] = learn_matching(words)[:A_FEW] if words else []
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
