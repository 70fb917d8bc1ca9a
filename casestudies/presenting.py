"""A case study as its page shows it."""

from casestudies import charts
from casestudies.choices import EffectKind
from casestudies.record import answered_parts, completeness, effects_of_kind


def present(whole):
    """Return what the page of a case study shows, in a constant number of queries."""
    drawn, alone = charts.of_figures(whole.figures)
    for figure in alone:
        figure.words = charts.number_in_words(figure.value, figure.qualifier)
    return {
        "case": whole.case,
        "figures": alone,
        "charts": drawn,
        "effect_charts": charts.of_effects(whole.effects, drawn),
        "parts": answered_parts(whole.case),
        "measured": effects_of_kind(whole.effects, EffectKind.MEASURED),
        "anticipated": effects_of_kind(whole.effects, EffectKind.ANTICIPATED),
        "questions": whole.questions,
        "roles_shown": whole.roles,
        "sources": whole.sources,
        "complete": completeness(whole.case, whole.effects),
        "topics": whole.topics,
        "themes": whole.case.theme_labels,
        "groups": list(whole.case.groups.published()),
        "practitioners": list(whole.case.practitioners.published()),
    }
