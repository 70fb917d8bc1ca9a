"""Pages of the case studies' room."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from casestudies import citing, reuse
from casestudies.comparing import compare
from casestudies.filters import CaseStudyFilterSet
from casestudies.models import CaseStudy
from casestudies.presenting import present
from casestudies.results import CaseStudyResults
from casestudies.whole import Whole
from directory.addresses import at_its_address
from directory.private import private
from directory.suggesting.pages import suggestion_page

MOST_ALIKE = 3


@require_safe
def case_study_list(request):
    """Show the case studies that fit the search in the address."""
    filterset = CaseStudyFilterSet(request.GET, CaseStudy.objects.published().for_cards())
    results = CaseStudyResults(filterset, reverse("casestudies:list"), request.GET.get("page"))
    return render(request, "casestudies/list.html", results.context())


@require_safe
def case_study_compare(request):
    """Show two to four case studies side by side."""
    comparison = compare(request.GET)
    return render(
        request,
        "casestudies/compare.html",
        {
            "comparison": comparison,
            "sections": comparison.sections() if comparison.is_possible else [],
            "offered": comparison.offered() if comparison.can_take_more else [],
        },
    )


@require_safe
@at_its_address(CaseStudy)
def case_study_detail(request, case_study):
    """Show one published case study."""
    return render_case_study(request, case_study)


@require_safe
@at_its_address(CaseStudy)
def case_study_file(request, case, name):
    """Return a published case study as a citation, as data or as text."""
    form = reuse.FORMS[name]
    response = HttpResponse(
        form.make(Whole.of(case, request.build_absolute_uri(case.get_absolute_url()))),
        content_type=f"{form.content_type}; charset=utf-8",
    )
    way = "inline" if name == "cite.txt" else "attachment"
    response["Content-Disposition"] = f'{way}; filename="{case.slug}.{name.rpartition(".")[2]}"'
    return response


@private
@at_its_address(CaseStudy)
def case_study_suggest(request, case):
    """Show the form with which anyone can correct a case study, or send it in."""
    sensitive = case.topics.filter(sensitive=True).exists()
    return suggestion_page(request, CaseStudy, case, sensitive=sensitive)


def render_case_study(request, case, *, preview=False):
    """Return the page of a case study, as the public sees it; `preview` marks it for a curator."""
    whole = Whole.of(case, request.build_absolute_uri(case.get_absolute_url()))
    return render(
        request,
        "casestudies/detail.html",
        present(whole)
        | {
            "preview": preview,
            "suggest_url": reverse("casestudies:suggest", args=[case.slug]),
            "sensitive": any(topic.sensitive for topic in whole.topics),
            "alike": list(CaseStudy.objects.published().like(case)[:MOST_ALIKE]),
            "citation": citing.as_text(whole),
            "licence": reuse.licence_line(whole),
            "forms": [
                (form.label, reverse(f"casestudies:{name}", args=[case.slug])) for name, form in reuse.FORMS.items()
            ],
        },
    )
