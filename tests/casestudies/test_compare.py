"""Two to four case studies side by side."""

import pytest

from tests.factories import (
    CaseStudyFactory,
    EffectFactory,
    KeyFigureFactory,
    RoleShownFactory,
    SupportRoleFactory,
    TopicFactory,
)
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases():
    return [
        CaseStudyFactory(slug=slug, name=name, status="project-ongoing", aims="To help *each other*.", leadership=leads)
        for slug, name, leads in [
            ("a", "Ash", "shared"),
            ("b", "Birch", "professional"),
            ("c", "Cedar", ""),
            ("d", "Dogwood", ""),
            ("e", "Elder", ""),
        ]
    ]


def compared(client, query):
    response = client.get(f"/case-studies/compare/?{query}", follow=True)
    assert response.status_code == 200
    html = response.content.decode()
    table = html[html.index("<table") : html.index("</table>")] if "<table" in html else ""
    return main_of(response), table


def test_each_field_is_a_row(client, cases):
    EffectFactory(case_study=cases[0], text="Fewer stays.")
    KeyFigureFactory(case_study=cases[1], label="Members", value=70, qualifier="over")
    page, table = compared(client, "c=a&c=b")
    for said in ["Ash", "Birch", "Shared, with no set leader", "One person", "Fewer stays.", "Members: over 70"]:
        assert said in page
    assert "Cedar" not in table
    assert "<em>each other</em>" in table
    assert "Not stated" in page
    assert table.count('<th scope="col">') == 3
    # A role that a table has by itself is an error to validators.
    assert "role=" not in table


def test_only_rows_that_differ_on_request(client, cases):
    page, table = compared(client, "c=a&c=b&differing=1")
    assert "One person" in table
    assert "Project, still going" not in table
    assert "each other" not in table
    assert "Show all rows" in page


@pytest.mark.parametrize(
    ("query", "said", "shown"),
    [
        ("", "Choose two to four", []),
        ("c=", "Choose two to four", []),
        ("c=a", "One more is needed", []),
        ("c=a&c=a", "One was there twice", []),
        ("c=a&c=b&c=a", "One was there twice", ["Ash", "Birch"]),
        ("c=a&c=b&c=c&c=d&c=e", "These are the first four", ["Ash", "Birch", "Cedar", "Dogwood"]),
        ("c=a&c=b&c=nowhere", "There is no case study “nowhere”", ["Ash", "Birch"]),
        ("c=%00&c=" + "x" * 9_000, "There is no case study “xxx", []),
        ("c=a&c=b&differing=%00", "", ["Ash", "Birch"]),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_cannot_be_compared_gets_a_message(client, cases, query, said, shown):
    page, table = compared(client, query)
    assert said in page
    for name in ["Ash", "Birch", "Cedar", "Dogwood", "Elder"]:
        assert (name in table) == (name in shown), name


def test_what_is_not_published_is_not_compared(client, cases):
    CaseStudyFactory(slug="draft", name="Unseen", state="draft")
    page, _table = compared(client, "c=a&c=draft")
    assert "Unseen" not in page
    assert "There is no case study “draft”" in page


def test_cases_are_chosen_without_a_script(client, cases):
    html = client.get("/case-studies/").content.decode()
    assert 'action="/case-studies/compare/"' in html
    assert 'name="c" value="a" form="compare"' in " ".join(html.split())
    assert "/case-studies/compare/?c=a" in client.get("/case-studies/a/").content.decode()
    page, _table = compared(client, "c=a")
    assert "Add another" in page
    assert "Birch" in page


def test_queries_stay_the_same_whatever_stands_in_the_case_studies(client, cases):
    few = queries_of(client, "/case-studies/compare/?c=a&c=b")
    for case in cases:
        case.topics.set([TopicFactory(), TopicFactory()])
        for _each in range(3):
            EffectFactory(case_study=case)
            KeyFigureFactory(case_study=case)
            RoleShownFactory(case_study=case, role=SupportRoleFactory())
    assert queries_of(client, "/case-studies/compare/?c=a&c=b") == few
    assert queries_of(client, "/case-studies/compare/?c=a&c=b&c=c") == few
