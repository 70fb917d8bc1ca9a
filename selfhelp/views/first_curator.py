"""The page on which the first curator makes an account."""

from django.contrib import messages
from django.contrib.auth import login
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from directory.links import behind_a_link
from selfhelp.first_curator import FirstCuratorForm, make_first_curator, may_enter


@behind_a_link
def first_curator(request, token):
    """Show the form, or make the account and lead its owner on to the second step."""
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
