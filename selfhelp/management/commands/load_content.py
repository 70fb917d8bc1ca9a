"""Load the reference content that a person edits in the rooms' `data/` folders."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy

from casestudies.content import load_case_studies
from directory.content import load_directory
from directory.history import recording
from groups.rebuilding import rebuild as rebuild_groups
from practitioners.content import load_practitioners
from practitioners.indexing import rebuild as rebuild_practitioners
from selfhelp.roles import set_roles


class Command(BaseCommand):
    help = (
        "Load topics, places, help lines, roles, case studies and rights. Can be run again; a curator's changes stay."
    )

    @recording(who=gettext_lazy("the site itself"), why=gettext_lazy("Content loaded"))
    def handle(self, *args, **options):
        report = load_directory() | load_practitioners() | load_case_studies()
        if changed := set_roles():
            report["rights"] = {"set": len(changed)}
        if "topics.yaml" in report:
            # The words of topics lead to groups, and mend misspelt ones.
            rebuild_groups()
            rebuild_practitioners()
        if options["verbosity"] == 0:
            return
        for name, fates in report.items():
            words = f"{fates} rows" if isinstance(fates, int) else ", ".join(f"{n} {fate}" for fate, n in fates.items())
            self.stdout.write(f"{name}: {words}")
        if not report:
            self.stdout.write("Nothing has changed since the last time.")
