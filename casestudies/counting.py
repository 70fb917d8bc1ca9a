"""How many case studies each choice of the search would leave: exact, in one query for all choices."""

from collections import Counter

from django.db.models import Count, F, FilteredRelation, Func, Q, TextField, Value
from django.db.models.functions import Cast

from casestudies.choices import EffectKind


class Each(Func):
    """Each of the values in an array column."""

    function = "unnest"
    set_returning = True


class EachOf(Func):
    """Each of several values of a row."""

    template = "unnest(ARRAY[%(expressions)s])"
    set_returning = True


ONE_ANSWER = [
    "country",
    "status",
    "scope",
    "leadership",
    "engagement",
    "involvement",
    "evaluation",
    "sustainability",
    "transferability",
]
CODES = {
    # A choice of a wider topic finds what is about a part of it too.
    "topic": EachOf("topics__slug", "topics__parent__slug", "topics__parent__parent__slug"),
    "role": F("roles_shown__role__slug"),
    "theme": Each("themes"),
    "funding": Each("funding"),
    **{name: F(name) for name in ONE_ANSWER},
}


def count_choices(fitting, *, kinds=EffectKind.values):
    """Return a `Counter` of how many case studies each (parameter, code) would leave.

    `fitting` takes names of parameters and returns the case studies that fit the search without these: what is chosen
    of one parameter widens itself, so each is counted without its own choice. `kinds` are the effects that count.
    """
    counted = [_counted(name, fitting(name), code) for name, code in CODES.items()]
    shown = FilteredRelation("effects", condition=Q(effects__kind__in=kinds))
    counted.append(_counted("audience", fitting("audience").annotate(shown=shown), F("shown__audience")))
    first, *others = counted
    return Counter({(name, code): n for name, code, n in first.union(*others, all=True) if code})


def _counted(name, cases, code):
    return (
        cases.order_by()
        .values_list(Value(name, output_field=TextField()), Cast(code, TextField()))
        .annotate(n=Count("pk", distinct=True))
    )
