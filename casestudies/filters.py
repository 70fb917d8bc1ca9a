"""The search for case studies, over the whole practice template."""

from django.utils.translation import gettext_lazy, ngettext

from casestudies.choices import (
    Country,
    EffectAudience,
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
from casestudies.models import CaseStudy
from directory.filters import (
    CodeFilter,
    CodesFilter,
    ListingFilterSet,
    SwitchFilter,
    WordsFilter,
)
from directory.lists import role_choices, topic_choices


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
        "evaluation": gettext_lazy("Best evaluated first"),
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
