"""Case studies that people write without an account: the link, the draft, sending it in, and who learns what."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casestudies.models import CaseStudy, Effect, Submission
from casestudies.submitting import token_of
from casestudies.template_forms import DRAFT_PARTS
from directory import actions
from directory.forms import stamp_for
from selfhelp.logs import WithoutKeys
from tests.factories import CaseStudyFactory, SubmissionFactory
from tests.forms import filled
from tests.pages import main_of, queries_of, text_of

pytestmark = pytest.mark.django_db
KEYS = {"add": "casestudies.begin", "new_link": "casestudies.link"}


@pytest.fixture(autouse=True)
def with_a_mail_server(settings):
    settings.MAIL_GOES_OUT = True


def ask(client, name, seconds=60, **words):
    stamp = stamp_for(KEYS[name], timezone.now() - timedelta(seconds=seconds))
    data = {"email": "ada@example.com", "homepage": "", "stamp": stamp} | words
    return client.post(reverse(f"casestudies:{name}"), data, follow=True)


def links_in(letter):
    return re.findall(r"http://testserver(/case-studies/add/\S+)", letter.body)


def address(draft, part=None):
    token = token_of(draft)
    return reverse("casestudies:draft_part", args=[token, part]) if part else reverse("casestudies:draft", args=[token])


def save(client, draft, part, **words):
    page = address(draft, part)
    return client.post(page, filled(client.get(page)) | words)


def test_a_link_comes_by_mail_and_leads_to_the_parts(client):
    assert reverse("casestudies:add") in client.get("/case-studies/").content.decode()
    response = ask(client, "add", title="Tea in May")
    assert "Look in your inbox" in main_of(response)
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.com"]
    (link,) = links_in(letter)
    assert link not in response.content.decode()
    page = client.get(link)
    assert all(str(part.title) in main_of(page) for part in DRAFT_PARTS.values())
    assert "Tea in May" in main_of(page)


def test_each_part_is_saved_and_leads_to_the_next(client):
    draft = SubmissionFactory()
    slugs = list(DRAFT_PARTS)
    for slug, following in zip(slugs, [*slugs[1:], None], strict=True):
        response = save(client, draft, slug)
        assert (response.status_code, response["Location"].split("/")[4:]) == (
            302,
            address(draft, following).split("/")[4:],
        )
    save(client, draft, "story", overview="We met.")
    save(client, draft, "how-it-runs", status="pilot-ended", issues=["technology", "contracting"])
    draft.refresh_from_db()
    assert draft.answers["overview"] == "We met."
    assert draft.answers["issues"] == ["technology", "contracting"]
    assert filled(client.get(address(draft, "how-it-runs")))["issues"] == ["contracting", "technology"]
    assert "2 of 6" in main_of(client.get(address(draft)))
    assert not CaseStudy.objects.exists()


def test_two_tabs_do_not_undo_each_other(client):
    draft = SubmissionFactory()
    early = filled(client.get(address(draft, "story")))
    save(client, draft, "what-and-why", aims="Tea for all.")
    client.post(address(draft, "story"), early | {"overview": "We met."})
    draft.refresh_from_db()
    assert (draft.answers["aims"], draft.answers["overview"]) == ("Tea for all.", "We met.")


def test_what_is_sent_in_waits_for_a_curator_with_all_its_answers(client, admin_client):
    CaseStudyFactory(slug="tea-in-may")
    draft = SubmissionFactory(email="ada@example.com")
    save(client, draft, "basics", name="Tea in May", summary="We met.", country="ENG", year="2024")
    save(client, draft, "story", overview="We **met**.")
    save(client, draft, "who", organisation="Tea House", leadership="shared", leadership_note="By turns.")
    save(client, draft, "cost", funding=["existing-resources"], costs="Ten pounds.")
    told = {"effect-measured-service-users": "30 came.", "effect-anticipated-other": "They may like it."}
    save(client, draft, "changed", **told)
    save(client, draft, "sources", evidence="Our own notes.")
    page = client.post(address(draft), follow=True)
    assert "Thank you. You have sent it in" in main_of(page)
    case = CaseStudy.objects.get(name="Tea in May")
    assert (case.state, case.slug, case.country, case.year) == ("pending", "tea-in-may-2", "ENG", 2024)
    assert (case.overview, case.leadership, case.funding) == ("We **met**.", "shared", ["existing-resources"])
    effects = Effect.objects.values_list("kind", "audience", "text")
    assert list(effects) == [("measured", "service-users", "30 came."), ("anticipated", "other", "They may like it.")]
    assert case.sources.get().note == "Our own notes."
    assert client.get(case.get_absolute_url()).status_code == 404
    listed = text_of(admin_client.get(reverse("admin:casestudies_submission_changelist")))
    assert "ada@example.com" in listed
    # A second press, or a part that was still open in another tab, changes nothing.
    client.post(address(draft))
    client.post(address(draft, "story"), {"overview": "Other."})
    case.refresh_from_db()
    assert (CaseStudy.objects.count(), case.overview) == (2, "We **met**.")


def test_a_curator_publishes_what_was_sent_in_and_the_writers_address_stays_hidden(client):
    draft = SubmissionFactory(email="hidden-writer@example.com")
    save(client, draft, "story", overview="We met.")
    client.post(address(draft))
    case = CaseStudy.objects.get()
    assert actions.publish(case, by=None)
    shown = client.get(case.get_absolute_url())
    assert "We met." in main_of(shown)
    assert "hidden-writer" not in shown.content.decode()


def test_without_a_story_it_is_not_sent_in(client):
    draft = SubmissionFactory()
    response = client.post(address(draft))
    assert response.status_code == 422
    assert "Tell the story first." in main_of(response)
    draft.answers |= {"overview": "We met.", "status": "gone"}
    draft.save()
    assert "We do not know this choice." in main_of(client.post(address(draft)))
    assert not CaseStudy.objects.exists()


@pytest.mark.parametrize(
    ("part", "words", "said"),
    [
        ("basics", {"name": ""}, "Give it a title."),
        ("basics", {"name": "T" * 161}, "Use 160 letters at most."),
        ("basics", {"name": "Tea\0"}, "We cannot read one of these characters."),
        ("basics", {"year": "soon"}, "Write the year in four digits"),
        ("basics", {"year": "9" * 5000}, "Write the year in four digits"),
        ("basics", {"country": "XX"}, "We do not know this choice."),
        ("how-it-runs", {"status": "\0"}, "We do not know this choice."),
        ("how-it-runs", {"issues": ["technology", "x"]}, "We do not know this choice."),
        ("cost", {"costs": "Ten pounds. " * 500}, "This is too long. Use 5000 letters at most"),
        ("cost", {"costs": "Ten\0"}, "We cannot read one of these characters."),
    ],
)
def test_what_cannot_be_read_is_not_saved_and_the_words_stay(client, part, words, said):
    draft = SubmissionFactory()
    response = save(client, draft, part, **words)
    assert response.status_code == 422
    assert said in main_of(response)
    value = next(iter(words.values()))
    if isinstance(value, str) and "costs" in words:
        assert filled(response)["costs"].strip().startswith("Ten")
    draft.refresh_from_db()
    assert draft.answers == {"name": "A working title"}


def test_a_link_that_was_changed_or_is_too_old_is_refused_with_a_way_on(client, monkeypatch):
    draft = SubmissionFactory()
    good = token_of(draft)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() - 31 * 24 * 3600)
    old = token_of(draft)
    monkeypatch.undo()
    other = SubmissionFactory()
    gone = token_of(other)
    other.delete()
    for token in [good[:-1], "z" + good[1:], old, gone, "x", "\0", "é:1:2"]:
        for name, args in [("draft", [token]), ("draft_part", [token, "story"])]:
            for response in [
                client.get(reverse(f"casestudies:{name}", args=args)),
                client.post(reverse(f"casestudies:{name}", args=args), {"overview": "x"}),
            ]:
                assert response.status_code == 410
                assert "This link does not work" in main_of(response)
                assert reverse("casestudies:new_link") in response.content.decode()
    assert client.get(address(draft)).status_code == 200
    nowhere = client.get(reverse("casestudies:draft_part", args=[good, "nowhere"]))
    assert nowhere["Location"] == reverse("casestudies:draft", args=[good])


def test_no_log_holds_the_address_of_a_draft(client, caplog):
    draft = SubmissionFactory()
    assert save(client, draft, "basics", name="").status_code == 422
    assert client.post(address(draft)).status_code == 422
    records = [record for record in caplog.records if WithoutKeys().filter(record)]
    assert len(records) == 2
    assert not any(token_of(draft)[:40] in record.getMessage() for record in records)


def test_a_new_link_never_tells_whether_an_address_is_known(client):
    SubmissionFactory(email="known@example.com", answers={"name": "Tea in May"})
    pages = [
        main_of(ask(client, "new_link", seconds=60 + n, email=email))
        for n, email in enumerate(["known@example.com", "unknown@example.com"])
    ]
    assert pages[0] == pages[1]
    known, unknown = mail.outbox
    assert len(links_in(known)) == 1
    assert client.get(links_in(known)[0]).status_code == 200
    assert links_in(unknown) == []
    assert "There is no draft for this address." in unknown.body


def test_an_address_gets_three_letters_a_day_and_nobody_is_told(client):
    pages = [main_of(ask(client, "new_link", seconds=60 + n)) for n in range(4)]
    assert len(set(pages)) == 1
    assert len(mail.outbox) == 3


def test_where_the_mail_server_refuses_there_is_no_draft_and_the_writer_is_told(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = ask(client, "add", title="Tea in May")
    assert response.status_code == 503
    assert "The mail server did not take our letter" in main_of(response)
    assert "Tea in May" in response.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("words", [{"title": ""}, {"title": "T\0"}, {"email": "x"}, {"email": "a@example.com\nBcc: b"}])
def test_a_draft_begins_with_a_title_and_an_address(client, words):
    assert ask(client, "add", **{"title": "Tea"} | words).status_code == 422
    assert (mail.outbox, Submission.objects.count()) == ([], 0)


def test_the_pages_are_in_no_cache_no_index_and_no_referrer(client):
    draft = SubmissionFactory()
    for page in [address(draft), address(draft, "story"), address(draft) + "x/", "/case-studies/add/x/"]:
        response = client.get(page)
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        # The address alone lets somebody in, so there is nothing to set.
        assert not response.cookies


def test_a_draft_is_kept_though_the_browser_tells_no_origin():
    draft = SubmissionFactory()
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    assert strict.post(address(draft, "story"), {"overview": "We met."}).status_code == 302
    draft.refresh_from_db()
    assert draft.answers["overview"] == "We met."


def test_old_drafts_are_deleted_and_what_was_sent_in_stays_as_a_case_study():
    def touched(days, **more):
        return SubmissionFactory(touched_at=timezone.now() - timedelta(days=days), **more)

    touched(200, saved=True)
    touched(31)
    sent_in = {"saved": True, "sent_in_at": timezone.now(), "case_study": CaseStudyFactory(state="pending")}
    touched(200, **sent_in)
    kept = [touched(100, saved=True), touched(29)]
    call_command("remove_old_drafts", verbosity=0)
    assert list(Submission.objects.order_by("pk")) == kept
    assert CaseStudy.objects.count() == 1


def test_drafts_are_their_writers_own(admin_client):
    SubmissionFactory(email="ada@example.com")
    assert "ada@" not in admin_client.get(reverse("admin:casestudies_submission_changelist")).content.decode()


def test_a_page_takes_as_many_queries_however_much_is_written(client):
    draft = SubmissionFactory()
    before = queries_of(client, address(draft)), queries_of(client, address(draft, "changed"))
    draft.answers |= {f"effect-measured-{audience}": "x" for audience in ("other", "organisations")}
    draft.save()
    SubmissionFactory.create_batch(5)
    assert (queries_of(client, address(draft)), queries_of(client, address(draft, "changed"))) == before == (1, 1)
