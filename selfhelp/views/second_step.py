"""The pages of the second step, which staff meet before anything else of the admin."""

from functools import wraps

import django_otp
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.plugins.otp_static.models import StaticDevice

from selfhelp import signin


def _for_staff(view):
    @wraps(view)
    @never_cache
    @sensitive_post_parameters("code")
    def inner(request):
        if not (request.user.is_active and request.user.is_staff):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(request)

    return inner


@_for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request):
    """Ask for a code; for whoever is in, show how their second step stands."""
    user = request.user
    if user.is_verified():
        return render(request, "selfhelp/second_step_stands.html", {"codes_left": signin.codes_left(user)})
    if not signin.has_app(user):
        return redirect("admin:second_step_set_up")
    form = signin.CodeForm(request.POST or None, check=lambda code: signin.device_of(code, user=user))
    form.fields["code"].label = _("Code")
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        wanted = reverse("admin:index")
    if request.method == "POST" and form.is_valid():
        device = form.cleaned_data["code"]
        django_otp.login(request, device)
        if isinstance(device, StaticDevice):
            n = signin.codes_left(user)
            left = ngettext("%(n)d recovery code is left.", "%(n)d recovery codes are left.", n) % {"n": n}
            messages.warning(request, left)
        return redirect(wanted)
    status = 422 if form.is_bound else 200
    return render(request, "selfhelp/second_step.html", {"form": form, "wanted": wanted}, status=status)


@_for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request):
    """Show the key for an app, and take it once a code proves that the app has it."""
    user = request.user
    if signin.has_app(user) and not user.is_verified():
        return redirect("admin:second_step")
    key = request.session.setdefault(signin.NEW_KEY, signin.new_key())
    form = signin.CodeForm(request.POST or None, check=lambda code: signin.step_of(code, key=key))
    form.fields["code"].label = _("The six digits that the app shows")
    if request.method == "POST" and form.is_valid():
        made = signin.set_up_app(user, key=key, step=form.cleaned_data["code"], again=user.is_verified())
        del request.session[signin.NEW_KEY]
        if made is None:  # somebody with the same password was first
            return redirect("admin:second_step")
        device, codes = made
        django_otp.login(request, device)
        return render(request, "selfhelp/recovery_codes.html", {"codes": codes})
    context = {
        "form": form,
        "key": signin.key_in_words(key),
        "picture": signin.picture_of(key, user=user),
        "again": user.is_verified(),
    }
    return render(request, "selfhelp/second_step_set_up.html", context, status=422 if form.is_bound else 200)


@_for_staff
@require_POST
def new_codes(request):
    """Show fresh recovery codes, once."""
    if not request.user.is_verified():
        return redirect("admin:second_step")
    device, codes = signin.make_codes(request.user)
    if isinstance(request.user.otp_device, StaticDevice):  # which is gone
        django_otp.login(request, device)
    return render(request, "selfhelp/recovery_codes.html", {"codes": codes})


@never_cache
def locked_out(request, response, credentials):
    """Say that there were too many tries."""
    return render(request, "selfhelp/locked_out.html", status=429)
