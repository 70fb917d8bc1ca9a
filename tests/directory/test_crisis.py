import logging

import pytest
import yaml

from directory.crisis import WORDS, crisis_in
from directory.danger import crisis_lines
from tests.factories import HelpLineFactory

SUICIDE = [
    "want to die",
    "I want to die",
    "i just really want to die",
    "wanna die",
    "kill myself",
    "KILL MYSELF",
    "killing my self",
    "kill mysefl",
    "kms",
    "suicide",
    "SUICIDE!!!",
    "suiside",
    "suicde",
    "sucidal thoughts",
    "overdose",
    "want 2 die",
    "want to dei",
    "wnat to die",
    "wnt to die",
    "i wantto die",
    "killl myself",
    "feeling suicidal",
    "end it all",
    "I want to end my life",
    "no reason to live",
    "don't want to live",
    "don’t want to be here anymore",
    "better off dead",
    "I wish I was dead",
    "I can't go on",
    "can't carry on any more",
    "not worth living",
    "after my suicide attempt",
    "my son wants to die",
    "my brother killed himself and I want to die",
    "envie de mourir",
    "me suicider",
    "j'ai envie d'en finir",
    "idées suicidaires",
    "je n'ai plus envie de vivre",
]
DANGER = [
    "I've taken an overdose",
    "took all my pills",
    "I am going to kill myself tonight",
    "he is going to kill me",
    "my ex threatened to kill me",
    "my boyfriend strangled me",
    "il va me tuer",
    "j'ai pris tous mes médicaments",
]
SELF_HARM = [
    "cut myself",
    "cutting myself",
    "selfharm",
    "self-harm",
    "self harming",
    "my daughter is self harming",
    "hurting myself",
    "cut my wrists",
    "me scarifier",
    "je me scarifie",
]
ABUSE = [
    "he hit me",
    "he has often hit me",
    "my partner hits me",
    "my huband hits me",
    "my dad hits me",
    "he keeps hitting me",
    "beaten by my husband",
    "being hurt at home",
    "scared of my husband",
    "scared to go home",
    "not safe at home",
    "domestic violence Leeds",
    "domestic abuse",
    "abusive relationship",
    "I was raped",
    "forced marriage",
    "my boyfriend is controlling",
    "my partner is very controlling",
    "my boyfriend controls everything i do",
    "he controls me",
    "he wont let me out",
    "my husband won't let me see my friends",
    "il me frappe",
    "mon copain me contrôle",
    "il ne me laisse pas sortir",
    "il m’empêche de sortir",
    "mon mari me bat",
    "il m’a frappée",
    "violences conjugales",
]
BEREAVED = [
    "bereaved by suicide",
    "bereaved by suicide Leeds",
    "suicide bereavement group",
    "survivors of suicide",
    "lost my son to suicide",
    "my brother killed himself",
    "my husband took his own life",
    "deuil après suicide",
]
NOTHING = [
    "killing time",
    "kill the boredom",
    "kill two birds with one stone",
    "die-cast",
    "die cast models",
    "to die for",
    "dying to meet people",
    "want to dye my hair",
    "want to diet",
    "diet club",
    "hit the gym",
    "he hit the road",
    "mum hits the pub",
    "was hit by a car",
    "hit me up",
    "he hit",
    "he met me",
    "he helped me",
    "they beat us at football",
    "cut my hair",
    "cut myself some slack",
    "hurt my back",
    "hurt myself at work",
    "putting myself first",
    "enjoying myself",
    "suicide squad",
    "I can't go on Tuesdays",
    "at the end it was fine",
    "end of life care",
    "life drawing",
    "my husband drinks",
    "my mother died",
    "my son died",
    "partner with dementia",
    "beat the bookies",
    "killer whales",
    "controlling my diabetes",
    "my husband is controlling his diabetes",
    "he helps me control my weight",
    "pain is controlling my life",
    "my dog wont let me",
    "my dog won't let me out",
    "the cat never lets me sleep",
    "she wont let me sleep",
    "mum wont let me have a dog",
    "remote controls",
    "womens group monday evening near Leeds",
    "mourir de rire",
    "envie de parler",
    "il me manque",
    "",
    "...",
    "🙂",
    "\x00",
    "\ud800",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "a " * 5000,
]


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (kind, typed)
        for kind, table in {
            "danger": DANGER,
            "suicide": SUICIDE,
            "self-harm": SELF_HARM,
            "abuse": ABUSE,
            "bereaved-by-suicide": BEREAVED,
        }.items()
        for typed in table
    ],
)
def test_words_of_somebody_in_danger_are_understood(kind, typed):
    assert crisis_in(typed).kind == kind


@pytest.mark.parametrize("typed", NOTHING)
def test_other_words_show_no_help_lines(typed):
    assert crisis_in(typed) is None


def test_only_bereavement_is_gentle():
    assert crisis_in("bereaved by suicide").gentle
    assert not crisis_in("suicide").gentle


def test_words_in_french_show_the_help_lines_of_france_first():
    assert crisis_in("envie de mourir").help_lines[0] == "3114-france"
    assert crisis_in("want to die").help_lines[0] == "samaritans"


def test_what_is_urgent_comes_first_however_late_in_the_text():
    assert (
        crisis_in("my brother killed himself last year, " + "and it is hard " * 20 + "I want to die").kind == "suicide"
    )


def test_words_of_two_phrases_do_not_grow_together():
    # 'kill time' is taken out; what stands around it says nothing.
    assert crisis_in("kill time myself") is None


def test_nothing_is_logged(caplog):
    with caplog.at_level(logging.DEBUG):
        crisis_in("I want to die")
    assert caplog.records == []


@pytest.mark.django_db
def test_the_page_shows_one_emergency_number_and_the_lines_that_fit_most():
    crises = [crisis_in(words) for words in ("i want to die", "he hits me", "i took an overdose", "envie de mourir")]
    for slug in {slug for crisis in crises for slug in crisis.help_lines}:
        HelpLineFactory(slug=slug, emergency=slug.startswith("emergency"))
    for crisis in crises:
        shown = [line.slug for line in crisis_lines(crisis)]
        others = [slug for slug in crisis.help_lines if not slug.startswith("emergency")]
        assert shown[0] == next(slug for slug in crisis.help_lines if slug.startswith("emergency"))
        assert shown[1:] == others[:3]
    assert not any(line.emergency for line in crisis_lines(crisis_in("bereaved by suicide")))
    assert crisis_lines(None) == []


def test_each_help_line_is_on_the_checked_list():
    words = yaml.safe_load(WORDS.read_text())
    checked = {line["slug"] for line in yaml.safe_load((WORDS.parent / "helplines.yaml").read_text())}
    shown = {slug for kind in words["kinds"] for slugs in kind["help_lines"].values() for slug in slugs}
    assert shown - checked == set()


def test_a_long_text_is_read_in_a_moment():
    assert crisis_in("I want to go he hit " * 500) is None
