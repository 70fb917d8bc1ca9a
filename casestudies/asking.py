"""Questions about a case study and wishes to visit: kept for curators, answered by mail, shown where they choose."""

import logging

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from casestudies.choices import Wish
from casestudies.models import ReaderQuestion, VisitorQuestion
from directory.choices import RelayOutcome
from directory.forms import listing_key
from directory.mail import NOT_SENT, site_letter
from directory.relay import TooMany, count, note_refusal, pass_on

logger = logging.getLogger(__name__)
# What came of a question: it lies with the curators. The others are the relay's own outcomes.
WAITING = "waiting"


def ask(case, *, wish, name, email, message, form, network, page):
    """Pass a wish to visit on to the people behind a case study, or keep it, or a question, for the curators.

    Return what came of it: `WAITING`, or the `RelayOutcome` of passing it on. Raises `TooMany`.
    """
    if wish == Wish.VISIT and case.visit_email:
        said = f"{_('They would like to visit.')}\n\n{message}"
        sender = {"name": name, "email": email, "form": form, "network": network}
        return pass_on(listing=case, to=case.visit_email, page=page, message=said, **sender).outcome
    try:
        with transaction.atomic():
            count(form=form, network=network, listing=listing_key(case))
            ReaderQuestion.objects.create(case_study=case, wish=wish, name=name, email=email, message=message)
    except TooMany as refused:
        note_refusal(refused)
        raise
    return WAITING


def show(asked, *, question, answer, source):
    """Show a question and its answer on the page of the case study."""
    case = asked.case_study
    last = case.visitorquestions.order_by("position").values_list("position", flat=True).last()
    asked.shown_as = VisitorQuestion.objects.create(
        case_study=case, question=question, answer=answer, source=source, position=0 if last is None else last + 1
    )


@transaction.atomic
def send_answer(asked, *, by, page):
    """Mail the answer to whoever asked, and forget who it was. Return what came of it.

    Where there is no mail server, or it refuses, the name and the address stay, so that it can be tried again.
    """
    # The row stays locked while the mail goes out, so that two curators at once do not send two answers.
    asked = ReaderQuestion.objects.select_for_update(of=["self"]).select_related("case_study").get(pk=asked.pk)
    if asked.answered_at or not asked.answer:
        return RelayOutcome.BEGUN
    if not settings.MAIL_GOES_OUT:
        return RelayOutcome.OUTBOX
    case = asked.case_study
    body = render_to_string(
        "casestudies/answer.txt",
        {"asked": asked, "case": case, "page": page, "site_name": settings.SITE_NAME},
    )
    subject = _("%(site)s: the answer to what you asked") % {"site": settings.SITE_NAME}
    reply_to = [settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else []
    try:
        site_letter(to=asked.email, subject=subject, body=body, reply_to=reply_to).send()
    except NOT_SENT as error:
        logger.warning("The mail server did not take an answer: %s.", type(error).__name__)
        return RelayOutcome.REFUSED
    asked.name = asked.email = ""
    asked.answered_at, asked.answered_by = timezone.now(), by
    asked.save(update_fields=["name", "email", "answered_at", "answered_by"])
    return RelayOutcome.PASSED
