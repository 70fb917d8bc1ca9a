"""Passing a message on to the people behind a listing, without showing either address to anybody else.

Nothing of a message is kept or logged: only that there was one, to which listing, when, and what came of it.
"""

import logging
import re
from datetime import UTC, datetime, timedelta
from email.utils import formataddr
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from directory.choices import RelayOutcome
from directory.forms import listing_key
from directory.mail import NOT_SENT, site_letter
from directory.models import RelayCount, RelayedMessage

logger = logging.getLogger(__name__)

# (in so long, so many messages): a form is sent once, and nobody is flooded, from one network or from many: no listing,
# and no address that somebody types into a form which writes to it.
LIMITS = {
    "form": [(timedelta(days=1), 1)],
    "network": [(timedelta(minutes=10), 5), (timedelta(days=1), 20)],
    "listing": [(timedelta(hours=1), 20), (timedelta(days=1), 60)],
    # Letters that somebody asks for, to an address that may be somebody else's.
    "address": [(timedelta(days=1), 3)],
}
KEPT_FOR = timedelta(days=365)
_ADDRESS = re.compile(r"<?[^\s<>]*@[^\s<>]*>?")
_LINK = re.compile(r"\S*(?:://|www\.)\S*")


class TooMany(Exception):
    """More messages than a limit allows. `kind` is the limit's; `wait` is how long it still holds."""

    def __init__(self, kind, wait):
        super().__init__(kind)
        self.kind = kind
        self.wait = wait


def pass_on(*, listing, to, page, name, email, message, form, network):
    """Send a message to the address `to` and return its `RelayedMessage`, which says what came of it.

    `page` is the listing's whole address, `form` what tells this form from others, `network` what the writer's network
    is called. Counts and the record are saved before the mail server is asked. Raises `TooMany`.
    """
    # Mail cannot be taken back: so this is never part of a transaction that may be.
    try:
        with transaction.atomic(durable=True):
            count(form=form, network=network, listing=listing_key(listing))
            _remove_old_records()
            record = RelayedMessage.objects.create(
                content_type=ContentType.objects.get_for_model(listing), object_id=listing.pk
            )
    except TooMany as refused:
        note_refusal(refused)
        raise
    context = {"listing": listing, "page": page, "name": name, "email": email, "message": message}
    _send(record, letter(to=to, **context))
    return record


def may_write_to(email, **counted):
    """Count a letter that somebody asks for, and return whether it may go out. Raises `TooMany` for all other limits.

    An address that had enough gets no more today, and nobody is told: else a stranger learns who asked here today. The
    other counts stay, so that they do not tell it either.
    """
    count(**counted)
    try:
        count(address=email.casefold())
    except TooMany as refused:
        note_refusal(refused)
        return False
    return True


def remove_old():
    """Delete counts that are over and records that are too old. Return how many of each."""
    counts, _by_model = RelayCount.objects.filter(ends_at__lt=timezone.now()).delete()
    return counts, _remove_old_records()


def _remove_old_records():
    removed, _by_model = RelayedMessage.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    return removed


def note_refusal(refused):
    """Log that a limit held, and which."""
    logger.warning("Refused a message: too many by %s.", refused.kind)


def letter(*, to, listing, page, name, email, message):
    """Return the e-mail that the people behind a listing get."""
    words = {"site": settings.SITE_NAME, "listing": " ".join(str(listing).split())}
    context = {
        "site_name": settings.SITE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "listing": listing,
        "page": page,
        "name": name,
        "email": email,
        "message": "\n".join(message.splitlines()),
    }
    return site_letter(
        to=to,
        subject=_("%(site)s: a message for %(listing)s") % words,
        body=render_to_string("directory/relay.txt", context),
        reply_to=[formataddr((name, email))],
    )


def _send(record, mail):
    try:
        mail.send()
    except NOT_SENT as error:
        logger.warning("The mail server did not take a message: %s.", type(error).__name__)
        record.outcome, record.reason = RelayOutcome.REFUSED, reason_of(error)
    else:
        record.outcome = RelayOutcome.PASSED if settings.MAIL_GOES_OUT else RelayOutcome.OUTBOX
    record.save(update_fields=["outcome", "reason"])


def reason_of(error):
    """Return what a mail server said, in one line without addresses and links: it may repeat them from a message."""
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        code, said = type(error).__name__, getattr(error, "strerror", None) or ""
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    said = _ADDRESS.sub(_("[address]"), _LINK.sub(_("[link]"), said.replace("\0", " ")))
    return " ".join(f"{code} {said}".split())[:200]


def count(**counted):
    """Count a message by the named kinds of limit. Raises `TooMany`; then the caller takes the counts back."""
    now = timezone.now()
    with connection.cursor() as cursor:
        # What is over is of no use. Two who clear up at once do not wait for each other.
        cursor.execute(
            "DELETE FROM directory_relaycount WHERE id IN"
            " (SELECT id FROM directory_relaycount WHERE ends_at < %s LIMIT 1000 FOR UPDATE SKIP LOCKED)",
            [now],
        )
        # Always in this order, so that two at once never wait for each other in a ring.
        for kind in (each for each in LIMITS if each in counted):
            for length, most in LIMITS[kind]:
                seconds = length.total_seconds()
                starts_at = datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
                key = salted_hmac("directory.relay", f"{now:%Y-%m-%d}:{kind}:{counted[kind]}", algorithm="sha256")
                cursor.execute(
                    "INSERT INTO directory_relaycount (counted, starts_at, ends_at, number) VALUES (%s, %s, %s, 1)"
                    " ON CONFLICT (counted, starts_at, ends_at)"
                    " DO UPDATE SET number = directory_relaycount.number + 1 RETURNING number",
                    [key.hexdigest()[:32], starts_at, starts_at + length],
                )
                if cursor.fetchone()[0] > most:
                    raise TooMany(kind, starts_at + length - now)
