"""Citations, data and text to take along."""

import csv
import io
import json

import pytest

from tests.factories import (
    CaseStudyFactory,
    EffectFactory,
    KeyFigureFactory,
    RoleShownFactory,
    SourceFactory,
    TopicFactory,
    VisitorQuestionFactory,
)
from tests.pages import main_of

pytestmark = pytest.mark.django_db

FILES = {
    "cite.txt": "text/plain",
    "cite.bib": "application/x-bibtex",
    "cite.ris": "application/x-research-info-systems",
    "data.json": "application/json",
    "data.csv": "text/csv",
    "text.md": "text/markdown",
}


@pytest.fixture
def case():
    source = SourceFactory(slug="report", title="The report", publisher="ESN & others", year=2013)
    case = CaseStudyFactory(
        slug="gem", name="GEM: 50% {more}", sources=[source], aims="To *help*.", funding=["pooled-budgets"],
        topics=[TopicFactory(slug="isolation", label="Loneliness")], themes=["carers"],
    )  # fmt: skip
    EffectFactory(case_study=case, source=source, text="Fewer stays.", figure=30, unit="% fewer", caveat="Beware.")
    KeyFigureFactory(case_study=case, source=source, label="Groups", value=403, unit="groups", year=2015)
    VisitorQuestionFactory(case_study=case, source=source, question="Who runs it?", answer="Members do.")
    RoleShownFactory(case_study=case, role__slug="facilitator")
    return case


def fetch(client, name):
    response = client.get(f"/case-studies/gem/{name}")
    assert response.status_code == 200
    return response.content.decode("utf-8-sig")


@pytest.mark.parametrize(("name", "content_type"), FILES.items())
def test_each_file_says_what_it_is(client, case, name, content_type):
    response = client.get(f"/case-studies/gem/{name}")
    assert response["Content-Type"] == f"{content_type}; charset=utf-8"
    assert f'filename="gem.{name.split(".")[1]}"' in response["Content-Disposition"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("state", ["draft", "pending", "archived"])
def test_what_is_not_published_is_not_there(client, state, name):
    CaseStudyFactory(slug="unseen", state=state)
    assert client.get(f"/case-studies/unseen/{name}").status_code == 404
    assert client.get(f"/case-studies/nowhere/{name}").status_code == 404


def test_a_case_study_that_steps_back_takes_its_files_along(client, case):
    case.state = "archived"
    case.save()
    assert {client.get(f"/case-studies/gem/{name}").status_code for name in FILES} == {404}


def test_the_page_cites_itself_and_leads_to_each_file(client, case):
    response = client.get("/case-studies/gem/")
    page = main_of(response)
    assert fetch(client, "cite.txt").splitlines()[0] in page
    assert "Nobody has set a licence for these words." in page
    for name in FILES:
        assert f'href="/case-studies/gem/{name}"' in response.content.decode()


def test_a_citation_in_plain_text(client, case):
    text = fetch(client, "cite.txt")
    assert f"({case.updated_at.year}). GEM: 50% {{more}}. Case study. http://testserver/case-studies/gem/" in text
    assert "Written from: ESN & others (2013). The report." in text


def test_a_citation_as_bibtex(client, case):
    text = fetch(client, "cite.bib")
    assert text.startswith("@misc{gem,\n")
    assert r"title = {{GEM: 50\% \{more\}}}" in text
    assert "url = {http://testserver/case-studies/gem/}" in text
    assert r"ESN \& others" in text


def test_a_citation_as_ris(client, case):
    case.name = "Two\r\nER  - lines"
    case.save()
    lines = fetch(client, "cite.ris").split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert "TI  - Two ER - lines" in lines
    assert "UR  - http://testserver/case-studies/gem/" in lines
    assert "KW  - Loneliness" in lines
    assert lines.count("ER  - ") == 1


def test_the_fields_as_json(client, case):
    record = json.loads(fetch(client, "data.json"))
    assert record["address"] == "http://testserver/case-studies/gem/"
    assert record["template"]["funding"] == {
        "number": 15,
        "label": "Costs and resources",
        "codes": ["pooled-budgets"],
        "text": "",
    }
    assert record["template"]["aims"]["text"] == "To *help*."
    assert record["effects"][0]["figure"] == 30
    assert record["key_figures"][0]["source"] == "report"
    assert record["own_reading"]["roles"][0]["role"] == "facilitator"
    assert record["licence"]["name"] is None
    assert len(record["template"]) == 18


def test_only_what_comes_with_the_software_is_under_its_licence(client, content):
    CaseStudyFactory(slug="sent-in")
    ours, other = (f"/case-studies/{slug}" for slug in ("croydon-sun", "sent-in"))
    assert "you may use them under its licence, AGPL-3.0-or-later." in main_of(client.get(f"{ours}/"))
    for name in ("data.json", "data.csv", "text.md"):
        assert "AGPL-3.0-or-later" in client.get(f"{ours}/{name}").content.decode()
        assert "AGPL" not in client.get(f"{other}/{name}").content.decode()
    assert "AGPL" not in main_of(client.get(f"{other}/"))


def test_the_fields_as_csv(client, case):
    rows = list(csv.DictReader(io.StringIO(fetch(client, "data.csv"), newline="")))
    by_part = {(row["part"], row["field"]): row for row in rows}
    assert by_part["template", "funding"]["code"] == "pooled-budgets"
    assert by_part["effect", "measured"]["figure"] == "30"
    assert by_part["effect", "measured"]["caveat"] == "Beware."
    assert by_part["key figure", ""]["year"] == "2015"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", "＝", "\t", "\r"])
def test_no_cell_is_a_formula(client, case, start):
    case.organisation = f"{start}cmd|' /C calc'!A0"
    case.aims = f"{start}1+1"
    case.save()
    rows = list(csv.DictReader(io.StringIO(fetch(client, "data.csv"), newline="")))
    cells = [cell for row in rows for cell in row.values()]
    assert f"'{start}1+1" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "|", "%", "＝", "\t", "\r"))] == []


def test_the_text_as_markdown(client, case):
    text = fetch(client, "text.md")
    for said in [
        "# GEM: 50% {more}\n",
        "## What it is, and why",
        "To *help*.",
        "*Not stated in the source*",
        "- **People who use it:** Fewer stays. Beware. (Source: ESN & others (2013). The report)",
        "- Groups: 403 groups (Source:",
        "### Who runs it?",
    ]:
        assert said in text, said
    assert text.index("## What it cost") < text.index("## What was measured") < text.index("## What was learned")
