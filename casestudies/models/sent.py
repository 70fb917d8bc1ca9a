"""What people send in: questions, wishes to visit, and drafts of case studies. None of it is public."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casestudies.choices import Wish
from casestudies.models.casestudies import CaseStudy
from casestudies.models.evidence import VisitorQuestion

LONGEST_ANSWER = 5000


class ReaderQuestion(models.Model):
    """What a reader asks about a case study. Who asked is known only until it is answered."""

    case_study = models.ForeignKey(
        CaseStudy, verbose_name=_("case study"), on_delete=models.CASCADE, related_name="reader_questions"
    )
    wish = models.CharField(_("what they want"), max_length=10, choices=Wish)
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    message = models.TextField(_("their words"))
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    answer = models.TextField(
        _("answer"),
        blank=True,
        help_text=_("We mail it to them when you save. Then their name and address are deleted."),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    shown_as = models.OneToOneField(
        VisitorQuestion,
        verbose_name=_("on the page as"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="asked_as",
    )

    class Meta:
        verbose_name = _("question from a reader")
        verbose_name_plural = _("questions from readers")
        ordering = [models.F("answered_at").desc(nulls_first=True), "asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(wish__in=Wish.values), name="readerquestion_wish_known"),
            models.CheckConstraint(
                condition=(Q(answered_at__isnull=True) & ~Q(email=""))
                | (Q(answered_at__isnull=False, email="", name="") & ~Q(answer="")),
                name="readerquestion_address_until_answered",
            ),
        ]

    def __str__(self):
        return f"{self.get_wish_display()}: {self.case_study}"


class SubmissionQuerySet(models.QuerySet):
    """Submissions by how far they are."""

    def drafts(self):
        """Submissions that somebody still writes."""
        return self.filter(sent_in_at__isnull=True)

    def sent_in(self):
        """Submissions that their writer sent in."""
        return self.filter(sent_in_at__isnull=False)


class Submission(models.Model):
    """A case study that somebody writes without an account: the answers so far, by field. Never shown to the public."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("email address"), editable=False)
    answers = models.JSONField(_("answers"), default=dict, editable=False)
    created_at = models.DateTimeField(_("begun at"), default=timezone.now, editable=False)
    touched_at = models.DateTimeField(_("last saved at"), default=timezone.now, editable=False, db_index=True)
    saved = models.BooleanField(_("saved at least once"), default=False, editable=False)
    sent_in_at = models.DateTimeField(_("sent in at"), null=True, blank=True, editable=False)
    case_study = models.OneToOneField(
        CaseStudy,
        verbose_name=_("case study"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="submission",
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("case study sent in")
        verbose_name_plural = _("case studies sent in")
        ordering = ["-sent_in_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case_study__isnull=True) | Q(sent_in_at__isnull=False),
                name="submission_case_study_of_what_is_sent_in",
            ),
        ]
        indexes = [models.Index(fields=["email"], name="submission_email")]

    def __str__(self):
        return self.title

    @property
    def title(self):
        """The working title."""
        return self.answers.get("name", "")
