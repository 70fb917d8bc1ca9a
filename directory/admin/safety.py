"""Rules by which reports of a safety concern hide something at once."""

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from directory.admin.base import CuratorAdmin
from directory.models import Listing, SafetyRule


@admin.register(SafetyRule)
class SafetyRuleAdmin(CuratorAdmin):
    """Safety rules. What one has hidden is in the history of the listing, with the rule's short name."""

    written_once = ("slug",)
    list_display = ["slug", "active", "content_type", "concern", "reports", "within_days", "hides"]
    list_select_related = ["content_type"]
    fields = ["slug", "active", ("content_type", "concern"), ("reports", "within_days"), "hides"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer the kinds of listings only."""
        if db_field.name == "content_type":
            listings = [model for model in apps.get_models() if issubclass(model, Listing)]
            kinds = ContentType.objects.get_for_models(*listings).values()
            kwargs["queryset"] = ContentType.objects.filter(pk__in=[kind.pk for kind in kinds])
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
