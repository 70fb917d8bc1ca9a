"""A list of groups to take along. It lives in the reader's own cookie and in links, and nowhere in the database."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

import segno
from django import forms
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from directory.choices import Nation
from directory.contacting import contact_url
from directory.merging import living
from directory.models import HelpLine, Topic
from directory.visibility import public_contacts
from groups.models import Group, Meeting
from groups.presenting import present_groups, upcoming_dates
from groups.visibility import public_part

MOST = 20
# A list is something to come back to next week, and not something to be found by the next user of a shared computer.
KEPT_FOR = 30 * 24 * 3600
# Enough for a thousand groups, so that a list that is too long can be told from one that is not.
LONGEST = 20_000
# Django refuses to redirect to an address of more than 2048 characters.
LONGEST_ADDRESS = 1500
MOST_TOPIC_LINES, ENOUGH_LINES = 4, 3


def ids_in(text):
    """Return the groups' numbers in '12-45-7', each once, in order; whatever is no number is passed over."""
    found = re.findall(r"(?<![0-9])[0-9]{1,18}(?![0-9])", text[:LONGEST])
    return list(dict.fromkeys(int(number) for number in found))


def now_at(ids):
    """Return groups' numbers, those of merged groups as what they are a part of now."""
    merged = living(Group, ids) if ids else {}
    return [merged.get(each, each) for each in ids]


class Shortlist:
    """Groups in an order that somebody chose, by their numbers. Each change returns a new list."""

    def __init__(self, ids=()):
        self.ids = tuple(dict.fromkeys(ids))[:MOST]

    def __str__(self):
        return "-".join(map(str, self.ids))

    def __len__(self):
        return len(self.ids)

    def __contains__(self, group_id):
        return group_id in self.ids

    def with_these(self, ids):
        """Return the list with groups added at its end, as far as there is room."""
        return Shortlist([*self.ids, *ids])

    def without(self, ids):
        """Return the list without some groups."""
        return Shortlist(each for each in self.ids if each not in ids)

    def beside(self, ids):
        """Return the group that follows some of these, else the one before them, else `None`."""
        first = min((self.ids.index(each) for each in ids if each in self), default=0)
        left = [each for each in self.ids if each not in ids]
        return left[min(first, len(left) - 1)] if left else None

    def moved(self, group_id, *, to_earlier):
        """Return the list with one group a place earlier or later."""
        ids = list(self.ids)
        if group_id in ids:
            at = ids.index(group_id)
            ids.remove(group_id)
            ids.insert(max(0, at - 1) if to_earlier else at + 1, group_id)
        return Shortlist(ids)

    @staticmethod
    def cookie_name():
        """Return the name of the cookie, which over HTTPS binds it to this host."""
        return "__Host-shortlist" if settings.HTTPS else "shortlist"

    def keep_in(self, response):
        """Put the list into the reader's cookie, or take the cookie away where the list is empty."""
        if self.ids:
            response.set_cookie(
                self.cookie_name(), str(self), max_age=KEPT_FOR, secure=settings.HTTPS, httponly=True, samesite="Lax"
            )
        else:
            response.delete_cookie(self.cookie_name(), samesite="Lax")
        return response


class ShortlistMiddleware:
    """Read the reader's list, which the top of each page and each card show."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Return the response, marked as one that depends on the cookie where it is a page."""
        request.shortlist = Shortlist(ids_in(request.COOKIES.get(Shortlist.cookie_name(), "")))
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response


class IdsField(forms.CharField):
    """Groups by their numbers, '12-45-7'."""

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def clean(self, value):
        """Return the numbers, each once."""
        return ids_in(super().clean(value))


class ShortlistForm(forms.Form):
    """One change to a list. Its buttons stand on cards, on a group's page and on the list itself."""

    add = IdsField()
    remove = IdsField()
    earlier = IdsField()
    later = IdsField()
    empty = forms.BooleanField(required=False)
    next = forms.CharField(required=False)

    @property
    def changed_ids(self):
        """The groups that the change is about."""
        values = self.cleaned_data
        return next((values[name] for name in ("add", "remove", "earlier", "later") if values.get(name)), [])

    def back(self, path, beside):
        """Return where the reader came from, at the same spot, if that is on this site; else `path`, the list itself.

        What was taken off the list is no longer there, so the spot is the group `beside` it, or what says that none is.
        """
        address = self.cleaned_data.get("next", "").partition("#")[0]
        if len(address) > LONGEST_ADDRESS or not address.startswith("/"):
            address = path
        if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
            address = path
        if address == path and self.cleaned_data.get("remove"):
            return f"{path}#list-{beside}" if beside else f"{path}#main"
        return f"{address}#list-{self.changed_ids[0]}" if self.changed_ids else address


def sent_from_here(request):
    """Whether a form was sent by a page of this site.

    Django's own protection needs a cookie before the first form, and nobody who only reads should get one. Browsers say
    where a form comes from, and a page elsewhere can't make them say otherwise; who says nothing is refused.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    # Browsers older than that header, and addresses without HTTPS. The scheme is left out: a proxy may have changed it.
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.get_host()


def take_along(ids, absolute):
    """Return the published groups of a list, in its order, with what its page shows; `absolute` completes addresses."""
    parts = Prefetch("meetings", Meeting.objects.for_display()), "serves", "topics", "contacts"
    found = Group.objects.published().prefetch_related(*parts).in_bulk(ids)
    groups = present_groups([found[each] for each in ids if each in found])
    for group in groups:
        meetings = list(group.meetings.all())
        group.upcoming = upcoming_dates(meetings, 3)
        group.meetings_shown = meetings
        for meeting in meetings:
            meeting.public = public_part(meeting)
        contacts = list(group.contacts.all())
        group.contacts_shown = public_contacts(contacts)
        group.contact_url = contact_url("groups:contact", group, contacts)
        group.code = qr_code(absolute(group.get_absolute_url()))
    return groups


def help_lines_for(groups):
    """Return the help lines of the groups' topics, then some that always answer, one at least for each nation."""
    topics = Topic.objects.filter(groups__in=[group.pk for group in groups], help_lines=OuterRef("pk"))
    lines = HelpLine.objects.active().filter(emergency=False).annotate(of_topic=Exists(topics), reach=Count("topics"))
    nations = {
        meeting.venue.country
        for group in groups
        for meeting in group.meetings_shown
        if meeting.venue and meeting.venue.country in Nation.values
    }
    if nations:
        lines = lines.filter(countries__overlap=sorted(nations))
    lines = list(lines)
    # The line for domestic abuse before the one for any trouble.
    of_topic = sorted((line for line in lines if line.of_topic), key=lambda line: line.reach)
    chosen = of_topic[:MOST_TOPIC_LINES]
    for line in lines:
        without_a_line = nations.difference(*(each.countries for each in chosen))
        is_missing = len(chosen) < ENOUGH_LINES or without_a_line.intersection(line.countries)
        if line.always_open and line not in chosen and is_missing:
            chosen.append(line)
    return chosen


@lru_cache(maxsize=2000)
def qr_code(address):
    """Return a QR code as SVG, dark on white in each theme and on paper."""
    return segno.make_qr(address, error="m").svg_inline(
        border=3, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
