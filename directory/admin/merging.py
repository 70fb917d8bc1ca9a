"""The form of a merge: for each field in which two listings differ, which of the two stays."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.merging import BOTH, KEEP, LOSE, choosable, doubled_parts, has_several

NOTHING = gettext_lazy("(nothing)")


def shown(listing, field):
    """Return what a listing has in a field, as a curator reads it."""
    if field.many_to_many:
        return ", ".join(map(str, getattr(listing, field.name).all())) or str(NOTHING)
    value = getattr(listing, field.attname)
    if isinstance(field, ArrayField):
        labels = dict(field.base_field.flatchoices)
        return ", ".join(str(labels.get(each, each)) for each in value) or str(NOTHING)
    if value in (None, ""):
        return str(NOTHING)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "tzinfo"):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return date_format(value) if hasattr(value, "isoformat") else str(value)


class MergeForm(forms.Form):
    """What stays of two listings. Where nothing is chosen, `keep` stays as it is."""

    # When both were last saved, so that nobody decides about what they did not see.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, keep, lose, data=None):
        self.keep, self.lose = keep, lose
        super().__init__(data, initial={"seen": self.stamp})
        self.same = []
        for field in choosable(type(keep)):
            self._add_field(field)
        self.own_parts = {}
        for name in keep.merged_parts:
            self._add_parts(name)

    @property
    def stamp(self):
        """When both were last saved."""
        return f"{self.keep.updated_at.isoformat()} {self.lose.updated_at.isoformat()}"

    def _add_field(self, field):
        label = capfirst(field.verbose_name)
        own, theirs = shown(self.keep, field), shown(self.lose, field)
        if own == theirs:
            if own != str(NOTHING):
                self.same.append((label, own))
            return
        choices = [(KEEP, own), (LOSE, theirs)]
        both_filled = str(NOTHING) not in (own, theirs)
        if has_several(field) and both_filled:
            choices.append((BOTH, _("Both")))
        self.fields[field.name] = forms.ChoiceField(
            label=label,
            choices=choices,
            widget=forms.RadioSelect,
            required=False,
            initial=self._likeliest(field, own, both_filled=both_filled),
        )

    def _likeliest(self, field, own, *, both_filled):
        if own == str(NOTHING):
            return LOSE
        if field.name == "confirmed_at" and both_filled:
            return LOSE if self.lose.confirmed_at > self.keep.confirmed_at else KEEP
        return BOTH if has_several(field) and both_filled else KEEP

    def _add_parts(self, name):
        """Add boxes for the parts of the one that goes; those that the other has too are not ticked."""
        parts, doubled = getattr(self.lose, name), doubled_parts(self.keep, self.lose, name)
        label = capfirst(parts.model._meta.verbose_name_plural)
        self.own_parts[name] = list(_in_words(getattr(self.keep, name)).values())
        theirs = _in_words(parts)
        if not theirs:
            return
        told = _("%(part)s (the one that stays has it)")
        self.fields[name] = forms.TypedMultipleChoiceField(
            label=label,
            coerce=int,
            choices=[(pk, told % {"part": words} if pk in doubled else words) for pk, words in theirs.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=[pk for pk in theirs if pk not in doubled],
        )

    def clean(self):
        """Refuse to decide about what was changed since the page was shown."""
        cleaned = super().clean()
        if cleaned.get("seen") != self.stamp:
            # The page that is shown now is what is decided about next.
            self.data = self.data.copy()
            self.data["seen"] = self.stamp
            raise forms.ValidationError(_("One of the two was changed since you opened this page. Look at both again."))
        return cleaned

    @property
    def choices(self):
        """What was chosen, as `merge` takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def questions(self):
        """The fields in which the two differ."""
        return [self[name] for name in self.fields if name != "seen" and name not in self.keep.merged_parts]

    @property
    def parts(self):
        """For each kind of parts: what the one that stays has, and the boxes for what the other has."""
        model = type(self.keep)
        return [
            {
                "label": capfirst(model._meta.get_field(name).related_model._meta.verbose_name_plural),
                "own": own,
                "field": self[name] if name in self.fields else None,
            }
            for name, own in self.own_parts.items()
        ]


def _in_words(parts):
    """Return {key: words} of parts, without a query for each."""
    rows = parts.for_display() if hasattr(parts, "for_display") else parts.all()
    return {part.pk: getattr(part, "in_full", str(part)) for part in rows}
