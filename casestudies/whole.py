"""A case study with all its parts, read in a constant number of queries."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from casestudies.models import CaseStudy, Effect, KeyFigure, RoleShown, Source, VisitorQuestion
from directory.models import LoadedContent, Topic


@dataclass(frozen=True)
class Whole:
    """A case study with all its parts and its public address."""

    case: CaseStudy
    address: str
    effects: list[Effect]
    figures: list[KeyFigure]
    questions: list[VisitorQuestion]
    roles: list[RoleShown]
    sources: list[Source]
    topics: list[Topic]
    # Whether it stands in this room's data files, and so is under the licence of the code.
    is_part_of_the_software: bool

    @classmethod
    def of(cls, case, address):
        """Return a case study with all its parts."""
        effects = list(case.effects.select_related("source"))
        figures = list(case.keyfigures.select_related("source"))
        questions = list(case.visitorquestions.select_related("source"))
        cited = [each.source for each in [*effects, *figures, *questions]]
        return cls(
            case,
            address,
            effects,
            figures,
            questions,
            list(case.roles_shown.select_related("role")),
            list(dict.fromkeys([*case.sources.all(), *cited])),
            list(case.topics.all()),
            LoadedContent.objects.filter(kind=case._meta.label_lower, key=case.slug).exists(),
        )

    @property
    def year(self):
        """The year in which its page last changed."""
        return timezone.localdate(self.case.updated_at).year

    @property
    def rests_on(self):
        """What it was written from, in one sentence."""
        return _("Written from: %(sources)s.") % {"sources": "; ".join(source.citation for source in self.sources)}
