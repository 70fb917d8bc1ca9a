"""The words that the search for groups understands: the choices, the topics, the languages, and plain phrases."""

import re
from datetime import timedelta
from functools import cache
from itertools import product
from operator import itemgetter
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from directory import lists
from directory.choices import ForWhom, Nation, Weekday
from directory.filters import DISTANCES
from directory.gazetteer import UNIONS
from directory.keeping import kept_for_an_hour
from directory.loading import read_yaml
from directory.models import Place
from directory.understanding import (
    ALONE,
    ALWAYS,
    CAPITAL,
    CAPITALS,
    DATED,
    REFUSED,
    Meaning,
    Vocabulary,
    folded,
    is_big_place,
)
from directory.words import with_small_letter
from groups.choices import AGES, Access, Audience, Cost, GroupKind, MeetingFormat, TimeOfDay, WayIn

SATURDAY = 5
PHRASES = Path(__file__).resolve().parent / "data" / "phrases.yaml"
CHOICES = {
    "day": Weekday,
    "time": TimeOfDay,
    "format": MeetingFormat,
    "audience": Audience,
    "access": Access,
    "kind": GroupKind,
    "referral": WayIn,
}
# Labels that nobody types, or that mean something else as plain words.
NOT_BY_LABEL = {("kind", "other"), ("kind", "mutual-aid"), ("kind", "activity"), ("audience", "adults"),
                ("audience", "parents"), ("audience", "children"), ("referral", "contact-first"),
                ("access", "lift")}  # fmt: skip
# Short forms that are everyday words: a topic only in capitals.
WORDS_TOO = frozenset(["sad", "add", "aids", "all", "als", "ma", "me", "sen", "send", "vi", "pd", "sci"])

# Each process keeps the vocabulary compiled, and compiles it anew only where something changed.
_kept = {}


def vocabulary():
    """Return the vocabulary, at most a minute old."""
    made_of = topics, languages, places, _day = lists.topics(), lists.languages(), _places(), timezone.localdate()
    if _kept.get("made_of") != made_of:
        _kept["vocabulary"] = build(sorted(topics, key=itemgetter("pk")), languages, places)
    # The lists themselves, and not older ones like them: two that are the same are compared at once.
    _kept["made_of"] = made_of
    return _kept["vocabulary"]


@kept_for_an_hour
def _places():
    """Return {name: whether it is a big place}."""
    names = {}
    for place_names, kind, population in Place.objects.values_list("names", "kind", "population"):
        is_big = is_big_place(kind, population)
        for name in place_names:
            names[folded(name)] = is_big or names.get(folded(name), False)
    # What is no place of the list: 'in the UK', and a hint as in 'Newport, France'.
    if names:
        names |= dict.fromkeys(UNIONS, False)
        names.setdefault(folded(str(Nation.FRANCE.label)), True)
    return names


def build(topics, languages, places=None):
    """Compile the vocabulary from rows of topics and languages."""
    tables = phrases()
    labels = {row["slug"]: row["label"] for row in topics}
    entries = [*_choice_entries(tables), *_topic_entries(tables, topics), *_language_entries(tables, languages)]
    leads = {
        row["slug"]: row["counterpart__slug"]
        for row in topics
        if row["counterpart__slug"] and row["counterpart__for_whom"] == ForWhom.FAMILY
    }
    return Vocabulary(
        entries=entries,
        parents={row["slug"]: row["parent__slug"] for row in topics if row["parent__slug"]},
        leads=leads,
        child_leads={own: lead for own, lead in tables["child_leads"].items() if lead in labels},
        relatives=tables["relatives"],
        places={} if places is None else places,
        distances=tuple(int(each) for each in DISTANCES),
        ages=AGES,
    )


def _choice_entries(tables):
    for name, choices in CHOICES.items():
        for code, label in choices.choices:
            if (name, code) not in NOT_BY_LABEL:
                yield str(label), Meaning(name, code, label)
            yield from ((phrase, Meaning(name, code, label, when)) for phrase, when in tables[name].get(code, []))
    for code, found in tables["audience_too"].items():
        yield from ((phrase, Meaning("audience", code, Audience(code).label, when)) for phrase, when in found)
    for name, codes in tables["refused"].items():
        for code, found in codes.items():
            label = _not_for(CHOICES[name](code))
            yield from ((phrase, Meaning(name, f"{REFUSED}{code}", label, when)) for phrase, when in found)
    for age, found in tables["ages"].items():
        yield from ((phrase, Meaning("age", age, _("Age {n}").format(n=age), when)) for phrase, when in found)
    for phrase, when in tables["weekdays"]:
        for day in list(Weekday)[:5]:
            yield phrase, Meaning("day", day.value, day.label, when)
    for phrase, when in tables["any_such_day"]:
        for day in Weekday:
            yield phrase.replace("{weekday}", str(day.label)), Meaning("day", day.value, day.label, when)
    today = timezone.localdate()
    for days, label in enumerate([_("Today"), _("Tomorrow")]):
        day = today + timedelta(days=days)
        for phrase, when in tables["near_days"][str(days)]:
            yield phrase, Meaning("day", f"{DATED}{day}", label, when)
    for day in (today + timedelta(days=days) for days in range(7)):
        weekday = list(Weekday)[day.weekday()]
        meaning = Meaning("day", f"{DATED}{day}", _("This %(day)s") % {"day": weekday.label})
        yield f"this {weekday.label}", meaning
        # On a Sunday, the weekend is that day alone.
        if today.weekday() <= day.weekday() and day.weekday() >= SATURDAY:
            yield from ((phrase, meaning._replace(when=when)) for phrase, when in tables["this_weekend"])
    for phrase, when in tables["free"]["1"]:
        yield phrase, Meaning("free", "1", Cost.FREE.label, when)
    for phrase, _when in tables["nothing"]:
        yield phrase, Meaning("", "", "")


def _not_for(choice):
    """Return in words that a choice is refused. Groups for nobody in particular stay."""
    if isinstance(choice, Audience):
        return _("Not only for %(whom)s") % {"whom": with_small_letter(str(choice.label))}
    return _("Not %(what)s") % {"what": choice.label}


def _topic_entries(tables, topics):
    # 'Ladies' is a synonym of a topic and says for whom a group is; where both could be meant, the phrases decide.
    said = {folded(phrase) for name in CHOICES for found in tables[name].values() for phrase, _when in found}
    said |= {f"{phrase}s" for phrase in said}
    for row in topics:
        slug, label = row["slug"], row["label"]
        yield from ((phrase, Meaning("topic", slug, label, when)) for phrase, when in tables["topics"].get(slug, []))
        for words in [label, *_halves(label), *row["synonyms"]]:
            if folded(words) in said:
                continue
            capitals = words.isupper() and folded(words) in WORDS_TOO
            yield words, Meaning("topic", slug, label, CAPITALS if capitals else ALWAYS)


def _halves(label):
    """Return the parts of 'Miscarriage, stillbirth and baby loss' that say enough by themselves."""
    bare = re.sub(r"\s*\(.*?\)", "", label)
    halves = [bare] if " of " in bare else re.split(r", | and (?!the )", bare)
    return [half for half in halves if len(half.split()) > 1 and half != label]


def _language_entries(tables, languages):
    alone = {folded(name) for name in tables["languages_alone"]}
    never = {folded(name) for name in tables["languages_never_alone"]}
    for code, name, native_name in languages:
        meaning = Meaning("language", code, name)
        # 'Persian (Farsi, Dari)' and 'Mandarin Chinese' are known by each of their names.
        names = [each.strip() for each in re.split(r"[(),]", name) if each.strip()]
        names += [word for each in names for word in each.split() if folded(word) in alone]
        for each in dict.fromkeys(names):
            for pattern in ("in {}", "{} speaking", "{} speaker", "{} speakers", "speak {}", "speaks {}",
                            "speaking {}", "{} language", "en {}"):  # fmt: skip
                yield pattern.format(each), meaning
            if folded(each) not in never:
                yield from ((f"{each} {who}", meaning) for who in ("group", "groups", "people", "community"))
            if folded(each) in alone:
                yield each, meaning
            elif folded(each) not in never:
                yield each, meaning._replace(when=CAPITAL)
        for each in re.split(r"[()/,]", native_name):
            if each.strip() and folded(each) not in {folded(name) for name in names} | never:
                yield each, meaning
        yield from ((phrase, meaning._replace(when=when)) for phrase, when in tables["languages"].get(code, []))


@cache
def phrases():
    """Return the phrase tables, with their patterns written out: {field: {code: [(phrase, when), ...]}}."""
    raw = read_yaml(PHRASES)
    classes = raw["classes"]
    tables = {}
    for name, table in raw.items():
        if name in {"classes", "child_leads", "languages_alone", "languages_never_alone"}:
            tables[name] = table
        elif name == "relatives":
            tables[name] = {
                phrase: "child" if kind == "child" else ""
                for kind in ("anyone", "child")
                for phrase, _when in _written_out(table[kind], classes)
            }
        elif name == "refused":
            tables[name] = {
                field: {code: list(_written_out(found, classes)) for code, found in codes.items()}
                for field, codes in table.items()
            }
        elif isinstance(table, list):
            tables[name] = list(_written_out(table, classes))
        else:
            tables[name] = {code: list(_written_out(found, classes)) for code, found in table.items()}
    return tables


_MARKS = {"(alone)": ALONE, "(Capital)": CAPITAL, "(CAPITALS)": CAPITALS}


def _written_out(patterns, classes):
    """Yield each phrase that the patterns stand for, with when it counts."""
    for pattern in patterns:
        for name, words in classes.items():
            pattern = pattern.replace(f"{{{name}}}", f"({'|'.join(words)})")
        for mark, when in _MARKS.items():
            pattern = pattern.replace(mark, f"[{when}]")
        for phrase in _alternatives(pattern):
            words, _bracket, when = phrase.partition("[")
            yield " ".join(words.split()), when.partition("]")[0] or ALWAYS


def _alternatives(pattern):
    """Return what a pattern with '(one|other)' stands for; brackets may lie inside brackets."""
    options, depth, start = [], 0, 0
    parts = [[""]]
    for index, letter in enumerate(pattern):
        if letter == "(":
            if depth == 0:
                parts.append([pattern[start:index]])
                options, start = [], index + 1
            depth += 1
        elif letter == "|" and depth == 1:
            options.append(pattern[start:index])
            start = index + 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                options.append(pattern[start:index])
                parts.append([each for option in options for each in _alternatives(option)])
                start = index + 1
    parts.append([pattern[start:]])
    return list(dict.fromkeys("".join(choice) for choice in product(*parts)))
