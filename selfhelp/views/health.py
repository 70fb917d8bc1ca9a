"""What a machine asks to know whether this process works."""

from functools import cache

from django.db import Error
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def healthz(request):
    """Say that the process answers; the database has no part in it."""
    return _plain("ok")


@never_cache
@require_safe
def readyz(request):
    """Say whether the database answers and is of this version, so that visitors may be sent here."""
    try:
        applied = set(MigrationRecorder.Migration.objects.values_list("app", "name"))
    except Error:
        return _plain("The database does not answer.", status=503)
    if _migrations() - applied:
        return _plain("The database is not of this version yet.", status=503)
    return _plain("ok")


@cache
def _migrations():
    """Return what must be applied, by application and name; the files of a running process do not change."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _plain(words, status=200):
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
