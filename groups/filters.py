"""The search for groups: each parameter of the address, mapped onto a QuerySet method."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.choices import Weekday
from directory.filters import (
    DISTANCES,
    CodeFilter,
    CodesFilter,
    ListingFilterSet,
    PlaceFilter,
    SwitchFilter,
    WordsFilter,
    language_choices,
    role_choices,
    topic_choices,
)
from directory.models import Topic
from groups.choices import Access, Audience, GroupKind, MeetingFormat, RunBy, TimeOfDay, WayIn
from groups.models import Group

CONFIRMED_WITHIN = [
    ("30", gettext_lazy("Confirmed in the last month")),
    ("91", gettext_lazy("Confirmed in the last 3 months")),
    ("182", gettext_lazy("Confirmed in the last 6 months")),
]


class WeekdaysFilter(CodesFilter):
    """Days of the week by name; groups that meet on one of them."""

    def filter(self, qs, value):
        """Return the groups that meet on one of the days."""
        return qs.meeting_on(Weekday(code).number for code in value) if value else qs


class GroupFilterSet(ListingFilterSet):
    """A search for groups."""

    sort_orders = {
        "soonest": gettext_lazy("Soonest first"),
        "relevance": gettext_lazy("Best match first"),
        "distance": gettext_lazy("Nearest first"),
        "confirmed": gettext_lazy("Newly confirmed first"),
        "name": gettext_lazy("By name"),
    }

    q = WordsFilter(label=gettext_lazy("What is going on?"), method="match")
    near = PlaceFilter(label=gettext_lazy("Where are you?"))
    within = CodeFilter(label=gettext_lazy("How far can you go?"), choices=[(d, d) for d in DISTANCES])
    topic = CodesFilter(label=gettext_lazy("Topic"), choices=topic_choices, queryset_method="about")
    day = WeekdaysFilter(label=gettext_lazy("Day"), choices=Weekday.choices)
    time = CodesFilter(label=gettext_lazy("Time of day"), choices=TimeOfDay.choices, queryset_method="at_times_of_day")
    format = CodesFilter(
        label=gettext_lazy("How you meet"), choices=MeetingFormat.choices, queryset_method="in_formats"
    )
    audience = CodesFilter(
        label=gettext_lazy("Who it is for"), choices=Audience.choices, queryset_method="for_audiences"
    )
    access = CodesFilter(label=gettext_lazy("Access needs"), choices=Access.choices, queryset_method="with_access")
    language = CodesFilter(label=gettext_lazy("Language"), choices=language_choices, queryset_method="speaking")
    referral = CodesFilter(label=gettext_lazy("How to join"), choices=WayIn.choices, queryset_method="with_ways_in")
    kind = CodesFilter(
        label=gettext_lazy("Kind of group"), choices=GroupKind.choices, field_name="kind", lookup_expr="in"
    )
    run_by = CodesFilter(
        label=gettext_lazy("Who runs it"), choices=RunBy.choices, field_name="run_by", lookup_expr="in"
    )
    peer_led = SwitchFilter(label=gettext_lazy("The members decide"), queryset_method="peer_led")
    free = SwitchFilter(label=gettext_lazy("Free"), queryset_method="free")
    seeking = CodesFilter(
        label=gettext_lazy("Looks for support"), choices=role_choices, queryset_method="seeking_roles"
    )
    confirmed = CodeFilter(
        label=gettext_lazy("Confirmed"), choices=CONFIRMED_WITHIN, queryset_method="confirmed_within"
    )
    sort = CodeFilter(label=gettext_lazy("Order"), choices=list(sort_orders.items()))
    view = CodeFilter(label=gettext_lazy("View"), choices=[("list", gettext_lazy("List"))])

    class Meta:
        model = Group
        fields = []

    def match(self, queryset, name, value):
        """Return the groups in which the words stand."""
        return queryset.matching(value)

    def narrow_choices(self, form):
        """Show the widest topics and those chosen, and the languages that groups speak."""
        chosen = set(form.cleaned_data.get("topic", []))
        widest = set(Topic.objects.filter(parent=None).values_list("slug", flat=True))
        topic = form.fields["topic"]
        topic.widget.choices = [each for each in topic.choices if each[0] in widest | chosen]
        spoken = set(form.cleaned_data.get("language", []))
        spoken |= set(Group.objects.published().values_list("languages", flat=True).distinct())
        language = form.fields["language"]
        language.widget.choices = [each for each in language.choices if each[0] in spoken]

    def ordered(self, queryset):
        """Return the groups in order; the soonest next meeting first where nothing else is asked."""
        return queryset.by_next_date() if self.sort == "soonest" else super().ordered(queryset)

    def headline(self, total):
        """Return the search in one sentence: '6 groups for Anxiety and panic near Leeds'."""
        words = ngettext("%(n)s group", "%(n)s groups", total) % {"n": total}
        topics = [
            str(label) for code, label in self.form.fields["topic"].choices if code in self.values.get("topic", [])
        ]
        if topics:
            words = _("%(groups)s for %(topics)s") % {"groups": words, "topics": ", ".join(topics)}
        if self.place:
            words = _("%(groups)s near %(place)s") % {"groups": words, "place": self.place.label}
        return words

    def wider(self, path):
        """Return wider searches, each with its address and how many groups it finds, fruitful ones only."""
        options = []
        if self.place:
            further = next((d for d in DISTANCES if int(d) > self.distance), None)
            if further:
                label = _("Go up to %(n)s km") if self.place.in_kilometres else _("Go up to %(n)s miles")
                options.append((label % {"n": further}, {"within": further}, ()))
            options.append((_("Groups online"), {"format": MeetingFormat.ONLINE}, ("near", "within", "format")))
        for names, label in [
            (("day", "time"), _("Any day, any time")),
            (("access",), _("Any access")),
            (("q",), _("Without “%(words)s”") % {"words": self.values.get("q", "")}),
        ]:
            if any(name in self.values for name in names):
                options.append((label, {}, names))
        return [
            {"label": label, "url": address, "count": count}
            for label, changes, drop in options[:4]
            if (address := self.url(path, drop=drop, **changes)) and (count := self._count(address))
        ]

    def _count(self, address):
        _path, _mark, query = address.partition("?")
        return type(self)(QueryDict(query), self.queryset).qs.order_by().count()
