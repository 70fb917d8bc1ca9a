"""What a practitioner and a group's people say, each by their own link, about working together.

Nobody speaks for the other side. That they work together, and the days of their agreement, are the word of one side
until the other confirms it; that it is public, each says for themselves. Taking something back needs nobody else.
"""

import re
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.history import recording
from directory.relay import count
from directory.search import query_for
from groups.models import Group
from groups.owning import OWNER as ORGANISER
from practitioners.choices import Side
from practitioners.joining import OWNER as PRACTITIONER
from practitioners.models import Practitioner, Support

MOST_FOUND = 8
# So many proposals of one side may wait for an answer.
MOST_UNANSWERED = 20
_ADDRESS = re.compile(r"/(?:groups|practitioners)/[-\w]+/")


class Own(NamedTuple):
    """Who speaks: a practitioner, or a group's people."""

    side: Side
    listing: Any

    @property
    def who(self):
        """Whose doing it is, in the history."""
        return PRACTITIONER if self.side == Side.PRACTITIONER else ORGANISER

    def supports(self):
        """Return what they see of their work together with others: only where both are public."""
        mine = Support.objects.between_public().filter(**{self.side: self.listing})
        # What they said no to is nothing of theirs.
        return mine.exclude(proposed_by=self.side.other, ended_on__isnull=False)

    def agrees(self, support):
        """Whether they agree to show it."""
        return getattr(support, f"{self.side}_agrees")

    def set_agrees(self, support, agrees):
        """Note whether they agree to show it."""
        setattr(support, f"{self.side}_agrees", agrees)

    def recording(self, why):
        """Return the act in the history."""
        return recording(who=self.who, why=why)


def listed(side, words):
    """Return those listed on a side whom the words name: the address of a page here, or words of the name."""
    model = Group if side == Side.GROUP else Practitioner
    public = model.objects.published().filter(sample=False)
    if address := _ADDRESS.search(words):
        try:
            found = resolve(address[0])
        except Resolver404:
            return []
        named = found.view_name == f"{model._meta.app_label}:detail"
        return list(public.filter(slug=found.kwargs["slug"])) if named else []
    if side == Side.GROUP:
        public = public.filter(found_by__name_words=query_for(words))
    else:
        for word in words.split():
            public = public.filter(name__icontains=word)
    return list(public.order_by("name", "pk")[:MOST_FOUND])


def propose(own, other, *, role, started_on):
    """Say that both work together. Where the other side has said so before, it is confirmed. Return the support.

    Raises `ValidationError`, and `TooMany`.
    """
    with own.recording(_("Said that they work together")):
        count(listing=f"support:{own.side}:{own.listing.pk}")
        both = {own.side: own.listing, own.side.other: other}
        between = Support.objects.select_for_update().filter(**both)
        said = between.filter(role=role, proposed_by=own.side.other).first()
        if said:
            said.ended_on = None
            return _confirm(own, said, show=True)
        if between.filter(proposed_by=own.side, ended_on__isnull=False).exists():
            raise ValidationError(_("They said no before. If they change their mind, they can say so from their page."))
        waiting = Support.objects.current().filter(**{own.side: own.listing}, proposed_by=own.side)
        if waiting.count() >= MOST_UNANSWERED:
            raise ValidationError(_("Too many have not answered you yet. Wait for them, or take one back."))
        support = Support(**both, role=role, started_on=started_on, proposed_by=own.side)
        own.set_agrees(support, True)
        twice = _("This is on your list already. If it began anew, say from which day, and end the old one first.")
        if between.filter(role=role).current().exists():
            raise ValidationError(twice)
        try:
            with transaction.atomic():
                support.save()
        except IntegrityError as error:
            raise ValidationError(twice) from error
        return support


def _confirm(own, support, *, show):
    support.proposed_by = ""
    own.set_agrees(support, show)
    support.save()
    return support


# What one button does. Each takes who presses it and the support, whose row is locked, and returns whether there was
# anything to do: the other side may have been quicker.


def confirm(own, support, *, show):
    """Say that it is so, and whether both pages may show it."""
    if support.proposed_by != own.side.other:
        return False
    with own.recording(_("Confirmed that they work together")):
        _confirm(own, support, show=show)
    return True


def deny(own, support):
    """Say that it is not so. The row stays, so that nobody is asked again and again."""
    if support.proposed_by != own.side.other:
        return False
    with own.recording(_("Said that they do not work together")):
        support.ended_on = max(filter(None, [timezone.localdate(), support.started_on]))
        own.set_agrees(support, False)
        support.save()
    return True


def take_back(own, support):
    """Take back what nobody has answered."""
    if support.proposed_by != own.side or support.ended_on:
        return False
    with own.recording(_("Took back that they work together")):
        support.delete()
    return True


def show(own, support):
    """Agree that both pages show it."""
    return _set_shown(own, support, True, _("Agreed to show that they work together"))


def hide(own, support):
    """No longer agree that the pages show it."""
    return _set_shown(own, support, False, _("No longer agreed to show that they work together"))


def _set_shown(own, support, agrees, why):
    if support.proposed_by or own.agrees(support) == agrees:
        return False
    with own.recording(why):
        own.set_agrees(support, agrees)
        support.save()
    return True


def say_days(own, support, *, agreed_on, review_on):
    """Say the day of the agreement, and when both look at it again. Where the other side said the same, it counts."""
    if support.proposed_by or support.ended_on:
        return False
    theirs = support.new_days_by == own.side.other
    if theirs and (support.new_agreed_on, support.new_review_on) == (agreed_on, review_on):
        return confirm_days(own, support)
    with own.recording(_("Said the days of their agreement")):
        support.new_days_by, support.new_agreed_on, support.new_review_on = own.side, agreed_on, review_on
        support.save()
    return True


def confirm_days(own, support):
    """Confirm the days that the other side said."""
    if support.new_days_by != own.side.other:
        return False
    with own.recording(_("Confirmed the days of their agreement")):
        support.boundaries_agreed_on, support.review_on = support.new_agreed_on, support.new_review_on
        _forget_new_days(support)
    return True


def leave_days(own, support):
    """Leave out the days that either side said and the other has not confirmed."""
    if not support.new_days_by:
        return False
    with own.recording(_("Left out the new days of their agreement")):
        _forget_new_days(support)
    return True


def _forget_new_days(support):
    support.new_days_by, support.new_agreed_on, support.new_review_on = "", None, None
    support.save()


def drop_days(own, support):
    """Take the days off both pages."""
    if support.boundaries_agreed_on is None:
        return False
    with own.recording(_("Took the days of their agreement off")):
        support.boundaries_agreed_on = support.review_on = None
        support.save()
    return True


def stop(own, support, *, ended_on):
    """Say that it has ended. What nobody has confirmed of its days goes."""
    if support.proposed_by or support.ended_on:
        return False
    with own.recording(_("Stopped working together")):
        support.ended_on = ended_on
        _forget_new_days(support)
    return True
