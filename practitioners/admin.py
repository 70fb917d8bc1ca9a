"""Practitioners and the support they give, in the admin."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import BaseInlineFormSet
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.admin.base import CuratorAdmin, Parts, Rows
from directory.admin.duplicates import compare_two
from directory.admin.exchange import ExchangeAdmin
from directory.admin.listings import Act, ListingAdmin
from practitioners import foreseeing
from practitioners.actions import withdraw_consent
from practitioners.exchange import PractitionerExchange
from practitioners.joining import leave_proposed, take_proposed
from practitioners.models import (
    FinderAnswer,
    FinderQuestion,
    FinderRule,
    Practitioner,
    PractitionerContact,
    Support,
)
from practitioners.overview import overview, without_group


class SupportFormSet(BaseInlineFormSet):
    """Rows of support. Django compares rows with the database, and with each other only where no date is empty."""

    def clean(self):
        """Refuse two rows that say the same."""
        super().clean()
        seen = set()
        for form in self.forms:
            row = getattr(form, "cleaned_data", {})
            if not row.get("group") or not row.get("role") or self._should_delete_form(form):
                continue
            said = (row["group"], row["role"], row.get("started_on"))
            if said in seen:
                raise ValidationError(_("Two rows of support say the same: leave one out."))
            seen.add(said)


class SupportInline(Parts):
    """Support to groups. It is shown where both sides agree."""

    model = Support
    formset = SupportFormSet
    autocomplete_fields = ["group"]
    short_lists = ["role"]
    fields = [
        "group",
        "role",
        ("started_on", "ended_on"),
        ("boundaries_agreed_on", "review_on"),
        ("group_agrees", "practitioner_agrees"),
        "proposed_by",
        ("new_agreed_on", "new_review_on", "new_days_by"),
    ]

    def get_queryset(self, request):
        """Return the support with what its title names."""
        return super().get_queryset(request).select_related("practitioner", "group", "role")


class PractitionerContactInline(Parts):
    """Ways to get in touch with a practitioner."""

    model = PractitionerContact
    fields = [("kind", "value"), ("label", "visibility", "position"), ("personal", "consented_on", "consented_how")]


class PractitionerForm(forms.ModelForm):
    """A practitioner's form. It has no state, so Django would leave the rule about consent to the database."""

    def clean_consent_given_on(self):
        """Refuse to empty it while the page is public."""
        given_on = self.cleaned_data["consent_given_on"]
        if given_on is None and self.instance.is_published:
            raise ValidationError(
                _(
                    "The page is public. If they take back their consent, choose that action in the list: it hides the"
                    " page at once. Else say when they agreed to be listed."
                )
            )
        return given_on


class HasNewWords(admin.SimpleListFilter):
    """Published pages for which the person themselves has sent new words."""

    title = gettext_lazy("new words")
    parameter_name = "words"

    def lookups(self, request, model_admin):
        """Return the choice."""
        return [("new", _("New words to read"))]

    def queryset(self, request, queryset):
        """Return the practitioners."""
        return queryset.exclude(proposed={}) if self.value() == "new" else queryset


class HasGroup(admin.SimpleListFilter):
    """Practitioners who support a group now, or none."""

    title = gettext_lazy("group")
    parameter_name = "group"

    def lookups(self, request, model_admin):
        """Return the choices."""
        return [("none", _("Supports no group now"))]

    def queryset(self, request, queryset):
        """Return the practitioners."""
        return without_group(queryset) if self.value() == "none" else queryset


def new_words_of(practitioner):
    """Return what a practitioner wants their page to say, as (field, words)."""
    return [
        (capfirst(practitioner._meta.get_field(name).verbose_name), words)
        for name, words in practitioner.proposed.items()
    ]


ACTS = {
    "withdraw": Act(
        withdraw_consent,
        "",
        gettext_lazy("Hidden, and without consent"),
        foreseeing.withdraw,
        gettext_lazy("They leave every page and every search. To come back, they have to agree again."),
    ),
    "take_words": Act(
        take_proposed,
        "",
        gettext_lazy("Their new words are on the page"),
        foreseeing.take_words,
        gettext_lazy("Everybody reads these words at once."),
        new_words_of,
    ),
    "leave_words": Act(
        leave_proposed,
        "",
        gettext_lazy("Their new words are left out"),
        foreseeing.leave_words,
        gettext_lazy("Their pages stay as they are, and we keep nothing of these words."),
        new_words_of,
    ),
}


@admin.register(Practitioner)
class PractitionerAdmin(ExchangeAdmin, ListingAdmin):
    """Practitioners."""

    table = PractitionerExchange
    form = PractitionerForm
    list_display = [*ListingAdmin.list_display, "consent_given_on"]
    list_filter = [
        *ListingAdmin.list_filter,
        "roles",
        "areas",
        HasGroup,
        HasNewWords,
        "accepting_requests",
        "profession",
        "sector",
    ]
    readonly_fields = [*ListingAdmin.readonly_fields, "new_words", "merged_into"]
    acts = ListingAdmin.acts | ACTS
    actions = [*ListingAdmin.actions, compare_two, "withdraw", "take_words", "leave_words"]
    change_list_template = "admin/practitioners_change_list.html"
    search_fields = [*ListingAdmin.search_fields, "title", "organisation", "contacts__value"]
    autocomplete_fields = ["roles", "areas", "topics", "places", "languages"]
    inlines = [SupportInline, PractitionerContactInline]
    page = [
        (gettext_lazy("Consent"), {"fields": ["consent_given_on", "own_email", "new_words", "state"]}),
        (
            None,
            {
                "fields": [
                    "name",
                    "slug",
                    "summary",
                    "text_language",
                    "title",
                    "profession",
                    "sector",
                    "organisation",
                    "accepting_requests",
                ]
            },
        ),
        (gettext_lazy("About"), {"fields": ["about", "roles", "areas", "topics"]}),
        (gettext_lazy("What I can and cannot offer"), {"fields": ["offers", "does_not_offer"]}),
        (gettext_lazy("Where"), {"fields": ["places", "online", "languages"]}),
    ]

    def preview_view(self, request, practitioner):
        """Return the practitioner's page, published or not."""
        from practitioners.views import render_practitioner

        return render_practitioner(request, practitioner, preview=True)

    @admin.action(description=gettext_lazy("They take back their consent: hide them now"), permissions=["change"])
    def withdraw(self, request, queryset):
        """Hide those chosen, since they no longer agree to be listed."""
        return self._act_on_each(request, queryset, "withdraw")

    @admin.display(description=gettext_lazy("new words from them"))
    def new_words(self, practitioner):
        """What they want the published page to say, by field."""
        return format_html_join("", "<p><b>{}</b><br>{}</p>", new_words_of(practitioner))

    @admin.action(description=gettext_lazy("Put their new words on the page"), permissions=["change"])
    def take_words(self, request, queryset):
        """Put the new words of those chosen on their pages."""
        return self._act_on_each(request, queryset, "take_words")

    @admin.action(description=gettext_lazy("Leave their new words out"), permissions=["change"])
    def leave_words(self, request, queryset):
        """Forget the new words of those chosen."""
        return self._act_on_each(request, queryset, "leave_words")

    def get_urls(self):
        """Add the address of the overview."""
        page = path("roles-and-gaps/", self.admin_site.admin_view(self.overview), name="practitioners_overview")
        return [page, *super().get_urls()]

    def overview(self, request):
        """Show which roles are rare where, who is overdue and who has no group."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | overview() | {"opts": self.opts}
        return TemplateResponse(request, "admin/practitioners_overview.html", context)


class FinderRuleInline(Rows):
    """What an answer says for roles, or against them."""

    model = FinderRule
    short_lists = ["role"]
    fields = ["role", "strength", "why", "position"]


@admin.register(FinderQuestion)
class FinderQuestionAdmin(CuratorAdmin):
    """Questions of the role finder."""

    slug_from = "text"
    list_display = ["text", "path", "position"]
    list_filter = ["path"]
    search_fields = ["text"]


@admin.register(FinderAnswer)
class FinderAnswerAdmin(CuratorAdmin):
    """Answers of the role finder, each with its rules."""

    slug_from = "text"
    list_display = ["text", "question", "rules_in_short", "position"]
    list_filter = ["question__path", "question"]
    list_select_related = ["question"]
    search_fields = ["text", "slug"]
    inlines = [FinderRuleInline]
    fields = ["question", "text", "slug", "position"]

    def get_queryset(self, request):
        """Return the answers with their rules."""
        return super().get_queryset(request).prefetch_related("rules__role")

    @admin.display(description=gettext_lazy("rules"))
    def rules_in_short(self, answer):
        """The roles with their strengths."""
        return ", ".join(str(rule) for rule in answer.rules.all())
