"""The curators' workplace: nobody is in it before the second step."""

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selfhelp.finding import FindForm, find_anything
from selfhelp.frontpage import front_page
from selfhelp.queue import may_open
from selfhelp.views import queue, second_step, suggestion


class Workplace(AdminSite):
    """The admin, for staff who proved who they are in two steps."""

    index_template = "admin/front.html"

    def has_permission(self, request):
        """Whether this is a member of staff who took both steps."""
        return super().has_permission(request) and request.user.is_verified()

    @method_decorator(never_cache)
    def login(self, request, extra_context=None):
        """Ask for name and password, or lead on to the second step."""
        if super().has_permission(request) and not request.user.is_verified():
            asked = request.GET.get(REDIRECT_FIELD_NAME)
            query = f"?{urlencode({REDIRECT_FIELD_NAME: asked})}" if asked else ""
            return HttpResponseRedirect(reverse("admin:second_step") + query)
        return super().login(request, extra_context)

    def each_context(self, request):
        """Add whether there is a way to the queue."""
        return super().each_context(request) | {"may_open_queue": may_open(request.user)}

    def index(self, request, extra_context=None):
        """Show what waits, what changed, and how things stand."""
        return super().index(request, (extra_context or {}) | front_page(request.user))

    @method_decorator(require_safe)
    def find(self, request):
        """Show what a search over everything finds, of what the person may look at."""
        form = FindForm(request.GET)
        form.is_valid()
        text = form.cleaned_data.get("q", "")
        context = self.each_context(request) | {
            "title": _("Find anything"),
            "form": form,
            "text": text,
            "found": find_anything(text, request.user),
        }
        return TemplateResponse(request, "admin/find.html", context)

    def get_urls(self):
        """Add the queue, the search over everything and the second step, and let people sign out before it."""
        return [
            path("logout/", self.logout, name="logout"),
            path("second-step/", second_step.second_step, name="second_step"),
            path("second-step/set-up/", second_step.set_up, name="second_step_set_up"),
            path("second-step/codes/", second_step.new_codes, name="second_step_codes"),
            path("queue/", self.admin_view(queue.queue), name="queue"),
            path("queue/<int:pk>/", self.admin_view(suggestion.suggestion), name="suggestion"),
            path("queue/<int:pk>/concern/", self.admin_view(suggestion.concern), name="suggestion_concern"),
            path("queue/<int:pk>/undo/", self.admin_view(suggestion.undo), name="suggestion_undo"),
            path("queue/<int:pk>/answer/", self.admin_view(suggestion.answer), name="suggestion_answer"),
            path("find/", self.admin_view(self.find), name="find"),
            *super().get_urls(),
        ]
