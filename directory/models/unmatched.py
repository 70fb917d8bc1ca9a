"""Words of searches that found nothing: the word and how often on which day. Never who, and never the whole search."""

from datetime import timedelta

from django.db import models
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A word that fewer searches held, or on fewer days, is shown to nobody.
LEAST_TIMES, LEAST_DAYS = 5, 3
KEPT_FOR = timedelta(days=90)
ONE_WORD = r"^[a-z]{3,30}$"


class UnmatchedWordQuerySet(models.QuerySet):
    """Words by how often they found nothing."""

    def shown(self):
        """Words that enough searches held on enough days, with `times`, `on_days` and `last_on`."""
        kept = Q(days__day__gt=timezone.localdate() - KEPT_FOR)
        return self.annotate(
            times=Coalesce(Sum("days__times", filter=kept), 0),
            on_days=Count("days", filter=kept),
            last_on=Max("days__day", filter=kept),
        ).filter(times__gte=LEAST_TIMES, on_days__gte=LEAST_DAYS)

    def left_open(self):
        """Words of which nobody has said that they are of no use."""
        return self.filter(hidden_on__isnull=True)


class UnmatchedWord(models.Model):
    """One word, in small letters, that no group's page holds and no topic knows."""

    word = models.CharField(_("word"), max_length=30, unique=True, editable=False)
    hidden_on = models.DateField(_("hidden on"), null=True, editable=False)

    objects = UnmatchedWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word that found nothing")
        verbose_name_plural = _("words that found nothing")
        ordering = ["word"]
        constraints = [models.CheckConstraint(condition=Q(word__regex=ONE_WORD), name="unmatchedword_is_a_word")]

    def __str__(self):
        return self.word


class UnmatchedWordDay(models.Model):
    """How often a word found nothing on one day."""

    word = models.ForeignKey(UnmatchedWord, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(db_index=True)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["word", "day"], name="unmatchedwordday_once"),
            models.CheckConstraint(condition=Q(times__gt=0), name="unmatchedwordday_counts"),
        ]

    def __str__(self):
        return f"{self.word}, {self.day:%d.%m.%Y}: {self.times}"


def remove_old(*, all_of_them=False):
    """Delete the counts that are too old to keep, and words of which nothing is left. Return how many words."""
    words = UnmatchedWord.objects.all()
    if not all_of_them:
        since = timezone.localdate() - KEPT_FOR
        UnmatchedWordDay.objects.filter(day__lte=since).delete()
        words = words.filter(days__isnull=True).filter(Q(hidden_on__isnull=True) | Q(hidden_on__lte=since))
    return words.delete()[1].get(UnmatchedWord._meta.label, 0)
