"""What people may suggest about the page of a practitioner. New pages come by `practitioners.joining`."""

from django.utils.translation import gettext_lazy as _

from directory.models import Language, SupportArea, SupportRole, Topic
from directory.suggesting import PathForm, register
from directory.suggesting.contacts import CONTACTS
from directory.suggesting.fields import ChoiceField, CodesField, LineField, PlaceNamesField, TextField, TickField
from directory.suggesting.forms import Section
from directory.suggesting.plain import PlainForm
from practitioners.choices import Profession, Sector
from practitioners.forms import LONGEST_PART
from practitioners.models import Practitioner


class PractitionerFields(PathForm):
    """What a practitioner's page says."""

    ended = TickField(label=_("This person no longer supports groups"))
    name = LineField(label=_("Name"), length=160, required=True, error_messages={"required": _("Type a name.")})
    title = LineField(label=_("Work title"), length=120)
    profession = ChoiceField(Profession.choices, label=_("What do they do?"))
    sector = ChoiceField(Sector.choices, label=_("Where do they work?"))
    organisation = LineField(label=_("Organisation"), length=160)
    summary = LineField(label=_("In one or two sentences"), length=300, rows=2)
    roles = CodesField(label=_("How do they support groups?"))
    areas = CodesField(label=_("In which areas?"))
    topics = CodesField(label=_("Topics they know well"))
    offers = TextField(label=_("What they can offer"), help_text=_("One thing a line."), length=LONGEST_PART)
    does_not_offer = TextField(label=_("What they cannot offer"), help_text=_("One thing a line."), length=LONGEST_PART)
    about = TextField(label=_("Anything else about them"), length=LONGEST_PART)
    places = PlaceNamesField(label=_("Where can they come?"), help_text=_("Towns or counties, one a line."), length=600)
    online = TickField(label=_("They can also work online"))
    languages = CodesField(label=_("Languages they speak or sign"))
    accepting_requests = TickField(label=_("They take requests now"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (model, key) in LINKS.items():
            words = "label" if model is Topic else "name"
            self.fields[name].choices = list(model.objects.values_list(key, words))


LINKS = {
    "roles": (SupportRole, "slug"),
    "areas": (SupportArea, "slug"),
    "topics": (Topic, "slug"),
    "languages": (Language, "code"),
}


@register
class PractitionerForm(PlainForm):
    """All of a practitioner's page that people may suggest. Consent is the practitioner's own."""

    model = Practitioner
    main = PractitionerFields
    parts = {"contacts": CONTACTS}
    sections = (
        Section(_("Who is it?"), ("name", "title", "profession", "sector", "organisation", "summary")),
        Section(_("What do they do for groups?"), ("roles", "areas", "topics", "offers", "does_not_offer", "about")),
        Section(_("Where, and when?"), ("places", "online", "languages", "accepting_requests")),
        Section(_("How do people get in touch?"), kind="contacts"),
    )
    columns = (
        "name",
        "title",
        "profession",
        "sector",
        "organisation",
        "summary",
        "offers",
        "does_not_offer",
        "about",
        "online",
        "accepting_requests",
    )
    links = LINKS
    places = "places"
