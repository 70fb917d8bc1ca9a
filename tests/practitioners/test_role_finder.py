"""The role finder: what it suggests for each answer and each pair, and the page around it."""

import re
from itertools import combinations
from pathlib import Path

import pytest

from practitioners.content import load_practitioners
from practitioners.models import FinderAnswer, FinderRule
from practitioners.rolefinder import CLEAR, advise
from tests.factories import CountryFactory, GroupFactory, MeetingFactory, PlaceFactory, PractitionerFactory
from tests.pages import main_of, queries_of

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent / "role_finder_table.txt"


def expected():
    """Return {(answer, ...): (roles that suit, roles to think twice about)}."""
    table = {}
    for line in TABLE.read_text().splitlines():
        if line.startswith("#"):
            continue
        answers, said = line.split(": ", 1)
        suited, _mark, twice = said.partition("| twice: ") if "|" in said else (said, "", "")
        table[tuple(answers.split(" + "))] = (
            [role for role in suited.strip(" -").split(" > ") if role],
            [role for role in twice.split(", ") if role],
        )
    return table


def advice_for(answers):
    rules = FinderRule.objects.filter(answer__in=answers).select_related("role", "answer")
    order = [answer.pk for answer in answers]
    return advise(sorted(rules, key=lambda rule: (order.index(rule.answer_id), rule.position)))


def test_the_table_holds_each_answer_and_each_pair(content):
    table = expected()
    for path in ("group", "practitioner"):
        slugs = FinderAnswer.objects.filter(question__path=path).values_list("slug", flat=True)
        for answers in [*((slug,) for slug in slugs), *combinations(slugs, 2)]:
            assert table.pop(answers, None) is not None, answers
    assert table == {}


def test_each_suggestion_is_what_the_table_says(content):
    answers = {answer.slug: answer for answer in FinderAnswer.objects.all()}
    wrong = []
    for slugs, (suited, twice) in expected().items():
        advice = advice_for([answers[slug] for slug in slugs])
        found = [role.slug for role in advice.roles], [each.role.slug for each in advice.not_now]
        if found != (suited, twice):
            wrong.append((slugs, found))
    assert wrong == []


def test_no_trouble_of_a_group_is_outvoted(content):
    answers = FinderAnswer.objects.filter(question__path="group")
    clear = {
        answer: set(answer.rules.filter(strength__gte=CLEAR).values_list("role__slug", flat=True)) for answer in answers
    }
    assert all(clear.values())
    whole = advice_for(list(answers))
    assert {role.slug for role in whole.roles} == set.union(*clear.values())
    assert whole.not_now == []


def test_the_page_explains_what_it_suggests(client, content):
    page = main_of(client.get("/practitioners/role-finder/?answer=lost-room&answer=understand"))
    suggestion = page[page.index("Our suggestion") : page.rindex("Tick what is true")]
    for said in [
        "Resource-builder",
        "“We have lost our room, or we may lose it”: They help you to find a room",
        "Co-educator",
        "That what you find belongs to the group.",
        "Say where you are below",
    ]:
        assert said in suggestion
    assert "Facilitator" not in suggestion
    assert page.count("our own reading") == 1


def test_the_result_has_an_address_and_keeps_the_ticks(client, content):
    response = client.get("/practitioners/role-finder/?answer=one-does-all")
    html = response.content.decode()
    assert html.count(" checked") == 1
    assert 'method="get"' in html
    assert not response.cookies


def test_what_the_page_sends_is_read_whatever_the_question_and_an_address_of_before_says_the_same(client, content):
    empty = client.get("/practitioners/role-finder/")
    names = {answer.question.slug: answer.slug for answer in FinderAnswer.objects.filter(question__path="group")}
    for question, answer in names.items():
        assert re.search(rf'name="answer-{question}"\s+value="{answer}"', empty.content.decode())
    sent = client.get("/practitioners/role-finder/", {f"answer-{slug}": answer for slug, answer in names.items()})
    before = client.get("/practitioners/role-finder/", {"answer": list(names.values())})
    assert len(sent.context["ticked"]) == len(names) > 1
    assert sent.context["ticked"] == before.context["ticked"]


def test_whom_to_ask_near(client, content):
    from directory.models import SupportRole

    leeds = PlaceFactory()
    educator = SupportRole.objects.get(slug="co-educator")
    PractitionerFactory(name="Near Nell", roles=[educator], places=[leeds])
    PractitionerFactory(name="Online Olu", roles=[educator], online=True)
    PractitionerFactory(name="Busy Bea", roles=[educator], places=[leeds], accepting_requests=False)
    PractitionerFactory(name="Other Oz", roles=[SupportRole.objects.get(slug="facilitator")], places=[leeds])
    page = client.get("/practitioners/role-finder/?answer=understand&near=Leeds")
    assert [each.name for each in page.context["practitioners"]] == ["Near Nell", "Online Olu"]
    assert client.get(page.context["practitioners_url"]).context["total"] == 2


def test_a_practitioner_learns_what_is_achievable_and_who_looks_for_it(client, content):
    from directory.models import SupportRole

    PlaceFactory()
    group = MeetingFactory(group=GroupFactory(name="Kettle")).group
    group.seeking.set([SupportRole.objects.get(slug="facilitator")])
    page = client.get("/practitioners/role-finder/?path=practitioner&answer=help-talk&answer=an-hour&near=Leeds")
    said = main_of(page)
    assert "How can you support a group?" in said
    assert "Think first. “I have about an hour a month”" in said
    assert [each.name for each in page.context["groups"]] == ["Kettle"]
    # A country is what is in it.
    CountryFactory()
    page = client.get("/practitioners/role-finder/?path=practitioner&answer=help-talk&answer=an-hour&near=France")
    assert page.context["groups"] == []
    MeetingFactory(group=group, venue__country="FR")
    page = client.get("/practitioners/role-finder/?path=practitioner&answer=help-talk&answer=an-hour&near=France")
    assert [each.name for each in page.context["groups"]] == ["Kettle"]
    # An answer of the other path is none of theirs.
    assert client.get("/practitioners/role-finder/?path=practitioner&answer=lost-room").context["ticked"] == []


@pytest.mark.parametrize(
    "query",
    [
        "answer=wizard",
        "path=wizard",
        "answer=lost-room&near=Nowhereville",
        "answer=%00&path=%00&near=%00",
        "near=" + "x" * 9999,
    ],
)
def test_what_is_not_known_gets_a_message_and_the_page(client, content, query):
    response = client.get(f"/practitioners/role-finder/?{query}")
    assert response.status_code == 200
    if "%00" not in query:
        assert "We could not use all of that" in main_of(response)


def test_a_constant_number_of_queries(client, content):
    few = queries_of(client, "/practitioners/role-finder/?answer=lost-room")
    assert queries_of(client, "/practitioners/role-finder/?answer=lost-room&answer=quarrel&answer=not-heard") == few
    assert few <= 8


def test_loading_again_keeps_what_a_curator_changed(content):
    answer = FinderAnswer.objects.get(slug="lost-room")
    answer.text = "Our room is gone"
    answer.save()
    rule = answer.rules.get(role__slug="bridge-builder")
    rule.delete()
    from directory.models import LoadedContent

    LoadedContent.objects.filter(kind="file").delete()
    load_practitioners()
    answer.refresh_from_db()
    assert answer.text == "Our room is gone"
    assert answer.rules.count() == 1


def test_whoever_ticks_nothing_is_told_so(client, content):
    for query in ("?show=1", "?show=1&near=Leeds", "?show=1&path=practitioner"):
        assert "You have not ticked anything yet." in main_of(client.get(f"/practitioners/role-finder/{query}"))
    for query in ("", "?path=practitioner", "?answer=understand&show=1"):
        assert "You have not ticked" not in main_of(client.get(f"/practitioners/role-finder/{query}"))


def test_two_roles_that_weigh_the_same_are_not_called_equal(client, content):
    answers = FinderAnswer.objects.filter(question__path="group")
    level = next(pair for pair in combinations(answers, 2) if advice_for(pair).is_level)
    page = main_of(client.get("/practitioners/role-finder/", {"answer": [answer.slug for answer in level]}))
    assert "The first two both fit well." in page
    assert "equally" not in page
