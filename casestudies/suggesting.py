"""What people may suggest about a case study: its fields in the practice template. New ones come by `submitting`."""

from django.contrib.postgres.fields import ArrayField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from casestudies.choices import Country
from casestudies.models import CaseStudy
from casestudies.record import FIELDS, PARTS
from directory.models import Topic
from directory.suggesting import PathForm, register
from directory.suggesting.fields import ChoiceField, CodesField, LineField, NumberField, TextField
from directory.suggesting.forms import Section
from directory.suggesting.plain import PlainForm

LONGEST = 20000


def _fields_of_template():
    for each in FIELDS:
        column = CaseStudy._meta.get_field(each.text)
        label = each.label
        if each.choice:
            several = isinstance(CaseStudy._meta.get_field(each.choice), ArrayField)
            choices = each.choices.choices
            yield (
                each.choice,
                CodesField(choices, label=label)
                if several
                else ChoiceField(choices, empty_label=_("Not stated"), label=label),
            )
            label = format_lazy("{}: {}", label, _("in words"))
        yield (
            each.text,
            TextField(label=label, length=LONGEST)
            if each.markdown
            else LineField(label=label, length=column.max_length),
        )


class CaseStudyBasics(PathForm):
    """What a case study is called, and where it belongs."""

    name = LineField(label=_("Title"), length=160, required=True, error_messages={"required": _("Type a title.")})
    summary = LineField(label=_("In one or two sentences"), length=300, rows=2)
    country = ChoiceField(Country.choices, empty_label=_("In no one country"), label=_("Country"))
    year = NumberField(label=_("Year"), help_text=_("The year that it describes."), min_value=1800, max_value=2100)
    topics = CodesField(label=_("Topics"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topics"].choices = list(Topic.objects.values_list("slug", "label"))


_TEMPLATE = dict(_fields_of_template())
CaseStudyFields = type("CaseStudyFields", (CaseStudyBasics,), {"__doc__": "All of a case study."} | _TEMPLATE)


@register
class CaseStudyForm(PlainForm):
    """All of a case study that people may suggest; what its sources measured is for curators."""

    model = CaseStudy
    main = CaseStudyFields
    sections = (
        Section(_("The basics"), ("name", "summary", "country", "year", "topics")),
        *(
            Section(part.title, tuple(name for each in part.fields for name in (each.choice, each.text) if name))
            for part in PARTS
        ),
    )
    columns = ("name", "summary", "country", *_TEMPLATE)
    numbers = ("year",)
    links = {"topics": (Topic, "slug")}
