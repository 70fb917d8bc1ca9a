"""What a group's own people do with its page, by a link that comes by e-mail: it counts at once."""

from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory import actions
from directory.choices import ConfirmedBy, ContactKind, PublicationState, SuggestionKind, Visibility
from directory.history import recording
from directory.mail import send_letter
from directory.models import SafetyReport, Suggestion, SupportRole
from directory.relay import may_write_to
from directory.suggesting import form_for
from groups.links import own_path
from groups.models import Group

# Free text, which a curator reads first on a public page. All else is a choice, a time, a place or a way to reach them.
WORDS = {
    "": (
        "name",
        "summary",
        "about",
        "audience_note",
        "ways_in_note",
        "first_time",
        "cost_note",
        "host",
        "ground_rules",
        "confidentiality",
        "safeguarding",
    ),
    "meetings": ("note", "travel_notes", "access_notes"),
    "contacts": ("label",),
}
# Whose doing it is, in the history.
OWNER = gettext_lazy("the organiser")
# An address of a federation may stand with hundreds of groups. A letter with more links than this helps nobody.
MOST_LINKS = 50


def send_own_links(*, email, form, network, absolute):
    """Send the links for an address, or a letter that there are none: so the page need not say which. Raises `TooMany`.

    Returns whether the mail server took the letter; an address that had enough of them gets none, and counts as one
    that got it.
    """
    with transaction.atomic(durable=True):
        if not may_write_to(email, form=form, network=network):
            return True
    groups = list(Group.objects.looked_after_by(email).order_by("name", "pk")[: MOST_LINKS + 1])
    return send_letter(
        to=email,
        subject=_("your link"),
        template="groups/own_link.txt",
        context={
            # A name that no curator has read is not sent to anyone.
            "links": [
                {"name": group.name if group.is_published else "", "url": absolute(own_path(group, email))}
                for group in groups[:MOST_LINKS]
            ],
            "are_more": len(groups) > MOST_LINKS,
        },
    )


@recording(who=OWNER, why=gettext_lazy("Confirmed"))
def confirm(group):
    """Note that its own people say today that all this is true."""
    actions.confirm(group, by=None, confirmed_by=ConfirmedBy.OWNER)


class Shown(NamedTuple):
    """Something that the page shows to everyone, and that its people can hide with one button."""

    key: str
    what: str
    value: str


def shown_by(group):
    """Return what can be hidden: ways to get in touch, exact addresses, ways to join."""
    found = [
        Shown(f"contact-{contact.pk}", contact.get_kind_display(), contact.value) for contact in group.contacts.public()
    ]
    meetings = list(group.meetings.select_related("venue"))
    venues = {meeting.venue.pk: meeting.venue for meeting in meetings if meeting.venue}
    for venue in venues.values():
        if venue.address_is_public:
            address = ", ".join(part for part in (venue.name, venue.address, venue.locality) if part)
            found.append(Shown(f"address-{venue.pk}", _("Exact address"), address))
    for meeting in meetings:
        joining = meeting.join_url or meeting.join_phone
        if joining and meeting.join_visibility == Visibility.EVERYONE:
            found.append(Shown(f"joining-{meeting.pk}", _("How to join"), joining))
    return found


@recording(who=OWNER, why=gettext_lazy("Hid something"))
def hide(group, key):
    """Hide what a `Shown` of the group names. Return whether there was such a thing."""
    if key not in {each.key for each in shown_by(group)}:
        return False
    kind, _dash, number = key.partition("-")
    match kind:
        case "contact":
            contact = group.contacts.get(pk=number)
            # To an e-mail address, messages still get through, and nobody sees it.
            contact.visibility = Visibility.RELAY if contact.kind == ContactKind.EMAIL else Visibility.CURATORS
            contact.note_consent("")
            contact.save()
        case "address":
            _hide_address(group, number)
        case "joining":
            meeting = group.meetings.get(pk=number)
            meeting.join_visibility = Visibility.RELAY
            meeting.save()
    return True


def _hide_address(group, number):
    """Hide where the group meets. A venue that other groups use too stays shown for them."""
    meetings = list(group.meetings.filter(venue=number))
    venue = meetings[0].venue
    if venue.meetings.exclude(group=group).exists():
        venue.become_another()
    venue.show_address(False)
    venue.save()
    for meeting in meetings:
        meeting.venue = venue
        meeting.save()


@recording(who=OWNER, why=gettext_lazy("Changed its page"))
def change(group, form):
    """Save what its own people filled in, out of a valid `OwnGroupForm`. Returns what waits for a curator, in words.

    Times, places, choices and contacts count at once. New words on a public page wait, while the page stays as it was:
    so nobody who was let in once can put anything they like on the site.
    """
    values, before = form.differences()
    waiting = {path: value for path, value in values.items() if group.is_published and value and _is_words(path)}
    for_new_parts = {path for path in waiting if ".new" in path}
    at_once = values | {path: form.current.get(path, "") for path in waiting}
    if SafetyReport.objects.hiding_part_of(group).exists():
        at_once |= {
            path: form.current.get(path) or Visibility.CURATORS
            for path, value in at_once.items()
            if path.startswith("contacts.") and value == Visibility.EVERYONE
        }
    labels = {path: str(form.label_of(path)) for path in waiting}
    words_of_new = [f"{labels[path]}: {waiting[path]}" for path in sorted(for_new_parts)]
    saving = form_for(Group, group, at_once)
    if not saving.is_valid():
        raise ValidationError(saving.errors)
    saving.write(by=None)
    actions.confirm(group, by=None, confirmed_by=ConfirmedBy.OWNER)
    if waiting:
        Suggestion.objects.create(
            kind=SuggestionKind.CORRECTION,
            listing=group,
            title=group.name,
            values={path: value for path, value in waiting.items() if path not in for_new_parts},
            before={path: before.get(path) for path in waiting if path not in for_new_parts},
            note="\n".join([_("From the group’s own people, by their link."), *words_of_new]),
            risk=0,
        )
    return list(labels.values())


def _is_words(path):
    part, _dot, name = path.rpartition(".")
    return name in (WORDS[part.partition(".")[0]])


@recording(who=OWNER, why=gettext_lazy("What support the group looks for"))
def seek(group, roles):
    """Say for which support roles the group looks now."""
    group.seeking.set(SupportRole.objects.filter(slug__in=roles))


@recording(who=OWNER, why=gettext_lazy("Took the group away"))
def withdraw(group):
    """Take the group off the site at once. Only its people, or a curator whom they ask, bring it back."""
    actions.archive(group, by=None)
    _set_withdrawn(group, timezone.localdate())


@recording(who=OWNER, why=gettext_lazy("Wants to be listed again"))
def come_back(group):
    """Bring a group back that its people had taken away. A curator looks at it first. Return whether it was away."""
    if group.withdrawn_on is None:
        return False
    _set_withdrawn(group, None)
    actions.hold(group, by=None)
    return True


def come_back_for(group, *, by):
    """Note that its people asked a curator to list the group again. Return whether it was away."""
    with recording(by=by, why=_("Its people asked for it to be listed again")):
        group.refresh_from_db(from_queryset=Group.objects.select_for_update())
        if group.withdrawn_on is None:
            return False
        _set_withdrawn(group, None)
        actions.hold(group, by=by)
    return True


def _set_withdrawn(group, day):
    group.withdrawn_on = day
    group.save(update_fields=["withdrawn_on", "updated_at"])


def is_away(group):
    """Whether nobody but curators sees the group any more."""
    return group.state == PublicationState.ARCHIVED
