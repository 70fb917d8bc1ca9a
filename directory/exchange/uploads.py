"""Uploads that are too large end while they come in: nothing of them is kept."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from directory.exchange.basics import MOST_BYTES


class LimitTables(FileUploadHandler):
    """Drop a table that is larger than any that is read. The form then tells."""

    def receive_data_chunk(self, raw_data, start):
        """Pass on what came in, up to the limit."""
        if start + len(raw_data) > MOST_BYTES and self.request.path.endswith("/import/"):
            self.request.table_too_large = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        """Leave the file to the handlers behind this one."""
        return
