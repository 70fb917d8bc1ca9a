"""The practice template as forms: a page for each part, with the basics, the effects and the sources beside them."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from casestudies.choices import Country, EffectAudience, EffectKind
from casestudies.forms import title_field
from casestudies.models import CaseStudy
from casestudies.models.sent import LONGEST_ANSWER
from casestudies.record import PARTS
from directory.forms import OneLineField, say_what_is_wrong

UNKNOWN_CHOICE = _("We do not know this choice. Choose from the list, please.")
HINTS = {
    "overview": _("What is it? Tell it to someone who has never heard of it."),
    "context": _("What was going on where you are, and why was it needed?"),
    "aims": _("What do you want to change?"),
    "target_group": _("Who is it for, and who takes part?"),
    "organisation": _("Who runs it. This will be public."),
    "contact": _("A website or an office. This will be public, so leave out private addresses."),
    "staff": _("Who does the work, paid or not?"),
    "costs": _("What did it cost, and who paid? Time and rooms count too."),
    "lessons": _("What would you do again, and what not?"),
}


@dataclass(frozen=True)
class DraftPart:
    """One page of the form. `slug` is the last part of its address."""

    slug: str
    title: str
    make_fields: Callable[[], dict]
    note: str = ""


class PartForm(forms.Form):
    """The questions of one part. Nothing has to be answered before it is sent in, but for the title."""

    use_required_attribute = False

    def __init__(self, part, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.part = part
        self.fields = part.make_fields()
        say_what_is_wrong(self)

    @property
    def answers(self):
        """What is answered, as it is kept."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}


def _words(label, *, most=LONGEST_ANSWER, rows=5, help_text=""):
    too_long = _("This is too long. Use %(limit_value)d letters at most; it has %(show_value)d.")
    errors = {"max_length": too_long}
    if most < 1000:
        return OneLineField(label=label, help_text=help_text, required=False, max_length=most, error_messages=errors)
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=most,
        error_messages=errors,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _choice(label, choices, *, several=False):
    common = {"label": label, "required": False, "error_messages": {"invalid_choice": UNKNOWN_CHOICE}}
    if several:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    return forms.ChoiceField(choices=[("", _("Not sure, or none of these")), *choices], **common)


def _basics():
    return {
        "name": title_field(_("Title")),
        "summary": _words(
            _("In one or two sentences"), most=300, help_text=_("What it is, and what came of it. 300 letters at most.")
        ),
        "country": _choice(_("Country"), Country.choices),
        "year": forms.IntegerField(
            label=_("Year"),
            help_text=_("The year that you describe."),
            required=False,
            min_value=1800,
            max_value=2100,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages=dict.fromkeys(
                ["invalid", "min_value", "max_value"], _("Write the year in four digits, like 2024.")
            ),
        ),
    }


def _of_template(part):
    def make_fields():
        fields = {}
        for each in part.fields:
            column = CaseStudy._meta.get_field(each.text)
            label = each.label
            if each.choice:
                several = isinstance(CaseStudy._meta.get_field(each.choice), ArrayField)
                fields[each.choice] = _choice(label, each.choices.choices, several=several)
                label = format_lazy("{}: {}", label, _("in your own words"))
            most = column.max_length or LONGEST_ANSWER
            rows = 12 if each.text == "overview" else 5
            fields[each.text] = _words(label, most=most, rows=rows, help_text=HINTS.get(each.text, ""))
        return fields

    return make_fields


def effect_name(kind, audience):
    """Return the name of the field for the effects of one kind on one audience."""
    return f"effect-{kind}-{audience}"


def _effects():
    labels = {
        EffectKind.MEASURED: _("Measured, for: {}"),
        EffectKind.ANTICIPATED: _("Hoped for or told, for: {}"),
    }
    return {
        effect_name(kind, audience): _words(format_lazy(labels[kind], audience.label), rows=3)
        for kind in EffectKind
        for audience in EffectAudience
    }


def _sources():
    return {
        "evidence": _words(
            _("Reports, evaluations, links"),
            rows=8,
            help_text=_("Who wrote them, and when? If nothing is written down, say how you know."),
        )
    }


def _all_parts():
    yield DraftPart("basics", _("The basics"), _basics)
    for part in PARTS:
        if part.slug == "learned":
            note = _("Measured means that somebody counted or asked, and wrote it down. All else is hoped for or told.")
            yield DraftPart("changed", _("What changed"), _effects, note)
        yield DraftPart(part.slug, part.title, _of_template(part))
    yield DraftPart("sources", _("Where this comes from"), _sources)


DRAFT_PARTS = {part.slug: part for part in _all_parts()}
