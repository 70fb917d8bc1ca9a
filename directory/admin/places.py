"""Places and postcode sectors: open data, with curators' changes to places."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.admin.base import CuratorAdmin
from directory.models import Place, PostcodeSector
from directory.words import plain


@admin.register(Place)
class PlaceAdmin(CuratorAdmin):
    """Places. What a curator saves here, new place data leaves as it is."""

    written_once = ["code"]
    list_display = ["name", "kind", "area", "country", "population", "edited"]
    list_filter = ["country", "kind", "edited"]
    search_fields = ["name"]
    search_help_text = _("The start of a name, with its area after a comma: Newport, Isle. Or another name in full.")
    readonly_fields = ["edited"]
    show_full_result_count = False
    fields = [
        "name",
        "other_names",
        "area",
        "kind",
        "country",
        ("latitude", "longitude"),
        "radius_km",
        ("population", "postcodes"),
        "time_zone",
        "code",
        "edited",
    ]

    def get_search_results(self, request, queryset, search_term):
        """Search by the start of the name, so that Leeds comes before the wards of Leeds."""
        name, _comma, area = (part.strip() for part in search_term.partition(","))
        if not name:
            return queryset, False
        by_name = Q(name__istartswith=name) | Q(names__contains=[plain(name)]) | Q(code=name)
        return queryset.filter(by_name, area__istartswith=area), False

    def save_model(self, request, obj, form, change):
        """Save, and note that a person did."""
        obj.edited = True
        super().save_model(request, obj, form, change)


@admin.register(PostcodeSector)
class PostcodeSectorAdmin(CuratorAdmin):
    """Postcode sectors, to look at."""

    list_display = ["sector", "district", "country", "latitude", "longitude"]
    search_fields = ["sector"]
    search_help_text = _("The start of a postcode, with its space: CR0 1.")
    show_full_result_count = False

    def get_search_results(self, request, queryset, search_term):
        """Search by the start of the sector."""
        return queryset.filter(sector__istartswith=search_term.strip()), False

    def has_add_permission(self, request):
        """Open data: nobody writes it here."""
        return False

    def has_change_permission(self, request, obj=None):
        """Open data: nobody writes it here."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Open data: nobody deletes it here."""
        return False
