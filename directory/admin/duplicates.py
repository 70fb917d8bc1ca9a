"""Pairs that look alike: a list, the worst first, and a page that shows both and makes one of them."""

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.admin.base import CuratorAdmin
from directory.admin.merging import MergeForm
from directory.choices import PairState
from directory.history import CannotUndo, undo
from directory.likeness import in_words
from directory.merging import merge, refuse_merge
from directory.models import Act, DuplicatePair

# So many reasons stand in the list, those that weigh most.
MOST_REASONS = 4


class StateFilter(admin.SimpleListFilter):
    """What to look at, unless something else is asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        """Return the choices beside what is open."""
        return [*PairState.choices[1:], ("all", _("All"))]

    def choices(self, changelist):
        """Return the links; the first is the list as it opens."""
        first, *others = super().choices(changelist)
        return [first | {"display": PairState.OPEN.label}, *others]

    def queryset(self, request, queryset):
        """Return the pairs."""
        match self.value():
            case None:
                return queryset.undecided()
            case "all":
                return queryset
        return queryset.filter(state=self.value())


@admin.register(DuplicatePair)
class DuplicatePairAdmin(CuratorAdmin):
    """Listings that look alike."""

    list_display = ["one", "other", "likeness", "why", "kind", "decision"]
    list_filter = [StateFilter, ("content_type", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["content_type", "decided_by"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["not_the_same", "look_again"]

    def has_add_permission(self, request):
        """The search at night adds them, and a merge of two that somebody chose."""
        return False

    def has_delete_permission(self, request, obj=None):
        """What was decided stays, so that it is not asked again."""
        return False

    def get_queryset(self, request):
        """Return the pairs with both listings, in one query for each kind."""
        return super().get_queryset(request).prefetch_related("first", "second")

    @admin.display(description=gettext_lazy("likeness"), ordering="score")
    def likeness(self, pair):
        """The score as a share of a hundred."""
        return f"{pair.score:.0%}"

    @admin.display(description=gettext_lazy("one"))
    def one(self, pair):
        """The older listing."""
        return pair.first

    @admin.display(description=gettext_lazy("the other"))
    def other(self, pair):
        """The newer listing."""
        return pair.second

    @admin.display(description=gettext_lazy("why"))
    def why(self, pair):
        """What weighs most."""
        return "; ".join(in_words(pair.reasons[:MOST_REASONS]))

    @admin.display(description=gettext_lazy("kind"), ordering="content_type")
    def kind(self, pair):
        """What the two are."""
        return pair.content_type.name

    @admin.display(description=gettext_lazy("decided"), ordering="decided_at")
    def decision(self, pair):
        """What was decided, and by whom."""
        return ", ".join(filter(None, [pair.get_state_display(), str(pair.decided_by or "")]))

    @admin.action(description=gettext_lazy("Not the same"), permissions=["change"])
    def not_the_same(self, request, queryset):
        """Keep in mind that those chosen are not the same."""
        self._decide(request, queryset, PairState.OPEN, PairState.NOT_SAME)

    @admin.action(description=gettext_lazy("Look at them again"), permissions=["change"])
    def look_again(self, request, queryset):
        """Forget that somebody said that those chosen are not the same."""
        self._decide(request, queryset, PairState.NOT_SAME, PairState.OPEN)

    def _decide(self, request, pairs, before, after):
        is_open = after == PairState.OPEN
        decided = {"decided_by": None if is_open else request.user, "decided_at": None if is_open else timezone.now()}
        # A plain update, so that a merge at the same moment is never overwritten.
        keys = [pair.pk for pair in pairs]
        changed = DuplicatePair.objects.filter(pk__in=keys, state=before).update(state=after, **decided)
        self.message_user(request, _("%(what)s: %(n)d.") % {"what": after.label, "n": changed})

    # One pair

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show both listings beside each other, and do what is asked for."""
        pair = self.get_object(request, unquote(object_id)) if object_id else None
        if object_id is None or not self.has_view_or_change_permission(request, pair):
            raise PermissionDenied
        if pair is None or not (pair.first and pair.second):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self._may(request, pair.first, "view"):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, pair)
        if not (self.has_change_permission(request, pair) and self._may(request, pair.first, "change")):
            raise PermissionDenied
        return self._act(request, pair)

    def _act(self, request, pair):
        if "_not_same" in request.POST or "_look_again" in request.POST:
            act = self.not_the_same if "_not_same" in request.POST else self.look_again
            act(request, [pair])
            return self._to_list()
        if "_undo" in request.POST:
            return self._undo(request, pair)
        keep, lose = self._sides(pair, request.POST.get("keep"))
        form = MergeForm(keep, lose, request.POST)
        try:
            refuse_merge(keep, lose)
            if form.is_valid():
                merge(keep, lose, form.choices, by=request.user)
                told = {"lose": lose, "keep": keep}
                text = _("“%(lose)s” is now a part of “%(keep)s”. You can undo this here.") % told
                self.message_user(request, text, messages.SUCCESS)
                return HttpResponseRedirect(self._address(pair))
        except ValidationError as error:
            form.is_valid()
            form.add_error(None, ValidationError(error.messages))
        return self._page(request, self.get_object(request, str(pair.pk)), form)

    def _undo(self, request, pair):
        act = Act.objects.filter(pk=pair.act).first()
        try:
            if act is None:
                raise CannotUndo(_("This was taken back already."))
            undo(act, by=request.user)
        except CannotUndo as error:
            for text in error.messages:
                self.message_user(request, text, messages.ERROR)
        else:
            self.message_user(request, _("The merge is taken back. Both are as they were."), messages.SUCCESS)
        return HttpResponseRedirect(self._address(pair))

    def _sides(self, pair, keep):
        """Return (the one that stays, the one that goes); without a wish the one that is published, else the older."""
        sides = [pair.first, pair.second]
        if keep in {str(pair.first_id), str(pair.second_id)}:
            sides.sort(key=lambda listing: str(listing.pk) != keep)
        else:
            sides.sort(key=lambda listing: (not listing.is_published, listing.pk))
        return sides

    def _page(self, request, pair, form=None):
        keep, lose = (form.keep, form.lose) if form else self._sides(pair, request.GET.get("keep"))
        is_merged = pair.state == PairState.MERGED
        if is_merged:
            keep, lose = sorted([keep, lose], key=lambda listing: listing.pk == pair.merged_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Compare: %(one)s and %(other)s") % {"one": keep, "other": lose},
            "opts": self.opts,
            "pair": pair,
            "reasons": in_words(pair.reasons),
            "sides": [{"listing": each, "address": _address_of(each)} for each in (keep, lose)],
            "errors": form.non_field_errors() if form else [],
            "form": None if is_merged else form or MergeForm(keep, lose),
            "other_way": f"?keep={lose.pk}",
            "may_change": self.has_change_permission(request, pair) and self._may(request, keep, "change"),
        }
        return TemplateResponse(request, "admin/duplicate_pair.html", context)

    def _may(self, request, listing, doing):
        opts = listing._meta
        return request.user.has_perm(f"{opts.app_label}.{get_permission_codename(doing, opts)}")

    def _address(self, pair):
        return reverse("admin:directory_duplicatepair_change", args=[quote(pair.pk)])

    def _to_list(self):
        return HttpResponseRedirect(reverse("admin:directory_duplicatepair_changelist"))


@admin.action(description=gettext_lazy("Compare the two chosen, and merge them"), permissions=["change"])
def compare_two(modeladmin, request, queryset):
    """Lead to the page of two listings that a curator chose."""
    keys = sorted(queryset.values_list("pk", flat=True)[:3])
    if len(keys) != 2 or not request.user.has_perm("directory.change_duplicatepair"):
        modeladmin.message_user(request, _("Choose two."), messages.ERROR)
        return None
    pair, _made = DuplicatePair.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(modeladmin.model),
        first_id=keys[0],
        second_id=keys[1],
        defaults={"score": 1, "reasons": [["by hand", None]]},
    )
    return HttpResponseRedirect(reverse("admin:directory_duplicatepair_change", args=[pair.pk]))


def _address_of(listing):
    opts = listing._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(listing.pk)])
