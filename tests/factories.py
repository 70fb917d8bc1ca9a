"""Real objects for tests, with as little as each needs. Everything is published unless a test says otherwise."""

from datetime import time

import factory
from django.utils import timezone

from casestudies.models import (
    CaseStudy,
    Effect,
    KeyFigure,
    Programme,
    ReaderQuestion,
    RoleShown,
    Source,
    Submission,
    VisitorQuestion,
)
from directory.models import (
    HelpLine,
    Language,
    Place,
    PostcodeSector,
    Suggestion,
    SupportArea,
    SupportRole,
    Topic,
)
from groups.models import Group, GroupContact, Meeting, MeetingBreak, MeetingException, Venue
from practitioners.models import Practitioner, PractitionerContact, Support


class LanguageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Language
        django_get_or_create = ["code"]

    code = "en"
    name = "English"


class HelpLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HelpLine

    slug = factory.Sequence(lambda n: f"line-{n}")
    name = factory.Sequence(lambda n: f"Line {n}")
    number = "01632 960001"
    for_whom = "Anyone"
    countries = ["ENG"]
    hours = "Always"


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda n: f"topic-{n}")
    label = factory.Sequence(lambda n: f"Topic {n}")
    description = "Support for people it happens to."


class PlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Place

    code = factory.Sequence(lambda n: f"test:{n}")
    name = "Leeds"
    kind = "city"
    area = "West Yorkshire"
    country = "ENG"
    latitude = 53.796
    longitude = -1.548
    radius_km = 6
    population = 455123


class CountryFactory(PlaceFactory):
    """France, as far as it reaches: over the Channel to Leeds."""

    name = "France"
    kind = "country"
    area = ""
    country = "FR"
    latitude = 46.6
    longitude = 2.4
    radius_km = 792
    population = None


class PostcodeSectorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PostcodeSector

    sector = "CR0 1"
    outward = "CR0"
    latitude = 51.371
    longitude = -0.1
    district = "Croydon"
    country = "ENG"


class SupportAreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SupportArea

    slug = factory.Sequence(lambda n: f"area-{n}")
    name = factory.Sequence(lambda n: f"Area {n}")
    short = "In short"
    description = "In our words"


class SupportRoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SupportRole

    slug = factory.Sequence(lambda n: f"role-{n}")
    name = factory.Sequence(lambda n: f"Role {n}")
    summary = "In one sentence."
    what_it_is = "What it is."
    ends_well = "It ends well."
    reading_note = "This is our own reading."


class SuggestionFactory(factory.django.DjangoModelFactory):
    """A correction to a listing, on which nobody has decided."""

    class Meta:
        model = Suggestion

    kind = "correction"
    title = factory.LazyAttribute(lambda suggestion: suggestion.listing.name)


class ListingFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    state = "published"
    summary = "A small, quiet group."


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Venue

    name = "The Reading Rooms"
    kind = "library"
    address = "4 Lantern Yard"
    locality = "Headingley"
    country = "ENG"
    latitude = 53.819
    longitude = -1.577
    address_visibility = "everyone"


class GroupFactory(ListingFactory):
    class Meta:
        model = Group

    slug = factory.Sequence(lambda n: f"group-{n}")
    name = factory.Sequence(lambda n: f"Group {n}")

    @factory.post_generation
    def topics(self, create, extracted, **kwargs):
        if extracted:
            self.topics.set(extracted)

    @factory.post_generation
    def languages(self, create, extracted, **kwargs):
        if extracted:
            self.languages.set(extracted)


class ContactFactory(factory.django.DjangoModelFactory):
    """A way to get in touch: what everyone sees is no person's, unless a test says otherwise."""

    class Meta:
        abstract = True

    personal = factory.LazyAttribute(lambda each: "no" if each.visibility == "everyone" else "unknown")
    visibility = "curators"


class GroupContactFactory(ContactFactory):
    class Meta:
        model = GroupContact

    group = factory.SubFactory(GroupFactory)
    kind = "email"
    value = "organiser@example.org"


class MeetingFactory(factory.django.DjangoModelFactory):
    """Every Tuesday, 7 pm to 8.30 pm, in a library."""

    class Meta:
        model = Meeting

    group = factory.SubFactory(GroupFactory)
    venue = factory.SubFactory(VenueFactory)
    weekdays = [1]
    start_time = time(19)
    minutes = 90


class MeetingBreakFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MeetingBreak

    meeting = factory.SubFactory(MeetingFactory)


class MeetingExceptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MeetingException

    meeting = factory.SubFactory(MeetingFactory)


class PractitionerFactory(ListingFactory):
    class Meta:
        model = Practitioner

    slug = factory.Sequence(lambda n: f"practitioner-{n}")
    name = factory.Sequence(lambda n: f"Practitioner {n}")
    summary = "Helps groups."
    consent_given_on = factory.LazyFunction(timezone.localdate)

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        if extracted:
            self.roles.set(extracted)

    @factory.post_generation
    def topics(self, create, extracted, **kwargs):
        if extracted:
            self.topics.set(extracted)

    @factory.post_generation
    def places(self, create, extracted, **kwargs):
        if extracted:
            self.places.set(extracted)


class PractitionerContactFactory(ContactFactory):
    class Meta:
        model = PractitionerContact

    practitioner = factory.SubFactory(PractitionerFactory)
    kind = "email"
    value = "practitioner@example.org"


class SupportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Support

    practitioner = factory.SubFactory(PractitionerFactory)
    group = factory.SubFactory(GroupFactory)
    role = factory.SubFactory(SupportRoleFactory)
    group_agrees = True
    practitioner_agrees = True


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    slug = factory.Sequence(lambda n: f"source-{n}")
    title = factory.Sequence(lambda n: f"Source {n}")
    publisher = "A publisher"
    year = 2013


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    name = factory.Sequence(lambda n: f"Programme {n}")


class CaseStudyFactory(ListingFactory):
    class Meta:
        model = CaseStudy

    slug = factory.Sequence(lambda n: f"case-{n}")
    name = factory.Sequence(lambda n: f"Case study {n}")
    summary = "What worked, and what it cost."
    country = "ENG"

    @factory.post_generation
    def topics(self, create, extracted, **kwargs):
        if extracted:
            self.topics.set(extracted)

    @factory.post_generation
    def sources(self, create, extracted, **kwargs):
        if extracted:
            self.sources.set(extracted)


class EffectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Effect

    case_study = factory.SubFactory(CaseStudyFactory)
    source = factory.SubFactory(SourceFactory)
    audience = "service-users"
    kind = "measured"
    text = "Fewer people felt alone."


class KeyFigureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = KeyFigure

    case_study = factory.SubFactory(CaseStudyFactory)
    source = factory.SubFactory(SourceFactory)
    label = "groups"
    value = 403


class RoleShownFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleShown

    case_study = factory.SubFactory(CaseStudyFactory)
    role = factory.SubFactory(SupportRoleFactory)
    text = "Our own reading."


class VisitorQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VisitorQuestion

    case_study = factory.SubFactory(CaseStudyFactory)
    source = factory.SubFactory(SourceFactory)
    question = "How do people join?"
    answer = "They ask."


class ReaderQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReaderQuestion

    case_study = factory.SubFactory(CaseStudyFactory)
    wish = "question"
    email = "reader@example.org"
    message = "Who pays for it?"


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    email = "writer@example.org"
    answers = factory.LazyFunction(lambda: {"name": "A working title"})
