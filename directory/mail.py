"""The letters that the site writes, and where letters go while there is no mail server."""

import logging
from email.utils import formataddr, make_msgid, parseaddr
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends import filebased
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = 254
# What keeps a letter from going out: the mail server, the way to it, or an address that no letter can carry.
NOT_SENT = (SMTPException, OSError, ValueError)


class OutboxBackend(filebased.EmailBackend):
    """Writes each letter into a folder that only the site's own user may read."""

    def __init__(self, *args, file_path=None, **kwargs):
        folder = Path(file_path or settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(*args, file_path=folder, **kwargs)


def with_plain_domain(address):
    """Return an e-mail address with its domain as letters carry it, 'xn--…'; what has no such domain stays as it is.

    Compared like this, two addresses are one only where mail to both reaches the same people: the database takes a
    'ı' without its dot for an 'i', and the mail goes elsewhere.
    """
    name, at, domain = address.rpartition("@")
    try:
        plain = f"{name}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address
    return plain if len(plain) <= LONGEST_ADDRESS else address


def validate_address(address):
    """Refuse what no letter can be sent to as it stands. The domain has to be plain: see `with_plain_domain`."""
    validate_email(address)
    try:
        as_sent = sanitize_address(address, "utf-8")
    except ValueError:
        as_sent = ""
    if as_sent != address:
        raise ValidationError(validate_email.message, code=validate_email.code)


def site_letter(*, to, subject, body, reply_to=(), headers=None):
    """Return an e-mail from the site, marked as one that a machine sends."""
    sender = with_plain_domain(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    domain = sender.rpartition("@")[2]
    return EmailMessage(
        subject=subject,
        body=body,
        from_email=formataddr((settings.SITE_NAME, sender)),
        to=[to],
        reply_to=list(reply_to),
        headers={
            # A reply that a machine writes would show an address to somebody whom its owner did not answer.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "List-Id": f"<messages.{domain}>",
            "Message-ID": make_msgid(domain=domain),
        }
        | (headers or {}),
    )


def send_letter(*, to, subject, template, context, headers=None):
    """Send a letter in the site's own name. Return whether the mail server took it; the log says only if it did not."""
    names = {"site_name": settings.SITE_NAME, "contact_email": settings.CONTACT_EMAIL}
    letter = site_letter(
        to=to,
        subject=f"{settings.SITE_NAME}: {subject}",
        body=render_to_string(template, context | names),
        headers=headers,
    )
    try:
        letter.send()
    except NOT_SENT as error:
        logger.warning("The mail server did not take a letter: %s.", type(error).__name__)
        return False
    return True
