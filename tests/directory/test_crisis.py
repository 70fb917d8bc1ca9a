import logging

import pytest
import yaml

from directory.content import read_topics
from directory.crisis import WORDS, crisis_in
from directory.danger import crisis_lines
from tests.factories import HelpLineFactory, TopicFactory

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
    "whats the point of living",
    "what's the point",
    "what's the point in carrying on",
    "no point living",
    "fed up of living",
    "fed up with life",
    "i hate my life",
    "want to disappear",
    "hope i don't wake up",
    "I can't keep myself safe",
    "want it to end",
    "I wish I wasn't here",
    "my life is worthless",
    "dw i eisiau marw",
    "hunanladdiad",
    "chcę umrzeć",
    "samobójstwo",
    "nie chcę już żyć",
    "quiero morir",
    "suicidio",
    "quero morrer",
    "voglio morire",
    "ich will nicht mehr leben",
    "Selbstmord",
    "vreau să mor",
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
    "in danger",
    "im in danger",
    "my kids are in danger",
    "je suis en danger",
    "not safe",
    "im not safe",
    "I don't feel safe",
    "im scared for my life",
    "overdosed",
    "my daughter overdosed",
    "OD'd",
    "i od’d last night",
    "ive swallowed a whole packet of paracetamol",
    "iv taken loads of tablets",
    "I took 30 paracetamol",
    "my son swallowed tablets",
    "strangled me",
    "choked by my boyfriend",
    "he pulled a knife on me",
    "OD'd on paracetamol",
    "he grabbed me by the throat",
]
HARM_TO_OTHERS = [
    "i want to kill my husband",
    "i might hurt my baby",
    "going to kill my wife",
    "i feel like hurting my child",
    "scared of hurting my baby",
    "I hit my wife",
    "hearing voices telling me to kill",
    "voices in my head tell me to hurt people",
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
    "cutting",
    "i keep cutting",
    "cutting again",
    "help with cutting",
    "my daughter is cutting",
    "i want to cut so badly",
    "i want to stop cutting",
    "cuttin myself",
    "hunan-niweidio",
]
CHILD_ABUSE = [
    "child abuse",
    "my dad hits me",
    "my dad hits my mum",
    "scared of my stepdad",
    "my stepdad touches me",
    "my uncle keeps touching me",
    "someone is touching me",
    "my child is being abused",
    "he hits the kids",
    "abused in a children's home",
    "abused by priest",
    "groomed online",
    "enfant maltraité",
]
CHILDHOOD_ABUSE = [
    "i was abused as a child",
    "my uncle touched me when i was little",
    "when I was little my dad hit me",
    "as a child I was raped by my brother",
    "he raped me when I was six years old",
    "my mum was violent when i was growing up",
    "adult survivors of child abuse",
    "historic abuse",
    "abused in childhood",
    "hit as a child",
    "abusée quand j'étais petite",
]
ABUSE = [
    "he hit me",
    "he has often hit me",
    "my partner hits me",
    "my huband hits me",
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
    "abuse",
    "elder abuse",
    "i was abused",
    "he is dangerous",
    "my son is violent",
    "dv",
    "dv support",
    "dv survivor",
    "i am being stalked",
    "my ex keeps following me",
    "he won't stop following me",
    "honour killing",
    "he pushes me",
    "trafficked",
    "fgm",
    "my nan hit me",
    "he hit me when i was 7 months pregnant",
    "my husband hit me when I was young",
    "agression sexuelle",
    "violée",
    "viol",
    "victime d'un viol",
    "on m'a violée",
    "attouchements",
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
    "lost my son to an overdose",
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
    "i want to cut back drinking",
    "i want to cut down",
    "i want to cut down on sugar",
    "i need to cut the grass",
    "i have a cut",
    "cutting down on smoking",
    "tree cutting",
    "plant cuttings",
    "cutting and sewing group",
    "cutting carbs",
    "i have cut myself off from friends",
    "i killed it at work",
    "this is killing me",
    "my dog died",
    "kill time",
    "i could kill for a coffee",
    "i could kill my husband for snoring",
    "dead tired",
    "bored to death",
    "a shot in the dark",
    "alcohol abuse",
    "drug and alcohol abuse",
    "abuse of alcohol",
    "animal abuse",
    "in danger of losing my home",
    "threatened with eviction",
    "dangerous sports",
    "not safe to drive any more",
    "i feel unsafe on my bike",
    "am i odd",
    "odd jobs",
    "i take lots of tablets",
    "cant swallow tablets",
    "had throat cancer",
    "touched by the kindness of people",
    "the music touched me",
    "dog being groomed",
    "scared of my mum dying",
    "my coach pushed me to try harder",
    "i gave up my life to care for my mum",
    "fed up of living alone",
    "tired of living with my parents",
    "what is the point of a gp referral",
    "bored of life drawing",
    "want my pain to disappear",
    "i don't want to hurt my mum",
    "i beat my son at chess",
    "hearing voices group",
    "fear of people",
    "drink is going to kill my husband",
    "i don't want it to end",
    "my mum wont stop calling me",
    "i smashed my phone",
    "abused animals",
    "when i was little",
    "bullied as a child",
    "my friend was hit by a car when i was little",
    "mini dv tapes",
    "deer stalking",
    "viol consort",
    "violon",
    "abus d'alcool",
    "excision surgery for endometriosis",
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
            "harm-to-others": HARM_TO_OTHERS,
            "self-harm": SELF_HARM,
            "child-abuse": CHILD_ABUSE,
            "abuse": ABUSE,
            "childhood-abuse": CHILDHOOD_ABUSE,
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


def test_only_bereavement_and_what_is_long_ago_are_gentle():
    assert crisis_in("bereaved by suicide").gentle
    assert crisis_in("abused as a child").gentle
    assert not crisis_in("suicide").gentle
    assert not crisis_in("child abuse").gentle


def test_what_is_long_ago_hides_nothing_of_today():
    assert crisis_in("my dad hit me when i was little and my husband hits me").kind == "abuse"


def test_words_in_french_show_the_help_lines_of_france_first():
    assert crisis_in("envie de mourir").help_lines[0] == "3114-france"
    assert crisis_in("want to die").help_lines[0] == "samaritans"


@pytest.mark.parametrize("typed", ["dw i eisiau marw", "chcę umrzeć", "quiero morir", "voglio morire"])
def test_a_language_without_help_lines_of_its_own_shows_those_of_english(typed):
    assert crisis_in(typed) == crisis_in("want to die")


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
    crises = [
        crisis_in(words)
        for words in ("i want to die", "he hits me", "i took an overdose", "my stepdad touches me", "envie de mourir")
    ]
    for slug in {slug for crisis in crises for slug in crisis.help_lines}:
        HelpLineFactory(slug=slug, emergency=slug.startswith("emergency"))
    for crisis in crises:
        shown = [line.slug for line in crisis_lines(crisis)]
        others = [slug for slug in crisis.help_lines if not slug.startswith("emergency")]
        assert shown[0] == next(slug for slug in crisis.help_lines if slug.startswith("emergency"))
        assert shown[1:] == others[:3]
    assert "childline" in [line.slug for line in crisis_lines(crisis_in("my stepdad touches me"))]
    assert not any(line.emergency for line in crisis_lines(crisis_in("bereaved by suicide")))
    assert crisis_lines(None) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slug", "named_by", "not_named_by"),
    [
        ("self-harm", ["cutting", "i keep cutting", "help with cutting"], ["cutting carbs", "cutting and sewing"]),
        ("self-harm", ["burning myself"], ["burning mouth syndrome"]),
        ("domestic-abuse", ["dv", "dv support"], ["dvd club"]),
        ("sexual-abuse", ["rape survivors"], ["cancer survivors"]),
    ],
)
def test_a_word_names_a_topic_of_danger_only_where_it_means_it(client, slug, named_by, not_named_by):
    topic = next(each for each in read_topics() if each["slug"] == slug)
    TopicFactory(slug=slug, label=topic["label"], synonyms=topic["synonyms"])

    def names_it(typed):
        return topic["label"] in [chip.label for chip in client.get("/groups/", {"q": typed}).context["chips"]]

    assert [typed for typed in named_by if not names_it(typed)] == []
    assert [typed for typed in not_named_by if names_it(typed)] == []


def test_each_help_line_is_on_the_checked_list():
    words = yaml.safe_load(WORDS.read_text())
    checked = {line["slug"] for line in yaml.safe_load((WORDS.parent / "helplines.yaml").read_text())}
    shown = {slug for kind in words["kinds"] for slugs in kind["help_lines"].values() for slug in slugs}
    assert shown - checked == set()


def test_a_long_text_is_read_in_a_moment():
    assert crisis_in("I want to go he hit " * 500) is None
