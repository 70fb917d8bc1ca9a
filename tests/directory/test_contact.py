"""Passing messages on: what the organiser gets, what the writer is told, what is kept, and what is refused."""

import re
import socketserver
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.forms import listing_key, stamp_for
from directory.models import RelayCount, RelayedMessage
from tests.factories import (
    GroupContactFactory,
    GroupFactory,
    HelpLineFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    TopicFactory,
)
from tests.forms import filled
from tests.pages import main_of

pytestmark = pytest.mark.django_db
ORGANISER = "hidden-organiser@example.org"


@pytest.fixture
def group():
    return GroupContactFactory(group__name="Tea & Talk", value=ORGANISER, visibility="relay").group


@pytest.fixture(autouse=True)
def with_a_mail_server(settings):
    settings.MAIL_GOES_OUT = True


def address_of(listing):
    return f"{listing.get_absolute_url()}contact/"


def letter(listing, seconds=60, **changes):
    shown = timezone.now() - timedelta(seconds=seconds)
    words = {"name": "Ada", "email": "ada@example.com", "message": "May I come on Tuesday?", "homepage": ""}
    return words | {"stamp": stamp_for(listing_key(listing), shown)} | changes


def send(client, listing, follow=True, headers=None, **changes):
    return client.post(address_of(listing), letter(listing, **changes), follow=follow, headers=headers or {})


def test_a_message_reaches_the_organiser_and_the_answer_goes_to_the_writer(client, group, settings):
    settings.DEFAULT_FROM_EMAIL = "messages@directory.example"
    response = send(client, group)
    assert "We passed it to the mail server. We cannot see whether it was read." in main_of(response)
    (sent,) = mail.outbox
    head = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert sent.to == [ORGANISER]
    assert head["Reply-To"] == "Ada <ada@example.com>"
    assert head["From"] == "Open Chair <messages@directory.example>"
    assert head["Subject"] == "Open Chair: a message for Tea & Talk"
    assert head["Auto-Submitted"] == "auto-generated"
    assert head["List-Id"] == "<messages.directory.example>"
    assert head["Message-ID"].endswith("@directory.example>")
    assert (head["Cc"], head["Bcc"]) == (None, None)
    assert "May I come on Tuesday?" in sent.body
    assert f"http://testserver/groups/{group.slug}/" in sent.body
    assert "they will see the address you answer from" in sent.body


@pytest.mark.parametrize(
    ("email", "answered_at"),
    [
        ("ada@exämple.org", "ada@xn--exmple-cua.org"),
        ("ada@例え.jp", "ada@xn--r8jz45g.jp"),
        ("ada@gmaıl.com", "ada@xn--gmal-nza.com"),
        ("o'ada+tea@example.org", "o'ada+tea@example.org"),
    ],
)
@pytest.mark.parametrize("name", ["Ada", "Ädä" * 26, "Ada Lovelace " * 6])
def test_a_message_from_an_international_address_gets_through_and_can_be_answered(
    client, group, name, email, answered_at
):
    assert send(client, group, name=name, email=email, follow=False).status_code == 302
    (sent,) = mail.outbox
    head = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    (answered,) = head["Reply-To"].addresses
    assert answered.addr_spec == answered_at
    assert answered.display_name == name.strip()


@pytest.mark.parametrize(
    "email",
    [
        "ſam@example.org",
        "\N{KELVIN SIGN}im@example.org",
        "ada@\uffff.org",
        "ada@" + "ä" * 63 + ".org",
        "ada@" + "ä." * 100 + "org",
        "ada@℀.org",
        "ada@xn--ä.org",
        "=?utf-8?q?bob?=@example.org",
        '"\\\x01"@example.org',
    ],
)
def test_an_address_that_no_letter_can_carry_is_refused_before_anything_is_counted(client, group, email):
    response = send(client, group, email=email)
    assert response.status_code == 422
    assert "Type an email address like name@example.org" in main_of(response)
    assert "May I come on Tuesday?" in response.content.decode()
    assert not RelayCount.objects.exists()


def test_an_address_on_record_that_no_letter_can_carry_is_told_as_refused(client, group, settings):
    group.contacts.update(value="ada@\uffff.org")
    response = send_to_a_server_that_refuses(client, group, settings)
    assert response.status_code == 503
    assert RelayedMessage.objects.get().outcome == "refused"


def test_nothing_of_a_message_is_kept_but_that_there_was_one_and_when(client, group, caplog):
    send(client, group)
    (kept,) = RelayedMessage.objects.values()
    assert kept.keys() == {"id", "content_type_id", "object_id", "at", "outcome", "reason"}
    assert (kept["object_id"], kept["outcome"], kept["reason"]) == (group.pk, "passed", "")
    for row in [*RelayedMessage.objects.values(), *RelayCount.objects.values()]:
        for written in ["Ada", "ada@", "Tuesday", "127.0.0", "organiser"]:
            assert written not in str(row.values())
    assert "Tuesday" not in caplog.text


def test_the_organisers_address_stands_on_no_page_of_the_way(client, group):
    pages = [client.get(group.get_absolute_url()), client.get(address_of(group)), send(client, group, email="x")]
    pages.append(send(client, group))
    for page in pages:
        assert ORGANISER not in page.content.decode()
    assert 'href="/groups/' in pages[0].content.decode()


def test_the_writer_is_told_first_what_is_seen_and_what_is_kept(client, group):
    page = main_of(client.get(address_of(group)))
    assert "They see your message, your name if you give one, and your email address" in page
    assert "We do not keep what you wrote" in page
    assert "You do not see their address" in page
    assert "You get no copy" in page


def test_a_form_as_a_browser_sends_it_back_is_asked_again_when_it_comes_too_quickly(client, group):
    data = filled(client.get(address_of(group)))
    assert set(data) == {"csrfmiddlewaretoken", "stamp", "homepage", "name", "email", "message"}
    response = client.post(address_of(group), data | {"email": "ada@example.com", "message": "Hello there"})
    assert response.status_code == 422
    assert "You were very quick" in main_of(response)
    assert filled(response)["message"].strip() == "Hello there"
    assert mail.outbox == []


def test_no_cookie_before_the_form(client, group):
    assert not client.get(group.get_absolute_url()).cookies
    response = client.get(address_of(group))
    assert list(response.cookies) == ["csrftoken"]
    assert "no-store" in response["Cache-Control"]
    sent = send(client, group, follow=False)
    assert set(sent.cookies) <= {"csrftoken"}


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Ada\r\nBcc: everyone@example.com"},
        {"name": "Ada\nX: y"},
        {"name": "Ada\u2028Bcc: a@example.com"},
        {"name": "Ada\r"},
        {"email": "ada@example.com\r\nBcc: everyone@example.com"},
        {"email": "ada@example.com\n"},
        {"email": "ada@example.com\x85Bcc: a@example.com"},
    ],
)
def test_line_breaks_in_what_goes_into_a_head_are_refused(client, group, changes):
    response = send(client, group, **changes)
    assert response.status_code == 422
    assert "Put this on one line, without line breaks." in main_of(response)
    assert "May I come" in response.content.decode()
    assert mail.outbox == []


def test_neither_a_listings_name_nor_a_message_can_add_a_line_to_the_head(client):
    group = GroupContactFactory(
        group__name="Tea\r\nBcc: everyone@example.com", value=ORGANISER, visibility="relay"
    ).group
    send(client, group, name='"Ada" <b@example.com>, c@example.com', message="\r\n.\r\nBcc: d@example.com\r\n")
    (sent,) = mail.outbox
    head = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert sent.recipients() == [ORGANISER]
    assert head["Bcc"] is None
    assert [each.addr_spec for each in head["Reply-To"].addresses] == ["ada@example.com"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": ""}, "Type your email address"),
        ({"email": "ada"}, "Type an email address like"),
        ({"email": "a" * 300 + "@example.com"}, "too long for an email address"),
        ({"message": "  "}, "Type a message."),
        ({"message": "a" * 900_000}, "Your message is too long"),
        ({"message": "NUL \0 here"}, "We cannot read one of these characters"),
        ({"name": "NUL \0 here"}, "We cannot read one of these characters"),
        ({"name": "a" * 81}, "This name is too long"),
        ({"message": "http://a.example www.b.example <a href=c>"}, "two links at most"),
        ({"homepage": "https://spam.example"}, "a box that people do not see"),
        ({"seconds": 1}, "very quick"),
        ({"seconds": -60}, "very quick"),
        ({"seconds": 25 * 3600}, "open for more than a day"),
        ({"stamp": ""}, "could not tell which page"),
        ({"stamp": "forged:signature"}, "could not tell which page"),
        ({"stamp": "NUL\0"}, "could not tell which page"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_the_words(client, group, changes, said):
    response = send(client, group, **changes)
    page = main_of(response)
    assert response.status_code == 422
    assert "We have not sent it yet" in page
    assert said in page
    assert "<title>" in response.content.decode()
    assert re.search(r"<title>\s*Error:", response.content.decode())
    assert "What you wrote is still here." in page
    assert filled(response)["homepage"] == [""]
    assert mail.outbox == []


def test_each_message_stands_beside_its_field_and_the_summary_leads_there(client, group):
    html = send(client, group, email="ada").content.decode()
    assert 'href="#id_email"' in html
    assert 'id="id_email_error"' in html
    assert re.search(r'<input[^>]+aria-invalid="true"[^>]+id="id_email"|<input[^>]+id="id_email"[^>]+aria-inv', html)


def test_after_a_stale_or_quick_form_the_next_one_is_taken(client, group):
    for seconds in (1, 25 * 3600):
        again = filled(send(client, group, seconds=seconds))
        assert again["stamp"][0]
        assert "could not tell" not in main_of(client.post(address_of(group), again))


def test_a_stamp_is_good_for_one_listing_and_one_message(client, group):
    other = GroupContactFactory(visibility="relay").group
    stamp = letter(group)["stamp"]
    assert send(client, other, stamp=stamp).status_code == 422
    assert send(client, group, stamp=stamp).status_code == 200
    again = send(client, group, stamp=stamp)
    assert again.status_code == 429
    assert "You have sent this form already" in main_of(again)
    assert filled(again)["stamp"] != [stamp]
    assert len(mail.outbox) == 1


def test_fifty_messages_in_a_minute_are_refused_and_logged_without_content(client, group, caplog):
    answers = [send(client, group, follow=False) for _each in range(50)]
    assert [each.status_code for each in answers].count(429) == 45
    assert len(mail.outbox) == 5 == RelayedMessage.objects.count()
    page = main_of(answers[-1])
    assert "Many messages came from your network. Try again in" in page
    assert "May I come on Tuesday?" in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 0
    assert caplog.text.count("Refused a message: too many by network.") == 45
    for written in ["Ada", "ada@", "come on Tuesday", "127.0.0.1", ORGANISER]:
        assert written not in caplog.text


def test_a_group_is_not_flooded_from_many_networks(client, group):
    codes = []
    for n in range(50):
        client.defaults["REMOTE_ADDR"] = f"198.51.{n}.7"
        codes.append(send(client, group, follow=False).status_code)
    assert codes.count(302) == 20
    assert "Many messages came for this page." in main_of(send(client, group))
    other = GroupContactFactory(visibility="relay").group
    assert send(client, other, follow=False).status_code == 302


def test_one_network_is_a_whole_house_and_its_address_is_not_kept(client, group, settings):
    for n in range(5):
        client.defaults["REMOTE_ADDR"] = f"2001:db8:1:{n}::{n}"
        assert send(client, group, follow=False).status_code == 302
    assert send(client, group).status_code == 429
    client.defaults["REMOTE_ADDR"] = "::ffff:203.0.113.9"
    assert send(client, group, follow=False).status_code == 302
    # What a visitor claims counts for nothing; what the proxy adds, counts.
    assert send(client, group, headers={"X-Forwarded-For": "9.9.9.9"}, follow=False).status_code == 302
    before = RelayCount.objects.count()
    settings.BEHIND_PROXY = True
    assert send(client, group, headers={"X-Forwarded-For": "9.9.9.9, 203.0.113.77"}, follow=False).status_code == 302
    assert RelayCount.objects.count() == before + 1  # the form's own: network and group are known already
    assert send(client, group, headers={"X-Forwarded-For": "junk"}, follow=False).status_code == 302
    assert not RelayCount.objects.filter(counted__contains="203").exclude(counted__regex="^[0-9a-f]{32}$").exists()


def test_counts_that_are_over_and_messages_of_long_ago_are_removed(client, group):
    now = timezone.now()
    RelayCount.objects.create(counted="old", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    send(client, group)
    RelayedMessage.objects.update(at=now - timedelta(days=366))
    send(client, group)
    assert not RelayCount.objects.filter(counted="old").exists()
    assert RelayedMessage.objects.count() == 1


def test_what_is_over_goes_by_the_hour_though_nobody_writes(client, group, capsys):
    send(client, group)
    now = timezone.now()
    RelayedMessage.objects.create(
        content_type=RelayedMessage.objects.get().content_type, object_id=1, at=now - timedelta(days=366)
    )
    RelayCount.objects.create(counted="old", starts_at=now - timedelta(days=2), ends_at=now - timedelta(seconds=1))
    still_counting = RelayCount.objects.count() - 1
    call_command("remove_old_traces")
    assert capsys.readouterr().out == "Removed: 1 counts, 1 records of messages, 0 signs of networks.\n"
    assert RelayCount.objects.count() == still_counting > 0
    assert RelayedMessage.objects.get().object_id == group.pk


def test_the_database_itself_keeps_counts_in_order():
    now = timezone.now()
    row = {"counted": "a", "starts_at": now, "ends_at": now + timedelta(minutes=1)}
    RelayCount.objects.create(**row)
    for wrong in [row, row | {"counted": "b", "number": 0}, row | {"counted": "c", "ends_at": now}]:
        with pytest.raises(IntegrityError), transaction.atomic():
            RelayCount.objects.create(**wrong)


class RefusingServer(socketserver.StreamRequestHandler):
    """A mail server that knows nobody, and says so with the address, as real ones do."""

    def handle(self):
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                answer = f"550 5.1.1 <{ORGANISER}>: no such user, see http://help.example/?to={ORGANISER}".encode()
            else:
                answer = b"221 bye" if word == b"QUIT" else b"250 ok"
            self.wfile.write(answer + b"\r\n")
            if word == b"QUIT":
                return


def send_to_a_server_that_refuses(client, group, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), RefusingServer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        response = send(client, group)
        server.shutdown()
    return response


def test_what_the_mail_server_refuses_is_told_and_stands_in_the_admin_without_content(
    client, admin_client, group, settings, caplog
):
    response = send_to_a_server_that_refuses(client, group, settings)
    assert response.status_code == 503
    assert "nobody has got it" in main_of(response)
    assert "May I come on Tuesday?" in response.content.decode()
    (record,) = RelayedMessage.objects.all()
    assert (record.outcome, record.reason) == ("refused", "550 5.1.1 [address]: no such user, see [link]")
    page = admin_client.get("/admin/directory/relayedmessage/").content.decode()
    assert "no such user" in page
    assert "Tea &amp; Talk" in page
    for hidden in [ORGANISER, "Ada", "Tuesday?"]:
        assert hidden not in page
        assert hidden not in caplog.text


def test_a_mail_server_that_is_not_there_is_told(client, group, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert send(client, group).status_code == 503
    assert RelayedMessage.objects.get().reason.startswith("ConnectionRefusedError")


def test_without_a_mail_server_the_letter_lies_in_a_folder_and_all_say_so(
    client, admin_client, group, settings, tmp_path
):
    settings.MAIL_GOES_OUT = False
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "directory.mail.OutboxBackend", tmp_path / "var" / "outbox"
    settings.BASE_DIR = tmp_path
    assert "not set up to send email yet" in main_of(client.get(address_of(group)))
    page = main_of(send(client, group))
    assert "nobody gets it" in page
    assert "We passed" not in page
    (written,) = settings.EMAIL_FILE_PATH.iterdir()
    assert "May I come on Tuesday?" in written.read_text()
    assert settings.EMAIL_FILE_PATH.stat().st_mode & 0o077 == 0
    assert RelayedMessage.objects.get().outcome == "outbox"
    assert "var/outbox" in admin_client.get("/admin/directory/relayedmessage/").content.decode()


def test_what_came_of_a_message_is_said_only_where_it_is_true(client, group):
    for forged in ["passed", f"{group.pk}.passed:abc:def", "\0"]:
        assert "We passed" not in main_of(client.get(address_of(group), {"sent": forged}))
    said = send(client, group, follow=False)["Location"].partition("?")[2]
    other = GroupContactFactory(visibility="relay").group
    assert "We passed" not in main_of(client.get(f"{address_of(other)}?{said}"))


@pytest.mark.parametrize(
    ("contacts", "reached"),
    [
        ([("email", "relay")], True),
        ([("email", "everyone")], True),
        ([("email", "curators")], False),
        ([("phone", "relay")], False),
        ([], False),
    ],
)
@pytest.mark.parametrize("room", ["group", "practitioner"])
def test_only_those_who_take_messages_by_email_have_a_form(client, room, contacts, reached):
    listing = GroupFactory() if room == "group" else PractitionerFactory()
    factory = GroupContactFactory if room == "group" else PractitionerContactFactory
    for kind, visibility in contacts:
        factory(**{room: listing}, kind=kind, value="someone@example.org", visibility=visibility)
    assert client.get(address_of(listing)).status_code == (200 if reached else 404)
    assert (address_of(listing) in client.get(listing.get_absolute_url()).content.decode()) is reached
    assert send(client, listing, follow=False).status_code == (302 if reached else 404)


def test_the_address_for_messages_comes_before_the_one_for_everyone(client, group):
    GroupContactFactory(group=group, value="first@example.org", visibility="everyone", position=0)
    GroupContactFactory(group=group, value="curators@example.org", visibility="curators", position=0)
    group.contacts.filter(value=ORGANISER).update(position=9)
    send(client, group)
    assert mail.outbox[0].to == [ORGANISER]


@pytest.mark.parametrize("state", ["draft", "pending", "archived"])
def test_nobody_writes_to_what_is_not_published(client, group, state):
    group.state = state
    group.save()
    assert client.get(address_of(group)).status_code == 404
    assert send(client, group).status_code == 404
    assert mail.outbox == []


def test_nobody_writes_to_a_sample_or_to_someone_who_takes_no_requests(client):
    sample = GroupContactFactory(group__sample=True, visibility="relay").group
    busy = PractitionerContactFactory(practitioner__accepting_requests=False, visibility="relay").practitioner
    for listing, said in [(sample, "There is nobody to write to."), (busy, "They take no requests now.")]:
        assert said in main_of(client.get(address_of(listing)))
        assert said in main_of(send(client, listing))
    assert mail.outbox == []


def test_on_a_sensitive_topic_the_form_says_less_is_enough_and_shows_help_lines(client, group):
    topic = TopicFactory(sensitive=True)
    topic.help_lines.set([HelpLineFactory(name="A line to call")])
    group.topics.set([topic])
    page = main_of(client.get(address_of(group)))
    for said in ["A line to call", "You need not say what has happened to you.", "Exit this page"]:
        assert said in page


def test_words_of_danger_in_a_message_bring_help_lines_where_it_is_asked_for_again(client, content, group):
    page = main_of(send(client, group, message="I want to die", email=""))
    assert "You can talk to someone now" in page


def test_the_form_needs_its_own_cookie(group):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(address_of(group), letter(group)).status_code == 403


def test_being_quick_is_no_fault_beside_a_real_one(client, group):
    page = main_of(send(client, group, seconds=1, email="ada"))
    assert "Type an email address like" in page
    assert "very quick" not in page
    page = main_of(send(client, group, seconds=1, homepage="https://spam.example"))
    assert "a box that people do not see" in page
