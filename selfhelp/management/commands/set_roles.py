"""Give each role its rights."""

from django.core.management.base import BaseCommand

from selfhelp.roles import set_roles


class Command(BaseCommand):
    help = "Make the four roles (curator, editor, moderator, administrator) have their rights and no others."

    def handle(self, *args, **options):
        changed = set_roles()
        self.stdout.write(f"Set: {', '.join(changed)}." if changed else "Nothing has changed since the last time.")
