"""Reference content: topics, help lines, languages, support roles and areas."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.admin.base import CuratorAdmin
from directory.admin.history import HistoryAdmin
from directory.models import HelpLine, Language, SupportArea, SupportRole, Topic


@admin.register(Topic)
class TopicAdmin(HistoryAdmin):
    """Topics, found by their own words and by the words that lead to them."""

    slug_from = "label"
    list_display = ["label", "parent", "for_whom", "sensitive", "counterpart"]
    list_select_related = ["parent", "counterpart"]
    list_filter = ["for_whom", "sensitive", ("parent", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["label", "synonyms"]
    autocomplete_fields = ["parent", "related", "counterpart", "help_lines"]
    fields = [
        "label",
        "slug",
        "description",
        "synonyms",
        "parent",
        "related",
        "for_whom",
        "counterpart",
        "sensitive",
        "help_lines",
    ]


class CheckDue(admin.SimpleListFilter):
    """Help lines that somebody should call or look up again."""

    title = gettext_lazy("check")
    parameter_name = "check"

    def lookups(self, request, model_admin):
        """Return the choices."""
        return [("due", _("Due"))]

    def queryset(self, request, queryset):
        """Return the help lines."""
        return queryset.to_recheck() if self.value() == "due" else queryset


@admin.register(HelpLine)
class HelpLineAdmin(HistoryAdmin):
    """Help lines, with those to check again."""

    slug_from = "name"
    list_display = ["name", "number", "text_number", "checked_on", "check_due", "emergency", "active", "position"]
    list_filter = [CheckDue, "active", "emergency", "always_open"]
    search_fields = ["name", "number", "text_number", "for_whom"]
    actions = ["checked_today"]
    fields = [
        "name",
        "slug",
        "for_whom",
        "number",
        ("text_number", "text_keyword"),
        "web",
        "countries",
        "hours",
        "cost",
        "always_open",
        "emergency",
        "note",
        "checked_on",
        "active",
        "position",
    ]

    @admin.display(description=gettext_lazy("check due"), ordering="checked_on", boolean=True)
    def check_due(self, line):
        """Whether nobody has checked it for half a year."""
        return line.is_due

    @admin.action(description=gettext_lazy("Checked today: all is as it stands here"), permissions=["change"])
    def checked_today(self, request, queryset):
        """Note that the chosen lines were called or looked up today."""
        lines = list(queryset)
        for line in lines:
            line.checked_on = timezone.localdate()
            line.save(update_fields=["checked_on"])
            self.log_change(request, line, _("Checked."))
        self.message_user(request, _("Checked today: %(n)d.") % {"n": len(lines)}, messages.SUCCESS)


@admin.register(Language)
class LanguageAdmin(CuratorAdmin):
    """Languages."""

    written_once = ["code"]
    list_display = ["name", "native_name", "code", "position"]
    search_fields = ["name", "native_name", "code"]


@admin.register(SupportArea)
class SupportAreaAdmin(CuratorAdmin):
    """The four areas of support."""

    slug_from = "name"
    list_display = ["name", "short", "position"]
    search_fields = ["name", "short"]


@admin.register(SupportRole)
class SupportRoleAdmin(HistoryAdmin):
    """The five support roles."""

    slug_from = "name"
    list_display = ["name", "summary", "position"]
    search_fields = ["name", "summary"]
    autocomplete_fields = ["areas"]
