"""Messages that the site passed on: that there was one, when, and what the mail server said."""

from django.conf import settings
from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import RelayedMessage


@admin.register(RelayedMessage)
class RelayedMessageAdmin(admin.ModelAdmin):
    """To look at. No word of a message is here."""

    list_display = ["at", "to", "content_type", "outcome", "reason"]
    list_filter = ["outcome", "content_type"]
    date_hierarchy = "at"
    list_display_links = None
    list_per_page = 50

    def get_queryset(self, request):
        """Return the messages with their listings, in one query for each kind."""
        return super().get_queryset(request).select_related("content_type").prefetch_related("listing")

    @admin.display(description=gettext_lazy("listing"))
    def to(self, message):
        """Whose it was. A column of several kinds of things cannot be sorted."""
        return message.listing

    def changelist_view(self, request, extra_context=None):
        """Show the list, and say so where mail goes nowhere."""
        if not settings.MAIL_GOES_OUT:
            self.message_user(
                request,
                _("There is no mail server: messages lie as files in %(folder)s, and nobody gets them. Set EMAIL_URL.")
                % {"folder": settings.EMAIL_FILE_PATH.relative_to(settings.BASE_DIR)},
                messages.WARNING,
            )
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request):
        """Only sending a message makes one."""
        return False

    def has_change_permission(self, request, obj=None):
        """What happened stays."""
        return False

    def has_delete_permission(self, request, obj=None):
        """It goes by itself after a year."""
        return False
