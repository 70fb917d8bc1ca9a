"""Two people with the same form open: who saves second is told what the first changed, and nothing is overwritten."""

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from directory.history.restoring import models_by_table
from directory.models import Act, Change

# Carried by a form: the latest change that its page knew of.
LATEST = "_latest_change"


class ToldFirst:
    """For pages of the admin: refuses a form that was opened before somebody else's change, once, and says whose."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Show the form with the latest change that it knows of."""
        if change and obj is not None:
            context["latest_change"] = _changes_of(obj).order_by("-pk").values_list("pk", flat=True).first() or 0
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or request.method != "POST" or LATEST not in request.POST:
            return form
        known = request.POST[LATEST]

        class Told(form):
            def clean(self):
                cleaned = super().clean()
                if told := _told(obj, int(known) if known.isdecimal() and len(known) < 19 else 0):
                    self.add_error(None, [*told, _("What you typed is below, and not saved. Save again to use it.")])
                return cleaned

        return Told


def _changes_of(obj):
    """Return the changes of an entry: those of its parts too, or of itself as a part of something else."""
    if not isinstance(obj.pk, int):  # the history keeps nothing of it
        return Change.objects.none()
    table = obj._meta.db_table
    return Change.objects.filter(Q(subject_table=table, subject_id=obj.pk) | Q(table=table, row_id=obj.pk))


def _told(obj, known):
    """Return who changed what after the change `known`, one sentence for each act. Others wait until this is saved."""
    type(obj)._base_manager.select_for_update().filter(pk=obj.pk).first()
    changes = _changes_of(obj).filter(pk__gt=known).order_by("pk")
    columns = {}
    for change in changes:
        columns.setdefault(change.act_id, {}).update(dict.fromkeys(_names(change)))
    return [
        _("%(who)s changed this at %(when)s: %(what)s.")
        % {
            "who": capfirst(act.author),
            "when": date_format(timezone.localtime(act.at), "H:i, j F Y"),
            "what": ", ".join(columns[act.pk]),
        }
        for act in Act.objects.filter(pk__in=columns).order_by("at")
    ]


def _names(change):
    """Return what the columns that changed are called; for a part that came or went, what the part is called."""
    model = models_by_table()[change.table]
    if change.before is None or change.after is None:
        return [str(model._meta.verbose_name)]
    return [
        str(field.verbose_name)
        for field in model._meta.concrete_fields
        if change.before.get(field.column) != change.after.get(field.column)
    ]
