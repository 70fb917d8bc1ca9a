"""Where letters go while there is no mail server."""

from pathlib import Path

from django.conf import settings
from django.core.mail.backends import filebased


class OutboxBackend(filebased.EmailBackend):
    """Writes each letter into a folder that only the site's own user may read."""

    def __init__(self, *args, file_path=None, **kwargs):
        folder = Path(file_path or settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(*args, file_path=folder, **kwargs)
