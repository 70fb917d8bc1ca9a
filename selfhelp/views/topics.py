"""Topics: an index, and for each a hub of groups, practitioners, case studies and help lines."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from casestudies.models import CaseStudy
from directory.models import Topic
from groups.models import Group
from groups.presenting import present_groups
from groups.topics import groups_about_each_topic
from practitioners.models import Practitioner
from practitioners.presenting import present_practitioners

A_FEW = 5


@require_safe
def topic_list(request):
    """Show all topics, under the widest ones."""
    counts, children = groups_about_each_topic(), {}
    for topic in Topic.objects.order_by("label"):
        topic.count = counts.get(topic.slug, 0)
        children.setdefault(topic.parent_id, []).append(topic)

    def below(topic):
        for child in children.get(topic.pk, []):
            yield child
            yield from below(child)

    umbrellas = children.get(None, [])
    for umbrella in umbrellas:
        umbrella.shown_children = sorted(below(umbrella), key=lambda topic: topic.label.casefold())
    return render(request, "topics/list.html", {"umbrellas": umbrellas})


@require_safe
def topic_detail(request, slug):
    """Show the hub of one topic."""
    topic = get_object_or_404(Topic.objects.select_related("parent", "counterpart"), slug=slug)
    groups = Group.objects.published().about([slug])
    practitioners = Practitioner.objects.published().about([slug])
    case_studies = CaseStudy.objects.published().about([slug])
    return render(
        request,
        "topics/detail.html",
        {
            "topic": topic,
            "parent": topic.parent,
            "children": list(topic.children.all()),
            "related": list(topic.related.all()[:6]),
            "counterpart": topic.counterpart,
            "groups": present_groups(list(groups.for_cards().by_next_date()[:A_FEW])),
            "group_count": groups.count(),
            "practitioners": present_practitioners(list(practitioners.for_cards().order_by("name", "pk")[:A_FEW])),
            "practitioner_count": practitioners.count(),
            "case_studies": list(case_studies.order_by("name", "pk")[:A_FEW]),
            "case_study_count": case_studies.count(),
            "help_lines": list(topic.help_lines.active()),
            "sensitive": topic.sensitive,
        },
    )
