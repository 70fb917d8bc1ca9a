"""Send the weekly letters on groups that look for support."""

from django.conf import settings
from django.core.management.base import BaseCommand

from practitioners.digest import send_digests

EVERY = 100


class Command(BaseCommand):
    help = (
        "Send the letters on groups that newly look for support. Run it once a week; run again within the week, it"
        " sends only what was not sent. Also removes what nobody confirmed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--host", help="the site's host name, with the port where it has one")

    def handle(self, *args, **options):
        host = (options["host"] or settings.ALLOWED_HOSTS[0]).rstrip("/")
        site = f"{'https' if settings.HTTPS else 'http'}://{host}"

        def progress(done, of):
            if options["verbosity"] and done % EVERY == 0:
                self.stdout.write(f"{done} of {of} looked at.")

        sent = send_digests(lambda path: f"{site}{path}", progress=progress)
        if options["verbosity"]:
            self.stdout.write(f"Sent {sent} letters." if sent != 1 else "Sent 1 letter.")
