"""The fixed choices about groups, venues and meetings. Codes are stable: they stand in addresses and exports."""

from django.db.models import TextChoices
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from directory.choices import Weekday


class CallsItself(TextChoices):
    """The words groups use of themselves (ESTEEM, 2013, key messages)."""

    COMMUNITY = "community", _("Community group")
    PEER = "peer", _("Peer group")
    SUPPORT = "support", _("Support group")
    FRIENDSHIP = "friendship", _("Friendship group")


class GroupKind(TextChoices):
    """What sort of group it is."""

    MUTUAL_AID = "mutual-aid", _("Self-help group")
    PEER_NETWORK = "peer-network", _("Peer network")
    TIME_BANK = "time-bank", _("Time bank")
    SHED = "shed", _("Shed or workshop")
    ACTIVITY = "activity", _("Group that does something together")
    TWELVE_STEP = "twelve-step", _("Twelve-step group")
    GEM = "gem", _("GEM (France)")
    OTHER = "other", _("Another kind")


class RunBy(TextChoices):
    """Who runs the group."""

    MEMBERS = "members", _("Members, in turn")
    COORDINATOR = "coordinator", _("One member who coordinates")
    COMMITTEE = "committee", _("A committee of members")
    FACILITATOR = "facilitator", _("Members, with a facilitator")
    SPONSOR = "sponsor", _("Members, with a sponsor organisation")


class OpenTo(TextChoices):
    """Who may come."""

    EXPERIENCE = "experience", _("People who live with it")
    FAMILY = "family", _("Family, friends and carers")
    ANYONE = "anyone", _("Anyone")


class Audience(TextChoices):
    """Whom a group is for, where it is for some people only: age, gender, community."""

    CHILDREN = "children", _("Children")
    YOUNG_PEOPLE = "young-people", _("Young people")
    ADULTS = "adults", _("Adults")
    OLDER_PEOPLE = "older-people", _("Older people")
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    TRANS = "trans", _("Trans and non-binary people")
    LGBTQ = "lgbtq", _("LGBTQ+ people")
    ETHNIC = "ethnic-minorities", _("Black, Asian and minority ethnic people")
    FAITH = "faith", _("People of one faith")
    REFUGEES = "refugees", _("Refugees and people new to the country")
    DEAF = "deaf", _("Deaf people")
    DISABLED = "disabled", _("Disabled people")
    PARENTS = "parents", _("Parents")
    STUDENTS = "students", _("Students")
    VETERANS = "veterans", _("Veterans")


# Those who are named by their age.
OF_AN_AGE = {Audience.CHILDREN, Audience.YOUNG_PEOPLE, Audience.ADULTS, Audience.OLDER_PEOPLE}
# Whose age somebody may say. The youngest are somebody's children.
AGES = range(10, 100)


class WayIn(TextChoices):
    """How someone comes to the group the first time."""

    DROP_IN = "drop-in", _("Just turn up")
    SELF_REFERRAL = "self-referral", _("You can ask to join yourself")
    PROFESSIONAL = "professional", _("Someone like a doctor refers you")
    CONTACT_FIRST = "contact-first", _("Get in touch first")


class Cost(TextChoices):
    """What it costs to come. Blank means that it is not known."""

    FREE = "free", _("Free")
    DONATION = "donation", _("Give what you like")
    PAID = "paid", _("There is a charge")


class Access(TextChoices):
    """What a venue or a group offers people with access needs."""

    STEP_FREE = "step-free", _("No steps")
    LIFT = "lift", _("Lift")
    TOILET = "accessible-toilet", _("Toilet for wheelchair users")
    PARKING = "parking", _("Blue Badge parking")
    HEARING_LOOP = "hearing-loop", _("Hearing loop")
    SIGN_LANGUAGE = "sign-language", _("Sign language")
    CAPTIONS = "captions", _("Live captions")
    QUIET_SPACE = "quiet-space", _("Quiet space")
    LARGE_PRINT = "large-print", _("Large print")
    EASY_READ = "easy-read", _("Easy read")
    CHILDCARE = "childcare", _("Children can come or play near by")
    TRANSPORT = "transport", _("Help with getting there")
    COMPANION = "companion", _("You can bring someone with you")
    ASSISTANCE_DOG = "assistance-dog", _("Assistance dogs welcome")


class VenueKind(TextChoices):
    """What kind of place the group meets in."""

    COMMUNITY_CENTRE = "community-centre", _("Community centre")
    VOLUNTARY_CENTRE = "voluntary-centre", _("Voluntary action centre")
    LIBRARY = "library", _("Library")
    FAITH_BUILDING = "faith-building", _("Church, mosque or other faith building")
    SCHOOL = "school", _("School or college")
    CAFE = "cafe", _("Café or pub")
    SPORTS = "sports", _("Sports or leisure centre")
    OUTDOORS = "outdoors", _("Outdoors")
    WORKSHOP = "workshop", _("Workshop or shed")
    GP_SURGERY = "gp-surgery", _("Doctor's surgery")
    CLINIC = "clinic", _("Hospital or clinic")
    OTHER = "other", _("Another place")
    UNKNOWN = "unknown", _("Not known")


# Premises of a health service. All other known kinds are neutral ground (nef's Croydon S.U.N. study visit
# names a voluntary action centre as what makes that network easy to enter).
CLINICAL_VENUE_KINDS = frozenset({VenueKind.GP_SURGERY, VenueKind.CLINIC})


class MeetingFormat(TextChoices):
    """How people meet."""

    IN_PERSON = "in-person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")
    TELEPHONE = "telephone", _("By phone")


# Whoever takes part in these ways may be anywhere.
REMOTE_FORMATS = frozenset({MeetingFormat.ONLINE, MeetingFormat.TELEPHONE})


class Frequency(TextChoices):
    """How a meeting comes back."""

    WEEKLY = "weekly", _("Weekly, or every few weeks")
    MONTHLY_WEEKDAY = "monthly-weekday", _("Monthly, on a weekday (first Tuesday)")
    MONTHLY_DATE = "monthly-date", _("Monthly, on a date (the 15th)")
    DATES = "dates", _("On single dates")
    APPOINTMENT = "appointment", _("By arrangement")


class TimeOfDay(TextChoices):
    """Part of the day a meeting starts in: before noon, before 5 pm, later."""

    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")

    @property
    def hours(self):
        """The hour in which it begins, and the one before which it ends; `groups.indexing` has the same in SQL."""
        return {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}[self.value]


# The numbers in a meeting's columns, in words.
MEETING_WORDS = {
    "weekdays": {day.number: day.label for day in Weekday},
    "weeks_of_month": {
        1: _("First"),
        2: _("Second"),
        3: _("Third"),
        4: _("Fourth"),
        5: _("Fifth"),
        -1: _("Last"),
    },
    "months": dict(MONTHS),
}
