"""An action on many listings shows first what it would do to which of them, and why not to the others."""

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import signing
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from directory.moderating import digest

# More at once would outlast the patience of a browser, and of whoever waits for a row.
MOST_AT_ONCE = 1000
MOST_NAMED = 50
CONFIRMED = "confirmed"
_SALT = "directory.admin.bulk"


def is_confirmed(request):
    """Whether the curator has seen what an action would do."""
    return CONFIRMED in request.POST


def only_as_read(request, act):
    """Return the act so that it is refused for a listing that has something else to read than its curator was shown."""
    shown = _shown_to(request)

    def do(listing, *, by):
        # Locked before it is compared, so that nothing changes in between.
        listing.refresh_from_db(from_queryset=type(listing)._base_manager.select_for_update())
        words = act.reading(listing)
        if words and shown.get(str(listing.pk)) != _mark(words):
            raise ValidationError(_("What it says has changed since you read it. Read it again first."))
        return act.do(listing, by=by)

    return act._replace(do=do)


def ask_first(model_admin, request, listings, name, act, why):
    """Return the page that says what an action would do; `None`, with a message, where too many are chosen.

    `why` puts the `ValidationError` of a listing into words.
    """
    chosen = list(listings.order_by("name", "pk")[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        text = _("You chose more than %(most)d. Nothing was done. Choose fewer at a time.")
        model_admin.message_user(request, text % {"most": MOST_AT_ONCE}, messages.ERROR)
        return None
    foreseen = act.foresee(chosen)
    done = [listing for listing in chosen if foreseen[listing.pk] is True]
    refused = [
        (listing, why(listing, foreseen[listing.pk]))
        for listing in chosen
        if isinstance(foreseen[listing.pk], ValidationError)
    ]
    readings = {listing.pk: act.reading(listing) for listing in done} if act.reading else {}
    # What has to be read is shown, however many there are.
    most_named = len(done) if readings else MOST_NAMED
    label = getattr(model_admin, name).short_description
    context = model_admin.admin_site.each_context(request) | {
        "title": _("%(action)s: what will happen") % {"action": label},
        "opts": model_admin.opts,
        "media": model_admin.media,
        "action": name,
        "label": label,
        "means": act.means,
        "checkbox": ACTION_CHECKBOX_NAME,
        "confirmed": CONFIRMED,
        "shown": signing.dumps({pk: _mark(words) for pk, words in readings.items()}, salt=_SALT),
        "done": [(listing, readings.get(listing.pk)) for listing in done],
        "most_done_named": most_named,
        "refused": refused,
        "same": len(chosen) - len(done) - len(refused),
        "most_named": MOST_NAMED,
        "change_page": f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_change",
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/act_on_listings.html", context)


def _shown_to(request):
    """Return the marks of what the page that asked has shown, by the primary key as text."""
    try:
        return signing.loads(request.POST[CONFIRMED], salt=_SALT)
    except signing.BadSignature:
        return {}


def _mark(reading):
    return digest([[str(label), words] for label, words in reading])
