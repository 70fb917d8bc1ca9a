"""Case studies and sources in the hands of curators."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casestudies.models import CaseStudy, Effect, Source
from tests.factories import CaseStudyFactory, EffectFactory, RoleShownFactory, SourceFactory, SupportRoleFactory
from tests.forms import filled

pytestmark = pytest.mark.django_db


def change_page(obj):
    return reverse(f"admin:casestudies_{obj._meta.model_name}_change", args=[obj.pk])


def save(client, obj, **changes):
    page = change_page(obj)
    return client.post(page, filled(client.get(page)) | changes)


def test_the_templates_boxes_are_ticked_in_words(admin_client):
    case = CaseStudyFactory()
    assert "Pooled budgets" in admin_client.get(change_page(case)).content.decode()
    assert (
        save(admin_client, case, issues=["technology"], funding=["pooled-budgets"], themes=["carers"]).status_code
        == 302
    )
    case = CaseStudy.objects.get()
    assert (case.issues, case.funding, case.themes) == (["technology"], ["pooled-budgets"], ["carers"])


def test_an_effect_with_a_figure_is_a_measured_one(admin_client):
    case = EffectFactory(figure=30, unit="%").case_study
    response = save(admin_client, case, **{"effects-0-kind": "anticipated"})
    assert "Only a measured effect has a figure." in response.content.decode()
    assert Effect.objects.get().kind == "measured"


def test_a_role_is_shown_once(admin_client):
    case = CaseStudyFactory()
    role = str(SupportRoleFactory().pk)
    rows = {"roles_shown-TOTAL_FORMS": "2"}
    for number in range(2):
        rows |= {f"roles_shown-{number}-role": role, f"roles_shown-{number}-text": "Our own reading."}
    assert save(admin_client, case, **rows).status_code == 200
    assert not case.roles_shown.exists()


def test_more_parts_of_one_case_study_make_no_more_queries(admin_client):
    case = CaseStudyFactory()
    counts = []
    for _each in range(3):
        EffectFactory(case_study=case)
        RoleShownFactory(case_study=case)
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(change_page(case))
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_a_source_that_is_cited_stays(admin_client):
    source = EffectFactory().source
    response = admin_client.post(f"/admin/casestudies/source/{source.pk}/delete/", {"post": "yes"})
    assert response.status_code == 200
    assert Source.objects.filter(pk=source.pk).exists()


def test_a_source_on_a_case_studys_list_stays(admin_client):
    source = SourceFactory()
    CaseStudyFactory(sources=[source])
    admin_client.post(f"/admin/casestudies/source/{source.pk}/delete/", {"post": "yes"})
    assert Source.objects.filter(pk=source.pk).exists()


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.usefixtures("media")
def test_a_sources_file_is_for_curators(admin_client, client):
    source = SourceFactory()
    upload = SimpleUploadedFile("esteem.pdf", b"%PDF-1.4 text", "application/pdf")
    assert save(admin_client, source, file=upload).status_code == 302
    link = f"/admin/casestudies/source/{source.pk}/file/"
    assert f'href="{link}"' in admin_client.get(change_page(source)).content.decode()
    response = admin_client.get(link)
    assert b"".join(response.streaming_content) == b"%PDF-1.4 text"
    assert response["Content-Type"] == "application/pdf"
    client.logout()
    assert client.get(link).status_code == 302


@pytest.mark.usefixtures("media")
def test_a_file_that_is_no_pdf_is_refused(admin_client):
    source = SourceFactory()
    upload = SimpleUploadedFile("esteem.pdf", b"<script>", "application/pdf")
    response = save(admin_client, source, file=upload)
    assert "This is not a PDF file." in response.content.decode()


@pytest.mark.usefixtures("media")
def test_a_missing_file_is_not_found(admin_client):
    assert admin_client.get(f"/admin/casestudies/source/{SourceFactory().pk}/file/").status_code == 404
    gone = SourceFactory(file="sources/gone.pdf")
    assert admin_client.get(f"/admin/casestudies/source/{gone.pk}/file/").status_code == 404
    assert admin_client.get(change_page(gone)).status_code == 200


PREVIEW = "/admin/casestudies/casestudy/markdown/"


def test_markdown_is_previewed_as_readers_will_see_it(admin_client):
    text = "Hello *you* <script>alert(1)</script> [x](javascript:alert(1))"
    html = admin_client.post(PREVIEW, {"text": text}).content.decode()
    assert "<em>you</em>" in html
    assert "<script" not in html
    assert "href" not in html
    assert admin_client.post(PREVIEW, {}).content == b""
    assert b"too long" in admin_client.post(PREVIEW, {"text": "a" * 60_000}).content
    page = admin_client.get(change_page(CaseStudyFactory())).content.decode()
    assert page.count(f'data-preview="{PREVIEW}"') == 16
    assert "js/preview.js" in page


def test_only_curators_preview_and_only_from_our_own_forms(admin_client, admin_user, client):
    assert admin_client.get(PREVIEW).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert strict.post(PREVIEW, {"text": "Hello"}).status_code == 403
    assert client.post(PREVIEW, {"text": "Hello"}).status_code == 302
    member = get_user_model().objects.create_user("helper", is_staff=True)
    client.force_login(member)
    assert client.post(PREVIEW, {"text": "Hello"}).status_code == 403


def test_parts_stand_in_the_order_of_their_numbers_and_new_ones_go_to_the_end(admin_client):
    first = EffectFactory(text="First", position=0)
    case = first.case_study
    EffectFactory(case_study=case, text="Second", position=4)
    rows = {"effects-TOTAL_FORMS": "4", "effects-0-position": "9"}
    for number, text, position in [(2, "Third", "0"), (3, "Fourth", "1")]:
        row = {
            "audience": "other",
            "kind": "anticipated",
            "text": text,
            "source": first.source.pk,
            "position": position,
        }
        rows |= {f"effects-{number}-{name}": value for name, value in row.items()}
    assert save(admin_client, case, **rows).status_code == 302
    # The first one went to 9, the third had no number of its own, the fourth asked for 1.
    assert list(case.effects.values_list("text", flat=True)) == ["Fourth", "Second", "First", "Third"]


def test_curators_see_what_is_unanswered_and_what_has_no_source(admin_client):
    source = SourceFactory(publisher="European Social Network", slug="esn-gem")
    told = "In 2015 there were 403 groups (European Social Network).\n\nOne costs 75,000 euros.\n\nSince 1980 or so."
    case = CaseStudyFactory(name="Open", overview=told, aims="Of the 17, as the esn gem says.", sources=[source])
    EffectFactory(case_study=case, source=source)
    page = admin_client.get(change_page(case)).content.decode()
    assert "4 of 29 questions are answered" in page
    assert 'href="#id_lessons"' in page
    assert "One costs 75,000 euros." in page
    gaps = page[page.index('class="gaps"') : page.index("</section>")]
    assert "403" not in gaps
    assert "1980" not in gaps
    assert "17, as" not in gaps
    CaseStudyFactory(name="Plain")
    for query, found in [
        ("", {"Open", "Plain"}),
        ("?todo=unsourced", {"Open"}),
        ("?todo=unanswered", {"Open", "Plain"}),
    ]:
        response = admin_client.get(f"/admin/casestudies/casestudy/{query}")
        assert {each.name for each in response.context["cl"].result_list} == found
        assert "4 of 29" in response.content.decode()
