"""The case studies that ship with the project: each figure of the sources, on its page, with its citation."""

import re
from functools import cache

import pytest
from django.db.models import Q

from casestudies.content import load_case_studies
from casestudies.models import CaseStudy, Effect, KeyFigure, Programme, RoleShown, Source
from directory.models import LoadedContent
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db

AREAS = {
    "self-care-humber-coast-and-vale",
    "self-care-rochdale",
    "self-care-north-east",
    "self-care-mid-and-south-essex",
    "self-care-herefordshire-and-worcestershire",
    "self-care-north-central-london",
    "self-care-bristol",
    "self-care-hampshire-and-isle-of-wight",
}
OTHERS = {
    "gem",
    "croydon-sun",
    "paxton-green-time-bank",
    "esteem",
    "building-health-partnerships",
    "study-visits",
    "pratt-groups",
    "alcoholics-anonymous",
}

# How a source is named beside a figure.
NAMED = {
    "esn-gem": "European Social Network",
    "nef-study-visits": "nef, on the Co-production practitioners network",
    "esteem-2013": "Carol Munn-Giddings",
    "bhp-briefing-one": "Institute for Voluntary Action Research (IVAR) and Social Enterprise UK",
    "self-help-explainer": "Self-help Groups: What Is Their Use?",
}

# Page, figure as the page says it, unit, source: every figure that has a number of its own.
FIGURES = [
    ("gem", "403", "groups", "esn-gem"),
    ("gem", "about 27,000", "people", "esn-gem"),
    ("gem", "about 67", "people", "esn-gem"),
    ("gem", "about 17", "people", "esn-gem"),
    ("gem", "87", "% of groups", "esn-gem"),
    ("gem", "13", "% of groups", "esn-gem"),
    ("gem", "about 30", "million euros a year", "esn-gem"),
    ("gem", "about 75,000", "euros a year", "esn-gem"),
    ("gem", "1.4", "employees", "esn-gem"),
    ("gem", "over 80", "% of groups", "esn-gem"),
    ("gem", "about 70", "% of groups", "esn-gem"),
    ("croydon-sun", "over 70", "members", "nef-study-visits"),
    ("croydon-sun", "4", "meetings a week", "nef-study-visits"),
    ("croydon-sun", "30", "% fewer", "nef-study-visits"),
    ("croydon-sun", "more than 50", "% less", "nef-study-visits"),
    ("paxton-green-time-bank", "5", "minutes", "nef-study-visits"),
    ("study-visits", "15", "people", "nef-study-visits"),
    ("esteem", "21", "groups", "esteem-2013"),
    ("esteem", "26", "practitioners", "esteem-2013"),
    ("esteem", "5", "roles", "esteem-2013"),
    ("esteem", "4", "areas", "esteem-2013"),
    ("building-health-partnerships", "8", "areas", "bhp-briefing-one"),
    ("building-health-partnerships", "4", "meetings", "bhp-briefing-one"),
    ("building-health-partnerships", "44", "STPs", "bhp-briefing-one"),
    ("building-health-partnerships", "4", "levels", "bhp-briefing-one"),
    ("building-health-partnerships", "9", "themes", "bhp-briefing-one"),
    ("self-care-humber-coast-and-vale", "3", "groups", "bhp-briefing-one"),
    ("self-care-north-east", "2", "areas", "bhp-briefing-one"),
    *[(slug, "4", "meetings", "bhp-briefing-one") for slug in sorted(AREAS)],
]

# Page, what it says, source: dates, and figures that stand in a sentence.
SAID = [
    ("gem", "in 2005", "esn-gem"),
    ("gem", "Since 2011", "esn-gem"),
    ("gem", "three times as many as ten years before", "esn-gem"),
    ("gem", "tripled from 2005 to 2015", "esn-gem"),
    ("gem", "17 of the 67 people", "esn-gem"),
    ("gem", "usually friends or close family", "esn-gem"),
    ("gem", "due in autumn 2016", "esn-gem"),
    ("gem", "less medical care", "esn-gem"),
    ("croydon-sun", "one or two", "nef-study-visits"),
    ("croydon-sun", "fell by 30 per cent", "nef-study-visits"),
    ("croydon-sun", "fell by more than half", "nef-study-visits"),
    ("paxton-green-time-bank", "five minutes", "nef-study-visits"),
    ("paxton-green-time-bank", "Rushey Green", "nef-study-visits"),
    ("study-visits", "Fifteen people", "nef-study-visits"),
    ("self-care-herefordshire-and-worcestershire", "4 September 2017", "bhp-briefing-one"),
    ("self-care-humber-coast-and-vale", "three groups", "bhp-briefing-one"),
    ("pratt-groups", "1905", "self-help-explainer"),
    ("alcoholics-anonymous", "support one another", "self-help-explainer"),
]


@pytest.fixture
def page(client, content):
    """Return a function that gives the words of a case study's page."""
    return cache(lambda slug: main_of(client.get(f"/case-studies/{slug}/")))


def test_all_of_them_are_published(content):
    assert set(CaseStudy.objects.published().values_list("slug", flat=True)) == AREAS | OTHERS


def test_the_programme_has_its_eight_areas(content):
    programme = Programme.objects.get(slug="building-health-partnerships")
    assert set(programme.case_studies.values_list("slug", flat=True)) == AREAS | {"building-health-partnerships"}


def test_each_figure_stands_on_its_page_with_its_citation(page):
    missing = []
    for slug, value, unit, source in FIGURES:
        words = page(slug)
        # The figure, its unit, then the name of its source, before the next figure's.
        beside = (
            rf"(?<![\d,.]){re.escape(value)}\s*{re.escape(unit)}(?:(?!Source:).)*Source: {re.escape(NAMED[source])}"
        )
        if not re.search(beside, words):
            missing.append((slug, value, unit, source))
    assert missing == []


def test_each_figure_in_a_sentence_stands_on_its_page_with_its_citation(page):
    missing = []
    for slug, said, source in SAID:
        words = page(slug)
        if said not in words or Source.objects.get(slug=source).citation not in words:
            missing.append((slug, said, source))
    assert missing == []


def test_no_key_figure_is_left_out_of_the_table(content):
    """So that a figure that is new in the data gets its line above."""
    named = {(slug, unit, source) for slug, _value, unit, source in FIGURES}
    assert set(KeyFigure.objects.values_list("case_study__slug", "unit", "source__slug")) == named


def test_what_is_cited_stands_among_the_sources_of_the_page(content):
    strangers = [
        (row.case_study.slug, row.source.slug)
        for model in [Effect, KeyFigure]
        for row in model.objects.select_related("case_study", "source")
        if not row.case_study.sources.filter(pk=row.source_id).exists()
    ]
    assert strangers == []
    assert not CaseStudy.objects.filter(sources=None).exists()


def test_only_what_was_measured_has_a_figure_and_each_figure_a_caveat(content):
    assert not Effect.objects.filter(kind="anticipated", figure__isnull=False).exists()
    assert not Effect.objects.filter(caveat="").exists()
    assert set(Effect.objects.filter(kind="measured").values_list("case_study__slug", flat=True)) == {
        "gem",
        "croydon-sun",
    }


def test_figures_that_belong_together_are_one_series(content):
    series = {}
    for figure in KeyFigure.objects.exclude(series=""):
        series.setdefault((figure.case_study.slug, figure.series), []).append(int(figure.value))
    assert series == {
        ("gem", "People in an average group"): [67, 17],
        ("gem", "Groups by condition, 2015"): [87, 13],
        ("croydon-sun", "Falls in hospital use"): [30, 50],
    }


def test_what_a_source_leaves_open_is_left_open(page):
    assert page("pratt-groups").count("Not stated in the source") > 10
    gem = CaseStudy.objects.get(slug="gem")
    assert (gem.leadership, gem.engagement, gem.status) == ("", "", "project-ongoing")
    # An article ticks no box.
    for slug in ["croydon-sun", "paxton-green-time-bank", "study-visits"]:
        case = CaseStudy.objects.get(slug=slug)
        assert (case.status, case.scope, case.leadership, case.evaluation, case.funding) == ("", "", "", "", []), slug
    assert CaseStudy.objects.get(slug="paxton-green-time-bank").costs == ""


def test_a_case_study_of_no_one_country_names_none(page):
    assert page("gem").startswith("Case studies · France")
    assert page("alcoholics-anonymous").startswith("Case studies Alcoholics Anonymous")


def test_that_a_role_is_our_own_reading_is_said_once_a_page(page):
    assert RoleShown.objects.exists()
    assert not RoleShown.objects.filter(text__icontains="our own reading").exists()
    assert page("croydon-sun").count("our own reading") == 1


def test_facets_answer(client, content):
    """What a reader asks: measured for those who use it, paid from pooled budgets (none), a bridge-builder at work."""
    answers = {
        "measured=1&audience=service-users": {"gem", "croydon-sun"},
        "funding=pooled-budgets": set(),
        "country=US": {"pratt-groups"},
        "involvement=led-by-users": {"gem"},
        "role=bridge-builder": {
            "paxton-green-time-bank",
            "self-care-humber-coast-and-vale",
            "self-care-north-east",
            "self-care-bristol",
            "self-care-hampshire-and-isle-of-wight",
        },
    }
    for query, slugs in answers.items():
        listings = client.get(f"/case-studies/?{query}").context["listings"]
        assert {case.slug for case in listings} == slugs, query


def test_links_between_the_texts_lead_somewhere(client, content):
    texts = Q(overview__contains="](/") | Q(context__contains="](/")
    links = set()
    for case in CaseStudy.objects.filter(texts):
        links |= set(re.findall(r"\]\((/[^)]*)\)", case.overview + case.context))
    assert links
    assert [link for link in sorted(links) if client.get(link).status_code != 200] == []


def test_each_page_costs_the_same_number_of_queries(client, content):
    assert len({queries_of(client, f"/case-studies/{slug}/") for slug in AREAS | OTHERS}) <= 2


def test_loading_it_again_changes_nothing(content):
    LoadedContent.objects.filter(kind="file").delete()
    report = load_case_studies()
    assert set(report) >= {"gem.yaml", "programmes.yaml", "sources.yaml"}
    assert {fate for fates in report.values() for fate in fates} == {"unchanged"}


def test_a_source_that_names_nobody_is_cited_by_its_title():
    assert Source(title="What are groups?").citation == "What are groups? (no date)"
    assert Source(title="A report", publisher="nef").citation == "nef (no date). A report"
    assert Source(title="A report", authors="Ada", publisher="nef", year=2013).citation == "Ada (2013). A report. nef"
