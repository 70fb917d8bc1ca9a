"""The last resort, when nobody is left who could reset a second step in the admin."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from selfhelp.signin import reset_second_step


class Command(BaseCommand):
    help = "Take an account's app and recovery codes away, and end its sessions: its owner sets them up anew."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *args, **options):
        user = get_user_model().objects.filter(username=options["username"].replace("\0", "")).first()
        if user is None:
            raise CommandError(f"There is no account of the name {options['username']!r}.")
        reset_second_step(user)
        self.stdout.write(f"Reset. At the next sign-in, {user} sets up the second step anew.")
