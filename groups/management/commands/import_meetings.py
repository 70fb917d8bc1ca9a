"""Import meetings from a feed in the Meeting Guide format."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from directory.history import recording
from directory.models import Topic
from groups.imports import feeds, times
from groups.imports.reader import read
from groups.imports.report import Report
from groups.imports.writer import Writer
from groups.indexing import indexing_at_the_end

LONGEST_SOURCE = 40  # the kind of LoadedContent has room for no more


class Command(BaseCommand):
    help = "Read a feed in the Meeting Guide JSON format: all of it, or nothing. Running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--publish", action="store_true", help="publish the groups, instead of leaving them pending"
        )
        parser.add_argument("--source", help="name of the list they come from; without it, the name of the file")
        parser.add_argument("--time-zone", default="", metavar="ZONE", help="for rows that name none: Europe/London")
        parser.add_argument(
            "--topic", action="append", default=[], metavar="SLUG", help="what they are about; repeatable"
        )
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the full report to this file, as JSON")

    def handle(self, *, file, publish, source, time_zone, topic, report, **options):
        source = (file.stem[:LONGEST_SOURCE] if source is None else source).strip()
        if not 1 <= len(source) <= LONGEST_SOURCE:
            raise CommandError(_("Give --source a name of 1 to %(most)d characters.") % {"most": LONGEST_SOURCE})
        if time_zone and not times.is_zone(time_zone):
            raise CommandError(_("“%(zone)s” is not a time zone. One is called Europe/London.") % {"zone": time_zone})
        topics = find_topics(topic)
        account = Report()
        try:
            groups = read(feeds.load(file), account, time_zone)
        except feeds.FeedError as error:
            raise CommandError(error) from error
        with recording(who=_("Import"), why=_("Feed: %(source)s") % {"source": source}), indexing_at_the_end():
            Writer(source, account, publish=publish, topics=topics).write(groups, progress=progress)
            if report:
                write_report(report, account)
        for line in account.lines():
            self.stdout.write(line)


def find_topics(slugs):
    """Return the topics. Raises `CommandError` with those that do not exist."""
    topics = list(Topic.objects.filter(slug__in=slugs))
    if unknown := sorted(set(slugs) - {topic.slug for topic in topics}):
        raise CommandError(_("There is no topic %(slugs)s.") % {"slugs": ", ".join(unknown)})
    return topics


def progress(entries):
    """Show a bar while the groups are written, where a person looks on."""
    return tqdm(entries, unit="group", file=sys.stderr, disable=None)


def write_report(path, account):
    """Write the report, before anything is committed."""
    try:
        path.write_text(json.dumps(account.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(
            _("The report cannot be written to %(path)s: %(error)s.") % {"path": path, "error": error}
        ) from error
