"""The reference content of the ground: places, topics, help lines, languages, roles and areas, ready-made answers."""

from pathlib import Path

from directory.loading import (
    Content,
    changed_files,
    load,
    load_places,
    load_postcode_sectors,
    read_yaml,
    remember_files,
)
from directory.models import HelpLine, Language, ReplyTemplate, SafetyRule, SupportArea, SupportRole, Topic

DATA = Path(__file__).resolve().parent / "data"
# In this order: what comes later names what came before.
FILES = [
    "languages.yaml",
    "helplines.yaml",
    "topics.yaml",
    "support_areas.yaml",
    "support_roles.yaml",
    "reply_templates.yaml",
    "safety_rules.yaml",
]
CONTENT = {
    "languages.yaml": Content(Language, key="code"),
    "helplines.yaml": Content(HelpLine),
    "topics.yaml": Content(
        Topic, links={"parent": "slug", "counterpart": "slug", "related": "slug", "help_lines": "slug"}
    ),
    "support_areas.yaml": Content(SupportArea),
    "support_roles.yaml": Content(SupportRole, links={"areas": "slug"}),
    "reply_templates.yaml": Content(ReplyTemplate),
    "safety_rules.yaml": Content(SafetyRule),
}


def read_topics(path=DATA / "topics.yaml"):
    """Return the topics of the file, each relation closed both ways, since one side is enough to write down."""
    topics = read_yaml(path)
    related = {topic["slug"]: set(topic["related"]) for topic in topics}
    for slug, others in list(related.items()):
        for other in others:
            related[other].add(slug)
    for topic in topics:
        topic["related"] = sorted(related[topic["slug"]])
    return topics


def entries_of(name):
    """Return the entries of one of `FILES`, ready to load."""
    if name == "topics.yaml":
        return read_topics()
    entries = read_yaml(DATA / name)
    if name == "languages.yaml":
        return [{**entry, "position": position} for position, entry in enumerate(entries)]
    return entries


def load_directory():
    """Load what changed in this room's data files. Returns {file name: `Counter` of fates, or number of rows}."""
    changed = changed_files([DATA / name for name in [*FILES, "places.csv.gz", "postcode_sectors.csv.gz"]])
    names = {path.name for path in changed}
    report = {}
    if "places.csv.gz" in names:
        report["places.csv.gz"] = load_places(DATA / "places.csv.gz")
    if "postcode_sectors.csv.gz" in names:
        report["postcode_sectors.csv.gz"] = load_postcode_sectors(DATA / "postcode_sectors.csv.gz")
    for name in FILES:
        if name in names:
            report[name] = load(CONTENT[name], entries_of(name))
    remember_files(changed)
    return report
