"""Accounts, and the list of sign-ins."""

import django_otp.plugins.otp_static.admin
import django_otp.plugins.otp_totp.admin  # noqa: F401
from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from selfhelp.signin import reset_second_step

# Nobody reads or writes another's key: a second step is set up by its owner, and reset.
admin.site.unregister([StaticDevice, TOTPDevice, User])


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts. One is closed and not deleted, since what it did stays on record."""

    change_form_template = "admin/account_change_form.html"
    list_display = ["username", "first_name", "last_name", "is_active", "is_staff", "last_login"]

    def has_change_permission(self, request, obj=None):
        """Keep whoever may do everything out of the hands of those who may not."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or request.user.is_superuser or not obj.is_superuser)

    def has_delete_permission(self, request, obj=None):
        """Nobody: take 'active' away."""
        return False

    def get_readonly_fields(self, request, obj=None):
        """Give rights only by roles, unless somebody may do everything."""
        kept = [] if request.user.is_superuser else ["is_superuser", "user_permissions"]
        return [*super().get_readonly_fields(request, obj), *kept]

    def get_urls(self):
        """Add the address of the reset."""
        page = path(
            "<path:object_id>/second-step/", self.admin_site.admin_view(self.reset), name="auth_user_second_step"
        )
        return [page, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the account, with the way to the reset for whoever may."""
        account = self.get_object(request, unquote(object_id))
        if account and self.has_change_permission(request, account):
            extra_context = {"reset_url": reverse("admin:auth_user_second_step", args=[account.pk])}
        return super().change_view(request, object_id, form_url, extra_context)

    def reset(self, request, object_id):
        """Ask, and then take another's second step away. It is recorded in the history of the account."""
        account = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        if account is None:
            raise Http404
        back = reverse("admin:auth_user_change", args=[account.pk])
        if request.method == "POST":
            reset_second_step(account, by=request.user)
            self.message_user(
                request,
                _("The second step of %(account)s is reset.") % {"account": account},
                messages.SUCCESS,
            )
            return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "title": _("Reset the second step of %(account)s") % {"account": account},
            "account": account,
            "back": back,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/reset_second_step.html", context)

    def get_object(self, request, object_id, from_field=None):
        """Return the account, or `None`."""
        return None if "\x00" in object_id else super().get_object(request, object_id, from_field)


class SignInsAdmin(admin.ModelAdmin):
    """To look at. The address is that of a network, not of a person."""

    list_filter = ["attempt_time"]
    search_fields = ["username"]
    date_hierarchy = "attempt_time"
    list_per_page = 50

    def has_add_permission(self, request):
        """Only a sign-in makes one."""
        return False

    def has_change_permission(self, request, obj=None):
        """What happened stays."""
        return False

    def has_delete_permission(self, request, obj=None):
        """What happened stays."""
        return False


@admin.register(AccessLog)
class AccessLogAdmin(SignInsAdmin):
    """Who signed in, and when they signed out."""

    list_display = ["attempt_time", "username", "ip_address", "logout_time"]
    fields = list_display


@admin.register(AccessFailureLog)
class AccessFailureLogAdmin(SignInsAdmin):
    """Names and passwords that did not fit."""

    list_display = ["attempt_time", "username", "ip_address", "locked_out"]
    fields = list_display
