"""Delete what the forms leave behind for a while: counts, records of messages, and signs of networks."""

from django.core.management.base import BaseCommand

from directory import relay, safety


class Command(BaseCommand):
    help = (
        "Delete counts of messages that are over, records of messages passed on more than a year ago, and the signs by "
        "which safety reports of 30 days ago were told apart. Run it every hour."
    )

    def handle(self, **options):
        counts, messages = relay.remove_old()
        signs = safety.forget_senders()
        if options["verbosity"]:
            self.stdout.write(f"Removed: {counts} counts, {messages} records of messages, {signs} signs of networks.")
