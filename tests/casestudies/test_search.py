"""The search over the whole template: words, choices with their counts, orders."""

import re

import pytest

from casestudies.models import CaseStudy, Effect, KeyFigure
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


def count_beside(response, name, code):
    """Return the number beside a choice, or `None` where the choice is not shown."""
    html = response.content.decode()
    found = re.search(rf'name="{name}"\s+value="{code}".*?</label>', html, flags=re.S)
    return int(re.search(r"\((\d+)\)", found[0])[1]) if found else None


def test_words_are_found_in_every_part_of_a_case_study(client):
    case = CaseStudyFactory(name="One", overview="Apple", sustainability_note="Pear")
    EffectFactory(case_study=case, text="Plum", caveat="Cherry")
    KeyFigureFactory(case_study=case, label="Quince")
    VisitorQuestionFactory(case_study=case, question="Fig?", answer="Date.")
    RoleShownFactory(case_study=case, text="Lemon")
    CaseStudyFactory(name="Other")
    for word in ["one", "apple", "pear", "plum", "cherry", "quince", "fig", "date", "lemon", "the plums des"]:
        assert names(client, f"q={word}") == ["One"], word
    assert names(client, "q=apple+turnip") == []


def test_a_part_that_changes_or_goes_is_searched_as_it_is(client):
    effect = EffectFactory(text="Plum")
    case = effect.case_study
    Effect.objects.filter(pk=effect.pk).update(text="Cherry")
    assert names(client, "q=plum") == []
    # An older copy of the case study does not bring old words back.
    case.more_text = "Plum"
    case.save()
    assert names(client, "q=plum") == []
    assert names(client, "q=cherry") == [case.name]
    effect.delete()
    assert names(client, "q=cherry") == []


def test_french_text_is_found_by_its_french_stems(client):
    CaseStudyFactory(name="Un", text_language="fr", overview="Les adhérents décident ensemble.")
    assert names(client, "q=adhérente") == ["Un"]
    assert names(client, "q=adherents") == ["Un"]


def test_a_word_in_the_name_counts_more_than_one_in_a_note(client):
    CaseStudyFactory(name="Another", lessons="A choir helps.")
    CaseStudyFactory(name="The choir")
    assert names(client, "q=choir") == ["The choir", "Another"]


def test_a_misspelt_word_is_offered_as_it_is_spelt(client):
    CaseStudyFactory(name="One", lessons="Neutral ground.")
    response = client.get("/case-studies/?q=neutrol+ground&country=ENG")
    assert "Did you mean" in main_of(response)
    assert 'href="/case-studies/?country=ENG&amp;q=neutrol' not in response.content.decode()
    assert "q=neutral+ground" in response.content.decode()
    assert "Did you mean" not in main_of(client.get("/case-studies/?q=zzzzzz"))


def test_counts_say_how_many_each_choice_would_leave(client):
    wide = TopicFactory(slug="mind")
    narrow = TopicFactory(slug="worry", parent=wide)
    role = SupportRoleFactory(slug="bridge-builder")
    one = CaseStudyFactory(topics=[wide, narrow], themes=["carers", "peer-support"], funding=["staffing-costs"])
    two = CaseStudyFactory(topics=[narrow], themes=["carers"], evaluation="audit", country="FR")
    CaseStudyFactory(state="draft", themes=["carers"])
    RoleShownFactory(case_study=one, role=role)
    EffectFactory(case_study=one, audience="service-users")
    EffectFactory(case_study=two, audience="service-users", kind="anticipated")
    for query, counts in {
        "": {
            ("topic", "mind"): 2,
            ("topic", "worry"): 2,
            ("theme", "carers"): 2,
            ("theme", "peer-support"): 1,
            ("theme", "workforce"): None,
            ("role", "bridge-builder"): 1,
            ("funding", "staffing-costs"): 1,
            ("country", "FR"): 1,
            ("evaluation", "audit"): 1,
            ("audience", "service-users"): 2,
            ("measured", "1"): 1,
        },
        "country=FR": {("theme", "carers"): 1, ("theme", "peer-support"): 0, ("country", "ENG"): 1},
        "measured=1": {("audience", "service-users"): 1, ("theme", "carers"): 1},
        "theme=peer-support": {("theme", "carers"): 2, ("country", "FR"): 0},
    }.items():
        response = client.get(f"/case-studies/?{query}")
        for (name, code), count in counts.items():
            assert count_beside(response, name, code) == count, (query, name, code)
            if count and name not in query:
                found = client.get(f"/case-studies/?{query}&{name}={code}", follow=True)
                assert found.context["total"] == count, (query, name, code)


def test_the_three_questions_are_answered_from_the_choices_alone(client, content):
    assert "Croydon S.U.N. (Service User Network)" in names(client, "audience=service-users&measured=1")
    assert "Paxton Green Time Bank" not in names(client, "audience=service-users&measured=1")
    assert "Paxton Green Time Bank" in names(client, "role=bridge-builder")
    page = main_of(client.get("/case-studies/"))
    assert "Support role, as we read it" in page
    assert re.search(r"None says yet: [^.]*Pooled budgets", page)
    page = main_of(client.get("/case-studies/?funding=pooled-budgets"))
    assert "None of our case studies says ‘Pooled budgets (several put together)’ yet." in page


def test_the_strongest_evaluation_comes_first_and_the_order_is_explained(client):
    for evaluation in ["", "none", "planned", "informal", "audit", "single-method", "multi-method"]:
        CaseStudyFactory(name=evaluation or "not stated", evaluation=evaluation)
    EffectFactory(case_study=CaseStudyFactory(name="with an effect"))
    assert names(client, "sort=evaluation") == [
        "multi-method",
        "single-method",
        "audit",
        "informal",
        "planned",
        "none",
        "with an effect",
        "not stated",
    ]
    assert "This order is our own." in main_of(client.get("/case-studies/"))


def test_the_newest_comes_first(client):
    for year in [2013, None, 2017]:
        CaseStudyFactory(name=str(year), year=year)
    assert names(client, "sort=year") == ["2017", "2013", "None"]


@pytest.mark.parametrize(
    "query",
    ["q=%00", "q=" + "a" * 9_000, "theme=%00", "measured=maybe", "country=XX", "sort=cost", "page=x", "q=()%26|"],
)
def test_bad_input_gets_a_page(client, query):
    CaseStudyFactory()
    assert client.get(f"/case-studies/?{query}").status_code == 200


def make_many(count):
    source, role, topic = SourceFactory(), SupportRoleFactory(), TopicFactory()
    have = CaseStudy.objects.count()
    cases = CaseStudy.objects.bulk_create(
        CaseStudy(slug=f"many-{n}", name=f"Many {n}", state="published", country="ENG", themes=["carers"])
        for n in range(have, count)
    )
    Effect.objects.bulk_create(
        Effect(case_study=case, source=source, audience="service-users", kind="measured", text="Less.")
        for case in cases
    )
    KeyFigure.objects.bulk_create(KeyFigure(case_study=case, source=source, label="x", value=1) for case in cases)
    CaseStudy.topics.through.objects.bulk_create(
        CaseStudy.topics.through(casestudy=case, topic=topic) for case in cases
    )
    CaseStudy.roles.through.objects.bulk_create(
        CaseStudy.roles.through(case_study=case, role=role, text="Ours.") for case in cases
    )


def test_queries_stay_the_same_with_1_10_and_1000_case_studies(client):
    addresses = [
        "/case-studies/",
        "/case-studies/?q=many&theme=carers&sort=evaluation",
        "/case-studies/many-0/",
        "/case-studies/many-0/data.json",
        "/case-studies/compare/?c=many-0",
    ]
    compared = "/case-studies/compare/?c=many-0&c=many-1&c=many-2&c=many-3"
    counted, of_four = [], []
    for count in [1, 10, 1000]:
        make_many(count)
        counted.append([queries_of(client, address) for address in addresses])
        of_four.append(queries_of(client, compared))
    assert counted[0] == counted[1] == counted[2]
    assert of_four[1] == of_four[2] <= 12
