"""The file between the dry run and the yes: in a folder of this machine, for an hour at most, under a signed name."""

import os
import time
from uuid import uuid4

from django.conf import settings
from django.core import signing
from import_export.tmp_storages import BaseStorage

SECONDS = 3600
SALT = "directory.exchange.kept"


class KeptFile(BaseStorage):
    """An uploaded table. Whoever keeps one removes those that nobody came back to."""

    def save(self, data):
        """Keep the bytes of a file."""
        remove_old()
        self.name = uuid4().hex
        settings.IMPORTS_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "wb") as file:
            file.write(data)

    def read(self):
        """Return the bytes; raise `FileNotFoundError` where they are gone."""
        return self.path.read_bytes()

    def remove(self):
        """Remove the file."""
        self.path.unlink(missing_ok=True)

    @property
    def path(self):
        """Where it lies."""
        return settings.IMPORTS_ROOT / self.name


def remove_old():
    """Remove the files that are older than an hour. Return how many there were."""
    removed = 0
    for path in settings.IMPORTS_ROOT.glob("*"):
        try:
            if path.stat().st_mtime < time.time() - SECONDS:
                path.unlink()
                removed += 1
        except FileNotFoundError:  # another process was quicker
            continue
    return removed


def signed(name, user):
    """Return a name that only this user can come back with, for an hour."""
    return signing.dumps([name, user.pk], salt=SALT)


def unsigned(token, user):
    """Return the name, or raise `signing.BadSignature`."""
    name, owner = signing.loads(token, salt=SALT, max_age=SECONDS)
    if owner != user.pk:
        raise signing.BadSignature
    return name
