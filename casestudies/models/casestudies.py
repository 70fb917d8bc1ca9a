"""Case studies, each in the 21 fields of the European Social Network's practice template."""

from functools import reduce
from operator import and_

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchRank, SearchVectorField
from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casestudies.choices import (
    BY_STRENGTH,
    Country,
    EffectKind,
    Engagement,
    Evaluation,
    Funding,
    Involvement,
    Issue,
    Leadership,
    Scope,
    Status,
    Sustainability,
    Theme,
    Transferability,
)
from casestudies.models.evidence import Effect, Programme, Source
from casestudies.models.search import AnyOf, Holds, all_words, stands_in_text, typed_words
from directory.models import Listing, ListingQuerySet, SupportRole, Topic

NOT_STATED = _("Empty where the source does not say. Public.")


class CaseStudyQuerySet(ListingQuerySet):
    """Case studies by what somebody wants to learn."""

    def about(self, topics):
        """Case studies on one of the topics, given by slug, or on a topic that is part of one."""
        return self.filter(is_about(topics))

    def showing_roles(self, roles):
        """Case studies that show one of the support roles, given by slug (this product's own reading)."""
        return self.filter(Exists(RoleShown.objects.filter(case_study=OuterRef("pk"), role__slug__in=roles)))

    def with_effects_on(self, audiences, *, measured=False):
        """Case studies that report an effect on one of the audiences; measured ones only, where asked."""
        effects = Effect.objects.filter(case_study=OuterRef("pk"))
        if audiences:
            effects = effects.filter(audience__in=audiences)
        if measured:
            effects = effects.filter(kind=EffectKind.MEASURED)
        return self.filter(Exists(effects))

    def with_measured_effects(self):
        """Case studies that report a measured effect on anyone."""
        return self.with_effects_on([], measured=True)

    def newest_first(self):
        """Case studies by the year they describe, those without one last."""
        return self.order_by(models.F("year").desc(nulls_last=True), "name", "pk")

    def strongest_first(self):
        """Case studies by how they were evaluated, those that do not say last; of equals, those that measured first."""
        places = [When(evaluation=code, then=place) for place, code in enumerate(BY_STRENGTH)]
        return self.with_has_measured().order_by(Case(*places, default=len(places)), "-has_measured", "name", "pk")

    def matching(self, words):
        """Case studies in whose text each of the words stands, with `rank`."""
        typed = typed_words(words)
        if not typed:
            return self.annotate(rank=Value(0.0))
        found = self.annotate(rank=SearchRank(models.F("search"), AnyOf(typed)))
        for word in typed:
            found = found.filter(stands_in_text(word))
        return found

    def found_first_by(self, texts, topics):
        """Case studies in which all words of one of the texts stand, or, where none holds any, on the topics.

        Those of the first text come first, by `way`, its number; the topics are one more. `found` is how many have that
        way in common. Each text has a word.
        """
        texts = [typed_words(text) for text in texts]
        # Of words that say nothing, 'son' in French, none stands anywhere.
        stands = [Q(Holds("search", AnyOf(typed))) & reduce(and_, map(stands_in_text, typed)) for typed in texts]
        ways = [When(condition, then=way) for way, condition in enumerate(stands)]
        ways += [When(is_about(topics), then=len(texts))] if topics else []
        if not ways:
            return self.none()
        ranks = [When(way=way, then=SearchRank(models.F("search"), AnyOf(typed))) for way, typed in enumerate(texts)]
        return (
            self.annotate(way=Case(*ways))
            .filter(way__isnull=False)
            .annotate(rank=Case(*ranks, default=0.0))
            .annotate(found=Window(Count("pk"), partition_by="way"))
            .order_by("way", "-rank", "name", "pk")
        )

    def nearest_first(self, case):
        """Other case studies, those of the same programme first, then by shared topics and themes."""
        topics = list(case.topics.values_list("pk", flat=True))
        same_programme = Q(programme=case.programme_id) if case.programme_id else Q(pk__isnull=True)
        return (
            self.exclude(pk=case.pk)
            .annotate(
                same_programme=Case(When(same_programme, then=True), default=False),
                shared_topics=Count("topics", filter=Q(topics__in=topics), distinct=True),
                shares_a_theme=Case(When(themes__overlap=case.themes, then=True), default=False),
            )
            .order_by("-same_programme", "-shared_topics", "-shares_a_theme", "name", "pk")
        )

    def like(self, case):
        """Other case studies of the same programme, topics or themes, the nearest first."""
        alike = Q(same_programme=True) | Q(shared_topics__gt=0) | Q(shares_a_theme=True)
        return self.nearest_first(case).filter(alike)

    def with_has_measured(self):
        """Case studies with `has_measured`: whether they report a measured effect."""
        measured = Effect.objects.filter(case_study=OuterRef("pk"), kind=EffectKind.MEASURED)
        return self.annotate(has_measured=Exists(measured))

    def for_cards(self):
        """Case studies with what a card in a list shows, in a constant number of queries."""
        return self.with_has_measured()


def is_about(topics):
    """Return the condition on a case study that it is on one of the topics, given by slug, or on a part of one."""
    family = Topic.objects.filter(Q(slug__in=topics) | Q(parent__slug__in=topics) | Q(parent__parent__slug__in=topics))
    return Exists(CaseStudy.topics.through.objects.filter(casestudy=OuterRef("pk"), topic__in=family))


def template_choice(choices, number, name, **kwargs):
    """Return the model field for a template field with one answer out of `choices`."""
    return models.CharField(
        f"{number}. {name}" if number else name,
        max_length=24,
        choices=choices,
        blank=True,
        help_text=NOT_STATED,
        **kwargs,
    )


def template_text(name):
    """Return the model field for a template field in words (Markdown)."""
    return models.TextField(name, blank=True, help_text=NOT_STATED)


class CaseStudy(Listing):
    """What one practice is, what it cost, what changed, what was learned. Numbers are the template's fields."""

    country = models.CharField(
        _("country"),
        max_length=3,
        choices=Country,
        blank=True,
        help_text=_("Empty where it is in no one country. Public."),
    )
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("The year it describes. Public.")
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="case_studies",
    )
    organisation = models.CharField(_("2. responsible organisation"), max_length=300, blank=True, help_text=NOT_STATED)
    contact = models.CharField(_("3. contact"), max_length=300, blank=True, help_text=NOT_STATED)
    visit_email = models.EmailField(
        _("where wishes to visit go"),
        blank=True,
        help_text=_("Never shown. We pass on what readers write who want to visit. Empty: curators answer them."),
    )
    overview = template_text(_("4. summary"))
    context = template_text(_("5. context"))
    staff = template_text(_("6. staff"))
    target_group = template_text(_("7. target group"))
    aims = template_text(_("8. aims"))
    issues = ArrayField(
        models.CharField(max_length=24, choices=Issue),
        verbose_name=_("9. issues for social services"),
        default=list,
        blank=True,
        help_text=NOT_STATED,
    )
    issues_note = template_text(_("9. about the issues"))
    status = template_choice(Status, 10, _("status"))
    status_note = template_text(_("10. about the status"))
    scope = template_choice(Scope, 11, _("scope"))
    scope_note = template_text(_("11. about the scope"))
    leadership = template_choice(Leadership, 12, _("leadership"))
    leadership_note = template_text(_("12. about the leadership"))
    engagement = template_choice(Engagement, 13, _("stakeholders"))
    engagement_note = template_text(_("13. about the stakeholders"))
    involvement = template_choice(Involvement, 14, _("involvement"))
    involvement_note = template_text(_("14. about the involvement"))
    funding = ArrayField(
        models.CharField(max_length=24, choices=Funding),
        verbose_name=_("15. how it is paid for"),
        default=list,
        blank=True,
        help_text=NOT_STATED,
    )
    costs = template_text(_("15. costs and resources"))
    evaluation = template_choice(Evaluation, 16, _("evaluation"))
    evaluation_note = template_text(_("16. about the evaluation"))
    lessons = template_text(_("19. lessons"))
    sustainability = template_choice(Sustainability, 20, _("sustainability"))
    sustainability_note = template_text(_("20. about the sustainability"))
    transferability = template_choice(Transferability, 21, _("transferability"))
    transferability_note = template_text(_("21. about the transferability"))
    themes = ArrayField(
        models.CharField(max_length=24, choices=Theme),
        verbose_name=_("themes"),
        default=list,
        blank=True,
        help_text=_("Public."),
    )
    topics = models.ManyToManyField(
        "directory.Topic", verbose_name=_("topics"), blank=True, related_name="case_studies", help_text=_("Public.")
    )
    roles = models.ManyToManyField(
        SupportRole, through="casestudies.RoleShown", verbose_name=_("support roles"), related_name="case_studies"
    )
    groups = models.ManyToManyField(
        "groups.Group", verbose_name=_("groups"), blank=True, related_name="case_studies", help_text=_("Public.")
    )
    practitioners = models.ManyToManyField(
        "practitioners.Practitioner", verbose_name=_("practitioners"), blank=True, related_name="case_studies"
    )
    sources = models.ManyToManyField(
        Source, verbose_name=_("sources"), blank=True, related_name="case_studies", help_text=_("Public.")
    )
    # The words of its effects, figures, questions and roles. The database keeps it; nothing else writes it.
    more_text = models.TextField(default="", editable=False)
    search = models.GeneratedField(expression=all_words(), output_field=SearchVectorField(), db_persist=True)

    objects = CaseStudyQuerySet.as_manager()

    class Meta(Listing.Meta):
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")
        constraints = [
            *Listing.Meta.constraints,
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{field}__in": ["", *choices.values]}), name=f"casestudy_{field}_known"
                )
                for field, choices in {
                    "status": Status,
                    "scope": Scope,
                    "leadership": Leadership,
                    "engagement": Engagement,
                    "involvement": Involvement,
                    "evaluation": Evaluation,
                    "sustainability": Sustainability,
                    "transferability": Transferability,
                }.items()
            ],
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{field}__contained_by": choices.values}), name=f"casestudy_{field}_known"
                )
                for field, choices in {"issues": Issue, "funding": Funding, "themes": Theme}.items()
            ],
        ]
        indexes = [*Listing.Meta.indexes, GinIndex(fields=["search"], name="casestudy_search")]

    def get_absolute_url(self):
        """The case study's page."""
        return reverse("casestudies:detail", args=[self.slug])

    @property
    def theme_labels(self):
        """Themes, in words."""
        return [Theme(code).label for code in self.themes]


class RoleShown(models.Model):
    """What a case study shows of a support role. No source says this: it is this product's own reading."""

    case_study = models.ForeignKey(
        CaseStudy, verbose_name=_("case study"), on_delete=models.CASCADE, related_name="roles_shown"
    )
    role = models.ForeignKey(SupportRole, verbose_name=_("role"), on_delete=models.PROTECT, related_name="shown_in")
    text = models.TextField(_("what it shows"), help_text=_("Our own reading. Public."))

    class Meta:
        verbose_name = _("role shown")
        verbose_name_plural = _("roles shown")
        ordering = ["role__position"]
        constraints = [models.UniqueConstraint(fields=["case_study", "role"], name="roleshown_once")]

    def __str__(self):
        return f"{self.case_study}: {self.role}"
