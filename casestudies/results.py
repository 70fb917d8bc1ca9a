"""One page of the search for case studies, with counts for what is left to choose."""

from casestudies.choices import BY_STRENGTH, EffectKind
from casestudies.counting import count_choices
from casestudies.models import CaseStudy
from casestudies.spelling import mend
from directory.filters import Choice
from directory.formfields import CodesField
from directory.results import Counted, ResultPage

# Choices that are not of the template: that none is about them says nothing.
NOT_OF_THE_TEMPLATE = {"topic", "country"}


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
