"""Fictional practitioners. Marked as samples, and removed with one command."""

from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from directory.gazetteer import named_place
from directory.loading import read_yaml
from directory.models import Language, SupportArea, SupportRole, Topic
from groups.models import Group
from groups.samples import as_date, confirmation, consent_of
from practitioners.models import Practitioner, PractitionerContact, Support

DATA = Path(__file__).resolve().parent / "data" / "samples.yaml"
LINKS = {
    "languages": (Language, "code"),
    "roles": (SupportRole, "slug"),
    "areas": (SupportArea, "slug"),
    "topics": (Topic, "slug"),
}
PARTS = {"contacts", "places", "supports", "accepting", "confirmed_days_ago", "consent_given_days_ago"}


@transaction.atomic
def load_sample_practitioners(path=DATA):
    """Add the sample practitioners that are not there yet. Returns how many were added."""
    there = set(Practitioner.objects.values_list("slug", flat=True))
    missing = [entry for entry in read_yaml(path) if entry["slug"] not in there]
    for entry in missing:
        _add(entry)
    return len(missing)


def remove_sample_practitioners():
    """Remove all sample practitioners. Returns how many went."""
    _count, by_model = Practitioner.objects.samples().delete()
    return by_model.get("practitioners.Practitioner", 0)


def _add(entry):
    plain = {name: value for name, value in entry.items() if name not in PARTS and name not in LINKS}
    plain["confirmed_by"] = plain["confirmed_by"] or ""
    consent = entry["consent_given_days_ago"]
    practitioner = Practitioner(
        **plain,
        **confirmation(entry["confirmed_days_ago"]),
        accepting_requests=entry["accepting"],
        consent_given_on=None if consent is None else timezone.localdate() - timedelta(days=consent),
        sample=True,
        source="samples",
    )
    practitioner.full_clean(validate_constraints=False)
    practitioner.save()
    for name, (model, key) in LINKS.items():
        getattr(practitioner, name).set(model.objects.filter(**{f"{key}__in": entry[name]}))
    practitioner.places.set(place for name in entry["places"] if (place := named_place(name)))
    for position, contact in enumerate(entry["contacts"]):
        agreed = consent_of(contact, practitioner.confirmed_at)
        each = PractitionerContact(practitioner=practitioner, position=position, **agreed, **contact)
        each.full_clean(validate_constraints=False)
        each.save()
    for support in entry["supports"]:
        Support.objects.create(
            practitioner=practitioner,
            group=Group.objects.get(slug=support["group"]),
            role=SupportRole.objects.get(slug=support["role"]),
            group_agrees=support["group_agrees"],
            practitioner_agrees=support["practitioner_agrees"],
            **{
                name: as_date(support.get(name))
                for name in ("started_on", "ended_on", "boundaries_agreed_on", "review_on")
            },
        )
