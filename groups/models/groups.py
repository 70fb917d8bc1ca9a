"""Groups: people with the same trouble who help each other."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.choices import ContactKind, PublicationState
from directory.likeness import ContactKey
from directory.models import ContactWay, Listing, ListingQuerySet, Mergeable, Topic, merged_is_archived
from groups.choices import OF_AN_AGE, Access, Audience, CallsItself, Cost, GroupKind, OpenTo, RunBy, WayIn
from groups.models.cards import MeetingRows, WithMeetings
from groups.wording import either_in_words, lower_after_the_first


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


# What a card shows of the group itself.
CARD = ["slug", "name", "summary", "text_language", "run_by", "access", "sample", "confirmed_at", "confirmed_by"]


class GroupQuerySet(ListingQuerySet):
    """Groups by what somebody looks for. Each adjective filters; each `with_` annotates or fetches."""

    def about(self, topics):
        """Groups about one of the topics, given by slug, or about a topic that is part of one."""
        family = Topic.objects.filter(
            Q(slug__in=topics) | Q(parent__slug__in=topics) | Q(parent__parent__slug__in=topics)
        )
        return self.filter(Exists(Group.topics.through.objects.filter(group=OuterRef("pk"), topic__in=family)))

    def seeking_roles(self, roles):
        """Groups that look for a practitioner in one of the roles, given by slug."""
        link = Group.seeking.through.objects.filter(group=OuterRef("pk"), supportrole__slug__in=roles)
        return self.filter(Exists(link))

    def looked_after_by(self, email):
        """Groups whose people get a link at this address: those with it on record, whoever may see it."""
        known = GroupContact.objects.filter(group=OuterRef("pk"), kind=ContactKind.EMAIL, value__iexact=email)
        away = Q(state=PublicationState.ARCHIVED, withdrawn_on=None) | Q(state=PublicationState.DRAFT)
        return self.filter(Exists(known), sample=False).exclude(away)

    def for_cards(self):
        """Groups with what a card in a list shows, in one query."""
        served = self.model.serves.through.objects.filter(group=models.OuterRef("pk"))
        nations = ArraySubquery(served.values("place__country").distinct())
        found = self.only(*CARD).annotate(served_in=nations, meeting_rows=MeetingRows("pk"))
        found._iterable_class = WithMeetings
        return found

    def by_next_date(self):
        """Groups, the soonest next meeting first, those without one last."""
        upcoming = Min("meetings__next_at", filter=Q(meetings__next_at__gte=timezone.now()))
        return self.annotate(soonest=upcoming).order_by(models.F("soonest").asc(nulls_last=True), "name", "pk")


class Group(Mergeable, Listing):
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
    # Set by the group's own people, with the link that they get by e-mail.
    withdrawn_on = models.DateField(_("withdrawn by its own people on"), null=True, blank=True, editable=False)

    objects = GroupQuerySet.as_manager()

    kept_on_restore = (*Listing.kept_on_restore, "merged_into", "withdrawn_on")
    merged_parts = ("meetings", "contacts")
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
            models.CheckConstraint(
                condition=~Q(state=PublicationState.PUBLISHED) | Q(withdrawn_on__isnull=True),
                name="group_not_published_when_withdrawn",
                violation_error_message=_(
                    "Its own people took it away. They can bring it back with their link, or you can once they ask you."
                ),
            ),
            models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="group_kind_known"),
            models.CheckConstraint(condition=Q(run_by__in=["", *RunBy.values]), name="group_run_by_known"),
            models.CheckConstraint(condition=Q(cost__in=["", *Cost.values]), name="group_cost_known"),
            models.CheckConstraint(
                condition=Q(age_to__isnull=True) | Q(age_from__isnull=True) | Q(age_from__lte=models.F("age_to")),
                name="group_ages_in_order",
                violation_error_message=_("The lowest age comes before the highest."),
            ),
            merged_is_archived("group"),
        ]
        indexes = [
            *Listing.Meta.indexes,
            GinIndex(fields=["name"], name="group_name_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def get_absolute_url(self):
        """The group's page."""
        return reverse("groups:detail", args=[self.slug])

    def labels(self, field, choices):
        """Return the words for the codes in `field`."""
        return [choices(code).label for code in getattr(self, field)]

    @property
    def nations_served(self):
        """The nations of the places it serves, which tell whose bank holidays an online meeting keeps."""
        return self.served_in if hasattr(self, "served_in") else [place.country for place in self.serves.all()]

    @property
    def access_labels(self):
        """What the group itself offers, in words."""
        return self.labels("access", Access)

    @property
    def audience_labels(self):
        """Whom it is for, in words; empty where it is for everyone. Where the ages are known, they say it better."""
        said = OF_AN_AGE if self.age_from or self.age_to else ()
        return [Audience(code).label for code in self.audiences if code not in said]

    @property
    def open_to_labels(self):
        """Who may come, in words."""
        return self.labels("open_to", OpenTo)

    @property
    def ways_in_labels(self):
        """How to come the first time, in words."""
        return self.labels("ways_in", WayIn)

    @property
    def ways_in_words(self):
        """How to come the first time, as one choice: 'Just turn up, or get in touch first'."""
        return either_in_words(lower_after_the_first(map(str, self.ways_in_labels)))

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
        indexes = [models.Index(ContactKey("kind", "value"), name="groupcontact_key")]
