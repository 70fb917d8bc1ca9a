"""Every page of the admin answers, also to bad input, with a constant number of queries and nothing inline."""

import re
from datetime import timedelta
from itertools import count

import pytest
from axes.models import AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import Group as Rights
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casestudies.models import CaseStudy, Programme, ReaderQuestion, Source, Submission
from directory.history import recording
from directory.models import (
    Act,
    Change,
    DuplicatePair,
    FormerAddress,
    HelpLine,
    Language,
    LoadedContent,
    Place,
    PostcodeSector,
    RelayCount,
    RelayedMessage,
    ReplyTemplate,
    SafetyReport,
    SafetyRule,
    Suggestion,
    SupportArea,
    SupportRole,
    Tombstone,
    Topic,
    UnmatchedWord,
    UnmatchedWordDay,
)
from groups.models import Group, GroupSearch, Meeting, SearchWord, Venue
from practitioners.models import (
    DigestSubscription,
    FinderAnswer,
    FinderQuestion,
    Practitioner,
    PractitionerSearch,
    SoughtRole,
)
from tests import factories

pytestmark = pytest.mark.django_db

ROOMS = ["directory", "groups", "practitioners", "casestudies"]
numbers = count(1)


def make_group():
    group = factories.GroupFactory(
        topics=[factories.TopicFactory()],
        languages=[factories.LanguageFactory()],
        state_changed_by=User.objects.first(),
    )
    meeting = factories.MeetingFactory(group=group)
    factories.GroupContactFactory(group=group)
    factories.MeetingExceptionFactory(meeting=meeting, on="2031-01-07")
    return group


def make_practitioner():
    practitioner = factories.PractitionerFactory(
        roles=[factories.SupportRoleFactory()], places=[factories.PlaceFactory()]
    )
    factories.SupportFactory(practitioner=practitioner)
    factories.PractitionerContactFactory(practitioner=practitioner)
    return practitioner


def make_case_study():
    case = factories.CaseStudyFactory(topics=[factories.TopicFactory()], sources=[factories.SourceFactory()])
    for part in ("Effect", "KeyFigure", "RoleShown", "VisitorQuestion"):
        getattr(factories, f"{part}Factory")(case_study=case)
    return case


def make_topic():
    topic = factories.TopicFactory(synonyms=["the blues"], parent=factories.TopicFactory())
    topic.help_lines.add(factories.HelpLineFactory())
    topic.related.add(factories.TopicFactory())
    return topic


def make_word():
    letters = "abcdefghij"
    word = UnmatchedWord.objects.create(word="word" + "".join(letters[int(each)] for each in str(next(numbers))))
    for number in range(3):
        day = timezone.localdate() - timedelta(days=number)
        UnmatchedWordDay.objects.create(word=word, day=day, times=2)
    return word


def make_question():
    return FinderQuestion.objects.create(slug=f"q-{next(numbers)}", path="group", text="What do you need?")


def make_pair():
    kind = ContentType.objects.get_for_model(Group)
    one, other = make_group(), make_group()
    return DuplicatePair.objects.create(content_type=kind, first_id=one.pk, second_id=other.pk, score=0.9)


def make_answer():
    return FinderAnswer.objects.create(question=make_question(), slug=f"a-{next(numbers)}", text="A room")


def make_act():
    with recording(who="ada", why="Tidied") as record:
        Group.objects.filter(pk=make_group().pk).update(summary="Anew")
    return Act.objects.get(pk=record.act)


MAKE = {
    Act: make_act,
    AccessFailureLog: lambda: AccessFailureLog.objects.create(username=f"user-{next(numbers)}"),
    AccessLog: lambda: AccessLog.objects.create(username=f"user-{next(numbers)}"),
    CaseStudy: make_case_study,
    DuplicatePair: make_pair,
    FinderAnswer: make_answer,
    FinderQuestion: make_question,
    Group: make_group,
    HelpLine: factories.HelpLineFactory,
    Language: lambda: factories.LanguageFactory(code=f"x{next(numbers)}", name=f"Language {next(numbers)}"),
    Meeting: lambda: make_group().meetings.get(),
    Place: factories.PlaceFactory,
    PostcodeSector: lambda: factories.PostcodeSectorFactory(sector=f"X {next(numbers)}"),
    Practitioner: make_practitioner,
    Programme: lambda: Programme.objects.create(slug=f"p-{next(numbers)}", name=f"Programme {next(numbers)}"),
    RelayedMessage: lambda: RelayedMessage.objects.create(
        content_type=ContentType.objects.get_for_model(Group), object_id=make_group().pk
    ),
    ReplyTemplate: lambda: ReplyTemplate.objects.create(
        slug=f"r-{next(numbers)}", title="Thank you", text="Thank you for writing."
    ),
    Rights: lambda: Rights.objects.create(name=f"Rights {next(numbers)}"),
    ReaderQuestion: factories.ReaderQuestionFactory,
    SafetyRule: lambda: SafetyRule.objects.create(slug=f"rule-{next(numbers)}", reports=1),
    Source: factories.SourceFactory,
    Submission: lambda: factories.SubmissionFactory(
        sent_in_at=timezone.now(), case_study=factories.CaseStudyFactory(state="pending")
    ),
    SupportArea: factories.SupportAreaFactory,
    SupportRole: factories.SupportRoleFactory,
    Topic: make_topic,
    UnmatchedWord: make_word,
    User: lambda: User.objects.create_user(f"user-{next(numbers)}"),
    Venue: lambda: factories.MeetingFactory().venue,
}
# Nobody adds or changes these by hand.
LOOKED_AT = {
    Act,
    AccessFailureLog,
    AccessLog,
    DuplicatePair,
    PostcodeSector,
    ReaderQuestion,
    RelayedMessage,
    Submission,
    UnmatchedWord,
}

each_model = pytest.mark.parametrize("model", MAKE, ids=lambda model: model._meta.label)
each_own_model = pytest.mark.parametrize(
    "model", [model for model in MAKE if model._meta.app_label in ROOMS], ids=lambda model: model._meta.label
)


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def queries_of(client, page):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in queries]


def assert_nothing_inline(response):
    page = response.content.decode()
    for script in re.findall(r"<script[^>]*>", page):
        assert "src=" in script
    assert "<style" not in page
    assert not re.search(r"""<[^>]*\s(style|on\w+)=["']""", page)
    assert "javascript:" not in page


def test_every_model_has_a_page_or_is_a_part_of_one():
    assert set(admin.site._registry) == set(MAKE)
    parts = {inline.model for each in admin.site._registry.values() for inline in each.inlines}
    own = {model for app in ROOMS for model in apps.get_app_config(app).get_models()}
    assert own - parts - set(MAKE) == {
        # Whoever reads the weekly letter stops it by the link in it; their addresses are nobody else's business.
        DigestSubscription,
        SoughtRole,
        # These stand on the pages of what they belong to.
        Change,
        Tombstone,
        # These have a queue.
        Suggestion,
        FormerAddress,
        GroupSearch,
        LoadedContent,
        PractitionerSearch,
        RelayCount,
        SafetyReport,
        SearchWord,
        UnmatchedWordDay,
    }


@each_own_model
def test_every_editable_column_stands_in_the_form(rf, admin_user, model):
    request = rf.get("/")
    request.user = admin_user
    columns = {field.name for field in [*model._meta.fields, *model._meta.many_to_many] if field.editable}
    through = {field.name for field in model._meta.many_to_many if not field.remote_field.through._meta.auto_created}
    shown = set(flatten_fieldsets(admin.site._registry[model].get_fieldsets(request)))
    assert columns - through - {model._meta.pk.name} - shown == set()


def test_the_index_carries_the_sites_name(admin_client, settings):
    response = admin_client.get(reverse("admin:index"))
    assert settings.SITE_NAME in response.content.decode()
    assert_nothing_inline(response)


@each_model
def test_pages_answer_with_nothing_inline(admin_client, model):
    one = MAKE[model]()
    pages = [address(model, "changelist"), address(model, "change", one.pk), address(model, "history", one.pk)]
    if model not in LOOKED_AT:
        pages.append(address(model, "add"))
    for page in pages:
        # The history of a meeting is that of its group.
        response = admin_client.get(page, follow=True)
        assert response.status_code == 200, page
        assert_nothing_inline(response)


@each_model
def test_lists_can_be_searched_and_sorted(admin_client, model):
    MAKE[model]()
    page = address(model, "changelist")
    for number in range(1, len(admin.site._registry[model].list_display) + 1):
        assert admin_client.get(f"{page}?o={number}.-1").status_code == 200
    for query in ("q=x", "q=%00", "q=%27%22%5C%25", "q=" + "x" * 10_000, "q=x&q=y", "o=%00", "p=abc"):
        assert admin_client.get(f"{page}?{query}").status_code == 200, query
    assert admin_client.get(f"{page}?p=9999", follow=True).status_code == 200


@each_own_model
def test_a_nul_byte_anywhere_fails_no_page(admin_client, model):
    page = address(model, "changelist")
    model_admin = admin.site._registry[model]
    for entry in model_admin.list_filter:
        name = entry[0] if isinstance(entry, tuple) else getattr(entry, "parameter_name", entry)
        for query in (f"{name}=%00", f"{name}__exact=%00"):
            assert admin_client.get(f"{page}?{query}", follow=True).status_code in {200, 400}, query
    for name in ("change", "history", "delete"):
        assert admin_client.get(address(model, name, "\x00")).status_code in {302, 403, 404}


@each_own_model
def test_each_filter_answers(admin_client, model):
    MAKE[model]()
    page = address(model, "changelist")
    links = re.findall(r'<a href="(\?[^"]+)"', admin_client.get(page).content.decode())
    one_of_each = {link.partition("=")[0]: link.replace("&amp;", "&") for link in links}
    for link in one_of_each.values():
        assert admin_client.get(page + link).status_code == 200, link


@pytest.mark.parametrize(
    ("model", "field", "term", "found"),
    [
        (Group, "topics", "Anx", "Anxiety"),
        (Group, "topics", "worry", "Anxiety"),
        (Group, "serves", "Leeds", "Leeds, West Yorkshire"),
        (Group, "serves", "Leeds, West", "Leeds, West Yorkshire"),
        (Meeting, "venue", "reading", "The Reading Rooms, Headingley"),
        (Group, "languages", "engl", "English"),
    ],
)
def test_completion_finds(admin_client, model, field, term, found):
    factories.TopicFactory(label="Anxiety", synonyms=["worry"])
    factories.PlaceFactory()
    factories.VenueFactory()
    factories.LanguageFactory()
    asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    response = admin_client.get(reverse("admin:autocomplete"), asked | {"term": term})
    assert [each["text"] for each in response.json()["results"]] == [found]
    assert admin_client.get(reverse("admin:autocomplete"), asked | {"term": "\x00"}).status_code == 200


def test_the_town_comes_before_its_wards(admin_client):
    factories.PlaceFactory(name="Armley", kind="ward", area="Leeds")
    factories.PlaceFactory()
    asked = {"app_label": "groups", "model_name": "group", "field_name": "serves", "term": "leeds"}
    results = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [each["text"] for each in results] == ["Leeds, West Yorkshire"]


@each_own_model
def test_strangers_are_asked_to_sign_in(client, model):
    one = MAKE[model]()
    for page in (address(model, "changelist"), address(model, "change", one.pk)):
        assert client.get(page).status_code == 302


@pytest.mark.parametrize("model", [Group, Practitioner, CaseStudy], ids=lambda model: model._meta.label)
def test_curators_see_a_draft_as_it_will_be(admin_client, client, model):
    listing = MAKE[model]()
    model.objects.update(state="draft")
    page = address(model, "preview", listing.pk)
    assert f'href="{page}"' in admin_client.get(address(model, "change", listing.pk)).content.decode()
    response = admin_client.get(page)
    assert listing.name in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert client.get(listing.get_absolute_url()).status_code == 404
    for other in (987654, "x", "\x00"):
        assert admin_client.get(address(model, "preview", other)).status_code == 404


def test_strangers_see_no_preview(client):
    group = make_group()
    assert client.get(address(Group, "preview", group.pk)).status_code == 302
