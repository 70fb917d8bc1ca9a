"""A listing whose content is mostly columns and links: how its form is read out of it, and put back into it."""

import uuid

from django.db.models import prefetch_related_objects

from directory.actions import archive, slug_for
from directory.choices import PublicationState, Visibility
from directory.gazetteer import named_place
from directory.models import Topic
from directory.suggesting.contacts import hidden_contacts, read_contacts, write_contacts
from directory.suggesting.forms import ListingForm

ANSWERS = {None: "", True: "yes", False: "no"}
# How much to look out for: that something is said to have ended; that people are led elsewhere; that something is
# shown; that the topic is sensitive. All of it together stays below a safety concern.
RISK_ENDED, RISK_LED_AWAY, RISK_SHOWN, RISK_SENSITIVE = 40, 30, 15, 10
LEADS_AWAY = {"kind", "value", "gone", "join_url", "join_phone", "passcode", "join_visibility"}


class PlainForm(ListingForm):
    """Names its columns by what they hold; `links` are (model, key) by name, `places` the link to places."""

    columns: tuple = ()
    numbers: tuple = ()
    answers: tuple = ()
    links: dict = {}
    places = ""

    @classmethod
    def prefetch(cls, listing):
        """Fetch what belongs to a listing, once."""
        contacts = ["contacts"] if "contacts" in cls.parts else []
        prefetch_related_objects([listing], *cls.links, *contacts, *([cls.places] if cls.places else []))

    @classmethod
    def read(cls, listing):
        """Return all values of a listing by path."""
        cls.prefetch(listing)
        values = {name: getattr(listing, name) for name in cls.columns}
        for name in cls.numbers:
            number = getattr(listing, name)
            values[name] = "" if number is None else number
        values |= {name: ANSWERS[getattr(listing, name)] for name in cls.answers}
        for name, (_model, key) in cls.links.items():
            values[name] = [getattr(row, key) for row in getattr(listing, name).all()]
        if cls.places:
            values[cls.places] = "\n".join(place.full_name for place in getattr(listing, cls.places).all())
        if "ended" in cls.main.base_fields:
            values["ended"] = listing.state == PublicationState.ARCHIVED
        return values | (read_contacts(listing) if "contacts" in cls.parts else {})

    @classmethod
    def hidden(cls, listing):
        """Return the paths whose values the public may not see."""
        cls.prefetch(listing)
        return hidden_contacts(listing) if "contacts" in cls.parts else set()

    def part_title(self, prefix):
        """Return what kind of way to get in touch it is."""
        kind, _dot, key = prefix.partition(".")
        rows = self.listing.contacts.all() if self.listing and kind == "contacts" else ()
        titles = {str(row.pk): row.get_kind_display() for row in rows}
        return titles.get(key) or super().part_title(prefix)

    def risk(self, values):
        """Return how much a curator has to look out for."""
        inside = {path.rpartition(".")[2] for path in values if "." in path}
        topics = values.get("topics") or self.current.get("topics", [])
        return (
            RISK_ENDED * bool(values.get("ended"))
            + RISK_LED_AWAY * bool(self.listing and inside & LEADS_AWAY)
            + RISK_SHOWN * any(_shows(path, value) for path, value in values.items())
            + RISK_SENSITIVE * Topic.objects.filter(slug__in=topics, sensitive=True).exists()
        )

    def write(self, *, by):
        """Put the cleaned values into the listing, or into a new one that waits for a curator."""
        main, changed = self.forms[""], self.forms[""].changed_names()
        listing = self.listing or self.model(slug=f"new-{uuid.uuid4().hex[:12]}", state=PublicationState.PENDING)
        for name in changed & {*self.columns, *self.numbers, *self.answers}:
            setattr(listing, name, self._column(name, main.cleaned_data[name]))
        if self.listing is None:
            listing.slug = slug_for(listing)
        listing.save()
        for name in changed & self.links.keys():
            model, key = self.links[name]
            getattr(listing, name).set(model.objects.filter(**{f"{key}__in": main.cleaned_data[name]}))
        if self.places in changed:
            self._write_places(getattr(listing, self.places), main.cleaned_data[self.places].splitlines())
        self.write_parts(listing)
        if main.cleaned_data.get("ended") and "ended" in changed:
            archive(listing, by=by)
        return listing

    def write_parts(self, listing):
        """Save the parts of a listing."""
        if "contacts" in self.parts:
            write_contacts(listing, self.filled_parts("contacts"))

    def _column(self, name, value):
        if name in self.numbers:
            return None if value == "" else value
        if name in self.answers:
            return {answer: column for column, answer in ANSWERS.items()}[value]
        return value

    def _write_places(self, link, names):
        # Of several places with one name, the one that was there stays.
        there = {place.full_name: place for place in link.all()}
        link.set([there.get(name) or named_place(name) for name in names])


def _shows(path, value):
    name = path.rpartition(".")[2]
    return (value is True and name == "show_address") or (value == Visibility.EVERYONE and name.endswith("visibility"))
