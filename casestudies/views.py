"""Pages of the case studies' room."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casestudies.choices import EffectKind
from casestudies.filters import CaseStudyFilterSet
from casestudies.models import CaseStudy
from casestudies.presenting import answered, present_figures, template_parts
from directory.filters import ResultPage
from directory.markdown import to_html


@require_safe
def case_study_list(request):
    """Show the case studies that fit the search in the address."""
    filterset = CaseStudyFilterSet(request.GET, CaseStudy.objects.published().for_cards())
    context = ResultPage(filterset, reverse("casestudies:list"), request.GET.get("page")).context()
    return render(request, "casestudies/list.html", context | {"headline": filterset.headline(context["total"])})


@require_safe
def case_study_detail(request, slug):
    """Show one published case study."""
    return render_case_study(request, get_object_or_404(CaseStudy.objects.published(), slug=slug))


def render_case_study(request, case, *, preview=False):
    """Return the page of a case study, as the public sees it; `preview` marks it for a curator."""
    parts = template_parts(case)
    effects = list(case.effects.select_related("source"))
    topics = list(case.topics.all())
    answered_count, fields_total = answered(case, parts, effects)
    return render(
        request,
        "casestudies/detail.html",
        {
            "case": case,
            "preview": preview,
            "overview": to_html(case.overview),
            "key_figures": present_figures(list(case.keyfigures.select_related("source"))),
            "parts": parts,
            "effects_measured": [effect for effect in effects if effect.kind == EffectKind.MEASURED],
            "effects_anticipated": [effect for effect in effects if effect.kind == EffectKind.ANTICIPATED],
            "visitor_questions": list(case.visitorquestions.select_related("source")),
            "roles_shown": list(case.roles_shown.select_related("role")),
            "sources": list(case.sources.all()),
            "answered": answered_count,
            "fields_total": fields_total,
            "topics": topics,
            "sensitive": any(topic.sensitive for topic in topics),
            "themes": case.theme_labels,
            "groups": list(case.groups.published()),
            "practitioners": list(case.practitioners.published()),
        },
    )
