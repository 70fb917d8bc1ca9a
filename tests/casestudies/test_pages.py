import pytest

from casestudies.models import CaseStudy
from tests.factories import (
    CaseStudyFactory,
    EffectFactory,
    KeyFigureFactory,
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
    assert "4 of 29" in page


def test_script_in_a_body_is_inert(client):
    case = CaseStudyFactory(overview="<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>")
    html = client.get(f"/case-studies/{case.slug}/").content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html[html.index("<main") : html.index("</main>")]
    assert 'href="javascript' not in html


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
