"""What people sent in, in the admin: questions to answer, and who to ask about a case study that came by the form."""

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casestudies.asking import send_answer, show
from casestudies.models import ReaderQuestion, Source, Submission
from directory.admin.base import CuratorAdmin
from directory.choices import RelayOutcome


class AnswerForm(forms.ModelForm):
    """An answer, and how it stands on the page, if it shall."""

    publish = forms.BooleanField(label=_("Show it on the page of the case study"), required=False)
    public_question = forms.CharField(
        label=_("The question, as it stands on the page"),
        help_text=_("In your own words. Leave out who asked, and all that could tell."),
        max_length=300,
        required=False,
    )
    public_answer = forms.CharField(
        label=_("The answer, as it stands on the page"),
        help_text=_("Empty: as you mail it."),
        widget=forms.Textarea,
        required=False,
    )
    source = forms.ModelChoiceField(
        label=_("Where the answer comes from"), queryset=Source.objects.all(), required=False
    )

    class Meta:
        model = ReaderQuestion
        fields = ["answer"]

    def clean(self):
        """Ask for what a published question needs."""
        cleaned = super().clean()
        answer = cleaned.get("answer") or self.instance.answer
        if cleaned.get("publish"):
            if not answer:
                self.add_error("publish", _("Write the answer first."))
            if not cleaned.get("public_question"):
                self.add_error("public_question", _("Write the question as readers shall see it."))
            if not cleaned.get("source"):
                self.add_error("source", _("Name a source. Each answer on a page has one."))
        return cleaned


class Open(admin.SimpleListFilter):
    """Questions by whether somebody waits for an answer."""

    title = _("answered?")
    parameter_name = "open"

    def lookups(self, request, model_admin):
        """Return the choices."""
        return [("yes", _("Waits for an answer")), ("no", _("Answered"))]

    def queryset(self, request, queryset):
        """Return the questions."""
        if self.value() in {"yes", "no"}:
            return queryset.filter(answered_at__isnull=self.value() == "yes")
        return queryset


@admin.register(ReaderQuestion)
class ReaderQuestionAdmin(CuratorAdmin):
    """Questions from readers."""

    form = AnswerForm
    list_display = ["message_begins", "wish", "case_study", "asked_at", "answered_at"]
    list_filter = [Open, "wish"]
    list_select_related = ["case_study"]
    search_fields = ["message", "answer", "case_study__name"]
    asked = ["case_study", "wish", "name", "email", "message", "asked_at"]
    settled = ["answered_at", "answered_by", "shown_as"]

    @admin.display(description=_("their words"))
    def message_begins(self, asked):
        """The first words."""
        return asked.message[:60]

    def get_fieldsets(self, request, obj=None):
        """Return what was asked, the answer, and what readers see, if there is still something to choose."""
        parts = [
            (_("What they ask"), {"fields": self.asked}),
            (_("Your answer"), {"fields": ["answer", "answered_at", "answered_by", "shown_as"]}),
        ]
        if obj and not obj.shown_as_id:
            public = ["publish", "public_question", "public_answer", "source"]
            parts.append((_("On the page"), {"fields": public}))
        return parts

    def get_readonly_fields(self, request, obj=None):
        """Keep what was asked, and an answer that has gone out."""
        answer = ["answer"] if obj and obj.answered_at else []
        return [*super().get_readonly_fields(request, obj), *self.asked, *self.settled, *answer]

    def has_add_permission(self, request):
        """Only readers ask."""
        return False

    def save_model(self, request, obj, form, change):
        """Save the answer, and show it where that was chosen."""
        chosen = form.cleaned_data
        if chosen.get("publish") and not obj.shown_as_id:
            answer = chosen["public_answer"] or obj.answer
            show(obj, question=chosen["public_question"], answer=answer, source=chosen["source"])
        obj.save(update_fields=["answer", "shown_as"])
        request.has_answer = obj if obj.answer and not obj.answered_at else None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form, or save it; then mail the answer. Mail cannot be taken back, so what is saved comes first."""
        response = super().changeform_view(request, object_id, form_url, extra_context)
        asked = getattr(request, "has_answer", None)
        if asked:
            page = request.build_absolute_uri(asked.case_study.get_absolute_url())
            outcome = send_answer(asked, by=request.user, page=page)
            self.message_user(request, *_in_words(outcome))
        return response


def _in_words(outcome):
    match outcome:
        case RelayOutcome.PASSED:
            return gettext("The answer is on its way. Their name and address are deleted."), messages.SUCCESS
        case RelayOutcome.OUTBOX:
            return (
                gettext("There is no mail server, so the answer has not gone out. Set EMAIL_URL, and save again."),
                messages.WARNING,
            )
        case RelayOutcome.REFUSED:
            return (
                gettext("The mail server did not take the answer. It is saved here. Save again to try again."),
                messages.ERROR,
            )
    return gettext("Somebody else has just answered. Only their answer went out."), messages.WARNING


@admin.register(Submission)
class SubmissionAdmin(CuratorAdmin):
    """Who sent in which case study. Drafts are their writers' own until they send them in."""

    list_display = ["title", "email", "sent_in_at", "to_case_study"]
    list_display_links = None
    list_select_related = ["case_study"]
    search_fields = ["email"]

    def get_queryset(self, request):
        """Return what was sent in."""
        return super().get_queryset(request).sent_in()

    @admin.display(description=_("case study"))
    def to_case_study(self, sent):
        """The way to the case study."""
        if sent.case_study is None:
            return "–"
        address = reverse("admin:casestudies_casestudy_change", args=[sent.case_study_id])
        return format_html('<a href="{}">{}</a>', address, sent.case_study)

    def has_add_permission(self, request):
        """Only the form makes one."""
        return False

    def has_change_permission(self, request, obj=None):
        """What was sent in is changed as a case study."""
        return False
