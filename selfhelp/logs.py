"""Keeping secrets out of the log: an address of the site may be a key."""

import logging
import re

# What django.core.signing makes ends with a colon and a signature of so many letters.
_SIGNED = re.compile(r"[^\s/?]*:[\w-]{43}")


class WithoutKeys(logging.Filter):
    """Takes signed keys out of each record."""

    def filter(self, record):
        """Let the record through without them."""
        text = record.getMessage()
        if _SIGNED.search(text):
            record.msg, record.args = _SIGNED.sub("[key]", text), ()
        return True
