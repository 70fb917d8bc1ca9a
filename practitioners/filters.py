"""The search for practitioners."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.filters import (
    DISTANCES,
    CodeFilter,
    CodesFilter,
    ListingFilterSet,
    PlaceFilter,
    SwitchFilter,
    WordsFilter,
    area_choices,
    language_choices,
    role_choices,
    topic_choices,
)
from practitioners.choices import Sector
from practitioners.models import Practitioner


class PractitionerFilterSet(ListingFilterSet):
    """A search for practitioners."""

    sort_orders = {
        "name": gettext_lazy("By name"),
        "relevance": gettext_lazy("Best match first"),
        "distance": gettext_lazy("Nearest first"),
        "confirmed": gettext_lazy("Newly confirmed first"),
    }

    q = WordsFilter(label=gettext_lazy("What do you need?"), method="match")
    near = PlaceFilter(label=gettext_lazy("Where are you?"))
    within = CodeFilter(
        label=gettext_lazy("How far away?"),
        choices=[(d, d) for d in DISTANCES],
        empty_label=gettext_lazy("The usual distance"),
    )
    role = CodesFilter(label=gettext_lazy("Support role"), choices=role_choices, queryset_method="in_roles")
    area = CodesFilter(label=gettext_lazy("Area of support"), choices=area_choices, queryset_method="in_areas")
    topic = CodesFilter(label=gettext_lazy("Topic"), choices=topic_choices, queryset_method="about")
    sector = CodesFilter(
        label=gettext_lazy("Where they work"), choices=Sector.choices, field_name="sector", lookup_expr="in"
    )
    language = CodesFilter(label=gettext_lazy("Language"), choices=language_choices, queryset_method="speaking")
    accepting = SwitchFilter(label=gettext_lazy("Takes requests now"), queryset_method="accepting")
    sort = CodeFilter(label=gettext_lazy("Order"), choices=list(sort_orders.items()))

    class Meta:
        model = Practitioner
        fields = []

    def match(self, queryset, name, value):
        """Return the practitioners in whose text the words stand."""
        return queryset.matching(value)

    def narrow_choices(self, form):
        """Show the topics and languages that practitioners know, and those chosen."""
        published = Practitioner.objects.published()
        for name, used in [
            ("topic", published.values_list("topics__slug", flat=True)),
            ("language", published.values_list("languages", flat=True)),
        ]:
            shown = set(form.cleaned_data.get(name, [])) | set(used.distinct().order_by())
            form.fields[name].widget.choices = [each for each in form.fields[name].choices if each[0] in shown]

    def headline(self, total):
        """Return the search in one sentence: '4 practitioners near Leeds'."""
        words = ngettext("%(n)s practitioner", "%(n)s practitioners", total) % {"n": total}
        return _("%(people)s near %(place)s") % {"people": words, "place": self.place.label} if self.place else words
