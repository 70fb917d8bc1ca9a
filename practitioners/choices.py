"""The fixed choices about practitioners. Codes are stable: they stand in addresses and exports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Profession(TextChoices):
    """What a practitioner does for a living."""

    GP = "gp", _("Doctor (GP)")
    NURSE = "nurse", _("Nurse")
    LINK_WORKER = "link-worker", _("Social prescriber or link worker")
    SOCIAL_WORKER = "social-worker", _("Social worker")
    COMMUNITY_DEVELOPMENT = "community-development", _("Community development worker")
    OCCUPATIONAL_THERAPIST = "occupational-therapist", _("Occupational therapist")
    COUNSELLOR = "counsellor", _("Counsellor or therapist")
    PSYCHOLOGIST = "psychologist", _("Psychologist")
    PHARMACIST = "pharmacist", _("Pharmacist")
    PEER_WORKER = "peer-worker", _("Peer worker")
    LIBRARIAN = "librarian", _("Librarian")
    TEACHER = "teacher", _("Teacher")
    EMPLOYER = "employer", _("Employer or staff adviser")
    FAITH_WORKER = "faith-worker", _("Faith worker")
    OTHER = "other", _("Something else")


class Sector(TextChoices):
    """The part of society a practitioner works in."""

    HEALTH = "health", _("Health service")
    SOCIAL_CARE = "social-care", _("Social care")
    COUNCIL = "council", _("Local council")
    VOLUNTARY = "voluntary", _("Charity or voluntary group")
    EDUCATION = "education", _("School, college or university")
    LIBRARY = "library", _("Library")
    BUSINESS = "business", _("Business or employer")
    FAITH = "faith", _("Faith group")
    INDEPENDENT = "independent", _("Works for themselves")


class FinderPath(TextChoices):
    """Whom the role finder asks."""

    GROUP = "group", _("A group")
    PRACTITIONER = "practitioner", _("A practitioner")


class Side(TextChoices):
    """One of the two who work together."""

    GROUP = "group", _("The group")
    PRACTITIONER = "practitioner", _("The practitioner")

    @property
    def other(self):
        """Return the other one."""
        return Side.PRACTITIONER if self is Side.GROUP else Side.GROUP
