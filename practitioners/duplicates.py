"""Practitioners who look like one person."""

from dataclasses import dataclass, field

from django.db.models import CharField, Value

from directory.choices import ContactKind, PublicationState
from directory.duplicates import candidate_pairs, holders_of, keep_pairs
from directory.likeness import ContactKey, Points, words_of
from directory.words import plain
from practitioners.models import Practitioner, PractitionerContact

_TITLES = "dr mr mrs ms miss mx prof professor rev revd sr sister mme mlle"
TITLES = frozenset(_TITLES.split())
# The telephone of a desk, which more people have.
SHARED_BY_FEW = 4
NOT_ALIKE, INITIAL, SLIP, PART, SAME = range(5)
NAME_POINTS = {NOT_ALIKE: -8.0, INITIAL: 1.5, SLIP: 2.5, PART: 2.5, SAME: 3.5}


@dataclass(slots=True)
class Facts:
    """What of a practitioner is compared."""

    pk: int
    name: str
    organisation: tuple
    sample: bool
    given: str = ""
    family: tuple = ()
    contacts: set = field(default_factory=set)
    places: set = field(default_factory=set)

    def __post_init__(self):
        family, comma, given = self.name.partition(",")
        name = f"{given} {family}" if comma else self.name
        words = [word for word in plain(name).split() if word not in TITLES] or ["?"]
        self.given, self.family = words[0], tuple(words[1:])


def compare_names(a, b):
    """Return how alike two names of people are: whole, half of a double name, with a slip, with an initial, or not."""
    given, family = _alike(a.given, b.given), _alike("".join(a.family), "".join(b.family))
    shared = set(a.family) & set(b.family)
    part = bool(shared) and shared in (set(a.family), set(b.family))
    if given == family == SAME:
        return SAME
    if given == SAME and part:
        return PART
    if (given, family) in {(SAME, SLIP), (SLIP, SAME)}:
        return SLIP
    if given == INITIAL and (family == SAME or part):
        return INITIAL
    # 'Li Wen Hartley' for 'Li-Wen Hartley', where the given name is two words.
    return SAME if (a.given, *a.family) == (b.given, *b.family) else NOT_ALIKE


def _alike(a, b):
    if a == b:
        return SAME
    if 1 in (len(a), len(b)) and a[:1] == b[:1]:
        return INITIAL
    short, long = sorted((a, b), key=len)
    # A letter left out, doubled or swapped is a slip; another letter makes another name, as in Pryce and Price.
    if len(long) > 3 and any(long[:at] + long[at + 1 :] == short for at in range(len(long))):
        return SLIP
    swapped = (a[:at] + a[at + 1] + a[at] + a[at + 2 :] for at in range(len(a) - 1))
    return SLIP if len(a) == len(b) > 3 and b in swapped else NOT_ALIKE


def compare(a, b, holders):
    """Return the `Likeness` of two practitioners. `holders` says how many practitioners have a contact."""
    points = Points()
    alike = compare_names(a, b)
    points.add(NAME_POINTS[alike], "name", alike / SAME)
    shared = {key.partition(":")[0] for key in a.contacts & b.contacts if holders.get(key, 0) <= SHARED_BY_FEW}
    for kind, worth in (("email", 5.0), ("web", 3.0), ("phone", 2.0)):
        if kind in shared:
            points.add(worth, kind)
    if a.organisation and b.organisation:
        same = a.organisation == b.organisation
        points.add(2.5 if same else -1.5, "organisation" if same else "other organisation")
    if a.places and b.places:
        common = a.places & b.places
        points.add(0.5 if common else -3.0, "places" if common else "other places")
    return points.likeness()


def facts_of(practitioners):
    """Return {pk: `Facts`} of a queryset of practitioners, in four queries."""
    found = {
        pk: Facts(pk, name, words_of(organisation) if organisation else (), sample)
        for pk, name, organisation, sample in practitioners.values_list("pk", "name", "organisation", "sample")
    }
    contacts = PractitionerContact.objects.filter(practitioner__in=practitioners)
    keyed = contacts.annotate(key=ContactKey("kind", "value")).values_list("practitioner_id", "key")
    email = Value(ContactKind.EMAIL, CharField())
    own = practitioners.annotate(key=ContactKey(email, "own_email")).values_list("pk", "key")
    for pk, key in (*keyed, *own):
        if key:
            found[pk].contacts.add(key)
    places = Practitioner.places.through.objects.filter(practitioner__in=practitioners)
    for pk, place in places.values_list("practitioner_id", "place_id"):
        found[pk].places.add(place)
    return found


def find_all():
    """Find every pair of practitioners that looks alike and keep it for a curator. Return (pairs, new ones)."""
    facts = facts_of(Practitioner.objects.exclude(state=PublicationState.ARCHIVED))
    holders = holders_of(each.contacts for each in facts.values())
    found = {}
    for one, two in candidate_pairs(_keys(facts.values())):
        if facts[one].sample == facts[two].sample:
            likeness = compare(facts[one], facts[two], holders)
            if likeness.is_likely:
                found[one, two] = likeness
    return len(found), keep_pairs(Practitioner, found)


def _keys(all_facts):
    """Yield (key, pk, `True`): contacts, words of the family name, alone and with a place."""
    for facts in all_facts:
        for key in facts.contacts:
            yield key, facts.pk, True
        for word in facts.family:
            yield f"family:{word}", facts.pk, True
            yield f"called:{facts.given[:1]}:{word}", facts.pk, True
            for place in facts.places:
                yield f"in:{place}:{word}", facts.pk, True
        yield f"whole:{facts.given}", facts.pk, True
