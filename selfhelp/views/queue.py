"""The queue in the admin."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.formfields import CodeField
from selfhelp.queue import KINDS, PAGE_SIZE, Queue, decided_for, may_open


class QueueForm(forms.Form):
    """What of the queue to show."""

    kind = CodeField(KINDS.items())
    show = CodeField([("decided", "")])
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def asked(self, name):
        """Return what was asked, or an empty text where that makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""


@require_safe
def queue(request):
    """Show all that waits, or what was decided."""
    if not may_open(request.user):
        raise PermissionDenied
    form = QueueForm(request.GET)
    waiting, kind, decided = Queue(request.user), form.asked("kind"), bool(form.asked("show"))
    if decided:
        page = Paginator(decided_for(request.user), PAGE_SIZE).get_page(form.asked("page") or 1)
    else:
        page = waiting.page(form.asked("page") or 1, kind=kind)
    context = admin.site.each_context(request) | {
        "title": _("Queue"),
        "queue": waiting,
        "kinds": [(code, KINDS[code], n) for code, n in waiting.counts.items()],
        "kind": kind,
        "decided": decided,
        "page": page,
    }
    return TemplateResponse(request, "admin/queue.html", context)
