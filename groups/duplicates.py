"""Groups that look like one: all of them at night, or those that look like one that somebody suggests."""

from typing import NamedTuple

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import F

from directory.choices import PublicationState
from directory.duplicates import candidate_pairs, contact_keys, holders_of, keep_pairs, square_keys
from directory.geo import Point, box_around
from directory.likeness import ContactKey, Likeness, in_words
from groups.likeness import Facts, compare
from groups.models import Group, GroupContact, Meeting

NEAR_KM = 1.0
MOST_NEAR, MOST_ALIKE, MOST_SHARING = 200, 50, 50


class LooksLike(NamedTuple):
    """A group that looks like the one that was asked about."""

    group: Group
    likeness: Likeness

    @property
    def reasons(self):
        """Why, in words."""
        return in_words(self.likeness.reasons)


def facts_of(groups):
    """Return {pk: `Facts`} of a queryset of groups, in five queries."""
    found = {}
    for pk, name, host, audiences, sample in groups.values_list("pk", "name", "host", "audiences", "sample"):
        found[pk] = Facts(pk, name, sample=sample)
        found[pk].add_host(host)
        found[pk].add_codes(audiences)
    contacts = GroupContact.objects.filter(group__in=groups).annotate(key=ContactKey("kind", "value"))
    for pk, key in contacts.exclude(key=None).values_list("group_id", "key").iterator():
        found[pk].contacts.add(key)
    for pk, slug in Group.topics.through.objects.filter(group__in=groups).values_list("group_id", "topic__slug"):
        found[pk].topics.add(slug)
        found[pk].add_codes([slug])
    venues = ["venue__name", "venue__locality", "venue__region", "venue__latitude", "venue__longitude"]
    meetings = Meeting.objects.filter(group__in=groups)
    for pk, *venue in meetings.filter(venue__isnull=False).values_list("group_id", *venues).distinct().iterator():
        found[pk].add_venue(*venue[:3], Point(*venue[3:]) if venue[3] is not None else None)
    for meeting in meetings.only("group_id", *WHEN).iterator():
        found[meeting.group_id].add_meeting(meeting)
    return found


WHEN = ["weekdays", "start_time", "time_zone", "weeks_of_month", "day_of_month"]


def compared():
    """Return the groups that are compared: what is archived is no longer anybody's double."""
    return Group.objects.exclude(state=PublicationState.ARCHIVED)


def find_all():
    """Find every pair of groups that looks alike and keep it for a curator. Return (pairs, new ones)."""
    facts = facts_of(compared())
    holders = holders_of(each.contacts for each in facts.values())
    found = {}
    for one, two in candidate_pairs(_keys(facts.values())):
        if facts[one].sample == facts[two].sample:
            likeness = compare(facts[one], facts[two], holders)
            if likeness.is_likely:
                found[one, two] = likeness
    return len(found), keep_pairs(Group, found)


def _keys(all_facts):
    """Yield (key, pk, is its own): contacts, squares of the map, words of the name, alone and with the town."""
    for facts in all_facts:
        for key in facts.contacts:
            yield key, facts.pk, True
        for key, own in dict(sorted(square_keys(facts.points))).items():
            yield key, facts.pk, own
        for word in facts.words:
            yield f"word:{word}", facts.pk, not facts.venues
            for town in facts.towns:
                yield f"in:{town}:{word}", facts.pk, not facts.points


def likely_duplicates(*, name, point=None, contacts=(), meetings=(), locality=""):
    """Return the groups that look like one that is not saved, the likeliest first, each with its likeness.

    `contacts` are (kind, value), `meetings` are unsaved `Meeting`s, with or without a venue.
    """
    facts = Facts(None, name.replace("\x00", ""))
    if point or locality:
        facts.add_venue("", locality, "", point)
    for meeting in meetings:
        facts.add_meeting(meeting)
        if meeting.venue:
            own = meeting.venue
            at = None if own.latitude is None else Point(own.latitude, own.longitude)
            facts.add_venue(own.name, own.locality, own.region, at)
    facts.contacts = contact_keys(contacts)
    return _looking_like(facts)


def note_duplicates_of(groups):
    """Find what looks like each of some groups that are new here, and keep the pairs. Return [(group, its doubles)]."""
    told, found = [], {}
    for pk, facts in facts_of(compared().filter(pk__in=[group.pk for group in groups])).items():
        for other in (doubles := _looking_like(facts)):
            found[min(pk, other.group.pk), max(pk, other.group.pk)] = other.likeness
        if doubles:
            told.append((pk, doubles))
    keep_pairs(Group, found, are_all=False)
    by_key = {group.pk: group for group in groups}
    return [(by_key[pk], doubles) for pk, doubles in told]


def _looking_like(facts):
    """Return the groups that look like the one with these facts, the likeliest first."""
    groups = compared().filter(sample=facts.sample).exclude(pk=facts.pk)
    candidates = facts_of(groups.filter(pk__in=_candidates_for(facts, groups)))
    holders = _holders(facts.contacts)
    alike = {pk: compare(facts, other, holders) for pk, other in candidates.items()}
    likely = sorted((pk for pk in alike if alike[pk].is_likely), key=lambda pk: (-alike[pk].score, pk))
    found = Group.objects.in_bulk(likely)
    return [LooksLike(found[pk], alike[pk]) for pk in likely]


def _sharing(keys):
    return GroupContact.objects.annotate(key=ContactKey("kind", "value")).filter(key__in=keys)


def _holders(keys):
    shared = _sharing(keys).exclude(group__state=PublicationState.ARCHIVED).values_list("key", "group_id").distinct()
    return holders_of([key] for key, _group in shared)


def _candidates_for(facts, groups):
    """Return the numbers of groups that have something in common with one that is not saved."""
    alike = groups.filter(name__trigram_similar=facts.name).annotate(likeness=TrigramSimilarity("name", facts.name))
    found = set(alike.order_by("-likeness", "pk").values_list("pk", flat=True)[:MOST_ALIKE])
    found |= set(_sharing(facts.contacts).values_list("group_id", flat=True)[:MOST_SHARING])
    for at in facts.points:
        near = Meeting.objects.filter(box_around(at, NEAR_KM, "venue__latitude", "venue__longitude"))
        found |= set(near.order_by(F("group_id")).values_list("group_id", flat=True).distinct()[:MOST_NEAR])
    return found
