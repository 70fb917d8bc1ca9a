"""Put everything back from one file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from selfhelp.backup import BackupError, restore_backup


class Command(BaseCommand):
    help = "Put the database and the uploads back as a backup has them: all of the database, or nothing."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="though the database is not empty")

    def handle(self, *args, **options):
        path = options["file"].absolute()
        try:
            made_at = restore_backup(
                path, connection=connection, uploads=settings.MEDIA_ROOT, replace=options["replace"]
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"All is as it was at {made_at}. Everybody signs in anew.")
