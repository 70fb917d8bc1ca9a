"""Finding listings that look alike without comparing each with each, and keeping the pairs for a curator."""

from collections import Counter

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from directory.choices import PairState
from directory.models import DuplicatePair

# A key that more listings have than this says too little to compare all of them: 60 make 1,770 pairs.
MOST_WITH_A_KEY = 60
# A square of the map is compared as a whole while it is not a town's one point for everything.
MOST_IN_A_SQUARE = 150
SQUARE = "at:"
# A hundredth of a degree is 1.1 km, so what is within a kilometre is in the same square or in the next one.
SQUARES_TO_A_DEGREE = 100
BATCH = 2000


def square_keys(points):
    """Yield (key, is the point's own) for the squares of the map at and around points."""
    for point in points:
        row = int((point.latitude + 90) * SQUARES_TO_A_DEGREE)
        column = int((point.longitude + 180) * SQUARES_TO_A_DEGREE * 0.6)
        for north in (-1, 0, 1):
            for east in (-1, 0, 1):
                yield f"{SQUARE}{row + north}:{column + east}", not (north or east)


def candidate_pairs(keyed):
    """Yield (id, id), the smaller first, for listings that have a key in common. `keyed` gives (key, id, is its own).

    At least one of the two has the key as its own. So a square of the map meets its neighbours, and a word of a name
    may count for those alone of whose place nothing is known.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.duplicate_key, pg_temp.duplicate_candidate")
        cursor.execute("CREATE TEMP TABLE duplicate_key (key text, id bigint, own boolean) ON COMMIT DROP")
        with cursor.copy("COPY duplicate_key FROM STDIN") as copy:
            for row in keyed:
                copy.write_row(row)
        cursor.execute("CREATE INDEX ON duplicate_key (key)")
        cursor.execute("ANALYZE duplicate_key")
        cursor.execute(
            """
            CREATE TEMP TABLE duplicate_candidate ON COMMIT DROP AS
            WITH telling AS (
                SELECT key FROM duplicate_key GROUP BY key
                HAVING CASE WHEN starts_with(key, %s) THEN count(*) FILTER (WHERE own) <= %s ELSE count(*) <= %s END
            )
            SELECT DISTINCT least(a.id, b.id) AS one, greatest(a.id, b.id) AS two
            FROM telling JOIN duplicate_key a USING (key) JOIN duplicate_key b USING (key)
            WHERE a.own AND a.id <> b.id
            """,
            [SQUARE, MOST_IN_A_SQUARE, MOST_WITH_A_KEY],
        )
        cursor.execute("DECLARE candidates NO SCROLL CURSOR FOR SELECT one, two FROM duplicate_candidate")
        while True:
            cursor.execute(f"FETCH {BATCH} FROM candidates")
            rows = cursor.fetchall()
            if not rows:
                break
            yield from rows
        cursor.execute("CLOSE candidates")


def contact_keys(contacts):
    """Return the keys of contacts that are not saved, given as (kind, value)."""
    kinds, values = zip(*contacts, strict=True) if contacts else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT contact_key(kind, value) FROM unnest(%s::text[], %s::text[]) given(kind, value)",
            [list(map(str, kinds)), [value.replace("\x00", "") for value in values]],
        )
        return {key for (key,) in cursor.fetchall() if key}


def holders_of(contacts):
    """Return how many listings have each contact, out of sets of contacts."""
    return Counter(key for keys in contacts for key in keys)


@transaction.atomic
def keep_pairs(model, found, *, are_all=True):
    """Keep the pairs that were found, as {(id, id): `Likeness`}. Return how many are new.

    What a curator decided stays decided. Where these are all that there are, a pair that no longer looks alike goes,
    unless somebody decided about it.
    """
    kind = ContentType.objects.get_for_model(model)
    pairs = DuplicatePair.objects.of(model).select_for_update()
    known = {(pair.first_id, pair.second_id): pair for pair in pairs.order_by("pk")}
    if are_all:
        gone = [pair.pk for ids, pair in known.items() if pair.state == PairState.OPEN and ids not in found]
        DuplicatePair.objects.filter(pk__in=gone).delete()
    changed, new = [], []
    for (first, second), likeness in found.items():
        pair = known.get((first, second))
        if pair is None:
            values = {"content_type": kind, "first_id": first, "second_id": second, "found_at": timezone.now()}
            new.append(DuplicatePair(score=likeness.score, reasons=likeness.reasons, **values))
        elif (pair.score, pair.reasons) != (likeness.score, likeness.reasons):
            pair.score, pair.reasons = likeness
            changed.append(pair)
    DuplicatePair.objects.bulk_update(changed, ["score", "reasons"], batch_size=500)
    DuplicatePair.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    return len(new)
