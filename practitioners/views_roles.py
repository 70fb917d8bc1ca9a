"""Pages about the support roles: the five, each one, the role finder, and working well together."""

from django.db.models import Prefetch
from django.http import QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from directory.geo import KM_PER_MILE
from directory.markdown import to_html
from directory.models import SupportArea, SupportRole
from groups.matches import Matches as GroupMatches
from groups.models import Group, GroupSearch
from groups.presenting import present_groups
from groups.search import find as find_groups
from practitioners.choices import FinderPath
from practitioners.content import working_together
from practitioners.filters import PractitionerFilterSet
from practitioners.forms import FinderForm
from practitioners.models import FinderAnswer, FinderQuestion, FinderRule, Practitioner, Support
from practitioners.presenting import present_practitioners
from practitioners.results import PractitionerResults
from practitioners.rolefinder import advise

A_FEW = 4
# Whoever ticks more than this should begin with one thing.
MANY_ROLES = 3


@require_safe
def role_list(request):
    """Show the five support roles and the four areas."""
    roles = SupportRole.objects.prefetch_related("areas")
    return render(request, "practitioners/roles.html", {"roles": list(roles), "areas": list(SupportArea.objects.all())})


@require_safe
def role_detail(request, slug):
    """Show one support role: what it is, when a group needs it, who takes it on, who has it and who looks for it."""
    role = get_object_or_404(SupportRole.objects.prefetch_related("areas"), slug=slug)
    practitioners = Practitioner.objects.published().in_roles([slug])
    seeking = Group.objects.published().seeking_roles([slug])
    supports = Support.objects.public().current().filter(role=role).select_related("group", "practitioner")
    return render(
        request,
        "practitioners/role.html",
        {
            "role": role,
            "areas": list(role.areas.all()),
            "practitioners": present_practitioners(list(practitioners.for_cards()[:A_FEW])),
            "practitioner_count": practitioners.count(),
            "groups_seeking": present_groups(list(seeking.for_cards()[:A_FEW])),
            "groups_seeking_count": seeking.count(),
            "supports": list(supports.order_by("group__name", "pk")[:A_FEW]),
            "groups_receiving_count": GroupSearch.objects.with_one_of("receiving", [slug]).count(),
            # The room above hangs these on a role; this room needs no import to show them.
            "case_studies": [
                shown for shown in role.shown_in.select_related("case_study") if shown.case_study.is_published
            ],
            "other_roles": list(SupportRole.objects.exclude(pk=role.pk)),
        },
    )


@require_safe
def together(request):
    """Show what helps a group and a practitioner to work well together."""
    parts = [{**part, "html": to_html(part["body"])} for part in working_together()]
    return render(request, "practitioners/working_together.html", {"parts": parts})


@require_safe
def role_finder(request):
    """Ask a group what it needs, or a practitioner what they can give; and say which role fits, and why."""
    rules = Prefetch("rules", FinderRule.objects.select_related("role"))
    answers = list(FinderAnswer.objects.select_related("question").prefetch_related(rules))
    form = FinderForm(request.GET, answers)
    path = form.chosen_path
    ticked = [
        answer
        for answer in answers
        if answer.slug in form.cleaned_data.get("answer", []) and answer.question.path == path
    ]
    chosen = []
    for answer in ticked:
        for rule in answer.rules.all():
            rule.answer = answer
            chosen.append(rule)
    advice = advise(chosen)
    place = form.cleaned_data.get("near")
    asks_groups = path == FinderPath.GROUP
    questions = [
        {"question": question, "answers": [answer for answer in answers if answer.question_id == question.pk]}
        for question in FinderQuestion.objects.filter(path=path)
    ]
    context = {
        "form": form,
        "path": path,
        "asks_groups": asks_groups,
        "questions": questions,
        "ticked": ticked,
        # The button says that it was pressed; a link to the page does not.
        "is_empty": "show" in request.GET and not ticked,
        "ticked_slugs": {answer.slug for answer in ticked},
        "advice": advice,
        "is_much": len(advice.suited) > MANY_ROLES,
        "place": place,
    }
    if advice.suited and place:
        near = form.data["near"]
        context |= _people_near(advice.roles, near) if asks_groups else _groups_near(advice.roles, near, place)
    return render(request, "practitioners/role_finder.html", context)


def _people_near(roles, near):
    """Return practitioners near a place, or online, who take on one of the roles; those who take on more come first."""
    query = QueryDict(mutable=True)
    query.setlist("role", [role.slug for role in roles])
    query.update({"near": near, "online": "also", "accepting": "1"})
    filterset = PractitionerFilterSet(query)
    results = PractitionerResults(filterset, reverse("practitioners:list"))
    return {
        "practitioners": results.listings[:A_FEW],
        "practitioner_count": results.total,
        "practitioners_url": filterset.url(reverse("practitioners:list")),
    }


def _groups_near(roles, near, place):
    """Return groups near a place that look for one of the roles."""
    slugs = [role.slug for role in roles]
    matches = GroupMatches(GroupSearch.objects.with_one_of("seeking", slugs).at(place, 20 * KM_PER_MILE))
    found = find_groups(matches, sort="distance" if matches.circle else "soonest", limit=A_FEW)
    shown = Group.objects.published().for_cards().in_bulk(found.ids)
    query = QueryDict(mutable=True)
    query.setlist("seeking", slugs)
    query["near"] = near
    return {
        "groups": present_groups([shown[number] for number in found.ids if number in shown]),
        "group_count": found.total,
        "groups_url": f"{reverse('groups:list')}?{query.urlencode()}",
    }
