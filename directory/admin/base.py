"""What each page of the admin has: plain form fields, addresses that stay, and deleting only what nothing points at."""

from contextlib import nullcontext

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from directory.admin.fields import LinesField, TicksField
from directory.history import recording

# So many of the things that point at something are named, when it cannot be deleted.
MOST_NAMED = 10


class PlainFields:
    """For forms and inlines: boxes to tick or lines to fill for columns of several values, choices fetched once."""

    # The choices of a column of several values, where the model itself has only numbers.
    ticks = {}
    # Foreign keys to short lists. Their choices are fetched once for all rows of an inline.
    short_lists = ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the form field for a column."""
        if isinstance(db_field, ArrayField):
            return self._field_for_several(db_field)
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.short_lists:
            field.choices = list(field.choices)
        return field

    def _field_for_several(self, db_field):
        common = {"label": capfirst(db_field.verbose_name), "required": not db_field.blank}
        one = db_field.base_field
        if db_field.name in self.ticks:
            return TicksField(choices=self.ticks[db_field.name], coerce=one.to_python, **common)
        if one.choices:
            return TicksField(choices=one.choices, help_text=db_field.help_text, **common)
        commas = not isinstance(one, models.TextField)
        hint = _("One a line.")
        help_text = format_lazy("{} {}", db_field.help_text, hint) if db_field.help_text else hint
        return LinesField(one.formfield(), commas=commas, help_text=help_text, **common)


class Parts(PlainFields, admin.StackedInline):
    """The base of the parts of something, one below the other."""

    extra = 0


class Rows(PlainFields, admin.TabularInline):
    """The base of the parts of something, as rows of a table."""

    extra = 0


class CuratorAdmin(PlainFields, admin.ModelAdmin):
    """The base of each page of the admin."""

    # Part of an address, or of what refers to it: written once, when something is added.
    written_once = ()
    # The column that a slug is made of.
    slug_from = None

    def get_prepopulated_fields(self, request, obj=None):
        """Make the slug of a new entry out of its name."""
        if self.slug_from and obj is None:
            return {"slug": [self.slug_from]}
        return super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Keep an address as it is: once public, it answers for ever. Keep links to what somebody may not look at."""
        kept = [*self.written_once, *(["slug"] if self.slug_from else [])] if obj else []
        closed = [name for name in self.autocomplete_fields if not self._may_choose(request, name)]
        return [*super().get_readonly_fields(request, obj), *kept, *closed]

    def _may_choose(self, request, name):
        pointed_at = self.opts.get_field(name).remote_field.model._meta
        return request.user.has_perm(f"{pointed_at.app_label}.{get_permission_codename('view', pointed_at)}")

    def get_actions(self, request):
        """Return the bulk actions. Deleting is none of them: it is done one at a time, and seen before it is done."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def get_deleted_objects(self, objs, request):
        """Refuse to delete what something else points at, also where the database would only drop the link."""
        deleted, count, perms_needed, protected = super().get_deleted_objects(objs, request)
        return deleted, count, perms_needed, [*protected, *_pointing_at(objs)]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show a form, or write what it says into the history as one act."""
        with self._written_down(request):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        """Ask, and delete as one act in the history."""
        with self._written_down(request):
            return super().delete_view(request, object_id, extra_context)

    def changelist_view(self, request, extra_context=None):
        """Show the list, or do an action to what is chosen as one act in the history."""
        with self._written_down(request):
            return super().changelist_view(request, extra_context)

    def _written_down(self, request):
        if request.method != "POST":
            return nullcontext()
        return recording(by=request.user, why=capfirst(self.opts.verbose_name))

    def get_object(self, request, object_id, from_field=None):
        """Return the entry, or `None`."""
        return None if "\x00" in object_id else super().get_object(request, object_id, from_field)


def _pointing_at(objs):
    """Return, in words, what points at one of the objects without being a part of it or guarded by the database."""
    found = []
    for obj in objs:
        for relation in obj._meta.related_objects:
            if relation.on_delete in {models.CASCADE, models.PROTECT}:
                continue
            pointing = relation.related_model._base_manager.filter(**{relation.field.name: obj})[:MOST_NAMED]
            name = capfirst(relation.related_model._meta.verbose_name)
            found += [f"{name}: {each}" for each in pointing]
    return found
