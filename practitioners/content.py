"""The reference content of this room: the questions and rules of the role finder, and a page of guidance."""

from functools import cache
from pathlib import Path

from directory.loading import Content, Rows, changed_files, load, read_yaml, remember_files
from practitioners.models import FinderAnswer, FinderQuestion, FinderRule

DATA = Path(__file__).resolve().parent / "data"
# In this order: answers name their question.
CONTENT = {
    "finder_questions.yaml": Content(FinderQuestion),
    "finder_answers.yaml": Content(
        FinderAnswer, links={"question": "slug"}, rows={"rules": Rows(FinderRule, "answer", {"role": "slug"})}
    ),
}


def entries_of(name):
    """Return the entries of a file, each with its place in the file."""
    return [{**entry, "position": position} for position, entry in enumerate(read_yaml(DATA / name))]


def load_practitioners():
    """Load what changed in this room's data files. Returns {file name: `Counter` of fates}."""
    changed = changed_files([DATA / name for name in CONTENT])
    names = {path.name for path in changed}
    report = {name: load(CONTENT[name], entries_of(name)) for name in CONTENT if name in names}
    remember_files(changed)
    return report


@cache
def working_together():
    """Return the parts of the page on working well together."""
    return read_yaml(DATA / "working_together.yaml")
