"""The history in the admin: what changed, who did it, and the way back."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.auth import get_permission_codename
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.admin.base import CuratorAdmin
from directory.history import (
    CannotUndo,
    Difference,
    described,
    differences_of,
    erase,
    plan_restore,
    plan_undo,
    restore,
    undo,
)
from directory.history.restoring import models_by_table
from directory.models import Act, Change, Listing

ACTS_A_PAGE = 20
# An import may change thousands of rows; so many are shown.
MOST_ROWS = 200
# More than so many lines are folded.
MANY_LINES = 15
# So many listings of an act are named in the list of acts.
NAMED = 3


def parts_of_steps(steps):
    """Return what some steps would change, in words."""
    return described([Difference(step.model, step.now, step.then) for step in steps[:MOST_ROWS]])[0]


class HistoryAdmin(CuratorAdmin):
    """The base of the admin of what has a history of its own."""

    def shared_history(self, obj):
        """Return rows (table, ids) that `obj` uses and others may use too, such as venues."""
        return []

    def get_urls(self):
        """Add the way back to a version."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/history/<uuid:act_id>/", view(self._version), name=f"{name}_version"),
            path("<path:object_id>/erase/", view(self._erase), name=f"{name}_erase"),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        """Show all acts on it, the latest first, with what each changed."""
        obj = self._found(request, object_id)
        shared = self.shared_history(obj)
        changes = self._changes(obj, shared)
        acts = Act.objects.filter(pk__in=changes.values("act")).select_related("undone_by")
        page = Paginator(acts, ACTS_A_PAGE).get_page(request.GET.get("page"))
        rows = {}
        for change in changes.filter(act__in=[act.pk for act in page]).order_by("pk"):
            rows.setdefault(change.act_id, []).append(change)
        own = self.opts.db_table
        told = described(*(differences_of(rows[act.pk][:MOST_ROWS]) for act in page))
        entries = [
            {
                "act": act,
                "parts": parts,
                "is_long": sum(len(part.lines) for part in parts) > MANY_LINES,
                "is_version": any(change.subject_table == own for change in rows[act.pk]),
            }
            for act, parts in zip(page, told, strict=True)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(name)s") % {"name": obj},
            "opts": self.opts,
            "object": obj,
            "page": page,
            "entries": entries,
            "may_change": self.has_change_permission(request, obj),
            "may_see_acts": request.user.has_perm("directory.view_act"),
            "may_erase": self._may_erase(request, obj),
        }
        return TemplateResponse(request, "admin/history.html", context | (extra_context or {}))

    def _changes(self, obj, shared):
        changes = Change.objects.about(self.opts.db_table, [obj.pk])
        for table, ids in shared:
            changes |= Change.objects.about(table, ids)
        return changes

    def _found(self, request, object_id):
        obj = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            raise Http404
        return obj

    def _version(self, request, object_id, act_id):
        """Show what going back to a version would change, and do it."""
        obj = self._found(request, object_id)
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        act = Act.objects.filter(pk=act_id).first()
        if act is None:
            raise Http404
        shared = self.shared_history(obj)
        with_shared = shared if request.POST.get("shared") or request.GET.get("shared") else []
        back = self._history_address(obj)
        try:
            if request.method == "POST":
                done = restore(obj, act, by=request.user, shared=with_shared)
                text = _("It has the words of that version again.") if done else _("It had them already.")
                self.message_user(request, text, messages.SUCCESS)
                return HttpResponseRedirect(back)
            steps, refused = plan_restore(obj, act, shared=with_shared), []
            has_shared = bool(with_shared) or len(plan_restore(obj, act, shared=shared)) > len(steps)
        except CannotUndo as error:
            steps, refused, has_shared = [], error.messages, False
        context = {
            **self.admin_site.each_context(request),
            "title": _("Back to an older version: %(name)s") % {"name": obj},
            "opts": self.opts,
            "object": obj,
            "act": act,
            "parts": parts_of_steps(steps),
            "refused": refused,
            "back": back,
            "shared": has_shared,
            "with_shared": bool(with_shared),
        }
        return TemplateResponse(request, "admin/history_version.html", context)

    def _may_erase(self, request, obj):
        return isinstance(obj, Listing) and request.user.has_perm("directory.erase_tombstone")

    def _erase(self, request, object_id):
        """Erase a listing for ever, after its name was typed."""
        obj = self._found(request, object_id)
        if not self._may_erase(request, obj):
            raise PermissionDenied
        form = EraseForm(request.POST if request.method == "POST" else None, name=obj.name)
        if form.is_valid():
            erase(obj, by=request.user, reason=form.cleaned_data["reason"])
            self.message_user(request, _("It is erased, with its history."), messages.SUCCESS)
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase for ever: %(name)s") % {"name": obj},
            "opts": self.opts,
            "object": obj,
            "form": form,
            "back": self._history_address(obj),
        }
        return TemplateResponse(request, "admin/erase.html", context)

    def _history_address(self, obj):
        return _history_of(self.model, obj.pk)


class EraseForm(forms.Form):
    """Makes sure that nobody erases a listing by mistake."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[
            ("asked", gettext_lazy("The person asked for it")),
            ("no-consent", gettext_lazy("There was never consent")),
            ("law", gettext_lazy("The law asks for it")),
        ],
    )
    name = forms.CharField(label=gettext_lazy("Type its name"), max_length=200)

    def __init__(self, data=None, *, name):
        super().__init__(data)
        self.expected = name

    def clean_name(self):
        """Refuse any other name."""
        name = self.cleaned_data["name"]
        if name.strip() != self.expected.strip():
            raise forms.ValidationError(_("This is not its name. Type it as it stands above."))
        return name


@admin.register(Act)
class ActAdmin(admin.ModelAdmin):
    """All changes, by whoever, and the button that takes one back."""

    list_display = ["at", "author", "what", "of", "rows", "state"]
    list_display_links = ["at"]
    list_filter = ["at", ("by", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["who", "why"]
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        """Only a change makes one."""
        return False

    def has_change_permission(self, request, obj=None):
        """What happened stays."""
        return False

    def has_delete_permission(self, request, obj=None):
        """What happened stays."""
        return False

    def get_queryset(self, request):
        """Return the acts on what the person may look at, with how many rows of it they changed."""
        seen = Change.objects.filter(act=OuterRef("pk"), subject_table__in=_tables(request, "view"))
        subject = Concat("subject_table", Value(" "), Cast("subject_id", TextField()), output_field=TextField())
        named = seen.annotate(subject=subject).values("subject").distinct().order_by("subject")[: NAMED + 1]
        return (
            super()
            .get_queryset(request)
            .filter(Exists(seen))
            .select_related("undone_by")
            .annotate(subjects=ArraySubquery(named), is_large=Exists(seen.order_by("pk")[MOST_ROWS : MOST_ROWS + 1]))
        )

    def get_changelist_instance(self, request):
        """Return the list with the names of what each act changed, one query a kind."""
        changelist = super().get_changelist_instance(request)
        keys = {}
        for act in changelist.result_list:
            for table, key in (subject.split() for subject in act.subjects):
                keys.setdefault(table, set()).add(int(key))
        models = models_by_table()
        names = {
            f"{table} {key}": str(row)
            for table, ids in keys.items()
            for key, row in models[table]._base_manager.in_bulk(ids).items()
        }
        for act in changelist.result_list:
            act.names = [names.get(subject, _("one that is gone")) for subject in act.subjects]
        return changelist

    @admin.display(description=gettext_lazy("who"), ordering="who")
    def author(self, act):
        """Who did it."""
        return act.author

    @admin.display(description=gettext_lazy("what"), ordering="why")
    def what(self, act):
        """What it was."""
        return str(act)

    @admin.display(description=gettext_lazy("of"))
    def of(self, act):
        """What it changed."""
        more = [_("and more")] if len(act.names) > NAMED else []
        return ", ".join([*act.names[:NAMED], *more])

    @admin.display(description=gettext_lazy("how much"))
    def rows(self, act):
        """Whether it changed a lot."""
        return _("a lot") if act.is_large else ""

    @admin.display(description=gettext_lazy("state"))
    def state(self, act):
        """Whether it was taken back."""
        return _("taken back") if act.undone_by_id else ""

    def get_urls(self):
        """Add taking it back."""
        undo_page = path("<uuid:act_id>/undo/", self.admin_site.admin_view(self._undo), name="directory_act_undo")
        return [undo_page, *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show what an act changed."""
        if not self.has_view_permission(request) or object_id is None or request.method == "POST":
            raise PermissionDenied
        act = self.get_object(request, unquote(object_id))
        if act is None:
            raise Http404
        context = {"parts": self._parts(request, act), "may_undo": not act.undone_by_id and _may_undo(request, act)}
        return self._page(request, act, "admin/act.html", str(act), **context)

    def _parts(self, request, act):
        """Return what it changed, listing by listing."""
        seen = act.changes.filter(subject_table__in=_tables(request, "view")).order_by("pk")[:MOST_ROWS]
        by_subject, models = {}, models_by_table()
        for change in seen:
            by_subject.setdefault((change.subject_table, change.subject_id), []).append(change)
        ids = {}
        for table, key in by_subject:
            ids.setdefault(table, []).append(key)
        names = {table: models[table]._base_manager.in_bulk(keys) for table, keys in ids.items()}
        told = described(*map(differences_of, by_subject.values()))
        return [
            {
                "kind": capfirst(models[table]._meta.verbose_name),
                "name": names[table].get(key) or _("one that is gone"),
                "history": _history_of(models[table], key) if key in names[table] else "",
                "parts": parts,
            }
            for (table, key), parts in zip(by_subject, told, strict=True)
        ]

    def _undo(self, request, act_id):
        """Show what taking an act back would change, and do it."""
        act = self.get_object(request, str(act_id))
        if not self.has_view_permission(request) or (act and not _may_undo(request, act)):
            raise PermissionDenied
        if act is None:
            raise Http404
        steps, refused = [], []
        try:
            if request.method == "POST":
                done = undo(act, by=request.user)
                self.message_user(request, _("It is taken back."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:directory_act_change", args=[done.pk]))
            steps = plan_undo(act)
        except CannotUndo as error:
            refused = error.messages
        rows = ngettext("%(n)d row goes back.", "%(n)d rows go back.", len(steps)) % {"n": len(steps)}
        context = {"parts": parts_of_steps(steps), "refused": refused, "rows": rows}
        return self._page(request, act, "admin/act_undo.html", _("Take back: %(what)s") % {"what": act}, **context)

    def _page(self, request, act, template, title, **context):
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "act": act}
        return TemplateResponse(request, template, context)


def _tables(request, doing):
    """Return the tables whose history the person may look at, or change."""
    found = []
    for model, registered in admin.site._registry.items():
        if isinstance(registered, HistoryAdmin):
            codename = get_permission_codename(doing, model._meta)
            if request.user.has_perm(f"{model._meta.app_label}.{codename}"):
                found.append(model._meta.db_table)
    return found


def _may_undo(request, act):
    """Whether the person may change all that an act changed."""
    tables = set(act.changes.order_by().values_list("subject_table", flat=True).distinct())
    return tables <= set(_tables(request, "change"))


def _history_of(model, key):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[quote(key)])
