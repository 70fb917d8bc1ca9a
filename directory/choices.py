"""The fixed choices that all rooms share. Codes are stable: they stand in addresses and in exports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PublicationState(TextChoices):
    """Where a listing stands. Only `PUBLISHED` is ever shown to the public."""

    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Waiting for a curator")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class ConfirmedBy(TextChoices):
    """Who last said that a listing is true."""

    OWNER = "owner", _("the people it is about")
    CURATOR = "curator", _("a curator")
    SOURCE = "source", _("the list it came from")


class Visibility(TextChoices):
    """Who may see one value. `EVERYONE` is the only one that leaves the admin."""

    EVERYONE = "everyone", _("Everyone")
    RELAY = "relay", _("Nobody: we pass messages on")
    CURATORS = "curators", _("Curators only")


class ContactKind(TextChoices):
    """A way to get in touch."""

    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    TEXT = "text", _("Text message")
    WEBSITE = "website", _("Website")
    SOCIAL = "social", _("Social media")
    POST = "post", _("Post")


class PairState(TextChoices):
    """What a curator made of two listings that look like one."""

    OPEN = "open", _("To look at")
    NOT_SAME = "not-same", _("Not the same")
    MERGED = "merged", _("Merged")


class RelayOutcome(TextChoices):
    """What came of a message that somebody sent through the site."""

    BEGUN = "begun", _("Begun: what came of it is not known")
    PASSED = "passed", _("The mail server took it")
    OUTBOX = "outbox", _("In the outbox folder: nobody gets it")
    REFUSED = "refused", _("The mail server refused it")


class SuggestionKind(TextChoices):
    """What somebody sent in."""

    NEW = "new", _("New listing")
    CORRECTION = "correction", _("Correction")
    SAFETY = "safety", _("Safety concern")


class SuggestionState(TextChoices):
    """What became of what somebody sent in."""

    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY = "partly", _("Accepted in part")
    REFUSED = "refused", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Taken back")


class Concern(TextChoices):
    """What a safety concern is about, as whoever reports it sees it."""

    DANGER = "danger", _("Someone is in danger now")
    ABUSE = "abuse", _("Someone is abused or exploited")
    PRIVATE = "private", _("Someone’s private details are shown")
    UNTRUE = "untrue", _("It is not what it says, or it is a scam")
    OTHER = "other", _("Something else is unsafe")

    @property
    def risk(self):
        """How urgently curators should read it. Corrections and new listings stay below 100."""
        return {"danger": 190, "abuse": 180, "private": 160, "untrue": 130, "other": 110}[self.value]


class Hides(TextChoices):
    """What is hidden while curators look at a safety concern."""

    CONTACTS = "contacts", _("People’s contact details")
    LISTING = "listing", _("The whole page")


class Personal(TextChoices):
    """Whether a way to get in touch is a private person's, and so needs their consent to be shown."""

    YES = "yes", _("Yes: a person agreed, or has to")
    NO = "no", _("No: an organisation’s, or the group’s own")
    UNKNOWN = "unknown", _("Not known: treated as a person’s")


class TextLanguage(TextChoices):
    """Languages in which listings are written. Browsers and screen readers are told, and the search stems by it."""

    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")
    WELSH = "cy", _("Welsh")


class ForWhom(TextChoices):
    """Whom a topic's groups are for."""

    THEMSELVES = "themselves", _("People it happens to")
    FAMILY = "family", _("Family and friends")
    BOTH = "both", _("People it happens to, and those close to them")


class Nation(TextChoices):
    """The nations and islands that the directory serves."""

    ENGLAND = "ENG", _("England")
    SCOTLAND = "SCT", _("Scotland")
    WALES = "WLS", _("Wales")
    NORTHERN_IRELAND = "NIR", _("Northern Ireland")
    IRELAND = "IE", _("Ireland")
    FRANCE = "FR", _("France")
    ISLE_OF_MAN = "IM", _("Isle of Man")
    JERSEY = "JE", _("Jersey")
    GUERNSEY = "GG", _("Guernsey")

    @property
    def in_kilometres(self):
        """Whether people there measure roads in kilometres."""
        return self in {Nation.IRELAND, Nation.FRANCE}


class PlaceKind(TextChoices):
    """What kind of place a name stands for."""

    CITY = "city", _("City")
    TOWN = "town", _("Town")
    VILLAGE = "village", _("Village")
    WARD = "ward", _("Part of a town")
    DISTRICT = "district", _("District")
    COUNTY = "county", _("County")
    COUNTRY = "country", _("Country")


class Weekday(TextChoices):
    """Days of the week, as they stand in addresses."""

    MONDAY = "mon", _("Monday")
    TUESDAY = "tue", _("Tuesday")
    WEDNESDAY = "wed", _("Wednesday")
    THURSDAY = "thu", _("Thursday")
    FRIDAY = "fri", _("Friday")
    SATURDAY = "sat", _("Saturday")
    SUNDAY = "sun", _("Sunday")

    @property
    def number(self):
        """0 for Monday to 6 for Sunday, as in `datetime.date.weekday()`."""
        return list(Weekday).index(self)


# These words are addresses of their own (`/groups/add/`), so no listing may take one as its slug.
RESERVED_SLUGS = (
    "add",
    "agreement",
    "calendar",
    "compare",
    "confirm",
    "contact",
    "digest",
    "map",
    "own",
    "role-finder",
    "roles",
    "working-together",
)
