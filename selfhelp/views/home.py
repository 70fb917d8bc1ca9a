"""The first page: one box for words, one for the place, three doors."""

from django.db.models import Count, Q
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casestudies.models import CaseStudy
from directory.choices import PublicationState
from directory.models import Topic
from groups.filters import GroupFilterSet
from groups.models import Group
from practitioners.models import Practitioner

INDEX_LENGTH = 24
FEATURED = "gem"


@require_safe
def home(request):
    """Show the home page."""
    published = Count("groups", filter=Q(groups__state=PublicationState.PUBLISHED), distinct=True)
    busiest = Topic.objects.annotate(count=published).filter(count__gt=0).order_by("-count", "label")[:INDEX_LENGTH]
    index = [
        {"label": topic.label, "url": reverse("topic", args=[topic.slug]), "count": topic.count}
        for topic in sorted(busiest, key=lambda topic: topic.label.casefold())
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
