"""Case studies and what they rest on, in the admin."""

from types import SimpleNamespace

from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, Http404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from casestudies.models import CaseStudy, Effect, KeyFigure, Programme, RoleShown, Source, VisitorQuestion
from directory.admin.base import CuratorAdmin, Parts, Rows
from directory.admin.listings import ListingAdmin


class EffectInline(Parts):
    """Fields 17 and 18: measured effects, apart from those that are hoped for."""

    model = Effect
    short_lists = ["source"]
    verbose_name_plural = _("17 and 18. effects")
    fields = [("audience", "kind"), "text", ("figure", "unit", "year"), "source", "caveat", "position"]


class KeyFigureInline(Parts):
    """Figures to show large."""

    model = KeyFigure
    short_lists = ["source"]
    fields = ["label", ("qualifier", "value", "unit", "year"), "series", "source", "caveat", "position"]


class VisitorQuestionInline(Parts):
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

    list_display = [*ListingAdmin.list_display, "country", "year"]
    list_filter = [*ListingAdmin.list_filter, "country", "programme", "status"]
    search_fields = [*ListingAdmin.search_fields, "organisation", "overview"]
    autocomplete_fields = ["programme", "topics", "groups", "practitioners", "sources"]
    inlines = [EffectInline, KeyFigureInline, VisitorQuestionInline, RoleShownInline]
    page = [
        (
            _("1. Title"),
            {"fields": ["name", "slug", "summary", "text_language", "state", "country", "year", "programme"]},
        ),
        (_("2 and 3. Who is responsible"), {"fields": ["organisation", "contact"]}),
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

    def preview_view(self, request, case):
        """Return the case study's page, published or not."""
        from casestudies.views import render_case_study

        return render_case_study(request, case, preview=True)


@admin.register(Programme)
class ProgrammeAdmin(CuratorAdmin):
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
class SourceAdmin(CuratorAdmin):
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
