"""The four roles, as Django's groups: who may look at, add, change and delete what. No more than is said here."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

LOOK, CHANGE, WORK, ALL = {"view"}, {"view", "change"}, {"view", "add", "change"}, {"view", "add", "change", "delete"}

LISTINGS = {
    "groups.group": WORK,
    "groups.groupcontact": ALL,
    "groups.meeting": ALL,
    "groups.meetingbreak": ALL,
    "groups.meetingexception": ALL,
    "groups.venue": ALL,
    "practitioners.practitioner": WORK,
    "practitioners.practitionercontact": ALL,
    "practitioners.support": ALL,
}
CASE_STUDIES = {
    "casestudies.casestudy": WORK,
    "casestudies.effect": ALL,
    "casestudies.keyfigure": ALL,
    "casestudies.programme": ALL,
    "casestudies.roleshown": ALL,
    "casestudies.source": ALL,
    "casestudies.visitorquestion": ALL,
}
KNOWLEDGE = {
    "directory.helpline": ALL,
    "directory.language": ALL,
    "directory.supportarea": ALL,
    "directory.supportrole": ALL,
    "directory.topic": ALL,
    "practitioners.finderanswer": ALL,
    "practitioners.finderquestion": ALL,
    "practitioners.finderrule": ALL,
}
# What people send in.
QUEUE = {"casestudies.readerquestion": CHANGE, "casestudies.submission": LOOK}
PLACES = {"directory.place": WORK, "directory.postcodesector": LOOK}
MESSAGES = {"directory.relayedmessage": LOOK}
HISTORY = {"directory.act": LOOK}
# A right of people: whoever asks is taken out of the history too.
ERASING = {"directory.tombstone": {"erase"}}
ACCOUNTS = {
    "auth.user": WORK,
    "auth.group": LOOK,
    "axes.accesslog": LOOK,
    "axes.accessfailurelog": LOOK,
}

ROLES = {
    # What a listing points at, a curator may choose from.
    "curator": {
        **{label: LOOK for label in (*KNOWLEDGE, "casestudies.casestudy") if not label.startswith("practitioners.")},
        **LISTINGS,
        **PLACES,
        **MESSAGES,
        **HISTORY,
        "directory.helpline": CHANGE,
    },
    # Not the listings, which hold contacts of people.
    "editor": CASE_STUDIES | KNOWLEDGE | QUEUE | HISTORY,
    # The queue and nothing else.
    "moderator": QUEUE,
    "administrator": LISTINGS | CASE_STUDIES | KNOWLEDGE | QUEUE | PLACES | MESSAGES | HISTORY | ERASING | ACCOUNTS,
}


@transaction.atomic
def set_roles():
    """Make each role's group have its rights and no others; return the names of those that changed."""
    rights = {
        (f"{app}.{model}", codename): pk
        for pk, app, model, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "content_type__model", "codename"
        )
    }
    changed = []
    for name, table in ROLES.items():
        group, made = Group.objects.get_or_create(name=name)
        wanted = {
            rights[label, f"{doing}_{label.partition('.')[2]}"] for label, doings in table.items() for doing in doings
        }
        if made or wanted != set(group.permissions.values_list("pk", flat=True)):
            group.permissions.set(wanted)
            changed.append(name)
    return changed
