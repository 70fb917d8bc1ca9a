import random
from contextlib import suppress
from datetime import time

import pytest
from django.db import DatabaseError, connection, transaction

from directory import keeping
from directory.geo import Point, distance_km
from directory.preparing import prepared_cursor
from groups import rebuilding
from groups.indexing import indexing_at_the_end
from groups.matches import Matches
from groups.models import Group, GroupSearch, SearchWord
from groups.models.search import SQUARES, facet, squares_around
from groups.rebuilding import rebuild
from groups.search import CAP, find
from groups.spelling import terms_of
from tests.factories import GroupFactory, LanguageFactory, MeetingFactory, TopicFactory, VenueFactory
from tests.pages import statements

pytestmark = pytest.mark.django_db

LEEDS, YORK = Point(53.796, -1.548), Point(53.958, -1.08)


def matches(words="", topics=(), **steps):
    """Return what a search finds: words, topics, and steps such as `with_one_of=("day", ["mon"])`."""
    rows = GroupSearch.objects.all()
    for method, values in steps.items():
        step = getattr(rows, method)
        rows = step(**values) if isinstance(values, dict) else step(*values)
    return Matches(rows, terms_of(words)[0] if words else (), topics)


def found(words="", topics=(), sort="relevance", **steps):
    """Return the names of the groups on the first page, in order."""
    names = dict(Group.objects.values_list("pk", "name"))
    return [names[pk] for pk in find(matches(words, topics, **steps), sort=sort).ids]


def value_of(expression, params):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}", params)
        return cursor.fetchone()[0]


@pytest.fixture
def town():
    with indexing_at_the_end():
        make_town()


def make_town():
    """Sixty groups, with words, topics, days and places that overlap."""
    rng = random.Random(4)
    LanguageFactory()
    grief = TopicFactory(slug="grief", label="Grief", synonyms=["bereavement", "mourning"])
    topics = [
        grief,
        TopicFactory(slug="loss-child", label="Loss of a child", parent=grief),
        TopicFactory(slug="anxiety", label="Anxiety and panic", synonyms=["nerves"]),
    ]
    venues = [
        VenueFactory(locality=f"Town {n}", latitude=53.796 + n * n * 0.004, longitude=-1.548 + (n % 3) * 0.02)
        for n in range(12)
    ]
    for n in range(60):
        words = rng.sample(["tea", "worry", "walking", "grief", "mums", "quiet", "evening", "sea"], 4)
        group = GroupFactory(
            name=" ".join(words[:2]).title() + f" {n}",
            summary=f"A circle for {words[2]}.",
            about=f"We speak of {words[3]}." if n % 2 else "",
            audiences=rng.sample(["women", "men", "parents"], n % 2),
            cost=rng.choice(["", "free", "paid"]),
            access=rng.sample(["step-free", "lift", "parking"], n % 3),
            topics=rng.sample(topics, n % 3),
        )
        online = n % 7 == 0
        for _ in range(1 + n % 2):
            MeetingFactory(
                group=group,
                venue=None if online else rng.choice(venues),
                format="online" if online else "in-person",
                weekdays=[rng.randrange(7)],
                start_time=time(rng.choice([10, 14, 19])),
            )


SEARCHES = {
    "all": {},
    "a word": {"words": "worry"},
    "a rare word": {"words": "mourning"},
    "two words": {"words": "quiet sea"},
    "three words": {"words": "tea grief evening"},
    "words that nobody uses": {"words": "xylophone tea"},
    "no such word": {"words": "xylophone"},
    "a topic": {"topics": ("grief",)},
    "two topics": {"topics": ("loss-child", "anxiety")},
    "words and a topic": {"words": "tea mums", "topics": ("anxiety",)},
    "a word and a topic": {"words": "tea", "topics": ("grief",)},
    "a day": {"with_one_of": ("day", ["mon", "tue"])},
    "days and times": {"meeting": {"day": ["mon", "wed", "fri"], "time": ["evening", "morning"]}},
    "a day, online": {"meeting": {"day": ["mon", "tue", "sun"], "format": ["online"]}},
    "days, times and a format": {"meeting": {"day": ["mon", "fri"], "time": ["evening"], "format": ["in-person"]}},
    "near two places": {"near": (LEEDS, 3, [YORK])},
    "needs": {"words": "worry", "with_all_of": ("access", ["step-free", "lift"])},
    "near": {"near": (LEEDS, 3)},
    "further": {"near": (LEEDS, 16)},
    "far": {"near": (YORK, 60)},
    "far away": {"near": (Point(-33.9, 151.2), 20)},
    "words near": {"words": "tea quiet", "near": (LEEDS, 10)},
    "a topic near, on a day": {"topics": ("grief",), "with_one_of": ("day", ["sat", "thu"]), "near": (YORK, 45)},
    "all of it": {
        "words": "sea worry",
        "topics": ("anxiety",),
        "with_one_of": ("audience", ["women", "men"]),
        "meeting": {"day": ["mon", "tue", "wed", "thu"]},
        "near": (LEEDS, 30),
    },
}


@pytest.mark.usefixtures("town")
class TestOneDefinitionOfWhatMatches:
    @pytest.mark.parametrize("name", SEARCHES)
    def test_page_and_whole_set_are_the_same(self, name):
        search = matches(**SEARCHES[name])
        whole = set(search.everything().values_list("pk", flat=True))
        sorts = ["relevance", "soonest", "confirmed", "name", *(["distance"] if "near" in SEARCHES[name] else [])]
        for sort in sorts:
            page = find(search, sort=sort, limit=CAP)
            assert set(page.ids) == whole
            assert page.total == len(page.ids) == len(whole)
        assert find(search).total == len(whole)
        branches = [set(branch.rows.values_list("pk", flat=True)) for branch in search.branches()]
        assert sum(map(len, branches)) == len(whole)
        assert set().union(*branches) == whole

    @pytest.mark.parametrize("name", SEARCHES)
    def test_pages_neither_repeat_nor_skip(self, name):
        search = matches(**SEARCHES[name])
        pages = [pk for offset in range(0, 70, 7) for pk in find(search, offset=offset, limit=7).ids]
        assert pages == find(search, limit=CAP).ids

    @pytest.mark.parametrize("name", SEARCHES)
    def test_a_choice_that_is_checked_on_the_rows_fits_the_same_as_one_that_the_index_finds(self, name):
        search = matches(**SEARCHES[name])
        checked = search.rows.all()
        checked.query.checked = set(search._choices)
        sql = str(checked.query)
        assert len(checked.query.checked) == sql.count("arrayoverlap(") + sql.count("arraycontains(")
        assert set(checked) == set(search.rows)

    def test_the_table_is_not_empty_handed(self):
        sizes = {name: find(matches(**search)).total for name, search in SEARCHES.items()}
        assert sizes["all"] == 60
        assert {name for name, size in sizes.items() if not size} == {"no such word", "far away"}

    def test_counts_are_of_what_matches(self):
        search = matches("tea", near=(LEEDS, 16))
        counts = find(search).counts
        for field, code in [("day", "tue"), ("topic", "grief"), ("format", "in-person"), ("free", "on")]:
            among = search.everything().filter(found_by__in=GroupSearch.objects.with_one_of(field, [code]))
            assert counts.get(facet(field, code), 0) == among.count()

    def test_all_circles_and_rings_find_what_the_formula_finds(self):
        points = {row.pk: list(zip(row.latitudes, row.longitudes, strict=True)) for row in GroupSearch.objects.all()}
        for km in (1, 3, 4, 5, 12, 35, 36, 60):
            expected = {pk for pk, own in points.items() if any(distance_km(LEEDS, Point(*p)) <= km for p in own)}
            assert set(find(matches(near=(LEEDS, km)), limit=CAP).ids) == expected


@pytest.mark.usefixtures("town")
class TestTheCap:
    def test_more_than_it_are_not_counted(self):
        page = find(matches("tea worry"), cap=10)
        assert page.total == 11

    @pytest.mark.parametrize("words", ["", "tea", "tea worry"])
    def test_by_distance_the_nearest_are_kept(self, words):
        search = matches(words, near=(LEEDS, 60))
        assert find(search, sort="distance", cap=9, limit=9).ids == find(search, sort="distance", limit=9).ids

    def test_names_are_kept_before_other_places_in_the_text(self):
        by_name = set(Group.objects.filter(name__contains="Tea").values_list("pk", flat=True))
        assert len(by_name) > 4
        assert set(find(matches("tea"), cap=3, limit=CAP).ids) < by_name


@pytest.fixture
def analysed_town(town):
    """The town after a night: it is known how many groups hold what, and so it is read part by part, as a big one."""
    rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE groups_groupsearch")
    keeping.forget()


@pytest.mark.usefixtures("analysed_town")
class TestPartByPart:
    @pytest.mark.parametrize("words", ["", "tea", "tea worry"])
    @pytest.mark.parametrize("km", [5, 16, 60])
    def test_rings_by_distance_keep_the_nearest(self, words, km):
        search = matches(words, near=(LEEDS, km))
        exact = find(search, sort="distance", cap=10**6, limit=60)
        with statements() as asked:
            found = find(search, sort="distance", cap=5, limit=5)
        assert exact.total > 5
        assert found.ids == exact.ids[:5]
        assert found.distances == {pk: exact.distances[pk] for pk in found.ids}
        assert found.total == 6
        assert "width_bucket" in asked[-1]

    @pytest.mark.parametrize("words", ["", "tea", "tea worry"])
    def test_rings_by_relevance_leave_the_circle_to_nobody_else(self, words):
        search = matches(words, near=(LEEDS, 16))
        exact = find(search, cap=10**6, limit=60)
        with statements() as asked:
            found = find(search, cap=5, limit=60)
        assert len(found.ids) == found.total == 6
        assert set(found.ids) < set(exact.ids)
        assert {pk: exact.distances[pk] for pk in found.ids} == found.distances
        assert "width_bucket" in asked[-1]

    def test_parts_of_the_table_find_what_is_there(self):
        search = matches("tea")
        exact = find(search, cap=10**6, limit=60)
        with statements() as asked:
            found = find(search, cap=5, limit=60)
        assert len(found.ids) == found.total == 6
        assert set(found.ids) < set(exact.ids)
        assert "LATERAL" in asked[-1]


class TestRowsFollowTheirGroups:
    def test_only_published_groups_have_one(self):
        for state in ("draft", "pending", "archived"):
            GroupFactory(state=state)
        published = GroupFactory()
        assert list(GroupSearch.objects.values_list("pk", flat=True)) == [published.pk]
        published.delete()
        assert not GroupSearch.objects.exists()

    def test_a_new_name(self):
        group = GroupFactory(name="Kettle")
        group.name = "Lantern"
        group.save()
        assert found("kettle") == []
        assert found("lantern") == ["Lantern"]

    def test_a_group_archived_and_published_again(self):
        group = GroupFactory(name="Kettle")
        for state, names in [("archived", []), ("published", ["Kettle"])]:
            group.state = state
            group.save()
            assert found("kettle") == names

    def test_a_venue_that_moves(self):
        venue = MeetingFactory(group__name="Kettle").venue
        assert found(near=(LEEDS, 5)) == ["Kettle"]
        venue.latitude, venue.longitude, venue.locality = *YORK, "Clifton"
        venue.save()
        assert found(near=(LEEDS, 5)) == []
        assert found(near=(YORK, 5)) == ["Kettle"]
        assert found("clifton") == ["Kettle"]
        assert found("headingley") == []

    def test_a_topic_called_otherwise(self):
        topic = TopicFactory(label="Worry", synonyms=["nerves"])
        GroupFactory(name="Kettle", topics=[topic])
        assert found("nerves") == ["Kettle"]
        topic.synonyms = ["jitters"]
        topic.save()
        assert found("nerves") == []
        assert found("jitters") == ["Kettle"]

    def test_nothing_of_a_change_that_is_taken_back(self):
        group = GroupFactory(name="Kettle")
        with transaction.atomic():
            group.name = "Lantern"
            group.save()
            assert found("lantern") == ["Lantern"]
            transaction.set_rollback(True)
        assert found("kettle") == ["Kettle"]


class TestRebuild:
    def test_writes_the_same_rows(self, town):
        columns = [each.name for each in GroupSearch._meta.fields if each.name != "indexed_at"]
        rows = list(GroupSearch.objects.order_by("pk").values(*columns))
        for _ in range(2):
            assert rebuild() == 60
            assert list(GroupSearch.objects.order_by("pk").values(*columns)) == rows

    def test_leaves_the_indexes_and_constraints_as_they_were(self):
        def all_of_it():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'groups_groupsearch' UNION ALL"
                    " SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                    " WHERE conrelid = 'groups_groupsearch'::regclass"
                )
                return sorted(cursor.fetchall())

        before = all_of_it()
        rebuild()
        assert all_of_it() == before

    def test_keeps_what_is_saved_meanwhile(self, monkeypatch):
        changed, archived, deleted = (GroupFactory(name=name) for name in ("Kettle", "Lantern", "Ring"))
        write = rebuilding._write_new_table

        def write_and_save(cursor):
            rows = write(cursor)
            changed.name = "Pebble"
            changed.save()
            archived.state = "archived"
            archived.save()
            deleted.delete()
            GroupFactory(name="Acorn")
            return rows

        monkeypatch.setattr(rebuilding, "_write_new_table", write_and_save)
        rebuild()
        assert sorted(found()) == ["Acorn", "Pebble"]
        assert found("pebble") == ["Pebble"]
        assert SearchWord.objects.filter(word__in=["pebble", "acorn"]).count() == 2

    def test_counts_the_words(self):
        GroupFactory(name="Kettle", summary="Kettles")
        GroupFactory(name="Kettle two", summary="")
        rebuild()
        assert SearchWord.objects.get(word="kettles").groups == 2
        Group.objects.all().delete()
        rebuild()
        assert not SearchWord.objects.filter(word__startswith="kettle").exists()


class TestWordsAsTheyAreWritten:
    @pytest.mark.parametrize(
        ("name", "searches"),
        [
            ("St. Andrews Circle", ["St. Andrews", "st andrews", "ST ANDREWS", "St Andrew's"]),
            ("Women's Tea", ["women's", "womens", "Women’s"]),
            ("Self-help Kettle", ["self-help", "self help", "Self–Help"]),
            ("Tea & Talk", ["tea & talk", "tea and talk", "tea talk"]),
            ("Café Soleil", ["café", "cafe", "CAFÉ"]),
            ("A.A. Kettle", ["A.A.", "AA", "a.a. kettle"]),
        ],
    )
    def test_every_way_finds_the_same(self, name, searches):
        GroupFactory(name=name)
        GroupFactory(name="Other")
        for words in searches:
            assert found(words) == [name], words


class TestPythonAndTheDatabaseAgree:
    @pytest.mark.parametrize(("field", "code"), [("day", "mon"), ("topic", "grief"), ("slot", "mon-evening-online")])
    def test_on_the_number_of_a_choice(self, field, code):
        assert facet(field, code) == value_of("search_facet(%s, %s)", [field, code])

    @pytest.mark.parametrize("km", [0, 1.5, 4, 4.1, 16, 35, 40, 160])
    @pytest.mark.parametrize(
        "centre", [LEEDS, Point(0, 0), Point(-33.9, 151.2), Point(64.1, -21.9), Point(53, -0.0001)]
    )
    def test_on_the_squares_of_a_circle(self, km, centre):
        fine = next(fine for most, fine in SQUARES if km <= most)
        squares = squares_around(centre, km)
        assert len(squares) == len(set(squares))
        rng = random.Random(5)
        for _ in range(60):
            point = Point(centre.latitude + rng.uniform(-1.5, 1.5), centre.longitude + rng.uniform(-2.5, 2.5))
            share = min(1, km / distance_km(centre, point))
            inside = Point(*(c + (p - c) * share * 0.99 for c, p in zip(centre, point, strict=True)))
            assert distance_km(centre, inside) <= km
            assert value_of("search_square(%s, %s, %s)", [*inside, fine]) in squares

    @pytest.mark.parametrize("centre", [Point(90, 180), Point(-90, -180), Point(0, 179.99)])
    def test_at_the_ends_of_the_earth(self, centre):
        assert value_of("search_square(%s, %s, 10)", [*centre]) in squares_around(centre, 15)
        assert find(matches(near=(centre, 15))).total == 0

    @pytest.mark.parametrize("points", [[YORK], [LEEDS], [YORK, Point(53.8, -1.5)], []])
    def test_on_distances(self, points):
        latitudes, longitudes = [p.latitude for p in points], [p.longitude for p in points]
        km = value_of("search_distance(%s::float[], %s::float[], %s, %s)", [latitudes, longitudes, *LEEDS])
        assert km == (pytest.approx(min(distance_km(LEEDS, p) for p in points)) if points else None)


@pytest.mark.parametrize("words", ["erdre", "l'Erdre", "l’erdre", "endometriose", "d’endométriose"])
def test_a_french_word_is_found_without_the_article_that_runs_into_it(words):
    GroupFactory(name="Le Banc de l’Erdre", summary="Pour vivre avec l'endométriose.", text_language="fr")
    GroupFactory(name="O'Brien's D'Arcy House", summary="It's for all.")
    assert found(words) == ["Le Banc de l’Erdre"]


@pytest.mark.parametrize(
    "words", ["obrien", "O’Brien's", "d'arcy", "arcy", "darcy", "larche", "l'arche", "tai", "t'ai"]
)
def test_names_with_an_apostrophe_are_found_in_each_spelling(words):
    GroupFactory(name="Le Banc de l’Erdre", text_language="fr")
    GroupFactory(name="O'Brien's D'Arcy House", summary="It's for all: T'ai Chi at L'Arche.")
    assert found(words) == ["O'Brien's D'Arcy House"]


class TestKeptPlans:
    def kept(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%groups_groupsearch%'")
            return {statement for (statement,) in cursor.fetchall()}

    def test_other_words_numbers_and_places_need_no_other_plan(self):
        GroupFactory(name="Tea and Talk")
        find(matches("tea", near=(LEEDS, 10)))
        before = self.kept()
        assert before
        find(matches("worry", near=(YORK, 12)), offset=20, limit=10)
        assert self.kept() == before

    def test_nothing_is_kept_of_what_somebody_typed(self, client):
        GroupFactory(name="Tea and Talk")
        for address in ("/groups/?q=zubawka+tea+near+Leeds", "/search/?q=zubawka+tea", "/practitioners/?q=zubawka"):
            client.get(address)
        kept = connection.connection._prepared
        assert kept._names
        assert not [text for text, _types in (*kept._counts, *kept._names) if b"zubawka" in text]
        assert not any("zubawka" in statement for statement in self.kept())

    def test_a_search_goes_on_after_one_that_failed(self):
        GroupFactory(name="Tea and Talk")
        with pytest.raises(DatabaseError), transaction.atomic(), prepared_cursor() as cursor:
            cursor.execute("SELECT nothing_of_that_name(%s)", [1])
        assert find(matches("tea")).total == 1
        with suppress(ZeroDivisionError), transaction.atomic():
            find(matches("tea talk"))
            raise ZeroDivisionError
        assert find(matches("tea talk")).total == 1

    @pytest.mark.django_db(transaction=True)
    def test_the_table_may_be_written_anew_meanwhile(self):
        GroupFactory(name="Tea and Talk")
        assert find(matches("tea")).total == 1
        rebuild()
        GroupFactory(name="Tea at Ten")
        assert find(matches("tea")).total == 2

    def test_a_search_for_words_or_topics_asks_for_each_by_itself(self):
        topic = TopicFactory(slug="grief")
        both, by_topic, by_word = (GroupFactory(name=name) for name in ("Tea One", "Quiet Hour", "Tea Two"))
        both.topics.add(topic)
        by_topic.topics.add(topic)
        GroupFactory(name="Neither")
        search = Matches(GroupSearch.objects.all(), terms_of("tea")[0], ("grief",))
        found = find(search)
        assert set(found.ids) == {both.pk, by_topic.pk, by_word.pk}
        assert found.total == 3
        assert set(search.everything()) == {both, by_topic, by_word}
