"""What a plain Django view would ask for the same searches: substrings over joins. The baseline of `search.py`."""

from benchmarks.timing import database_time

PAGE, TIMEOUT_S = 20, 30


def icontains(query):
    """Ask what a plain Django view would: substrings over joins, a count, and how many fit each choice of each facet.

    It looks in the texts in which this search looks, and counts the choices that this search counts, but for what
    made-up groups have none of.
    """
    from django.db.models import Case, CharField, Count, F, Func, Q, Value, When

    from directory.geo import box_around, distance_expression
    from groups.models import Group

    venue = "meetings__venue"
    columns = ["name", "summary", "about", "topics__label", f"{venue}__name", f"{venue}__locality", f"{venue}__region"]
    fields = {
        "time": "meetings__start_time__hour", "format": "meetings__format", "access": "access", "kind": "kind",
        "audience": "audiences", "referral": "ways_in", "topic": "topics__slug", "free": "cost", "day": "weekdays",
    }  # fmt: skip
    # Any word, as this search takes it.
    where = Q(*((f"{column}__icontains", word) for word in query.words for column in columns), _connector=Q.OR)
    if query.topics:
        where &= Q(topics__slug__in=query.topics)
    hours = {"morning": (0, 11), "afternoon": (12, 16), "evening": (17, 23)}
    weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for _method, field, (code,) in query.choices:
        match field:
            case "day":
                where &= Q(meetings__weekdays__contains=[weekdays.index(code)])
            case "time":
                where &= Q(meetings__start_time__hour__range=hours[code])
            case "free":
                where &= Q(cost__in=["free", "donation"])
            case "audience" | "referral" | "access":
                where &= Q(**{f"{fields[field]}__contains": [code]})
            case _:
                where &= Q(**{fields[field]: code})
    groups = Group.objects.published().filter(where)
    order = ["name", "pk"]
    if query.place:
        at = ("meetings__venue__public_latitude", "meetings__venue__public_longitude")
        groups = groups.filter(box_around(query.place.point, query.km, *at))
        groups = groups.alias(km=distance_expression(query.place.point, *at)).filter(km__lte=query.km)
    list(groups.order_by(*order).distinct()[:PAGE])
    groups.values("pk").distinct().count()
    found = Group.objects.filter(pk__in=groups.values("pk"))
    part = Case(
        When(meetings__start_time__lt="12:00", then=Value("morning")),
        When(meetings__start_time__lt="17:00", then=Value("afternoon")),
        default=Value("evening"), output_field=CharField(),
    )  # fmt: skip
    several = ["audiences", "ways_in", "access", f"{venue}__access", "meetings__weekdays"]
    single = ["kind", "run_by", "cost", "decisions_by_members", "languages", "meetings__format"]
    # The topics of a group, and the wider ones that they are part of.
    single += ["topics", "topics__parent", "topics__parent__parent"]
    for choice in [part, *map(F, single), *(Func(F(column), function="unnest") for column in several)]:
        list(found.values(choice=choice).annotate(n=Count("pk", distinct=True)).order_by())


def time_icontains(queries):
    """Return (ms, ms of the server's CPU) of each search by `icontains`, and how many ran into the timeout."""
    from django.db import OperationalError, connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{TIMEOUT_S}s"])
    times, stopped = [], 0
    for query in queries:
        with database_time() as statements:
            try:
                icontains(query)
            except OperationalError:
                stopped += 1
        times.append(tuple(map(sum, zip(*statements, strict=True))))
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")
    return times, stopped
