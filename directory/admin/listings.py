"""The part of the admin that groups, practitioners and case studies share: state, freshness, preview."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import actions, foreseeing
from directory.admin.bulk import ask_first, is_confirmed, only_as_read
from directory.admin.history import HistoryAdmin
from directory.choices import ConfirmedBy, PublicationState
from directory.history import recording
from directory.wording import confirmed_in_words

# Beyond so many, further refusals of one action are only counted.
MOST_REFUSALS = 20


class Act(NamedTuple):
    """Something that a curator does to a listing, in a list or with a button under its form."""

    do: Callable
    # Empty where there is no button under the form.
    button: Promise | str
    done: Promise
    # For lists: what would come of it, as `directory.foreseeing` tells, and what that means for the public.
    foresee: Callable
    means: Promise
    # What has to be read of a listing before it is done, as (label, words).
    reading: Callable | None = None


ACTS = {
    "publish": Act(
        actions.publish,
        gettext_lazy("Save and publish"),
        gettext_lazy("Published"),
        foreseeing.publish,
        gettext_lazy("Everybody can see and find them at once."),
    ),
    "archive": Act(
        actions.archive,
        gettext_lazy("Save and archive"),
        gettext_lazy("Archived"),
        foreseeing.archive,
        gettext_lazy("They leave every page and every search. Nothing is deleted."),
    ),
    "send_back": Act(
        actions.send_back,
        gettext_lazy("Save and make it a draft"),
        gettext_lazy("Made a draft"),
        foreseeing.send_back,
        gettext_lazy("They leave every page and every search until somebody publishes them again."),
    ),
    "confirm": Act(
        partial(actions.confirm, confirmed_by=ConfirmedBy.CURATOR),
        gettext_lazy("Save and confirm that it is true today"),
        gettext_lazy("Confirmed today by a curator"),
        foreseeing.confirm,
        gettext_lazy("Their pages will say that a curator confirmed them today. Do it only if somebody asked."),
    ),
    "readdress": Act(
        actions.readdress,
        gettext_lazy("Save and take a new address from the name"),
        gettext_lazy("New address, to which the old one leads"),
        foreseeing.readdress,
        gettext_lazy("Their pages get new addresses, and the old ones lead there."),
    ),
}
ACTS_IN_STATE = {
    PublicationState.DRAFT: ["publish", "archive", "confirm"],
    PublicationState.PENDING: ["publish", "send_back", "archive", "confirm"],
    PublicationState.PUBLISHED: ["confirm", "send_back", "archive"],
    PublicationState.ARCHIVED: ["publish", "send_back"],
}


class NeedsALook(admin.SimpleListFilter):
    """Published listings that somebody should ask about again."""

    title = gettext_lazy("needs a look")
    parameter_name = "look"

    def lookups(self, request, model_admin):
        """Return the choices."""
        return [("any", _("Any of these")), ("due", _("Review due")), ("never", _("Never confirmed"))]

    def queryset(self, request, queryset):
        """Return the listings."""
        match self.value():
            case "any":
                return queryset.stale()
            case "due":
                return queryset.published().filter(review_due_on__lte=timezone.localdate())
            case "never":
                return queryset.published().filter(confirmed_at__isnull=True)
        return queryset


class ListingAdmin(HistoryAdmin):
    """The base of the admin of a listing. Nothing is deleted: it is archived. Only actions change the state."""

    # What its actions do, by name. A room adds what only its listings have.
    acts = ACTS
    # The parts of the public page, in its order, with its headings.
    page = ()

    slug_from = "name"
    list_display = ["name", "state", "confirmed", "review_due_on", "sample", "updated_at"]
    list_filter = ["state", NeedsALook, "sample", ("source", admin.AllValuesFieldListFilter)]
    search_fields = ["name", "slug", "summary", "external_id"]
    readonly_fields = ["state", "state_changed_at", "state_changed_by", "sample", "created_at", "updated_at"]
    actions = ["publish", "archive", "send_back", "confirm", "readdress"]
    change_form_template = "admin/listing_change_form.html"

    @admin.display(description=gettext_lazy("confirmed"), ordering="confirmed_at")
    def confirmed(self, listing):
        """When and by whom it was last confirmed."""
        return confirmed_in_words(listing)

    # The form

    def get_fieldsets(self, request, obj=None):
        """Return the public page's parts, then what every listing has."""
        return [
            *self.page,
            (gettext_lazy("Is all this still true?"), {"fields": ["confirmed_at", "confirmed_by", "review_due_on"]}),
            (
                gettext_lazy("For curators"),
                {
                    "fields": [
                        ("state_changed_at", "state_changed_by"),
                        *(["merged_into"] if obj and getattr(obj, "merged_into_id", None) else []),
                        ("source", "external_id"),
                        "sample",
                        "curator_notes",
                        ("created_at", "updated_at"),
                    ]
                },
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        """Keep what an import finds its entry by."""
        kept = ["source", "external_id"] if obj and obj.external_id else []
        return [*super().get_readonly_fields(request, obj), *kept]

    def save_model(self, request, obj, form, change):
        """Save, with who brought a new listing into its state."""
        if not change:
            obj.state_changed_by = request.user
        super().save_model(request, obj, form, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Show the form with buttons for what can be done now, and the way to the preview."""
        may_act = self.has_change_permission(request, obj) and (change or self.has_add_permission(request))
        if may_act and IS_POPUP_VAR not in request.GET and IS_POPUP_VAR not in request.POST:
            names = ACTS_IN_STATE[obj.state] if change else ["publish"]
            context["acts"] = [{"name": f"_{name}", "label": ACTS[name].button} for name in names]
        if change and self.preview_view:
            context["preview_url"] = self._address("preview", obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        """Do what the button under the form said, after the listing is saved."""
        return self._act_after_saving(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        """Do what the button under the form said, after the listing is saved."""
        return self._act_after_saving(request, obj) or super().response_change(request, obj)

    def _act_after_saving(self, request, obj):
        pressed = next((name for name in ACTS if f"_{name}" in request.POST), None)
        if pressed is None or IS_POPUP_VAR in request.POST or not self.has_change_permission(request, obj):
            return None
        done = self._attempt(request, obj, ACTS[pressed])
        text = _("“%(name)s” is saved. %(done)s") % {"name": obj, "done": f"{ACTS[pressed].done}." if done else ""}
        self.message_user(request, text.strip(), messages.SUCCESS)
        preserved = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(preserved, self._address("change", obj)))

    # The actions

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        """Publish what is chosen."""
        return self._act_on_each(request, queryset, "publish")

    @admin.action(description=gettext_lazy("Archive"), permissions=["change"])
    def archive(self, request, queryset):
        """Archive what is chosen."""
        return self._act_on_each(request, queryset, "archive")

    @admin.action(description=gettext_lazy("Make it a draft"), permissions=["change"])
    def send_back(self, request, queryset):
        """Make drafts of what is chosen."""
        return self._act_on_each(request, queryset, "send_back")

    @admin.action(description=gettext_lazy("Confirm, as a curator, that it is true today"), permissions=["change"])
    def confirm(self, request, queryset):
        """Confirm what is chosen."""
        return self._act_on_each(request, queryset, "confirm")

    @admin.action(description=gettext_lazy("Take a new address from the name"), permissions=["change"])
    def readdress(self, request, queryset):
        """Give what is chosen new addresses."""
        return self._act_on_each(request, queryset, "readdress")

    def _written_down(self, request):
        """Call what is done to many listings, which is one act in the history, by its own name."""
        act = self.acts.get(request.POST.get("action"))
        return recording(by=request.user, why=act.done) if act else super()._written_down(request)

    def _act_on_each(self, request, listings, name):
        """Show what it would do; then do it to each listing, and say what came of it, and why not of the others."""
        act = self.acts[name]
        if not is_confirmed(request):
            return ask_first(self, request, listings, name, act, _why)
        if act.reading:
            act = only_as_read(request, act)
        outcomes = Counter()
        for listing in listings:
            outcomes[self._attempt(request, listing, act, tell=outcomes[None] < MOST_REFUSALS)] += 1
        for outcome, text, level in (
            (True, f"{act.done}: %(n)d.", messages.SUCCESS),
            (False, _("Already so: %(n)d."), messages.INFO),
            (None, _("Refused: %(n)d."), messages.WARNING),
        ):
            if outcomes[outcome]:
                self.message_user(request, text % {"n": outcomes[outcome]}, level)
        return None

    def _attempt(self, request, listing, act, *, tell=True):
        """Do it and log it. Return whether that changed anything, or `None` where it was refused, and tell why."""
        try:
            changed = act.do(listing, by=request.user)
        except ValidationError as error:
            if tell:
                told = {"name": listing, "state": listing.get_state_display(), "why": _why(listing, error)}
                self.message_user(request, _("“%(name)s” is still ‘%(state)s’. %(why)s") % told, messages.ERROR)
            return None
        if changed:
            self.log_change(request, listing, f"{act.done}.")
        return changed

    def has_delete_permission(self, request, obj=None):
        """Deleting is archiving."""
        return False

    # The preview

    # A room sets this to a method that takes the request and the listing and returns its page.
    preview_view = None

    def get_urls(self):
        """Add the preview's address."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        preview = path("<path:object_id>/preview/", self.admin_site.admin_view(self._preview), name=name)
        return [preview, *super().get_urls()]

    def _address(self, page, listing):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[quote(listing.pk)])

    def _preview(self, request, object_id):
        listing = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, listing):
            raise PermissionDenied
        if listing is None or self.preview_view is None:
            raise Http404
        return self.preview_view(request, listing)

    def view_on_site(self, obj):
        """Return the public page's address, which answers only where the listing is published."""
        return obj.get_absolute_url() if obj.is_published else None


def _why(listing, error):
    """Return what a `ValidationError` says, each sentence with the name of its field."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    sentences = []
    for name, texts in error.message_dict.items():
        label = "" if name == NON_FIELD_ERRORS else f"{capfirst(listing._meta.get_field(name).verbose_name)}: "
        sentences += [f"{label}{text}" for text in texts]
    return " ".join(sentences)
