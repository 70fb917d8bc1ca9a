"""Practitioners and the support they give, in the admin."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.admin.base import Parts
from directory.admin.listings import ListingAdmin
from practitioners.models import Practitioner, PractitionerContact, Support


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
        "boundaries_agreed_on",
        ("group_agrees", "practitioner_agrees"),
    ]

    def get_queryset(self, request):
        """Return the support with what its title names."""
        return super().get_queryset(request).select_related("practitioner", "group", "role")


class PractitionerContactInline(Parts):
    """Ways to get in touch with a practitioner."""

    model = PractitionerContact
    fields = [("kind", "value"), ("label", "visibility", "position")]


class PractitionerForm(forms.ModelForm):
    """A practitioner's form. It has no state, so Django would leave the rule about consent to the database."""

    def clean_consent_given_on(self):
        """Refuse to empty it while the page is public."""
        given_on = self.cleaned_data["consent_given_on"]
        if given_on is None and self.instance.is_published:
            raise ValidationError(_("The page is public. Archive it first, or say when they agreed to be listed."))
        return given_on


@admin.register(Practitioner)
class PractitionerAdmin(ListingAdmin):
    """Practitioners."""

    form = PractitionerForm
    list_display = [*ListingAdmin.list_display, "consent_given_on"]
    list_filter = [*ListingAdmin.list_filter, "accepting_requests", "profession", "sector"]
    search_fields = [*ListingAdmin.search_fields, "title", "organisation", "contacts__value"]
    autocomplete_fields = ["roles", "areas", "topics", "places", "languages"]
    inlines = [SupportInline, PractitionerContactInline]
    page = [
        (gettext_lazy("Consent"), {"fields": ["consent_given_on", "state"]}),
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
