"""How many case studies each choice of the search would leave: exact, in one query for all choices."""

from collections import Counter

from django.db.models import Count, F, FilteredRelation, Func, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from casestudies.choices import EffectKind


class Each(Func):
    """Each value of an array column."""

    function = "unnest"
    set_returning = True
    output_field = TextField()


class EachOf(Func):
    """Each of several values of a row."""

    template = "unnest(ARRAY[%(expressions)s])"
    set_returning = True
    output_field = TextField()


# Template fields with one answer, which are columns of the same names.
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
SEVERAL = {
    # A choice of a wider topic finds what is about a part of it too.
    "topic": EachOf("topics__slug", "topics__parent__slug", "topics__parent__parent__slug"),
    "role": F("roles_shown__role__slug"),
    "theme": Each("themes"),
    "funding": Each("funding"),
}


def count_choices(fitting, asked=(), *, kinds=EffectKind.values):
    """Return a `Counter` of how many case studies each (parameter, code) would leave.

    `fitting` takes names of parameters and returns the case studies that fit the search without these: what is chosen
    of one parameter widens itself, so each that is `asked` for is counted without its own choice. `kinds` are the
    effects that count.
    """
    counted = [_counted(fitting(name), name, code) for name, code in SEVERAL.items()]
    shown = fitting("audience").annotate(shown=FilteredRelation("effects", condition=Q(effects__kind__in=kinds)))
    counted.append(_counted(shown, "audience", F("shown__audience")))
    counted += [_counted(fitting(name), name, F(name)) for name in ONE_ANSWER if name in asked]
    # The others are all counted in the same case studies: one look at each row is enough.
    rest = [Concat(Value(f"{name}:"), F(name)) for name in ONE_ANSWER if name not in asked]
    if rest:
        counted.append(_counted(fitting(), "", EachOf(*rest)))
    first, *others = counted
    found = first.union(*others, all=True)
    return Counter({(name, code) if name else tuple(code.split(":", 1)): n for name, code, n in found})


def _counted(cases, name, code):
    named = Value(name, output_field=TextField())
    return cases.order_by().values_list(named, Cast(code, TextField())).annotate(n=Count("pk", distinct=True))
