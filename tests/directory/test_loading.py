import pytest

from casestudies.content import CASE_STUDIES
from casestudies.models import KeyFigure
from directory.loading import Content, load
from directory.models import Topic
from tests.factories import SourceFactory, TopicFactory

pytestmark = pytest.mark.django_db
TOPICS = Content(Topic, links={"parent": "slug", "counterpart": "slug", "related": "slug", "help_lines": "slug"})


def entry(slug="anxiety", **changes):
    return {
        "slug": slug,
        "label": slug.capitalize(),
        "description": "Support if you worry.",
        "synonyms": ["worry"],
        "parent": None,
        "related": [],
        "counterpart": None,
    } | changes


def test_a_new_entry_is_added_and_loading_again_changes_nothing():
    assert load(TOPICS, [entry()]) == {"new": 1}
    assert load(TOPICS, [entry()]) == {"unchanged": 1}
    assert Topic.objects.get().synonyms == ["worry"]


def test_an_entry_may_name_one_that_comes_later():
    load(TOPICS, [entry("panic", parent="anxiety", related=["sleep"]), entry(), entry("sleep", related=["panic"])])
    panic = Topic.objects.get(slug="panic")
    assert panic.parent.slug == "anxiety"
    assert [topic.slug for topic in panic.related.all()] == ["sleep"]


def test_a_change_in_the_file_follows_where_nobody_touched_the_row():
    load(TOPICS, [entry()])
    assert load(TOPICS, [entry(description="Support with worry.")]) == {"changed": 1}
    assert Topic.objects.get().description == "Support with worry."


def test_a_change_by_a_curator_stays_and_the_other_fields_still_follow():
    load(TOPICS, [entry()])
    Topic.objects.update(description="A curator's words.")
    load(TOPICS, [entry(description="The file's new words.", synonyms=["worry", "nerves"])])
    topic = Topic.objects.get()
    assert topic.description == "A curator's words."
    assert topic.synonyms == ["worry", "nerves"]
    assert load(TOPICS, [entry(description="The file's newest words.", synonyms=["worry", "nerves"])]) == {"kept": 1}
    assert Topic.objects.get().description == "A curator's words."


def test_a_link_that_a_curator_took_away_stays_away():
    entries = [entry(related=["sleep"]), entry("sleep", related=["anxiety"])]
    load(TOPICS, entries)
    Topic.objects.get(slug="anxiety").related.clear()
    load(TOPICS, entries)
    assert not Topic.objects.get(slug="anxiety").related.exists()


def test_what_a_curator_removed_is_not_made_again():
    load(TOPICS, [entry()])
    Topic.objects.all().delete()
    assert load(TOPICS, [entry()]) == {"removed": 1}
    assert not Topic.objects.exists()


def test_what_a_curator_made_before_is_left_alone():
    TopicFactory(slug="anxiety", label="My own anxiety", description="Mine.")
    assert load(TOPICS, [entry()]) == {"kept": 1}
    assert Topic.objects.get().description == "Mine."


def test_a_link_to_nothing_stops_the_load_and_changes_nothing():
    with pytest.raises(ValueError, match="nowhere"):
        load(TOPICS, [entry(), entry("panic", parent="nowhere")])
    assert not Topic.objects.exists()


def test_rows_that_belong_to_an_entry_follow_the_file_until_a_curator_changes_one():
    SourceFactory(slug="esn-gem")
    figure = {"label": "groups", "value": 403, "unit": "", "caveat": "", "source": "esn-gem"}
    case = {"slug": "gem", "name": "GEM", "country": "FR", "topics": [], "key_figures": [figure]}
    load(CASE_STUDIES, [case])
    assert load(CASE_STUDIES, [case]) == {"unchanged": 1}
    assert KeyFigure.objects.get().value == 403
    load(CASE_STUDIES, [case | {"key_figures": [figure | {"value": 404}]}])
    assert KeyFigure.objects.get().value == 404
    KeyFigure.objects.update(value=405)
    load(CASE_STUDIES, [case | {"key_figures": [figure | {"value": 406}]}])
    assert KeyFigure.objects.get().value == 405
