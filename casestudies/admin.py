"""Case studies and what they rest on, in the admin."""

from types import SimpleNamespace

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms.widgets import Script
from django.http import FileResponse, Http404, HttpResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casestudies.admin_sent import ReaderQuestionAdmin, SubmissionAdmin
from casestudies.gaps import gaps_of
from casestudies.models import CaseStudy, Effect, KeyFigure, Programme, RoleShown, Source, VisitorQuestion
from casestudies.record import FIELDS
from directory.admin.base import Parts, Rows
from directory.admin.history import HistoryAdmin
from directory.admin.listings import ListingAdmin
from directory.markdown import to_html

__all__ = ["CaseStudyAdmin", "ProgrammeAdmin", "ReaderQuestionAdmin", "SourceAdmin", "SubmissionAdmin"]

MARKDOWN_COLUMNS = {each.text for each in FIELDS if each.markdown}
LONGEST_PREVIEW = 50_000


class NewOnesLast(forms.BaseInlineFormSet):
    """Parts with a place in a row. A new one whose place nobody chose goes to the end."""

    def save_new(self, form, commit=True):
        """Save a new part."""
        if "position" not in form.changed_data:
            self.last = max([getattr(self, "last", -1), *(each.instance.position for each in self.initial_forms)]) + 1
            form.instance.position = self.last
        return super().save_new(form, commit)


class Ordered(Parts):
    """Parts that stand in an order, which is a number that anyone can type."""

    formset = NewOnesLast

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the form field for a column."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "position":
            field.help_text = _("Lower numbers come first. A new one goes to the end.")
        return field


class MarkdownForm(forms.Form):
    """A text to show as readers will see it."""

    text = forms.CharField(required=False, max_length=LONGEST_PREVIEW, strip=False)


class ToDo(admin.SimpleListFilter):
    """Case studies that leave something open."""

    title = _("left to do")
    parameter_name = "todo"

    def lookups(self, request, model_admin):
        """Return the choices."""
        return [("unanswered", _("Fields without an answer")), ("unsourced", _("Numbers without a source"))]

    def queryset(self, request, queryset):
        """Return the case studies. What is open is told by their text, so each one is read."""
        match self.value():
            case "unanswered":
                return queryset.filter(pk__in=[case.pk for case in queryset if gaps_of(case).complete.left])
            case "unsourced":
                return queryset.filter(pk__in=[case.pk for case in queryset if gaps_of(case).unsourced])
        return queryset


class EffectInline(Ordered):
    """Fields 17 and 18: measured effects, apart from those that are hoped for."""

    model = Effect
    short_lists = ["source"]
    verbose_name_plural = _("17 and 18. effects")
    fields = [("audience", "kind"), "text", ("figure", "unit", "year"), "source", "caveat", "position"]


class KeyFigureInline(Ordered):
    """Figures to show large."""

    model = KeyFigure
    short_lists = ["source"]
    fields = ["label", ("qualifier", "value", "unit", "year"), "series", "source", "caveat", "position"]


class VisitorQuestionInline(Ordered):
    """What visitors asked."""

    model = VisitorQuestion
    short_lists = ["source"]
    fields = ["question", "answer", "source", "caveat", "position"]


class RoleShownInline(Rows):
    """What the case study shows of the support roles."""

    model = RoleShown
    short_lists = ["role"]

    def get_queryset(self, request):
        """Return the roles with what their title names."""
        return super().get_queryset(request).select_related("case_study", "role")


@admin.register(CaseStudy)
class CaseStudyAdmin(ListingAdmin):
    """Case studies, in the fields of the practice template."""

    list_display = ["name", "state", "answered", "unsourced", *ListingAdmin.list_display[2:]]
    list_filter = [*ListingAdmin.list_filter, ToDo, "country", "programme", "status"]
    change_form_template = "admin/casestudy_change_form.html"
    search_fields = [*ListingAdmin.search_fields, "organisation", "overview"]
    autocomplete_fields = ["programme", "topics", "groups", "practitioners", "sources"]
    inlines = [EffectInline, KeyFigureInline, VisitorQuestionInline, RoleShownInline]
    page = [
        (
            _("1. Title"),
            {"fields": ["name", "slug", "summary", "text_language", "state", "country", "year", "programme"]},
        ),
        (_("2 and 3. Who is responsible"), {"fields": ["organisation", "contact", "visit_email"]}),
        (_("4 to 8. What it is"), {"fields": ["overview", "context", "staff", "target_group", "aims"]}),
        (
            _("9 to 11. Issues, status, scope"),
            {"fields": ["issues", "issues_note", "status", "status_note", "scope", "scope_note"]},
        ),
        (
            _("12 to 14. Who leads and who takes part"),
            {
                "fields": [
                    "leadership",
                    "leadership_note",
                    "engagement",
                    "engagement_note",
                    "involvement",
                    "involvement_note",
                ]
            },
        ),
        (_("15 and 16. Costs and evaluation"), {"fields": ["funding", "costs", "evaluation", "evaluation_note"]}),
        (
            _("19 to 21. Lessons, and what lasts"),
            {
                "fields": [
                    "lessons",
                    "sustainability",
                    "sustainability_note",
                    "transferability",
                    "transferability_note",
                ]
            },
        ),
        (_("Links"), {"fields": ["topics", "themes", "groups", "practitioners", "sources"]}),
    ]

    class Media:
        js = [Script("js/preview.js", defer=True)]

    def get_queryset(self, request):
        """Return the case studies with what their gaps are told by."""
        return super().get_queryset(request).prefetch_related("effects", "sources")

    @admin.display(description=_("answered"))
    def answered(self, case):
        """How much of the template is answered."""
        complete = gaps_of(case).complete
        return gettext("%(given)d of %(total)d") % {"given": complete.given, "total": complete.total}

    @admin.display(description=_("numbers without a source"))
    def unsourced(self, case):
        """How many paragraphs hold a number and name no source."""
        return len(gaps_of(case).unsourced) or "–"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Show the form, with what is left to do above it."""
        if change:
            context["gaps"] = gaps_of(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the form field for a column, with a preview below Markdown."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in MARKDOWN_COLUMNS:
            field.widget.attrs |= {
                "data-preview": reverse("admin:casestudies_casestudy_markdown"),
                "data-preview-label": gettext("Preview"),
            }
        return field

    def get_urls(self):
        """Add the address that shows Markdown."""
        markdown = self.admin_site.admin_view(self._markdown)
        return [path("markdown/", markdown, name="casestudies_casestudy_markdown"), *super().get_urls()]

    @method_decorator(require_POST)
    def _markdown(self, request):
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        form = MarkdownForm(request.POST)
        if not form.is_valid():
            return HttpResponse(gettext("This text is too long to preview."))
        return HttpResponse(to_html(form.cleaned_data["text"]))

    def preview_view(self, request, case):
        """Return the case study's page, published or not."""
        from casestudies.views import render_case_study

        return render_case_study(request, case, preview=True)


@admin.register(Programme)
class ProgrammeAdmin(HistoryAdmin):
    """Programmes."""

    slug_from = "name"
    list_display = ["name", "funder", "delivered_by"]
    search_fields = ["name", "funder", "delivered_by"]


class CuratorsFile(AdminFileWidget):
    """A file that has no public address. Its link leads through the admin."""

    def get_context(self, name, value, attrs):
        """Return the context with the link to the file."""
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            address = reverse("admin:casestudies_source_file", args=[quote(value.instance.pk)])
            context["widget"]["value"] = FileLink(value.name, url=address)
        return context


class FileLink(SimpleNamespace):
    """A file's name and where curators find it."""

    def __init__(self, name, *, url):
        super().__init__(name=name, url=url)

    def __str__(self):
        return self.name


@admin.register(Source)
class SourceAdmin(HistoryAdmin):
    """Sources. Their files are for curators."""

    slug_from = "title"
    list_display = ["title", "authors", "publisher", "year"]
    search_fields = ["title", "authors", "publisher"]
    formfield_overrides = {models.FileField: {"widget": CuratorsFile}}

    def get_urls(self):
        """Add the file's address."""
        file = path("<path:object_id>/file/", self.admin_site.admin_view(self._file), name="casestudies_source_file")
        return [file, *super().get_urls()]

    def _file(self, request, object_id):
        source = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, source):
            raise PermissionDenied
        if source is None or not source.file or not source.file.storage.exists(source.file.name):
            raise Http404
        return FileResponse(source.file.open("rb"), content_type="application/pdf")
