"""Groups: people with the same trouble who help each other."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchRank, SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.geo import box_around, distance_expression
from directory.models import ContactWay, Listing, ListingQuerySet, Topic
from directory.search import MOST_WORDS, TEXT_CONFIG, any_of, in_column, query_for
from groups.choices import Access, Audience, CallsItself, Cost, GroupKind, OpenTo, RunBy, WayIn
from groups.models.meetings import Meeting
from groups.models.venues import Venue


def codes_field(choices, name, **kwargs):
    """Return a field for several codes out of `choices`."""
    return ArrayField(
        models.CharField(max_length=20, choices=choices), verbose_name=name, default=list, blank=True, **kwargs
    )


def known_codes(field, choices):
    """Return a constraint that `field` holds codes of `choices` only."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__contained_by": choices.values}), name=f"group_{field}_known"
    )


class GroupQuerySet(ListingQuerySet):
    """Groups by what somebody looks for. Each adjective filters; each `with_` annotates or fetches."""

    def about(self, topics):
        """Groups about one of the topics, given by slug, or about a topic that is part of one."""
        family = Topic.objects.filter(
            Q(slug__in=topics) | Q(parent__slug__in=topics) | Q(parent__parent__slug__in=topics)
        )
        return self.filter(Exists(Group.topics.through.objects.filter(group=OuterRef("pk"), topic__in=family)))

    def near(self, point, km):
        """Groups with a venue whose public point lies within `km` of `point`, with `distance` in km."""
        nearest = (
            Venue.objects.filter(
                box_around(point, km, "public_latitude", "public_longitude"), meetings__group=OuterRef("pk")
            )
            .annotate(km=distance_expression(point, "public_latitude", "public_longitude"))
            .order_by("km")
            .values("km")[:1]
        )
        return self.annotate(distance=Subquery(nearest)).filter(distance__lte=km)

    def with_meetings(self, **conditions):
        """Groups with at least one meeting that meets the conditions."""
        return self.filter(Exists(Meeting.objects.filter(group=OuterRef("pk"), **conditions)))

    def meeting_on(self, weekdays):
        """Groups that meet on one of the weekdays (0 for Monday)."""
        return self.with_meetings(weekdays__overlap=list(weekdays))

    def at_times_of_day(self, times):
        """Groups that start in one of the parts of the day."""
        return self.filter(Exists(Meeting.objects.filter(group=OuterRef("pk")).at_times_of_day(times)))

    def in_formats(self, formats):
        """Groups that meet in one of the formats; a hybrid meeting is both in person and online."""
        return self.filter(Exists(Meeting.objects.filter(group=OuterRef("pk")).in_formats(formats)))

    def with_access(self, needs):
        """Groups that meet every one of the access needs, themselves or through one venue."""
        found = self
        for need in needs:
            venue = Venue.objects.filter(meetings__group=OuterRef("pk"), access__contains=[need])
            found = found.filter(Q(access__contains=[need]) | Exists(venue))
        return found

    def for_audiences(self, audiences):
        """Groups that say they are for one of the audiences."""
        return self.filter(audiences__overlap=list(audiences))

    def with_ways_in(self, ways):
        """Groups that can be joined in one of the ways."""
        return self.filter(ways_in__overlap=list(ways))

    def speaking(self, languages):
        """Groups that use one of the languages, given by code."""
        return self.filter(Exists(Group.languages.through.objects.filter(group=OuterRef("pk"), language__in=languages)))

    def seeking_roles(self, roles):
        """Groups that look for a practitioner in one of the roles, given by slug."""
        link = Group.seeking.through.objects.filter(group=OuterRef("pk"), supportrole__slug__in=roles)
        return self.filter(Exists(link))

    def peer_led(self):
        """Groups whose members decide."""
        return self.filter(decisions_by_members=True)

    def free(self):
        """Groups that cost nothing, a voluntary gift apart."""
        return self.filter(cost__in=[Cost.FREE, Cost.DONATION])

    def matching(self, words):
        """Groups in whose text, topics or venues each of the words stands, with `rank`; all where no word counts.

        This is the plain search: one indexed column of the group's own text, and its topics, venues' towns and public
        venue names beside it.
        """
        found = self.annotate(rank=SearchRank(models.F("search"), any_of(words)))
        for word in words.split()[:MOST_WORDS]:
            topic = Group.topics.through.objects.filter(group=OuterRef("pk"), topic__in=topics_called(word))
            venue = Venue.objects.annotate(words=venue_words()).filter(
                meetings__group=OuterRef("pk"), words=query_for(word)
            )
            found = found.filter(in_column(word) | Exists(topic) | Exists(venue))
        return found

    def for_cards(self):
        """Groups with what a card in a list shows, in a constant number of queries."""
        return self.prefetch_related(models.Prefetch("meetings", Meeting.objects.for_display()), "topics", "languages")

    def by_next_date(self):
        """Groups, the soonest next meeting first, those without one last."""
        upcoming = Min("meetings__next_at", filter=Q(meetings__next_at__gte=timezone.now()))
        return self.annotate(soonest=upcoming).order_by(models.F("soonest").asc(nulls_last=True), "name", "pk")


def topics_called(word):
    """Return topics whose label or synonyms hold the word."""
    text = SearchVector("label", models.functions.Cast("synonyms", models.TextField()), config=TEXT_CONFIG)
    return Topic.objects.annotate(words=text).filter(words=query_for(word))


def venue_words():
    """Return the words of a venue that anyone may know: the town always, the name only with the exact address."""
    name = models.Case(
        models.When(exact_address_public=True, then=models.F("name")),
        default=models.Value(""),
        output_field=models.CharField(),
    )
    return SearchVector(name, "locality", "region", config=TEXT_CONFIG)


class Group(Listing):
    """A self-help group."""

    about = models.TextField(_("is it for me?"), blank=True, help_text=_("What it is about, in plain words. Public."))
    calls_itself = codes_field(CallsItself, _("calls itself"), help_text=_("The words it uses of itself. Public."))
    kind = models.CharField(
        _("kind"), max_length=20, choices=GroupKind, default=GroupKind.MUTUAL_AID, help_text=_("Public.")
    )
    run_by = models.CharField(
        _("run by"), max_length=20, choices=RunBy, blank=True, help_text=_("Empty where it is not known. Public.")
    )
    decisions_by_members = models.BooleanField(
        _("members decide"), null=True, blank=True, help_text=_("Whether decisions are the members'. Public.")
    )
    open_to = codes_field(OpenTo, _("who may come"), help_text=_("Public."))
    audiences = codes_field(Audience, _("only for"), help_text=_("Empty where it is for everyone. Public."))
    audience_note = models.CharField(_("about who it is for"), max_length=300, blank=True, help_text=_("Public."))
    age_from = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True, help_text=_("Public."))
    age_to = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True, help_text=_("Public."))
    ways_in = codes_field(WayIn, _("ways in"), help_text=_("How someone comes the first time. Public."))
    ways_in_note = models.CharField(_("about the way in"), max_length=300, blank=True, help_text=_("Public."))
    time_limited = models.BooleanField(
        _("time-limited"), null=True, blank=True, help_text=_("Whether people must leave after a time. Public.")
    )
    cost = models.CharField(
        _("cost"), max_length=10, choices=Cost, blank=True, help_text=_("Empty where it is not known. Public.")
    )
    cost_note = models.CharField(_("about the cost"), max_length=300, blank=True, help_text=_("Public."))
    first_time = models.TextField(
        _("the first time"), blank=True, help_text=_("What happens, one step a line. Public.")
    )
    ground_rules = models.TextField(_("ground rules"), blank=True, help_text=_("One rule a line. Public."))
    confidentiality = models.TextField(_("is it private?"), blank=True, help_text=_("Public."))
    safeguarding = models.TextField(
        _("keeping people safe"), blank=True, help_text=_("When the group would tell someone else. Public.")
    )
    usual_size = models.PositiveSmallIntegerField(
        _("how many come"), null=True, blank=True, help_text=_("About how many people come. Public.")
    )
    founded = models.PositiveSmallIntegerField(
        _("founded in"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2100)],
        help_text=_("A year. Public."),
    )
    access = codes_field(Access, _("access"), help_text=_("What the group itself offers, wherever it meets. Public."))
    host = models.CharField(_("host organisation"), max_length=160, blank=True, help_text=_("Public."))
    languages = models.ManyToManyField(
        "directory.Language", verbose_name=_("languages"), blank=True, help_text=_("Public.")
    )
    serves = models.ManyToManyField(
        "directory.Place",
        verbose_name=_("area served"),
        blank=True,
        related_name="groups_serving",
        help_text=_("Where it has no public address: the places it is for. Public."),
    )
    seeking = models.ManyToManyField(
        "directory.SupportRole",
        verbose_name=_("looks for"),
        blank=True,
        related_name="groups_seeking",
        help_text=_("Support roles that the group looks for now. Public."),
    )
    topics = models.ManyToManyField(
        "directory.Topic", verbose_name=_("topics"), related_name="groups", help_text=_("Public.")
    )
    search = models.GeneratedField(
        expression=SearchVector("name", weight="A", config=TEXT_CONFIG)
        + SearchVector("summary", weight="B", config=TEXT_CONFIG)
        + SearchVector("about", "host", weight="C", config=TEXT_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = GroupQuerySet.as_manager()

    owner_words = _("the group")

    class Meta(Listing.Meta):
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            *Listing.Meta.constraints,
            known_codes("calls_itself", CallsItself),
            known_codes("open_to", OpenTo),
            known_codes("audiences", Audience),
            known_codes("ways_in", WayIn),
            known_codes("access", Access),
            models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="group_kind_known"),
            models.CheckConstraint(condition=Q(run_by__in=["", *RunBy.values]), name="group_run_by_known"),
            models.CheckConstraint(condition=Q(cost__in=["", *Cost.values]), name="group_cost_known"),
            models.CheckConstraint(
                condition=Q(age_to__isnull=True) | Q(age_from__isnull=True) | Q(age_from__lte=models.F("age_to")),
                name="group_ages_in_order",
                violation_error_message=_("The lowest age comes before the highest."),
            ),
        ]
        indexes = [*Listing.Meta.indexes, GinIndex(fields=["search"], name="group_search")]

    def get_absolute_url(self):
        """The group's page."""
        return reverse("groups:detail", args=[self.slug])

    def labels(self, field, choices):
        """Return the words for the codes in `field`."""
        return [choices(code).label for code in getattr(self, field)]

    @property
    def access_labels(self):
        """What the group itself offers, in words."""
        return self.labels("access", Access)

    @property
    def audience_labels(self):
        """Whom it is for, in words; empty where it is for everyone."""
        return self.labels("audiences", Audience)

    @property
    def open_to_labels(self):
        """Who may come, in words."""
        return self.labels("open_to", OpenTo)

    @property
    def ways_in_labels(self):
        """How to come the first time, in words."""
        return self.labels("ways_in", WayIn)

    @property
    def calls_itself_labels(self):
        """The words it uses of itself."""
        return self.labels("calls_itself", CallsItself)

    @property
    def is_sensitive(self):
        """Whether one of its topics is sensitive. Reads the prefetched topics."""
        return any(topic.sensitive for topic in self.topics.all())


class GroupContact(ContactWay):
    """A way to reach a group."""

    group = models.ForeignKey(Group, verbose_name=_("group"), on_delete=models.CASCADE, related_name="contacts")

    class Meta(ContactWay.Meta):
        verbose_name = _("way to get in touch")
        verbose_name_plural = _("ways to get in touch")
