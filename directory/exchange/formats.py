"""Files as django-import-export hands them over: written as CSV or XLSX, read as whichever of them they are."""

from import_export.formats.base_formats import Format

from directory.exchange.writing import to_csv, to_xlsx


class Csv(Format):
    """CSV, for every program."""

    def get_title(self):
        """Return its name."""
        return "CSV"

    def get_extension(self):
        """Return the end of a file's name."""
        return "csv"

    def get_content_type(self):
        """Return what browsers are told."""
        return "text/csv; charset=utf-8"

    def can_export(self):
        """Whether it can be written."""
        return True

    def export_data(self, dataset, **kwargs):
        """Return the bytes of a file."""
        return to_csv(dataset.headers, dataset)


class Xlsx(Csv):
    """XLSX, for Excel and LibreOffice."""

    def get_title(self):
        """Return its name."""
        return "XLSX"

    def get_extension(self):
        """Return the end of a file's name."""
        return "xlsx"

    def get_content_type(self):
        """Return what browsers are told."""
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset, **kwargs):
        """Return the bytes of a file."""
        return to_xlsx({dataset.title or "table": [dataset.headers, *dataset]})


WRITTEN = {"csv": Csv, "xlsx": Xlsx}


def reader_of(resource):
    """Return the format that reads a table of one kind, whatever the file is."""

    class Either(Format):
        def __init__(self, encoding=None):
            self.encoding = encoding

        def get_title(self):
            return "CSV, XLSX"

        def can_import(self):
            return True

        def create_dataset(self, in_stream):
            return resource.read(in_stream)

    return Either
