"""The first page: one box for words, one for the place, three doors."""

from django.db.models import Count, Q
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casestudies.models import CaseStudy
from directory.lists import topic_choices, topics, widest_topics
from groups.filters import GroupFilterSet
from groups.models import Group
from groups.topics import groups_about_each_topic
from practitioners.models import Practitioner

INDEX_LENGTH = 24
FEATURED = "gem"


@require_safe
def home(request):
    """Show the home page."""
    # What only gathers others ('Mental health') would fill the first page with itself.
    gathering = widest_topics().intersection(topic["parent__slug"] for topic in topics())
    counts, labels = (
        groups_about_each_topic(),
        {slug: label for slug, label in topic_choices() if slug not in gathering},
    )
    busiest = sorted(counts.keys() & labels.keys(), key=lambda slug: (-counts[slug], labels[slug]))[:INDEX_LENGTH]
    index = [
        {"label": labels[slug], "url": reverse("topic", args=[slug]), "count": counts[slug]}
        for slug in sorted(busiest, key=lambda slug: labels[slug].casefold())
    ]
    featured = CaseStudy.objects.published().filter(slug=FEATURED).prefetch_related("sources").first()
    return render(
        request,
        "selfhelp/home.html",
        {
            "form": GroupFilterSet(QueryDict()).form,
            "topic_index": index,
            "featured": featured
            and {
                "title": featured.name,
                "url": featured.get_absolute_url(),
                "text": featured.summary,
                "citation": "; ".join(source.citation for source in featured.sources.all()),
            },
            "groups": counts_of(Group),
            "practitioners": counts_of(Practitioner),
            "case_studies": CaseStudy.objects.published().count(),
        },
    )


def counts_of(model):
    """Return how many listings are published, and how many of them are samples: {"all", "samples"}."""
    return model.objects.published().aggregate(all=Count("pk"), samples=Count("pk", filter=Q(sample=True)))
