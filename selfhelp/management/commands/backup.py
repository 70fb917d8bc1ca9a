"""Write everything into one file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from selfhelp.backup import BackupError, make_backup


class Command(BaseCommand):
    help = "Write the database and the uploads into one file, which only its owner can read."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options):
        path = options["file"].absolute()
        try:
            n = make_backup(path, connection=connection, uploads=settings.MEDIA_ROOT)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path}: the database and {n} uploads, {path.stat().st_size / 1024**2:.1f} MB.")
