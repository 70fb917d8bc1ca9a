"""The weekly letter on groups that newly look for support: signing up for it, and what it says."""

from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.geo import KM_PER_MILE
from directory.mail import send_letter
from directory.relay import may_write_to
from groups.models import Group, GroupSearch
from practitioners.joining import forget_unconfirmed
from practitioners.links import confirm_path, stop_path
from practitioners.models import DigestSubscription, SoughtRole

NEAR_KM = 20 * KM_PER_MILE
# A longer letter says that there are more.
MOST_GROUPS = 25


def sign_up(form, *, network, absolute):
    """Save a wish for letters, which counts once it is confirmed, and send the link for that. Raises `TooMany`.

    Returns whether the mail server took the letter.
    """
    data = form.cleaned_data
    with transaction.atomic(durable=True):
        if not may_write_to(data["email"], form=data["stamp"], network=network):
            return True
        forget_unconfirmed()
        subscription = DigestSubscription.objects.create(email=data["email"], place=data["near"])
        subscription.roles.set(data["roles"])
    sent = send_letter(
        to=subscription.email,
        subject=_("please confirm your weekly letter"),
        template="practitioners/digest_confirm.txt",
        context={"link": absolute(confirm_path(subscription))},
    )
    if not sent:
        subscription.delete()
    return sent


@transaction.atomic
def confirm(subscription):
    """Let the letters begin. What the same address had asked for before ends."""
    subscription = DigestSubscription.objects.select_for_update().filter(pk=subscription.pk, confirmed_at=None).first()
    if subscription is None:
        return
    DigestSubscription.objects.filter(email__iexact=subscription.email).exclude(pk=subscription.pk).delete()
    subscription.confirmed_at = subscription.told_until = timezone.now()
    subscription.save()


def send_digests(absolute, *, progress=None):
    """Send this week's letters that were not sent yet, and return how many. `absolute` makes an address of a path."""
    forget_unconfirmed()
    note_what_is_sought()
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    sent = 0
    due = DigestSubscription.objects.due(monday).order_by("pk").values_list("pk", flat=True)
    for done, number in enumerate(list(due), start=1):
        sent += _send_one(number, monday, today, absolute)
        if progress:
            progress(done, len(due))
    return sent


@transaction.atomic
def note_what_is_sought():
    """Note which roles public groups look for since when. What one no longer looks for would be new the next time."""
    groups = Group.objects.published().filter(sample=False)
    sought = set(groups.filter(seeking__isnull=False).values_list("pk", "seeking"))
    known = {(each.group_id, each.role_id): each.pk for each in SoughtRole.objects.all()}
    SoughtRole.objects.filter(pk__in=[known[pair] for pair in known.keys() - sought]).delete()
    now = timezone.now()
    new = [SoughtRole(group_id=group, role_id=role, first_seen_at=now) for group, role in sorted(sought - known.keys())]
    # Another run at the same time may have noted them.
    SoughtRole.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)


def _send_one(number, monday, today, absolute):
    """Send one letter, if there is anything new. It counts as sent first: nobody gets it twice when a run is killed."""
    with transaction.atomic():
        due = DigestSubscription.objects.due(monday).select_for_update(skip_locked=True)
        subscription = due.filter(pk=number).first()
        if subscription is None:
            return False
        before = {"sent_on": subscription.sent_on, "told_until": subscription.told_until}
        entries, told_until = news_for(subscription)
        if not entries:
            return False
        DigestSubscription.objects.filter(pk=number).update(sent_on=today, told_until=told_until)
    if _letter(subscription, entries, absolute):
        return True
    DigestSubscription.objects.filter(pk=number).update(**before)
    return False


def news_for(subscription):
    """Return the groups that are new to somebody, each with the roles it looks for, and until when that tells them."""
    sought = SoughtRole.objects.filter(first_seen_at__gt=subscription.told_until)
    roles = list(subscription.roles.all())
    if roles:
        sought = sought.filter(role__in=roles)
    if subscription.place:
        # Groups that are near by what anyone may know: the table of the search holds public points alone.
        near = GroupSearch.objects.at(subscription.place, NEAR_KM)
        sought = sought.filter(group__in=near.values("group"))
    # What the group says now counts, and not what it said when it was noted.
    sought = sought.filter(Q(group__in=Group.objects.published())).select_related("group", "role")
    by_group = defaultdict(list)
    latest = subscription.told_until
    for each in sought.order_by("group__name", "group", "role__position"):
        by_group[each.group].append(each.role.name)
        latest = max(latest, each.first_seen_at)
    return [(group, get_text_list(names, _("and"))) for group, names in by_group.items()], latest


def _letter(subscription, entries, absolute):
    stop = absolute(stop_path(subscription))
    return send_letter(
        to=subscription.email,
        subject=ngettext("%(n)d group looks for support", "%(n)d groups look for support", len(entries))
        % {"n": len(entries)},
        template="practitioners/digest.txt",
        context={
            "entries": [
                {"group": group, "roles": roles, "url": absolute(group.get_absolute_url())}
                for group, roles in entries[:MOST_GROUPS]
            ],
            "more": max(0, len(entries) - MOST_GROUPS),
            "list_url": absolute(reverse("groups:list")),
            "stop": stop,
        },
        # RFC 8058: the mail program shows a button that ends the letters.
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )
