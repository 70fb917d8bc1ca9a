"""Groups, their meetings and venues, in the admin."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from directory.admin.base import CuratorAdmin, Parts, Rows
from directory.admin.duplicates import compare_two
from directory.admin.exchange import ExchangeAdmin
from directory.admin.history import HistoryAdmin
from directory.admin.listings import Act, ListingAdmin
from groups.admin_words import UnmatchedWordAdmin
from groups.choices import MEETING_WORDS
from groups.exchange import GroupExchange, MeetingExchange
from groups.indexing import indexing_at_the_end
from groups.models import Group, GroupContact, Meeting, MeetingBreak, MeetingException, Venue
from groups.owning import come_back_for
from groups.rulereading import read_rule

__all__ = ["GroupAdmin", "MeetingAdmin", "UnmatchedWordAdmin", "VenueAdmin"]

MEETING_TICKS = {name: list(words.items()) for name, words in MEETING_WORDS.items()}
MEETING_PARTS = [
    (_("Where"), {"fields": ["format", "venue", "room"]}),
    (
        _("When"),
        {
            "fields": [
                "frequency",
                "weekdays",
                ("start_time", "minutes", "time_zone"),
                "weeks_of_month",
                "day_of_month",
                "dates",
                ("interval", "starts_on", "ends_on"),
                "months",
                "skips_bank_holidays",
            ]
        },
    ),
    (_("How to join"), {"fields": ["join_url", ("join_phone", "passcode"), "join_visibility"]}),
    (_("Anything else"), {"fields": ["note"]}),
]


class MeetingInline(Parts):
    """A group's meetings. Breaks and changed dates stand on the meeting's own page."""

    model = Meeting
    ticks = MEETING_TICKS
    fieldsets = MEETING_PARTS
    autocomplete_fields = ["venue"]
    show_change_link = True


class GroupContactInline(Parts):
    """Ways to get in touch with a group."""

    model = GroupContact
    fields = [("kind", "value"), ("label", "visibility", "position"), ("personal", "consented_on", "consented_how")]


COME_BACK = Act(
    come_back_for,
    "",
    _("Waits for a curator again, as its people asked"),
    lambda groups: {group.pk: group.withdrawn_on is not None for group in groups},
    _("They wait for a curator, who may publish them. Do it only if their own people asked."),
)


class IndexedOnce:
    """For admins of what the search holds: a form saves a listing and its parts, which is one change of its row."""

    def changeform_view(self, request, *args, **kwargs):
        """Show a form, or save what it says."""
        with transaction.atomic(), indexing_at_the_end():
            return super().changeform_view(request, *args, **kwargs)


@admin.register(Group)
class GroupAdmin(IndexedOnce, ExchangeAdmin, ListingAdmin):
    """Groups."""

    table = GroupExchange
    search_fields = [*ListingAdmin.search_fields, "host", "contacts__value", "meetings__venue__locality"]
    list_filter = [*ListingAdmin.list_filter, "kind"]
    readonly_fields = [*ListingAdmin.readonly_fields, "withdrawn_on", "merged_into"]
    acts = ListingAdmin.acts | {"come_back": COME_BACK}
    actions = [*ListingAdmin.actions, compare_two, "come_back"]
    autocomplete_fields = ["topics", "languages", "serves", "seeking"]
    inlines = [MeetingInline, GroupContactInline]
    page = [
        (None, {"fields": ["name", "slug", "summary", "text_language", "state", "withdrawn_on"]}),
        (
            _("Is it for me?"),
            {
                "fields": [
                    "about",
                    "topics",
                    "kind",
                    "calls_itself",
                    "open_to",
                    "audiences",
                    ("age_from", "age_to"),
                    "audience_note",
                    "languages",
                ]
            },
        ),
        (_("Where is it?"), {"fields": ["serves"]}),
        (_("Can I get in?"), {"fields": ["access"]}),
        (_("What happens the first time?"), {"fields": ["first_time", "usual_size"]}),
        (_("Does a doctor have to send me?"), {"fields": ["ways_in", "ways_in_note", "time_limited"]}),
        (_("What does it cost?"), {"fields": ["cost", "cost_note"]}),
        (
            _("Who runs it?"),
            {
                "fields": [
                    "run_by",
                    "decisions_by_members",
                    "host",
                    "founded",
                    "ground_rules",
                    "confidentiality",
                    "safeguarding",
                    "seeking",
                ]
            },
        ),
    ]

    def shared_history(self, obj):
        """Return the venues where it meets."""
        return [(Venue._meta.db_table, list(obj.meetings.exclude(venue=None).values_list("venue", flat=True)))]

    def preview_view(self, request, group):
        """Return the group's page, published or not."""
        from groups.views import render_group

        return render_group(request, group, preview=True)

    @admin.action(description=_("Its people asked for it to be listed again"), permissions=["change"])
    def come_back(self, request, queryset):
        """Let a curator publish again what its own people had taken away."""
        return self._act_on_each(request, queryset, "come_back")


class MeetingForm(forms.ModelForm):
    """A meeting, whose days may come out of a calendar program."""

    rule = forms.CharField(
        label=_("Rule from a calendar"),
        required=False,
        strip=True,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_(
            "Only where you have one: RRULE, with DTSTART, EXDATE or RDATE. It fills in the days above when you save."
        ),
    )

    def clean_rule(self):
        """Return (fields, cancelled dates) that the rule says."""
        return read_rule(self.cleaned_data["rule"]) if self.cleaned_data["rule"] else ({}, [])

    def clean(self):
        """Let the rule stand for the fields that it tells of."""
        cleaned = super().clean()
        fields, _cancelled = cleaned.get("rule") or ({}, [])
        for name, value in fields.items():
            cleaned[name] = value
            self.errors.pop(name, None)
        return cleaned

    def cancelled(self):
        """Return the dates that the rule leaves out."""
        return self.cleaned_data["rule"][1]


class MeetingBreakInline(Rows):
    """Days without the meeting."""

    model = MeetingBreak


class MeetingExceptionInline(Rows):
    """Single dates that are cancelled or moved."""

    model = MeetingException


@admin.register(Meeting)
class MeetingAdmin(IndexedOnce, ExchangeAdmin, CuratorAdmin):
    """One meeting, with its breaks and changed dates."""

    table = MeetingExchange
    form = MeetingForm
    ticks = MEETING_TICKS
    fieldsets = [
        (None, {"fields": ["group"]}),
        *MEETING_PARTS,
        (_("Out of a calendar"), {"fields": ["rule"]}),
        (_("Next"), {"fields": ["next_at"]}),
    ]
    readonly_fields = ["next_at"]
    autocomplete_fields = ["group", "venue"]
    inlines = [MeetingBreakInline, MeetingExceptionInline]
    list_display = ["group", "frequency", "start_time", "format", "venue", "next_at"]
    list_select_related = ["group", "venue"]
    list_filter = ["format", "frequency", "group__state"]
    search_fields = ["group__name", "venue__name", "venue__locality"]

    def history_view(self, request, object_id, extra_context=None):
        """Lead to the history of the group, whose part the meeting is."""
        meeting = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, meeting):
            raise PermissionDenied
        if meeting is None:
            raise Http404
        return redirect("admin:groups_group_history", meeting.group_id)

    def save_related(self, request, form, formsets, change):
        """Save breaks and changed dates, and then the next date that follows from them."""
        super().save_related(request, form, formsets, change)
        for day in form.cancelled():
            MeetingException.objects.get_or_create(meeting=form.instance, on=day)
        form.instance.save()


@admin.register(Venue)
class VenueAdmin(HistoryAdmin):
    """Venues."""

    list_display = ["__str__", "address", "postcode", "kind", "address_visibility", "sample"]
    list_filter = ["kind", "address_visibility", "country", "sample"]
    search_fields = ["name", "address", "locality", "postcode"]
    readonly_fields = ["public_latitude", "public_longitude", "source", "external_id", "sample"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "kind",
                    "address",
                    "locality",
                    "region",
                    "postcode",
                    "country",
                    ("latitude", "longitude"),
                    "address_visibility",
                ]
            },
        ),
        (_("Can I get in?"), {"fields": ["access", "access_notes", "travel_notes"]}),
        (
            _("For curators"),
            {"fields": [("public_latitude", "public_longitude"), ("source", "external_id"), "sample"]},
        ),
    ]
