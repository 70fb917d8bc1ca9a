"""Delete drafts of case studies, questions without an answer, and decided suggestions that are too old to keep."""

from django.core.management.base import BaseCommand

from casestudies.submitting import remove_old
from directory import suggesting


class Command(BaseCommand):
    help = (
        "Delete drafts of case studies that nobody has touched for six months, drafts never opened whose link is dead, "
        "addresses of those who sent one in six months ago, questions that nobody answered in six months, and "
        "suggestions that were decided on six months ago. Run it every day."
    )

    def handle(self, **options):
        drafts, questions = remove_old()
        suggestions = suggesting.remove_old()
        if options["verbosity"]:
            self.stdout.write(f"Removed: {drafts} drafts, {questions} questions, {suggestions} suggestions.")
