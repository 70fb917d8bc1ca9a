"""Files that nobody asked for, or that are too large, end while they come in: nothing of them is kept."""

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from directory.exchange.basics import MOST_BYTES


class LimitFiles(FileUploadHandler):
    """Take files in the admin from those who work there, and none that is larger than any that is read.

    It stands before those that write files down, so that nobody fills the disk from outside.
    """

    def new_file(self, *args, **kwargs):
        """Stop at the first byte of a file where none is taken."""
        super().new_file(*args, **kwargs)
        if not self.request.path.startswith("/admin/"):
            raise RequestDataTooBig("A file where none is taken.")
        user = getattr(self.request, "user", None)
        if user is None or not user.is_staff:
            # What came before it is enough for the admin to say 'sign in first'.
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data, start):
        """Pass on what came in, up to the limit. The form for tables tells of one that was dropped."""
        if start + len(raw_data) <= MOST_BYTES:
            return raw_data
        if not self.request.path.endswith("/import/"):
            # Django leaves what came in until then to the garbage collector.
            for handler in self.request.upload_handlers:
                handler.upload_interrupted()
            raise RequestDataTooBig("A file that is too large.")
        self.request.table_too_large = True
        raise SkipFile

    def file_complete(self, file_size):
        """Leave the file to the handlers behind this one."""
        return
