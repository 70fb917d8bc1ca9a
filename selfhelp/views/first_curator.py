"""The page on which the first curator makes an account."""

from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from selfhelp.first_curator import FirstCuratorForm, make_first_curator, may_enter


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def first_curator(request, token):
    """Show the form, or make the account and lead its owner on to the second step."""
    response = _answer(request, token)
    # The address is a key: no request that starts here may carry it. With 'no-referrer' browsers would post the form
    # with the origin 'null', which Django's protection of forms refuses.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _answer(request, token):
    if not may_enter(token):
        return render(request, "selfhelp/first_curator_refused.html", status=410)
    form = FirstCuratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            curator = make_first_curator(form)
        except IntegrityError:  # an account of that name was made in between
            curator = None
        if curator is None:
            return render(request, "selfhelp/first_curator_refused.html", status=410)
        login(request, curator, "django.contrib.auth.backends.ModelBackend")
        messages.success(request, _("Your account is ready. There is one thing left to do."))
        return redirect("admin:second_step_set_up")
    status = 422 if form.is_bound else 200
    return render(request, "selfhelp/first_curator.html", {"form": form}, status=status)
