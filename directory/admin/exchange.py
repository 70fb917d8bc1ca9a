"""Import and export in the lists of the admin: a dry run that shows each row's fate, and then a yes."""

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm

from directory.exchange.basics import MOST_BYTES, MOST_ROWS, Unreadable
from directory.exchange.formats import WRITTEN, reader_of
from directory.exchange.kept import KeptFile, signed, unsigned
from directory.exchange.templates import template_of


class TableForm(ImportForm):
    """The file, and whether it may publish."""

    publish = forms.BooleanField(
        label=gettext_lazy("Publish what the file calls published"),
        required=False,
        help_text=gettext_lazy(
            "Without this, nothing becomes public that is not public now: what is new waits for a curator."
        ),
    )
    field_order = ["import_file", "publish"]

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["format"].widget = forms.HiddenInput()
        self.fields["import_file"].label = _("File: CSV or XLSX")
        self.fields["import_file"].widget.attrs = {"accept": ".csv,.tsv,.txt,.xlsx"}
        self.fields["import_file"].help_text = _("%(size)s and %(rows)s rows at most.") % {
            "size": filesizeformat(MOST_BYTES),
            "rows": f"{MOST_ROWS:,}",
        }

    @property
    def media(self):
        """No script is needed."""
        return forms.Media()

    def clean(self):
        """Tell of a file that was dropped while it came in."""
        cleaned = super().clean()
        if getattr(self.request, "table_too_large", False):
            self.errors.pop("import_file", None)
            self.add_error(
                "import_file",
                _("The file is larger than %(size)s. Split it into several files.")
                % {"size": filesizeformat(MOST_BYTES)},
            )
        return cleaned


class YesForm(ConfirmImportForm):
    """The yes to a dry run. It names the file in a way that only the one who sent it can."""

    publish = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_import_file_name(self):
        """Return the name of the kept file."""
        try:
            return unsigned(self.cleaned_data["import_file_name"], self.user)
        except signing.BadSignature:
            raise forms.ValidationError(_("The file is no longer here. Choose it once more.")) from None

    def clean_format(self):
        """Return the only format there is."""
        return "0"


class ExchangeAdmin(ImportExportMixin):
    """Mixed into the admin of a listing; `table` is its resource. Whoever may add and change may do both."""

    table = None
    import_form_class = TableForm
    confirm_form_class = YesForm
    export_form_class = ExportForm
    import_template_name = "admin/import_table.html"
    export_template_name = "admin/export_table.html"
    tmp_storage_class = KeptFile
    # The history tells it, and better.
    skip_admin_log = True

    def get_resource_classes(self, request):
        """Return the one table."""
        return [self.table]

    def has_import_permission(self, request):
        """Whether somebody may both add and change."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    # What only curators see is in the file.
    has_export_permission = has_import_permission

    def get_import_formats(self):
        """Return the format that tells by itself what a file is."""
        return [reader_of(self.table)]

    def get_export_formats(self):
        """Return the formats to choose from."""
        return list(WRITTEN.values())

    def get_urls(self):
        """Add the templates to fill in."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_table_template"
        return [
            path("import/template.<str:ending>", self.admin_site.admin_view(self.template), name=name),
            *super().get_urls(),
        ]

    def template(self, request, ending):
        """Return an empty table with an example."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if ending not in WRITTEN:
            raise Http404
        response = HttpResponse(template_of(self.table, ending), content_type=WRITTEN[ending]().get_content_type())
        response["Content-Disposition"] = f'attachment; filename="{self.table.kind}-template.{ending}"'
        return response

    # Import

    def get_import_form_kwargs(self, request):
        """Give the form the request, which knows of a file that was dropped."""
        kwargs = super().get_import_form_kwargs(request) | {"request": request}
        if kwargs["data"] is not None:
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"].update({"format": "0", "resource": "0"})
        return kwargs

    def get_confirm_form_kwargs(self, request, import_form=None):
        """Give the form whoever says yes."""
        return super().get_confirm_form_kwargs(request, import_form) | {"user": request.user}

    def get_confirm_form_initial(self, request, import_form):
        """Return what the yes comes back with."""
        initial = super().get_confirm_form_initial(request, import_form)
        if import_form:
            initial["import_file_name"] = signed(initial["import_file_name"], request.user)
            initial["publish"] = import_form.cleaned_data["publish"]
        return initial

    def get_import_resource_kwargs(self, request, form=None, **kwargs):
        """Return who imports, and whether it may publish."""
        cleaned = getattr(form, "cleaned_data", {})
        return {"by": request.user, "publish": cleaned.get("publish", False)}

    def get_import_data_kwargs(self, **kwargs):
        """Return nothing more: the table knows what it needs."""
        return {}

    def add_data_read_fail_error_to_form(self, form, e):
        """Say what is wrong with a file; whatever else happened is ours to mend."""
        if not isinstance(e, Unreadable):
            raise e
        form.add_error("import_file", str(e))

    def import_action(self, request, **kwargs):
        """Show the form, or the fate of each row; keep the file only while there is something to say yes to."""
        response = super().import_action(request, **kwargs)
        form = response.context_data["form"]
        kept = getattr(form.files.get("import_file"), "tmp_storage_name", None)
        if kept and "confirm_form" not in response.context_data:
            KeptFile(name=kept).remove()
        return response

    def process_import(self, request, **kwargs):
        """Import the file that was looked at."""
        try:
            response = super().process_import(request, **kwargs)
        except FileNotFoundError:
            response = None
        if response is None or getattr(response, "context_data", {}).get("errors"):
            messages.error(request, _("The file is no longer here. Choose it once more."))
            return HttpResponseRedirect(self._page("import"))
        return response

    def process_result(self, result, request):
        """Tell what was done; or why nothing was, where the listings have changed since the dry run."""
        if not result.is_fine:
            context = self.admin_site.each_context(request) | {
                "title": _("Import"),
                "opts": self.opts,
                "result": result,
                "form": TableForm(self.get_import_formats(), [self.table], request=request),
            }
            return TemplateResponse(request, [self.import_template_name], context)
        messages.success(request, _("Imported. %(counts)s.") % {"counts": result.in_short})
        return HttpResponseRedirect(self._page("changelist"))

    def _page(self, name):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}")

    # Export

    def export_action(self, request):
        """Show the form, or return the file."""
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self._page("export"))

    def get_export_filename(self, request, queryset, file_format):
        """Return a name with the day."""
        return f"{self.table.kind}-{timezone.localdate()}.{file_format.get_extension()}"
