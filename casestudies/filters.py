"""The search for case studies, over the whole practice template."""

from django.utils.translation import gettext_lazy, ngettext

from casestudies.choices import (
    BY_STRENGTH,
    Country,
    EffectAudience,
    EffectKind,
    Engagement,
    Evaluation,
    Funding,
    Involvement,
    Leadership,
    Scope,
    Status,
    Sustainability,
    Theme,
    Transferability,
)
from casestudies.counting import count_choices
from casestudies.models import CaseStudy
from casestudies.spelling import mend
from directory.filters import (
    Choice,
    CodeFilter,
    CodesFilter,
    Counted,
    ListingFilterSet,
    ResultPage,
    SwitchFilter,
    WordsFilter,
)
from directory.formfields import CodesField
from directory.lists import role_choices, topic_choices

# Choices that are not of the template: that none is about them says nothing.
NOT_OF_THE_TEMPLATE = {"topic", "country"}


def one_of(name, label, choices):
    """Return a filter on a template field with one answer."""
    return CodesFilter(label=label, choices=choices.choices, field_name=name, lookup_expr="in")


def some_of(name, label, choices):
    """Return a filter on a template field with several answers."""
    return CodesFilter(label=label, choices=choices.choices, field_name=name, lookup_expr="overlap")


class CaseStudyFilterSet(ListingFilterSet):
    """A search for case studies."""

    sort_orders = {
        "name": gettext_lazy("By name"),
        "relevance": gettext_lazy("Best match first"),
        "year": gettext_lazy("Newest first"),
        "evaluation": gettext_lazy("Strongest evaluation first"),
    }

    q = WordsFilter(label=gettext_lazy("What do you want to learn about?"), method="match")
    topic = CodesFilter(label=gettext_lazy("Topic"), choices=topic_choices, queryset_method="about")
    role = CodesFilter(
        label=gettext_lazy("Support role, as we read it"), choices=role_choices, queryset_method="showing_roles"
    )
    theme = some_of("themes", gettext_lazy("Theme"), Theme)
    country = one_of("country", gettext_lazy("Country"), Country)
    status = one_of("status", gettext_lazy("How far it has come"), Status)
    scope = one_of("scope", gettext_lazy("Scale"), Scope)
    leadership = one_of("leadership", gettext_lazy("Who leads it"), Leadership)
    engagement = one_of("engagement", gettext_lazy("How others were brought in"), Engagement)
    involvement = one_of("involvement", gettext_lazy("Part that users play"), Involvement)
    funding = some_of("funding", gettext_lazy("How it is paid for"), Funding)
    evaluation = one_of("evaluation", gettext_lazy("How it was evaluated"), Evaluation)
    sustainability = one_of("sustainability", gettext_lazy("Can it last?"), Sustainability)
    transferability = one_of("transferability", gettext_lazy("Does it work elsewhere?"), Transferability)
    audience = CodesFilter(label=gettext_lazy("Effects on"), choices=EffectAudience.choices, method="affect")
    measured = SwitchFilter(label=gettext_lazy("Measured effects only"), queryset_method="with_measured_effects")
    sort = CodeFilter(label=gettext_lazy("Order"), choices=list(sort_orders.items()))

    class Meta:
        model = CaseStudy
        fields = []

    def match(self, queryset, name, value):
        """Return the case studies in whose text the words stand."""
        return queryset.matching(value)

    def affect(self, queryset, name, value):
        """Return the case studies with an effect on one of the audiences, a measured one where that is asked."""
        return queryset.with_effects_on(value, measured=bool(self.values.get("measured")))

    def ordered(self, queryset):
        """Return the case studies in order."""
        match self.sort:
            case "year":
                return queryset.newest_first()
            case "evaluation":
                return queryset.strongest_first()
        return super().ordered(queryset)

    def headline(self, total):
        """Return the search in one sentence: '3 case studies'."""
        return ngettext("%(n)s case study", "%(n)s case studies", total) % {"n": total}


class CaseStudyResults(ResultPage):
    """One page of case studies, with counts for what is left to choose."""

    def context(self):
        """Return what the list template needs."""
        self._count_choices()
        return super().context() | {
            "headline": self.filterset.headline(self.total),
            "strengths": [code.label for code in BY_STRENGTH],
            "missing": self.missing,
            "place_suggestions": [] if self.total else self._other_spellings(),
        }

    def _count_choices(self):
        """Put its count beside each choice that some case study has, and name those of the template that none has."""
        filterset, asked = self.filterset, self.filterset.asked
        published = CaseStudy.objects.published()
        kinds = [EffectKind.MEASURED] if asked.get("measured") else EffectKind.values
        in_use = count_choices(lambda *names: published)
        counts = in_use
        fitting = published
        if "q" in asked:
            # The words are looked up once and not again for each choice.
            fitting = published.filter(pk__in=list(published.matching(asked["q"]).values_list("pk", flat=True)))
        if set(asked) - {"sort"}:
            counts = count_choices(lambda *names: filterset.filter_queryset(fitting, ("q", *names)), asked, kinds=kinds)
        self.missing = []
        for name, field in filterset.form.fields.items():
            if not isinstance(field, CodesField):
                continue
            chosen = asked.get(name, [])
            unused = [label for code, label in field.choices if not in_use[name, code]]
            self.missing += [label for code, label in field.choices if code in chosen and not in_use[name, code]]
            if name not in NOT_OF_THE_TEMPLATE:
                field.none_yet = unused
            field.widget.choices = [
                (code, Counted.with_count(label, counts[name, code]))
                for code, label in field.choices
                if in_use[name, code] or code in chosen
            ]
        measured = filterset.filter_queryset(fitting, ("q", "measured", "audience"))
        switch = filterset.form["measured"]
        switch.label = Counted.with_count(
            switch.label, measured.with_effects_on(asked.get("audience", []), measured=True).count()
        )

    def _other_spellings(self):
        """Return the search with words that the case studies hold, where one was misspelt."""
        words = self.filterset.asked.get("q", "")
        mended = mend(words) if words else words
        return [Choice(mended, self.filterset.url(self.path, q=mended))] if mended != words else []
