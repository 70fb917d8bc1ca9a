"""The choices of the practice template (European Social Network), with codes that stay the same.

Where a source ticks no box, the field stays blank, which the pages show as 'not stated in the source'.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from directory.choices import Nation

# Case studies may come from further away than the groups and practitioners of the directory.
Country = TextChoices(
    "Country",
    [*((nation.name, (nation.value, nation.label)) for nation in Nation), ("USA", ("US", _("United States")))],
    module=__name__,
)


class Issue(TextChoices):
    """Field 9: issues for social services."""

    INTEGRATION = "service-integration", _("Services working together")
    PLANNING = "service-planning", _("Planning services")
    CONTRACTING = "contracting", _("Contracts for services")
    TECHNOLOGY = "technology", _("Technology")
    SKILLS = "skills-development", _("Skills of the workforce")
    QUALITY = "quality-of-services", _("Quality of services")
    OTHER = "other", _("Something else")


class Status(TextChoices):
    """Field 10: how far the practice has come."""

    PILOT_ONGOING = "pilot-ongoing", _("Pilot, still going")
    PILOT_ENDED = "pilot-ended", _("Pilot, ended")
    PROJECT_ONGOING = "project-ongoing", _("Project, still going")
    PROJECT_ENDED = "project-ended", _("Project, ended")
    IMPLEMENTED = "implemented", _("In use in some areas")
    ROLLED_OUT = "rolled-out", _("In use widely")


class Scope(TextChoices):
    """Field 11: the scale the practice works at."""

    MICRO = "micro", _("Individuals at local level")
    MESO = "meso", _("Organisations or communities")
    MACRO = "macro", _("Large groups of people")


class Leadership(TextChoices):
    """Field 12: who leads and manages."""

    COLLABORATIVE = "collaborative", _("Shared by a large partnership")
    ORGANISATIONAL = "organisational", _("One organisation")
    PROFESSIONAL = "professional", _("One person")
    SHARED = "shared", _("Shared, with no set leader")


class Engagement(TextChoices):
    """Field 13: how others with a stake in it were brought in."""

    INDIVIDUAL = "individual", _("Individuals asked for change")
    NETWORK = "network", _("Organisations built a network")
    COLLABORATIVE = "collaborative", _("Wide collaboration")


class Involvement(TextChoices):
    """Field 14: the part that service users and families play. The fourth is this product's own, for GEM."""

    TEAM = "team", _("Part of the team")
    CONSULTATIVE = "consultative", _("Asked for their views all along")
    IN_CARE = "in-care", _("Support shaped around each person")
    LED_BY_USERS = "led-by-users", _("Led by the people who use it")


class Funding(TextChoices):
    """Field 15: how it is paid for."""

    EXISTING = "existing-resources", _("From what was there already")
    STAFFING = "staffing-costs", _("Money for staff")
    POOLED = "pooled-budgets", _("Pooled budgets (several put together)")
    FUNDED_PROJECT = "funded-project", _("Money from outside")


class Evaluation(TextChoices):
    """Field 16: how it was evaluated."""

    MULTI_METHOD = "multi-method", _("Several methods")
    SINGLE_METHOD = "single-method", _("One method")
    AUDIT = "audit", _("Audit of records")
    INFORMAL = "informal", _("Informal feedback")
    NONE = "none", _("No evaluation")
    PLANNED = "planned", _("Planned or under way")


# How much an evaluation can show, the strongest first. The order is our own; the list's page explains it.
BY_STRENGTH = [
    Evaluation.MULTI_METHOD,
    Evaluation.SINGLE_METHOD,
    Evaluation.AUDIT,
    Evaluation.INFORMAL,
    Evaluation.PLANNED,
    Evaluation.NONE,
]


class EffectKind(TextChoices):
    """Fields 17 and 18: what was measured, kept apart from what is hoped for or reported without a measure."""

    MEASURED = "measured", _("Measured")
    ANTICIPATED = "anticipated", _("Hoped for or reported, not measured")

    @property
    def number(self):
        """The number of the field in the template."""
        return 17 if self is EffectKind.MEASURED else 18


class EffectAudience(TextChoices):
    """Whom an effect is for."""

    SERVICE_USERS = "service-users", _("People who use it")
    FORMAL_CARERS = "formal-care-givers", _("Professionals")
    INFORMAL_CARERS = "informal-carers", _("Family, friends and carers")
    ORGANISATIONS = "organisations", _("Organisations")
    OTHER = "other", _("Others")


class Sustainability(TextChoices):
    """Field 20: whether it can last."""

    POTENTIAL = "potential", _("It could last")
    ORGANIC = "organic", _("Its users carry it on")
    ESTABLISHED = "established", _("It has run for years")


class Transferability(TextChoices):
    """Field 21: whether it works elsewhere."""

    TRANSFERRED = "transferred", _("Taken up elsewhere")
    POTENTIAL = "potential", _("Could work elsewhere")


class Theme(TextChoices):
    """The nine themes of Building Health Partnerships: Self care (IVAR and Social Enterprise UK, Briefing One)."""

    WORKFORCE = "workforce", _("Workforce and training")
    CONNECTORS = "connector-roles", _("People who connect others")
    PEER_SUPPORT = "peer-support", _("Peer support")
    SOCIAL_PRESCRIBING = "social-prescribing", _("Social prescribing")
    CO_PRODUCTION = "co-production", _("Planning together (co-production)")
    CARERS = "carers", _("Support for carers")
    MAPPING = "mapping-and-signposting", _("Mapping and signposting")
    IMPACT = "measuring-impact", _("Showing what difference it makes")
    SHIFTING = "shifting-resources", _("Moving money into communities")


class Wish(TextChoices):
    """What a reader of a case study wants."""

    QUESTION = "question", _("I have a question")
    VISIT = "visit", _("I would like to visit")
