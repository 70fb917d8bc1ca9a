"""Made-up groups in the real tables: towns by population, words by Zipf's law, topics, one or two meetings."""

import random
from datetime import timedelta
from itertools import accumulate


def vocabulary(rng, n=20_000):
    """Return words that nobody uses, of two to four syllables, the short ones first."""
    starts = ["b", "br", "c", "cl", "d", "dr", "f", "fl", "g", "gr", *"hjklmnp", "pl", *"rs", "st", "t", "tr", *"vw"]
    ends = [*"aeiou", "ai", "ee", "oa"]
    words = {}
    while len(words) < n:
        syllables = 2 + (len(words) > 800) + (len(words) > 8000)
        word = "".join(rng.choice(starts) + rng.choice(ends) for _ in range(syllables)) + rng.choice("kmnptx")
        words[word] = None
    return list(words)


class Writing:
    """One endless text whose words follow Zipf's law; a listing is a piece of it. A fifth hold the commonest word."""

    def __init__(self, rng, words, length=3_000_000):
        self.rng = rng
        # Zipf and Mandelbrot: the words that stand at the top of ordinary text ("the") are no words for a search.
        weights = list(accumulate(1 / (rank + 20) for rank in range(len(words))))
        self.text = rng.choices(words, cum_weights=weights, k=length)

    def piece(self, least, most):
        """Return so many words."""
        start = self.rng.randrange(len(self.text) - most)
        return " ".join(self.text[start : start + self.rng.randint(least, most)])


def some(rng, codes, most, chance):
    """Return a few codes, the first ones more often; none as a rule where `chance` is small."""
    if rng.random() > chance:
        return []
    weights = [1 / (place + 1) for place in range(len(codes))]
    return sorted(set(rng.choices(codes, weights, k=rng.randint(1, most))))


def listings(size, rng, towns, topics, writing):
    """Yield (group, venue or None, meetings, topics, languages) as rows of values."""
    from django.utils import timezone

    from groups.choices import Access, Audience, GroupKind, MeetingFormat, RunBy, WayIn

    now = timezone.now().replace(microsecond=0)
    reach = list(accumulate(town.population for town in towns))
    fame = list(accumulate(1 / (rank + 1) for rank in range(len(topics))))
    for number in range(1, size + 1):
        town = rng.choices(towns, cum_weights=reach)[0]
        ages = [rng.randrange(91), rng.randrange(91, 182), rng.randrange(182, 900), None]
        age = rng.choices(ages, [50, 20, 22, 8])[0]
        group = [
            number,
            f"group-{number}",
            writing.piece(2, 5),
            writing.piece(8, 18),
            writing.piece(15, 45) if rng.random() < 0.6 else "",
            "fr" if town.country == "FR" else "en",
            None if age is None else now - timedelta(days=age, seconds=rng.randrange(86400)),
            rng.choices(GroupKind.values, [50, 15, 4, 6, 12, 8, 2, 3])[0],
            rng.choice(["", "", *RunBy.values]),
            rng.choice([None, None, True, False]),
            rng.choice(["", "free", "free", "donation", "paid"]),
            some(rng, Audience.values[2:], 2, 0.4),
            some(rng, Access.values, 3, 0.4),
            some(rng, WayIn.values, 2, 0.8),
            "What happens the first time." if rng.random() < 0.4 else "",
        ]
        # The spread of a town is about the distance to which it reaches.
        spread = town.radius_km / 111 / 2
        venue = [
            town.name,
            town.area,
            town.country,
            max(-89.0, min(89.0, rng.gauss(town.latitude, spread))),
            max(-179.0, min(179.0, rng.gauss(town.longitude, spread * 1.6))),
            some(rng, Access.values, 4, 0.5),
        ]
        meetings = [
            [
                rng.choices(MeetingFormat.values, [70, 17, 10, 3])[0],
                [rng.choices(range(7), [18, 20, 20, 18, 8, 8, 8])[0]],
                f"{rng.choices([10, 14, 19], [25, 25, 50])[0]}:{rng.choice(['00', '30'])}",
                now + timedelta(minutes=rng.randrange(60, 20_000)) if rng.random() < 0.85 else None,
            ]
            for _ in range(rng.choices([1, 2], [75, 25])[0])
        ]
        about = set(rng.choices(topics, cum_weights=fame, k=rng.choices([1, 2, 3], [40, 40, 20])[0]))
        languages = ["fr" if town.country == "FR" else "en", *some(rng, ["pl", "ur", "cy", "pa", "ar"], 1, 0.06)]
        yield group, venue, meetings, about, languages


_STAGE = """
CREATE TEMP TABLE made_group (id bigint, slug text, name text, summary text, about text, text_language text,
    confirmed_at timestamptz, kind text, run_by text, decisions_by_members boolean, cost text, audiences text[],
    access text[], ways_in text[], first_time text);
CREATE TEMP TABLE made_venue (id bigint, locality text, region text, country text, latitude float, longitude float,
    access text[]);
CREATE TEMP TABLE made_meeting (group_id bigint, venue_id bigint, format text, weekdays smallint[], start_time time,
    next_at timestamptz);
CREATE TEMP TABLE made_topic (group_id bigint, topic_id bigint);
CREATE TEMP TABLE made_language (group_id bigint, code text);
"""
_MOVE = """
INSERT INTO groups_group (id, uuid, slug, name, summary, about, text_language, state, state_changed_at, confirmed_at,
    confirmed_by, kind, run_by, decisions_by_members, cost, audiences, access, ways_in, first_time, source, external_id,
    sample, created_at, updated_at, curator_notes, calls_itself, open_to, audience_note, ways_in_note, cost_note,
    ground_rules, confidentiality, safeguarding, host)
SELECT id, gen_random_uuid(), slug, name, summary, about, text_language, 'published', now(), confirmed_at,
    CASE WHEN confirmed_at IS NULL THEN '' ELSE 'owner' END, kind, run_by, decisions_by_members, cost, audiences,
    access, ways_in, first_time, '', '', false, now(), now(), '', '{}', '{}', '', '', '', '', '', '', ''
FROM made_group;
INSERT INTO groups_venue (id, name, kind, address, locality, region, postcode, country, latitude, longitude,
    address_visibility, public_latitude, public_longitude, access, access_notes, travel_notes, source, external_id,
    sample)
SELECT id, '', 'library', '', locality, region, '', country, latitude, longitude, 'curators', latitude, longitude,
    access, '', '', '', '', false FROM made_venue;
INSERT INTO groups_meeting (group_id, venue_id, format, frequency, interval, weekdays, weeks_of_month, dates,
    start_time, minutes, time_zone, skips_bank_holidays, room, join_url, join_phone, passcode, join_visibility, note,
    external_id, next_at, months, changed_at)
SELECT group_id, venue_id, format, 'weekly', 1, weekdays, '{}', '{}', start_time, 90, 'Europe/London', false, '', '',
    '', '', 'curators', '', '', next_at, '{}', now() FROM made_meeting;
INSERT INTO groups_group_topics (group_id, topic_id) SELECT * FROM made_topic;
INSERT INTO groups_group_languages (group_id, language_id) SELECT * FROM made_language;
DROP TABLE made_group, made_venue, made_meeting, made_topic, made_language;
"""


def fill(size, seed=1):
    """Replace all groups by `size` made-up ones. Returns the vocabulary."""
    from django.db import connection, transaction

    from directory.models import Place, Topic

    rng = random.Random(seed)
    words = vocabulary(rng)
    writing = Writing(rng, words)
    kinds = ["city", "town", "village"]
    towns = list(Place.objects.filter(kind__in=kinds, population__gt=0).order_by("-population", "code"))
    topics = list(Topic.objects.order_by("slug").values_list("pk", flat=True))
    rng.shuffle(topics)
    rows = {"group": [], "venue": [], "meeting": [], "topic": [], "language": []}

    def flush(cursor):
        for name, each in rows.items():
            with cursor.copy(f"COPY made_{name} FROM STDIN") as copy:
                for row in each:
                    copy.write_row(row)
            each.clear()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE groups_group, groups_venue CASCADE")
        cursor.execute(_STAGE)
        for group, venue, meetings, about, languages in listings(size, rng, towns, topics, writing):
            number = group[0]
            rows["group"].append(group)
            at_a_place = any(meeting[0] in {"in-person", "hybrid"} for meeting in meetings)
            if at_a_place:
                rows["venue"].append([number, *venue])
            for meeting in meetings:
                held_at = number if meeting[0] in {"in-person", "hybrid"} else None
                rows["meeting"].append([number, held_at, *meeting])
            rows["topic"] += [[number, topic] for topic in about]
            rows["language"] += [[number, code] for code in languages]
            if number % 20_000 == 0:
                flush(cursor)
        flush(cursor)
        # A million groups out of nothing are no history.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_MOVE)
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('groups_group', 'id'), %s),"
            " setval(pg_get_serial_sequence('groups_venue', 'id'), %s)",
            [size, size],
        )
    return words


def vacuum():
    """Do now what autovacuum would do within minutes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
