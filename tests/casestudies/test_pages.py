import re

import pytest

from casestudies.models import CaseStudy, Source
from tests.factories import (
    CaseStudyFactory,
    EffectFactory,
    KeyFigureFactory,
    ProgrammeFactory,
    RoleShownFactory,
    SourceFactory,
    SupportRoleFactory,
    TopicFactory,
    VisitorQuestionFactory,
)
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


def names(client, query):
    response = client.get(f"/case-studies/?{query}")
    assert response.status_code == 200
    return [case.name for case in response.context["listings"]]


def test_found_over_the_whole_template(client):
    role = SupportRoleFactory(slug="facilitator")
    case = CaseStudyFactory(
        name="One",
        lessons="Neutral ground matters.",
        topics=[TopicFactory(slug="isolation")],
        themes=["peer-support"],
        country="FR",
        status="project-ongoing",
        scope="micro",
        leadership="shared",
        engagement="network",
        involvement="led-by-users",
        funding=["funded-project"],
        evaluation="planned",
        sustainability="established",
        transferability="potential",
    )
    RoleShownFactory(case_study=case, role=role)
    EffectFactory(case_study=case, audience="service-users")
    other = CaseStudyFactory(name="Other")
    EffectFactory(case_study=other, audience="organisations", kind="anticipated")
    for query in [
        "q=neutral+ground",
        "topic=isolation",
        "role=facilitator",
        "theme=peer-support",
        "country=FR",
        "status=project-ongoing",
        "scope=micro",
        "leadership=shared",
        "engagement=network",
        "involvement=led-by-users",
        "funding=funded-project",
        "evaluation=planned",
        "sustainability=established",
        "transferability=potential",
        "audience=service-users",
        "measured=on",
    ]:
        assert names(client, query) == ["One"], query
    assert names(client, "audience=organisations") == ["Other"]
    assert names(client, "audience=organisations&measured=on") == []
    assert names(client, "funding=pooled-budgets") == []


def test_the_page_keeps_measured_effects_apart_and_cites_each_figure(client):
    case = CaseStudyFactory(name="One", aims="To help *each other*.")
    source = SourceFactory(title="The report", publisher="ESN")
    case.sources.set([source])
    KeyFigureFactory(case_study=case, value=27000, label="people", qualifier="about", source=source)
    EffectFactory(case_study=case, text="Fewer stays.", source=source)
    EffectFactory(case_study=case, text="More courage.", kind="anticipated", source=source)
    VisitorQuestionFactory(case_study=case, question="Who runs it?", source=source)
    response = client.get(f"/case-studies/{case.slug}/")
    page = main_of(response)
    for said in ["One", "about 27,000", "people", "The report", "Fewer stays.", "More courage.", "Who runs it?"]:
        assert said in page
    assert page.index("Fewer stays.") < page.index("More courage.")
    assert "<em>each other</em>" in response.content.decode()
    assert "Not stated in the source" in page
    assert "We ask the same 29 questions about each case study. This one answers 4" in page


def test_script_in_a_body_is_inert(client):
    case = CaseStudyFactory(overview="<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>")
    html = client.get(f"/case-studies/{case.slug}/").content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html[html.index("<main") : html.index("</main>")]
    assert 'href="javascript' not in html


def test_broken_markup_in_any_field_leaves_the_page_whole(client):
    bad = "</main></article><script>alert(1)</script><svg onload=alert(1)> *a"
    case = CaseStudyFactory(
        name=bad, summary=bad, organisation=bad, contact=bad, overview=bad, lessons=bad, costs=bad, status_note=bad
    )
    told = {"case_study": case, "caveat": bad}
    for value in [1, 2]:
        KeyFigureFactory(label=bad, unit="</desc><script>"[:60], series=bad[:100], value=value, **told)
    EffectFactory(text=bad, **told)
    VisitorQuestionFactory(question=bad, answer=bad, **told)
    RoleShownFactory(case_study=case, text=bad)
    for address in [f"/case-studies/{case.slug}/", f"/case-studies/compare/?c={case.slug}&c={CaseStudyFactory().slug}"]:
        html = client.get(address).content.decode()
        assert html.count("</main>") == 1
        assert html.count("</article>") <= 1
        assert "<script>" not in html
        assert "<svg onload" not in html


def test_the_page_reads_in_a_natural_order(client):
    case = CaseStudyFactory(programme=ProgrammeFactory(name="The programme"))
    EffectFactory(case_study=case)
    VisitorQuestionFactory(case_study=case)
    RoleShownFactory(case_study=case)
    html = client.get(f"/case-studies/{case.slug}/").content.decode()
    headings = re.findall(r'<h2 id="([\w-]+)">', html)
    assert headings == [
        *["contents", "story", "what-and-why", "who", "how-it-runs", "cost", "changed", "learned", "elsewhere"],
        *["asked", "roles", "sources", "reuse", "unsafe"],
    ]
    contents = html[html.index('aria-labelledby="contents"') : html.index("</nav>", html.index('id="contents"'))]
    assert re.findall(r'href="#([\w-]+)"', contents) == headings[1:-1]
    assert "The programme" in html


def test_case_studies_like_this_one_are_named(client):
    topic, programme = TopicFactory(), ProgrammeFactory()
    case = CaseStudyFactory(topics=[topic], programme=programme, themes=["carers"])
    CaseStudyFactory(name="Shares a theme", themes=["carers", "workforce"])
    CaseStudyFactory(name="Shares a topic", topics=[topic])
    CaseStudyFactory(name="Same programme", programme=programme)
    CaseStudyFactory(name="Nothing alike")
    CaseStudyFactory(name="Unseen", topics=[topic], state="draft")
    alike = [each.name for each in client.get(f"/case-studies/{case.slug}/").context["alike"]]
    assert alike == ["Same programme", "Shares a topic", "Shares a theme"]


def test_a_source_that_only_a_figure_cites_stands_among_the_sources(client):
    figure = KeyFigureFactory(source__title="Only here")
    page = main_of(client.get(f"/case-studies/{figure.case_study.slug}/"))
    assert "Only here" in page[page.index("Facts and figures") - 300 :]


def test_words_in_another_language_say_so(client):
    case = CaseStudyFactory(text_language="fr", overview="Bonjour.", summary="Salut.")
    html = client.get(f"/case-studies/{case.slug}/").content.decode()
    assert '<div lang="fr">' in html
    assert '<p class="lead" lang="fr">Salut.</p>' in html


def test_the_three_case_studies_of_the_sources_stand(client, content):
    for slug in ["gem", "croydon-sun", "paxton-green-time-bank"]:
        assert client.get(f"/case-studies/{slug}/").status_code == 200
    assert "403" in main_of(client.get("/case-studies/gem/"))
    assert CaseStudy.objects.get(slug="gem").involvement == "led-by-users"


def test_constant_queries(client):
    case = CaseStudyFactory(topics=[TopicFactory()])
    addresses = ["/case-studies/", f"/case-studies/{case.slug}/"]
    KeyFigureFactory(case_study=case)
    few = [queries_of(client, address) for address in addresses]
    for _each in range(9):
        KeyFigureFactory(case_study=CaseStudyFactory(topics=[TopicFactory()]))
        KeyFigureFactory(case_study=case)
        EffectFactory(case_study=case)
        RoleShownFactory(case_study=case)
        VisitorQuestionFactory(case_study=case)
    assert [queries_of(client, address) for address in addresses] == few


def test_a_source_is_named_short_beside_each_figure():
    many = Source(title="A report", authors="Ada Ash, Bo Birch (nef); Cy Cedar", year=2013)
    assert many.short_name == "Ada Ash and others, 2013"
    assert Source(title="A report", authors="Ada Ash", publisher="nef").short_name == "Ada Ash"
    assert Source(title="A report", publisher="nef, in London", year=2013).short_name == "nef, in London, 2013"
    assert Source(title="What are groups?").short_name == "What are groups?"
