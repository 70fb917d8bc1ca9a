"""Questions about a case study and wishes to visit: who gets them, what is kept, what the page shows in the end."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from casestudies.models import ReaderQuestion, VisitorQuestion
from directory.forms import listing_key, stamp_for
from directory.models import RelayedMessage
from tests.factories import CaseStudyFactory, ReaderQuestionFactory, SourceFactory, VisitorQuestionFactory
from tests.forms import filled
from tests.pages import main_of, queries_of, text_of

pytestmark = pytest.mark.django_db
HOST = "hidden-host@example.org"


@pytest.fixture(autouse=True)
def with_a_mail_server(settings):
    settings.MAIL_GOES_OUT = True


@pytest.fixture
def case():
    return CaseStudyFactory(name="Tea and talk")


def address_of(case):
    return f"{case.get_absolute_url()}ask/"


def send(client, case, seconds=60, follow=True, **changes):
    stamp = stamp_for(listing_key(case), timezone.now() - timedelta(seconds=seconds))
    words = {"wish": "question", "name": "Ada", "email": "ada@example.com", "message": "Who pays for the tea?"}
    return client.post(address_of(case), words | {"homepage": "", "stamp": stamp} | changes, follow=follow)


def answer(client, asked, **changes):
    page = reverse("admin:casestudies_readerquestion_change", args=[asked.pk])
    return client.post(page, filled(client.get(page)) | {"answer": "The members do."} | changes, follow=True)


def test_the_page_leads_to_the_form_which_says_first_what_happens_to_the_address(client, case):
    assert f'href="{address_of(case)}"' in client.get(case.get_absolute_url()).content.decode()
    page = main_of(client.get(address_of(case)))
    assert "They use the address only to answer you." in page
    assert "When they have answered, we delete your name and your address." in page
    assert "pass it on to the people behind this" not in page


def test_a_question_waits_for_the_curators(client, case):
    assert "A curator reads it and answers" in main_of(send(client, case))
    asked = ReaderQuestion.objects.get()
    assert (asked.case_study, asked.wish, asked.email) == (case, "question", "ada@example.com")
    assert mail.outbox == []


def test_a_wish_to_visit_is_passed_on_where_there_is_somebody_to_pass_it_on_to(client):
    case = CaseStudyFactory(visit_email=HOST)
    assert "we pass it on to the people behind this" in main_of(client.get(address_of(case)))
    response = send(client, case, wish="visit", message="May six of us come in May?")
    assert "We passed your message on" in main_of(response)
    assert HOST not in response.content.decode()
    (sent,) = mail.outbox
    assert (sent.to, sent.reply_to) == ([HOST], ["Ada <ada@example.com>"])
    assert "They would like to visit.\n\nMay six of us come in May?" in sent.body
    assert not ReaderQuestion.objects.exists()
    assert RelayedMessage.objects.get().listing == case


def test_a_wish_to_visit_waits_for_the_curators_where_there_is_nobody(client, case):
    send(client, case, wish="visit")
    assert ReaderQuestion.objects.get().wish == "visit"
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"wish": "both"}, "Choose one of the two, please."),
        ({"wish": "\0"}, "Choose one of the two, please."),
        ({"wish": ""}, "Choose one: a question, or a visit."),
        ({"email": "ada"}, "Type an email address like name@example.org"),
        ({"name": "Ada\0"}, "We cannot read one of these characters."),
        ({"name": "Ada\r\nBcc: x@example.com"}, "Put this on one line"),
        ({"message": "Who pays for the tea?" * 9999}, "Use 3,000 letters at most."),
        ({"message": "Who pays for the tea?\0"}, "We cannot read one of these characters."),
        ({"homepage": "x"}, "Something filled in a box that people do not see."),
        ({"stamp": "x"}, "We could not tell which page this came from."),
        ({"seconds": 1}, "You were very quick."),
    ],
)
def test_what_cannot_be_read_gets_a_message_and_the_words_stay(client, case, changes, said):
    response = send(client, case, **changes)
    assert response.status_code == 422
    assert said in main_of(response)
    assert "Who pays for the tea?" in response.content.decode()
    assert not ReaderQuestion.objects.exists()


def test_a_form_counts_once_and_a_flood_is_stopped(client, case):
    stamp = stamp_for(listing_key(case), timezone.now() - timedelta(seconds=9))
    assert send(client, case, stamp=stamp).status_code == 200
    assert send(client, case, stamp=stamp).status_code == 429
    answers = [send(client, case, seconds=60 + n).status_code for n in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]
    assert ReaderQuestion.objects.count() == 5


def test_the_answer_is_mailed_and_then_nobody_knows_who_asked(client, admin_client, case):
    asked = ReaderQuestionFactory(case_study=case, name="Ada", email="ada@example.com")
    assert "Their name and address are deleted" in text_of(answer(admin_client, asked))
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.com"]
    assert "The members do." in sent.body
    assert case.get_absolute_url() in sent.body
    asked.refresh_from_db()
    assert (asked.email, asked.name, asked.answer) == ("", "", "The members do.")
    assert asked.answered_by.is_superuser
    assert "The members do." not in client.get(case.get_absolute_url()).content.decode()
    answer(admin_client, asked, answer="Something else")
    assert len(mail.outbox) == 1
    assert ReaderQuestion.objects.get().answer == "The members do."


@pytest.mark.parametrize("failing", ["no server", "refused"])
def test_an_answer_that_cannot_go_out_is_kept_and_so_is_the_address(admin_client, settings, failing):
    asked = ReaderQuestionFactory(email="ada@example.com")
    if failing == "no server":
        settings.MAIL_GOES_OUT = False
    else:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "ave" in text_of(answer(admin_client, asked))
    asked.refresh_from_db()
    assert (asked.email, asked.answer, asked.answered_at) == ("ada@example.com", "The members do.", None)


def test_a_curator_publishes_the_question_in_other_words_with_a_source(client, admin_client, case):
    VisitorQuestionFactory(case_study=case, position=4)
    asked = ReaderQuestionFactory(case_study=case, message="I am Zebedee. Who pays?")
    response = answer(admin_client, asked, publish="on")
    assert "Write the question as readers shall see it." in text_of(response)
    assert "Name a source. Each answer on a page has one." in text_of(response)
    assert mail.outbox == []
    source = SourceFactory()
    answer(admin_client, asked, publish="on", public_question="Who pays for it?", source=source.pk)
    shown = VisitorQuestion.objects.get(question="Who pays for it?")
    assert (shown.case_study, shown.answer, shown.source, shown.position) == (case, "The members do.", source, 5)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Who pays for it?" in page
    assert "Zebedee" not in page
    assert len(mail.outbox) == 1


def test_the_database_keeps_an_address_no_longer_than_until_the_answer():
    asked = ReaderQuestionFactory(answer="Yes.")
    for changes in [{"answered_at": timezone.now()}, {"email": ""}]:
        with pytest.raises(IntegrityError), transaction.atomic():
            ReaderQuestion.objects.filter(pk=asked.pk).update(**changes)


def test_what_nobody_answered_in_six_months_is_deleted():
    ReaderQuestionFactory(asked_at=timezone.now() - timedelta(days=200))
    kept = ReaderQuestionFactory(asked_at=timezone.now() - timedelta(days=100))
    said = StringIO()
    call_command("remove_old_drafts", stdout=said)
    assert ReaderQuestion.objects.get() == kept
    assert "1 questions" in said.getvalue()


def test_nobody_asks_about_what_is_not_published_or_made_up(client):
    assert client.get(address_of(CaseStudyFactory(state="draft"))).status_code == 404
    sample = CaseStudyFactory(sample=True)
    assert "There is nobody to write to." in main_of(send(client, sample))
    assert not ReaderQuestion.objects.exists()


def test_the_form_is_in_no_cache_and_takes_as_many_queries_whatever_is_asked(client, case):
    response = client.get(address_of(case))
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    before = queries_of(client, address_of(case))
    for _each in range(5):
        ReaderQuestionFactory(case_study=case)
    assert queries_of(client, address_of(case)) == before <= 3
