"""The reference content of this room: sources, programmes and the case studies written from them."""

from pathlib import Path

from casestudies.models import CaseStudy, Effect, KeyFigure, Programme, RoleShown, Source, VisitorQuestion
from directory.choices import PublicationState
from directory.loading import Content, Rows, changed_files, load, read_yaml, remember_files

DATA = Path(__file__).resolve().parent / "data"
# These come first: case studies name them.
LISTS = {"sources.yaml": Content(Source), "programmes.yaml": Content(Programme)}
CASE_STUDIES = Content(
    CaseStudy,
    links={"programme": "slug", "topics": "slug", "sources": "slug"},
    rows={
        "effects": Rows(Effect, "case_study", {"source": "slug"}),
        "key_figures": Rows(KeyFigure, "case_study", {"source": "slug"}),
        "visitor_questions": Rows(VisitorQuestion, "case_study", {"source": "slug"}),
        "roles_shown": Rows(RoleShown, "case_study", {"role": "slug"}),
    },
)


def load_case_studies():
    """Load what changed in this room's data files. Returns {file name: `Counter` of fates}."""
    changed = changed_files(sorted(DATA.glob("*.yaml")))
    report = {}
    for path in sorted(changed, key=lambda path: path.name not in LISTS):
        if path.name in LISTS:
            report[path.name] = load(LISTS[path.name], read_yaml(path))
        else:
            entry = read_yaml(path) | {"state": PublicationState.PUBLISHED}
            report[path.name] = load(CASE_STUDIES, [entry])
    remember_files(changed)
    return report
