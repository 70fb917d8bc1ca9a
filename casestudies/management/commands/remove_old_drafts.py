"""Delete drafts of case studies, and questions without an answer, that are too old to keep."""

from django.core.management.base import BaseCommand

from casestudies.submitting import remove_old


class Command(BaseCommand):
    help = (
        "Delete drafts of case studies that nobody has touched for six months, drafts never opened whose link is dead, "
        "addresses of those who sent one in six months ago, and questions that nobody answered in six months. Run it "
        "every day."
    )

    def handle(self, **options):
        drafts, questions = remove_old()
        if options["verbosity"]:
            self.stdout.write(f"Removed: {drafts} drafts, {questions} questions.")
