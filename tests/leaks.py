"""What the leak walk needs: every public address out of the URL resolver, and listings full of hidden values."""

import io
import json
import re
import zipfile
from datetime import date
from html import unescape
from urllib.parse import unquote

from django.contrib.contenttypes.models import ContentType
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from casestudies.models import CaseStudy, ReaderQuestion, Submission
from directory.models import FormerAddress, Suggestion, SupportRole, Topic
from groups.models import Group
from practitioners.models import Practitioner
from selfhelp.learn import learn_pages
from selfhelp.sitemaps import SITEMAPS
from tests.factories import (
    CaseStudyFactory,
    GroupContactFactory,
    GroupFactory,
    MeetingFactory,
    PlaceFactory,
    PostcodeSectorFactory,
    PractitionerContactFactory,
    PractitionerFactory,
    ReaderQuestionFactory,
    SourceFactory,
    SubmissionFactory,
    SuggestionFactory,
    SupportFactory,
    SupportRoleFactory,
    TopicFactory,
    VenueFactory,
)

LISTINGS = {"groups": Group, "practitioners": Practitioner, "casestudies": CaseStudy}
UNPUBLISHED = ("draft", "pending", "archived")
# Signed with the time of day, or drawn by lot; and when a calendar's meeting was changed, whatever of it was.
OF_THE_MOMENT = re.compile(
    r'(name="(?:csrfmiddlewaretoken|stamp)" value="|^(?:DTSTAMP|LAST-MODIFIED|SEQUENCE):)[^"\r\n]*', re.MULTILINE
)

# Each hidden value twice: a first one, and another in its place. Each is a word that stands nowhere else.
HIDDEN = {
    "email": ("brambleholt@example.org", "winterquay@example.org"),
    "email_curators": ("tansywick@example.org", "ottermarl@example.org"),
    "email_label": ("Marigoldby", "Peverelstow"),
    "phone": ("0113 496 0821", "0113 496 0347"),
    "text": ("07700 900582", "07700 900316"),
    "website": ("https://quillfeather.example/", "https://saltmereby.example/"),
    "post": ("Larkspurgate 4", "Hollowfieldby 9"),
    "person": ("07700 900747", "07700 900838"),
    "venue_name": ("Violetworth House", "Cobaltham House"),
    "street": ("9 Dunlinscar", "31 Fulmarthwaite"),
    "postcode": ("LS6 9QA", "LS6 9WZ"),
    "travel_notes": ("Ring at Jessamyport", "Knock at Umberlode"),
    "venue_external_id": ("Venuefoxglove", "Venuekestrel"),
    "latitude": (53.819371, 53.821684),
    "longitude": (-1.577294, -1.572163),
    "grid_latitude": (39.016912, 39.012345),
    "grid_longitude": (-94.601233, -94.607777),
    "room": ("Atticmarjoram", "Cellarburdock"),
    "join_url": ("https://meet.example/sorrelbank", "https://meet.example/yarrowdene"),
    "join_phone": ("020 7946 0958", "020 7946 0123"),
    "passcode": ("Teaselgrove", "Comfreylaw"),
    "curator_notes": ("The organiser is Zebedee Mallowfen", "The organiser is Ignatius Coltsfootby"),
    "external_id": ("Rowfennelgate", "Rowlovageby"),
    "review_due_on": (date(2031, 7, 19), date(2032, 3, 23)),
    "said_on": (date(2019, 8, 27), date(2018, 5, 16)),
    "practitioner_email": ("aniseedholm@example.org", "chervilthorpe@example.org"),
    "practitioner_phone": ("0114 496 0733", "0114 496 0255"),
    "practitioner_own": ("sorreldyke@example.org", "burnetgarth@example.org"),
    "practitioner_words": ("Tormentilham", "Saxifragecote"),
    "practitioner_notes": ("Angelicafleet", "Hyssopwold"),
    "case_notes": ("Borageminster", "Dittanyhurst"),
    # What people send in.
    "visit_email": ("hyacinthport@example.org", "snowdropley@example.org"),
    "asker_email": ("campionreach@example.org", "bryonyhead@example.org"),
    "asker_name": ("Tamsin Eyebrightby", "Osric Woundwortham"),
    "asker_message": ("Harebellington", "Pimpernelford"),
    "asker_answer": ("Stitchwortbury", "Cinquefoilham"),
    "draft_email": ("teaselcombe@example.org", "bugleweedon@example.org"),
    "draft_title": ("Sanicleworth", "Tormentilbury"),
    "draft_words": ("Fleabaneford", "Goldenrodham"),
    "suggester_email": ("pennywortham@example.org", "moschatelby@example.org"),
    "suggested_before": ("Restharrowgate", "Squinancyfield"),
    "suggested_taken": ("Fumitoryholme", "Gromwellcombe"),
    # Of listings that are not published, all is hidden.
    "name": ("Feverfewton", "Woodruffdale"),
    "slug": ("pennyroyalby", "selfhealwick"),
    "summary": ("Bistortley", "Valerianscombe"),
    "about": ("Meadowsweetham", "Mugwortstead"),
    "host": ("Speedwellton", "Buglossbridge"),
    "locality": ("Celandineford", "Toadflaxmoor"),
    "case_contact": ("Ragwortcote", "Loosestrifeby"),
}
PLACES_TO_ASK = ["Leeds", "LS6 9QA", "LS6 9WZ", "LS6 9", "53.819371,-1.577294"]
# These read nothing of what stands after the question mark.
SAME_FOR_ALL = {
    "about",
    "accessibility",
    "casestudies:add",
    "casestudies:new_link",
    "favicon",
    "groups:add",
    "groups:own_link",
    "healthz",
    "help_now",
    "home",
    "learn",
    "practitioners:add",
    "practitioners:digest",
    "practitioners:own_link",
    "practitioners:roles",
    "privacy",
    "readyz",
    "robots",
    "security",
    "sitemap",
    "sitemap_section",
    "topics",
    "who_may_be_listed",
}


class Unknown(AssertionError):
    """An output that the walk does not know how to ask for."""


def patterns(resolver=None, path=(), namespaces=()):
    """Yield (name, parameters) of each public address that the site answers to."""
    for each in (resolver or get_resolver()).url_patterns:
        parameters = (*path, *each.pattern.converters)
        if isinstance(each, URLResolver):
            if each.namespace != "admin":
                yield from patterns(each, parameters, (*namespaces, *([each.namespace] if each.namespace else [])))
        else:
            yield ":".join([*namespaces, str(each.name)]), parameters


def addresses_of(name, parameters, slugs):
    """Return the addresses for one output. `slugs` has those of each room's listings, of before and after."""
    room = name.partition(":")[0]
    if not parameters:
        return [reverse(name)]
    if name == "learn_page":
        return [page.get_absolute_url() for page in learn_pages().values()]
    if name == "sitemap_section":
        return [reverse(name, args=[section]) for section in SITEMAPS]
    if name in {"casestudies:draft", "casestudies:draft_part"}:
        # A draft's number alone opens nothing: it has to be signed.
        tokens = ["token", *(str(each.uuid) for each in Submission.objects.order_by("pk"))]
        return [reverse(name, args=[token, "story"][: len(parameters)]) for token in tokens]
    if name == "receipt":
        return [reverse(name, args=[each.uuid]) for each in Suggestion.objects.order_by("pk")]
    if parameters == ("token",):
        return [reverse(name, args=["token"])]
    if name in {"topic", "practitioners:role"}:
        model = Topic if name == "topic" else SupportRole
        return [each.get_absolute_url() for each in model.objects.order_by("pk")]
    if parameters == ("slug",) and room in LISTINGS:
        return [reverse(name, args=[slug]) for slug in slugs[room]]
    raise Unknown(f"The leak walk does not know how to ask for {name} ({', '.join(parameters)}): teach it.")


def a_list():
    """Return the question for a list of all groups, published or not."""
    return {"g": "-".join(map(str, Group.objects.order_by("pk").values_list("pk", flat=True)))}


def questions():
    """Return what to ask each output: every hidden value as words, those of places as a place, and what is near.

    The first values only: they are there before the change and gone after it.
    """
    values = {name: str(pair[0]) for name, pair in HIDDEN.items()}
    ask = [{}, {"view": "week"}, {"q": "tea", "near": "Leeds", "format": "in-person"}]
    ask += [{"q": max(re.split(r"[\s@/]+", value), key=len)} for value in values.values()]
    # Misspelt, which the search mends to words that it holds; and only begun, which it completes.
    for name in ("name", "about", "host", "locality", "venue_name", "street", "room"):
        word = max(values[name].split(), key=len)
        ask += [{"q": word[:6] + word[7:]}, {"q": word[:5]}]
    ask += [{"q": values[name]} for name in ("phone", "street", "postcode", "venue_name", "name")]
    ask += [{"near": values[name]} for name in ("street", "venue_name", "locality", "post")]
    ask += [a_list(), {"receiving": "facilitator"}]
    ask += [{"near": place, "sort": "distance", "within": "25"} for place in PLACES_TO_ASK]
    return ask


def text_in(response):
    """Return all that a response says, in its head and its body, so that a hidden word can be looked for."""
    body = b"".join(response) if response.streaming else response.content
    if body.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"\n".join(packed.read(name) for name in packed.namelist())
    text = body.decode("utf-8", "replace")
    if "calendar" in response.get("Content-Type", ""):
        text = re.sub(r"\r?\n[ \t]", "", text)  # RFC 5545 folds long lines
    text += "".join(
        f"\n{name}: {value}"
        for name, value in response.headers.items()
        if name not in {"ETag", "Expires", "Content-Length"}
    )
    return OF_THE_MOMENT.sub(r"\1", text)


def spelt_out(text):
    """Return a text as each of its readers would take it: HTML, JSON, an address; in small letters."""
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return "\n".join([text, unescape(text), unquote(unescape(text)), unescaped]).casefold()


class World:
    """A published listing of each kind with everything hidden that can be, and one of each in each other state."""

    def __init__(self):
        leeds = PlaceFactory()
        for n in (1, 9):
            PostcodeSectorFactory(sector=f"LS6 {n}", outward="LS6", latitude=53.82 + n / 200, longitude=-1.57)
        topic = TopicFactory(slug="anxiety", label="Anxiety")
        role = SupportRoleFactory(slug="facilitator", name="Facilitator")
        self.shown_role = SupportRoleFactory(slug="co-educator", name="Co-educator")
        self.group = GroupFactory(name="Tea for all", slug="tea-for-all", topics=[topic])
        self.group.serves.set([leeds])
        self.contacts = {
            "email": GroupContactFactory(group=self.group, visibility="relay"),
            "email_curators": GroupContactFactory(group=self.group, visibility="curators"),
            "phone": GroupContactFactory(group=self.group, kind="phone", visibility="relay"),
            "text": GroupContactFactory(group=self.group, kind="text", visibility="curators"),
            "website": GroupContactFactory(group=self.group, kind="website", visibility="curators"),
            "post": GroupContactFactory(group=self.group, kind="post", visibility="curators"),
            # A person's, who did not agree: no way to save it as public (see test_nothing_without_consent_is_public).
            "person": GroupContactFactory(group=self.group, kind="phone", visibility="relay", personal="yes"),
        }
        hidden = {"address_visibility": "relay", "source": "feed"}
        self.venue = VenueFactory(**hidden)
        self.far = VenueFactory(
            **hidden | {"source": "far", "address_visibility": "curators"},
            locality="Nowhere Springs",
            country="US",
            postcode="",
        )
        self.meetings = [
            MeetingFactory(group=self.group, venue=self.venue, format="hybrid", join_visibility="relay"),
            MeetingFactory(group=self.group, venue=self.far, format="hybrid", weekdays=[4], join_visibility="curators"),
            MeetingFactory(group=self.group, venue=None, format="online", weekdays=[5], join_visibility="relay"),
        ]
        # Beside it, so that an order by distance would tell.
        near_by = GroupFactory(name="Tea next door", slug="tea-next-door", topics=[topic])
        MeetingFactory(group=near_by, venue__latitude=53.8205, venue__longitude=-1.575)
        near_by.contacts.create(kind="email", value="open@example.org", visibility="everyone", personal="no")
        self.practitioner = PractitionerFactory(name="Ada", slug="ada", roles=[role], topics=[topic], places=[leeds])
        self.practitioner_contacts = {
            "practitioner_email": PractitionerContactFactory(practitioner=self.practitioner, visibility="relay"),
            "practitioner_phone": PractitionerContactFactory(
                practitioner=self.practitioner, kind="phone", visibility="curators"
            ),
        }
        self.case = CaseStudyFactory(name="A case", slug="a-case", topics=[topic], sources=[SourceFactory()])
        ReaderQuestionFactory(case_study=self.case)
        SubmissionFactory()
        SubmissionFactory(sent_in_at=timezone.now(), case_study=CaseStudyFactory(state="pending", slug="sent-in"))
        SuggestionFactory(listing=self.group, values={"name": "Tea"})
        SuggestionFactory(
            listing=self.group,
            values={"name": "Tea"},
            state="accepted",
            decided_at=timezone.now(),
            decisions={"name": {"accepted": True, "value": "", "why": ""}},
        )
        self.unpublished = []
        for state in UNPUBLISHED:
            group = GroupFactory(state=state, topics=[topic])
            group.serves.set([leeds])
            group.seeking.set([role])
            GroupContactFactory(group=group, visibility="everyone")
            MeetingFactory(group=group, join_visibility="everyone", join_url="https://meet.example/all")
            person = PractitionerFactory(state=state, roles=[role], topics=[topic], places=[leeds])
            PractitionerContactFactory(practitioner=person, visibility="everyone")
            case = CaseStudyFactory(state=state, topics=[topic])
            self.unpublished += [group, person, case]
            # What links to them from what is published, they do not show.
            SupportFactory(group=self.group, practitioner=person, role=role)
            SupportFactory(group=group, practitioner=self.practitioner, role=role)
            self.case.groups.add(group)
            self.case.practitioners.add(person)
            self.group.case_studies.add(case)
            self.practitioner.case_studies.add(case)
            for listing in (group, person, case):
                SuggestionFactory(listing=listing, values={"summary": "Tea"})
                kind = ContentType.objects.get_for_model(listing)
                FormerAddress.objects.create(
                    content_type=kind, object_id=listing.pk, slug=f"once-{listing._meta.model_name}-{state}"
                )

    def hide(self, which):
        """Give every hidden field its first value (0) or its other one (1)."""
        value = {name: pair[which] for name, pair in HIDDEN.items()}
        for contacts in (self.contacts, self.practitioner_contacts):
            for name, contact in contacts.items():
                contact.value, contact.label = value[name], value["email_label"]
                contact.save()
        for venue in (self.venue, self.far):
            venue.name, venue.address, venue.travel_notes = value["venue_name"], value["street"], value["travel_notes"]
            venue.external_id = value["venue_external_id"]
        self.venue.postcode = value["postcode"]
        self.venue.latitude, self.venue.longitude = value["latitude"], value["longitude"]
        self.far.latitude, self.far.longitude = value["grid_latitude"], value["grid_longitude"]
        self.venue.save()
        self.far.save()
        for meeting in self.meetings:
            for name in ("room", "join_url", "join_phone", "passcode"):
                setattr(meeting, name, value[name])
            meeting.save()
        for listing, notes in [
            (self.group, "curator_notes"),
            (self.practitioner, "practitioner_notes"),
            (self.case, "case_notes"),
        ]:
            listing.curator_notes, listing.external_id = value[notes], value["external_id"]
            listing.review_due_on = value["review_due_on"]
            listing.source = listing.source or "feed"
            listing.save()
        self.case.visit_email = value["visit_email"]
        self.case.save()
        ReaderQuestion.objects.update(
            name=value["asker_name"],
            email=value["asker_email"],
            message=value["asker_message"],
            answer=value["asker_answer"],
        )
        Submission.objects.update(
            email=value["draft_email"], answers={"name": value["draft_title"], "overview": value["draft_words"]}
        )
        Suggestion.objects.update(email=value["suggester_email"], before={"name": value["suggested_before"]})
        Suggestion.objects.filter(state="accepted").update(
            decisions={"name": {"accepted": True, "value": value["suggested_taken"], "why": ""}}
        )
        self.practitioner.own_email = value["practitioner_own"]
        self.practitioner.proposed = {"about": value["practitioner_words"]}
        self.practitioner.save()
        # Support that one side did not agree to show is there, and then it is not.
        self.group.supports.filter(group_agrees=False).delete()
        if which == 0:
            SupportFactory(
                group=self.group,
                practitioner=self.practitioner,
                role=SupportRole.objects.get(slug="facilitator"),
                group_agrees=False,
            )
        # Nor is what one side says; nor are new days, of support that is shown.
        self.group.supports.exclude(proposed_by="", new_days_by="").delete()
        both = {"group": self.group, "practitioner": self.practitioner}
        SupportFactory(
            **both,
            role=SupportRole.objects.get(slug="facilitator"),
            proposed_by=["group", "practitioner"][which],
            started_on=value["said_on"],
            ended_on=[None, value["said_on"]][which],
        )
        SupportFactory(
            **both,
            role=self.shown_role,
            new_days_by=["group", "practitioner"][which],
            new_agreed_on=value["said_on"],
        )
        for listing in self.unpublished:
            self._hide_all_of(listing, value)

    def _hide_all_of(self, listing, value):
        listing.slug = f"{value['slug']}-{listing._meta.model_name}-{listing.state}"
        listing.name, listing.summary, listing.curator_notes = value["name"], value["summary"], value["curator_notes"]
        if isinstance(listing, CaseStudy):
            listing.overview, listing.organisation, listing.contact = (
                value["about"],
                value["host"],
                value["case_contact"],
            )
        else:
            listing.about = value["about"]
            listing.contacts.update(value=value["email"])
        if isinstance(listing, Practitioner):
            listing.organisation, listing.own_email = value["host"], value["practitioner_own"]
        if isinstance(listing, Group):
            listing.host = value["host"]
            venue = listing.meetings.get().venue
            venue.name, venue.address, venue.locality = value["venue_name"], value["street"], value["locality"]
            venue.latitude, venue.longitude = value["latitude"], value["longitude"]
            venue.save()
        listing.save()

    def slugs(self):
        """Return the slugs of each room's listings: now, with either value, and of before."""
        slugs = {}
        for room, model in LISTINGS.items():
            name = model._meta.model_name
            slugs[room] = [
                *model.objects.published().order_by("pk").values_list("slug", flat=True),
                *(f"{slug}-{name}-{state}" for slug in HIDDEN["slug"] for state in UNPUBLISHED),
                *(f"once-{name}-{state}" for state in UNPUBLISHED),
            ]
        return slugs


def walk(client, slugs, asked):
    """Yield (address, query, response) for each output and each question that it reads."""
    for name, parameters in patterns():
        for address in addresses_of(name, parameters, slugs):
            for query in asked if not parameters and name not in SAME_FOR_ALL else [{}]:
                yield address, query, client.get(address, query)


def said(response):
    """Return the status and the words, and JSON in an order of its own."""
    text = text_in(response)
    if response.get("Content-Type", "").startswith("application/json"):
        text = json.dumps(response.json(), sort_keys=True)
    return response.status_code, text


def forms_of(value):
    """Return what a hidden value could look like on a page."""
    if isinstance(value, float):
        return [f"{value:.3f}", f"{value:.4f}"]
    if isinstance(value, date):
        return [value.isoformat(), f"{value:%-d %B %Y}", f"{value:%d/%m/%Y}"]
    digits = re.sub(r"\D", "", value)
    words = [value.casefold(), *re.findall(r"[a-z]{9,}", value.casefold())]
    return [*(word for word in words if word != "organiser"), *([digits] if len(digits) > 8 else [])]
