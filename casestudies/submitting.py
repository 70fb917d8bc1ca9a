"""Case studies that people write without an account: a link by mail, a draft that is kept, and sending it in."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casestudies.choices import EffectAudience, EffectKind
from casestudies.models import CaseStudy, Effect, ReaderQuestion, Source, Submission
from casestudies.template_forms import DRAFT_PARTS, PartForm, effect_name
from directory.actions import slug_for
from directory.choices import PublicationState
from directory.history import recording
from directory.links import make_key, read_key
from directory.mail import send_letter
from directory.relay import may_write_to

LINK_LASTS = timedelta(days=30)
KEPT_FOR = timedelta(days=183)
MOST_LINKS = 10
_DRAFT = "casestudies.submission"


def token_of(submission):
    """Return the last part of the address under which a draft is found, good for `LINK_LASTS`."""
    return make_key(str(submission.uuid), _DRAFT)


def submission_of(token):
    """Return the submission that a token leads to, or `None` where it is not ours, is too old or leads nowhere."""
    number = read_key(token, _DRAFT, LINK_LASTS)
    return Submission.objects.filter(uuid=number).first() if number else None


def begin(*, email, title, form, network, absolute):
    """Keep a new draft and mail its link. `absolute` makes a path a whole address. Raises `TooMany`.

    Returns whether the mail server took the letter; where it did not, there is no draft. An address that had enough
    letters gets no more today, and nobody is told: so nobody learns what was sent to whom.
    """
    if not _may_write_to(email, form, network):
        return True
    draft = Submission.objects.create(email=email, answers={"name": title})
    if _mail_links(email, [draft], absolute):
        return True
    draft.delete()
    return False


def send_links(*, email, form, network, absolute):
    """Mail the links to all drafts of an address, or that there is none: the site itself says neither.

    Returns whether the mail server took the letter. Raises `TooMany`.
    """
    if not _may_write_to(email, form, network):
        return True
    drafts = Submission.objects.drafts().filter(email__iexact=email).order_by("-touched_at", "pk")
    return _mail_links(email, list(drafts[:MOST_LINKS]), absolute)


def _may_write_to(email, form, network):
    with transaction.atomic(durable=True):
        return may_write_to(email, form=form, network=network, listing="casestudies.submission")


def _mail_links(email, drafts, absolute):
    links = [(draft.title, absolute(reverse("casestudies:draft", args=[token_of(draft)]))) for draft in drafts]
    return send_letter(
        to=email,
        subject=_("your case study"),
        template="casestudies/draft_links.txt",
        context={"links": links, "days": LINK_LASTS.days},
    )


@transaction.atomic
def save_part(submission, form):
    """Keep the answers of one part, beside those that another tab may have saved. Return whether it was still open."""
    draft = Submission.objects.select_for_update().filter(sent_in_at=None, pk=submission.pk).first()
    if draft is None:
        return False
    others = {name: value for name, value in draft.answers.items() if name not in form.fields}
    draft.answers = others | form.answers
    draft.touched_at, draft.saved = timezone.now(), True
    draft.save(update_fields=["answers", "touched_at", "saved"])
    return True


@dataclass(frozen=True)
class Progress:
    """How far one part of a draft is."""

    form: PartForm

    @property
    def part(self):
        """The part."""
        return self.form.part

    @property
    def given(self):
        """How many of its questions are answered."""
        return len(self.form.answers)

    @property
    def total(self):
        """How many questions it has."""
        return len(self.form.fields)


def progress_of(submission):
    """Return how far each part is. Answers are judged anew: a choice may have gone since they were saved."""
    forms = [PartForm(part, submission.answers) for part in DRAFT_PARTS.values()]
    for form in forms:
        form.is_valid()
    return [Progress(form) for form in forms]


def missing(submission):
    """Return (part, what to do) for all that keeps a draft from being sent in."""
    progress = progress_of(submission)
    todo = [(each.part, error) for each in progress for errors in each.form.errors.values() for error in errors]
    if not submission.answers.get("overview"):
        todo.append((DRAFT_PARTS["story"], _("Tell the story first. Curators need it to understand the rest.")))
    return todo


@recording(who=gettext_lazy("someone, by the form"), why=gettext_lazy("Case study sent in"))
def send_in(submission):
    """Make a case study out of a draft, for a curator to judge. Return it, or `None` where it cannot be sent in."""
    draft = Submission.objects.select_for_update().get(pk=submission.pk)
    if draft.sent_in_at or missing(draft):
        return None
    answers = {name: value for each in progress_of(draft) for name, value in each.form.answers.items()}
    columns = {field.name for field in CaseStudy._meta.get_fields() if field.name in answers}
    case = CaseStudy(
        slug=f"case-study-{draft.pk}",
        state=PublicationState.PENDING,
        curator_notes=_("It was sent in by the form. Whom to ask about it stands under ‘Case studies sent in’."),
        **{name: answers[name] for name in columns},
    )
    case.slug = slug_for(case)
    case.save()
    source = Source.objects.create(
        slug=f"sent-in-{draft.pk}",
        title=_("%(title)s: told by people who take part") % {"title": case.name},
        publisher=answers.get("organisation", ""),
        year=timezone.localdate().year,
        note=answers.get("evidence", ""),
    )
    case.sources.add(source)
    pairs = [(kind, audience) for kind in EffectKind for audience in EffectAudience]
    told = [(*pair, answers[effect_name(*pair)]) for pair in pairs if effect_name(*pair) in answers]
    Effect.objects.bulk_create(
        Effect(case_study=case, source=source, kind=kind, audience=audience, text=text, position=position)
        for position, (kind, audience, text) in enumerate(told)
    )
    draft.case_study = case
    draft.sent_in_at = draft.touched_at = timezone.now()
    draft.answers = {"name": case.name}
    draft.save(update_fields=["case_study", "sent_in_at", "touched_at", "answers"])
    return case


def remove_old():
    """Delete drafts and questions that nobody has touched for so long. Return how many of each."""
    now = timezone.now()
    drafts = Submission.objects.filter(touched_at__lt=now - KEPT_FOR) | Submission.objects.drafts().filter(
        saved=False, touched_at__lt=now - LINK_LASTS
    )
    questions = ReaderQuestion.objects.filter(answered_at=None, asked_at__lt=now - KEPT_FOR)
    return drafts.delete()[0], questions.delete()[0]
