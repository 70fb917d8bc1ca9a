"""Words that found nothing, in the admin: one click leads a word to a topic, once it is seen what it would find."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from directory.admin.base import CuratorAdmin
from directory.formfields import WordsField
from directory.models import Topic, UnmatchedWord
from directory.models.unmatched import KEPT_FOR, LEAST_DAYS, LEAST_TIMES
from directory.wording import counted_up_to
from groups.matches import Matches
from groups.models import Group, GroupSearch
from groups.search import CAP, find
from groups.spelling import terms_of
from groups.synonyms import add_synonym, drop_synonym
from groups.unmatched import still_unmatched, with_findings

MOST_NAMED = 5


class TopicForm(forms.Form):
    """The topic that a word shall lead to, typed or chosen from the list that the browser offers."""

    topic = WordsField(
        label=gettext_lazy("Topic"),
        required=True,
        widget=forms.TextInput(attrs={"list": "topics", "autocomplete": "off"}),
    )
    topic.error_messages["required"] = gettext_lazy("Choose a topic.")

    def clean_topic(self):
        """Return the topic that is called so, or has this as another word, or the only one whose name holds it."""
        typed, all_topics = self.cleaned_data["topic"].strip(), Topic.objects.order_by("label")
        for fitting in (Q(label__iexact=typed), Q(synonyms__contains=[typed.lower()]), Q(label__icontains=typed)):
            found = list(all_topics.filter(fitting)[: MOST_NAMED + 1])
            if len(found) == 1:
                return found[0]
            if found:
                names = ", ".join(f"“{topic}”" for topic in found[:MOST_NAMED])
                raise ValidationError(_("Which one do you mean? %(names)s."), params={"names": names})
        raise ValidationError(_("There is no such topic. Choose one from the list."))


class Standing(admin.SimpleListFilter):
    """Words by what became of them; at first those of which nothing has."""

    title = gettext_lazy("what became of it")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        """Return the choices, beside those that wait."""
        return [("found", _("It finds something now")), ("hidden", _("Not useful"))]

    def choices(self, changelist):
        """Return the choices as the list shows them: the first is not 'all'."""
        first, *others = super().choices(changelist)
        return [first | {"display": _("Finds nothing")}, *others]

    def queryset(self, request, queryset):
        """Return the words."""
        match self.value():
            case "hidden":
                return queryset.filter(hidden_on__isnull=False)
            case "found":
                return queryset.left_open().filter(finds=True)
        return still_unmatched(queryset) if self.value() is None else queryset


@admin.register(UnmatchedWord)
class UnmatchedWordAdmin(CuratorAdmin):
    """Words that found nothing, each with how often; whose searches they were, nobody knows."""

    list_display = ["word", "times", "on_days", "last_on"]
    list_filter = [Standing]
    search_fields = ["word"]
    actions = ["hide"]
    fields = ["word"]

    def get_queryset(self, request):
        """Return the words that enough searches held; none where none are kept."""
        words = with_findings(UnmatchedWord.objects.shown())
        return words if settings.KEEP_SEARCHED_WORDS else words.none()

    @admin.display(description=gettext_lazy("times"), ordering="times")
    def times(self, word):
        """How often it found nothing."""
        return word.times

    @admin.display(description=gettext_lazy("days"), ordering="on_days")
    def on_days(self, word):
        """On how many days."""
        return word.on_days

    @admin.display(description=gettext_lazy("last day"), ordering="last_on")
    def last_on(self, word):
        """When it last did."""
        return word.last_on

    def get_ordering(self, request):
        """Put the word first that most searches held."""
        return ["-times", "word"]

    def has_add_permission(self, request):
        """Only searches make one."""
        return False

    def has_delete_permission(self, request, obj=None):
        """It goes by itself after a while."""
        return False

    def changelist_view(self, request, extra_context=None):
        """Show the list, with what stands in it and what never does."""
        told = {"days": KEPT_FOR.days, "times": LEAST_TIMES, "on_days": LEAST_DAYS}
        if settings.KEEP_SEARCHED_WORDS:
            subtitle = _(
                "Of the last %(days)d days: words that %(times)d searches or more held, on %(on_days)d days or more."
            )
        else:
            subtitle = _("No words are kept: KEEP_SEARCHED_WORDS is off.")
        return super().changelist_view(request, (extra_context or {}) | {"subtitle": subtitle % told})

    @admin.action(description=gettext_lazy("Not useful: hide"), permissions=["change"])
    def hide(self, request, queryset):
        """Count the chosen words no longer, and show them no longer."""
        words = list(queryset.left_open())
        for word in words:
            self._set_hidden(request, word, hidden=True)
        self.message_user(request, _("Hidden: %(n)d.") % {"n": len(words)}, messages.SUCCESS)

    def _set_hidden(self, request, word, *, hidden):
        word.hidden_on = timezone.localdate() if hidden else None
        word.save(update_fields=["hidden_on"])
        self.log_change(request, word, _("Hidden: not useful.") if hidden else _("Counted again."))

    # The page of a word

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a word, with what it would find as another word for a topic; or do what a button says."""
        word = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, word):
            raise PermissionDenied
        if word is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            return self._do(request, word)
        form = TopicForm(request.GET if "topic" in request.GET else None)
        return self._page(request, word, form, form.cleaned_data["topic"] if form.is_valid() else None)

    def _page(self, request, word, form, topic):
        terms = terms_of(word.word)[0]
        context = self.admin_site.each_context(request) | {
            "title": _("“%(word)s” found nothing") % {"word": word},
            "opts": self.opts,
            "original": word,
            "word": word,
            "form": form,
            "media": self.media,
            "topics": Topic.objects.order_by("label").values_list("label", flat=True),
            "topic": topic,
            "now": _found(terms, ()),
            "then": _found(terms, (topic.slug,)) if topic else None,
            "leads_to": list(Topic.objects.filter(synonyms__contains=[word.word])),
            "may_hide": self.has_change_permission(request, word),
            "may_lead": self._may_lead(request, word),
        }
        return TemplateResponse(request, "admin/unmatched_word.html", context)

    def _may_lead(self, request, word):
        return self.has_change_permission(request, word) and request.user.has_perm("directory.change_topic")

    def _do(self, request, word):
        if not self.has_change_permission(request, word):
            raise PermissionDenied
        names = {"word": word}
        if "_hide" in request.POST or "_show" in request.POST:
            self._set_hidden(request, word, hidden="_hide" in request.POST)
            text = _("“%(word)s” is hidden.") if word.hidden_on else _("“%(word)s” is counted again.")
            self.message_user(request, text % names, messages.SUCCESS)
            return self._to_list()
        if not self._may_lead(request, word):
            raise PermissionDenied
        form = TopicForm(request.POST)
        if not form.is_valid():
            return self._page(request, word, form, None)
        topic, names["topic"] = form.cleaned_data["topic"], form.cleaned_data["topic"]
        if "_take_back" in request.POST:
            if drop_synonym(topic, word.word, by=request.user):
                self._log_both(request, word, topic, _("“%(word)s” leads to “%(topic)s” no longer.") % names)
            self.message_user(request, _("“%(word)s” leads to “%(topic)s” no longer.") % names, messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        if add_synonym(topic, word.word, by=request.user):
            self._log_both(request, word, topic, _("“%(word)s” leads to “%(topic)s”.") % names)
        text = _("“%(word)s” leads to “%(topic)s” now. In a minute at most, every search knows it.")
        self.message_user(request, text % names, messages.SUCCESS)
        return self._to_list()

    def _log_both(self, request, word, topic, said):
        self.log_change(request, word, said)
        self.log_change(request, topic, said)

    def _to_list(self):
        return HttpResponseRedirect(reverse("admin:directory_unmatchedword_changelist"))


def _found(terms, topics):
    """Return in words how many groups a search finds, and the first ones."""
    found = find(Matches(GroupSearch.objects.all(), terms, topics), limit=MOST_NAMED)
    groups = Group.objects.in_bulk(found.ids)
    shown = counted_up_to(found.total, CAP)
    return {
        "total": found.total,
        "words": ngettext("%(n)s group", "%(n)s groups", found.total) % {"n": shown},
        "groups": [groups[number] for number in found.ids],
    }
