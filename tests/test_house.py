"""Rules about the project itself."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver

ROOT = Path(settings.BASE_DIR)
ROOMS = ["directory", "groups", "practitioners", "casestudies", "selfhelp"]


def imported_rooms(path):
    """Return the rooms that a Python file imports from."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        yield from (name.split(".")[0] for name in names if name.split(".")[0] in ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_never_imports_from_a_room_above_it(room):
    above = set(ROOMS[ROOMS.index(room) + 1 :])
    # The admin of a room shows the public page as a preview; that is the only way up, and it is a late import.
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / room).rglob("*.py")
        for name in imported_rooms(path)
        if name in above
    ]
    assert found == []


@pytest.mark.django_db
def test_no_migration_is_pending():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def template_names_in(text):
    return set(re.findall(r"""["']([\w/.-]+\.(?:html|txt|xml))["']""", text))


def test_every_template_is_used():
    templates = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html")}
    used = {"404.html", "500.html", "403.html", "400.html", "403_csrf.html"}
    for path in [*ROOT.glob("templates/**/*.html"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]:
        used |= template_names_in(path.read_text())
    # These stand in for the admin's own.
    overrides = {name for name in templates if name.startswith("admin/")}
    assert templates - used - overrides == set()


def test_no_template_carries_script_or_style_inline():
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", path.read_text())
    ]
    assert offenders == []


def test_nothing_is_fetched_from_elsewhere():
    """A page may link elsewhere; it never loads from there."""
    loads = re.compile(
        r"""(?:src|srcset)\s*=\s*["'](?:https?:)?//|<link[^>]+href\s*=\s*["'](?:https?:)?//|url\(["']?(?:https?:)?//"""
    )
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    assert [str(path.relative_to(ROOT)) for path in files if loads.search(path.read_text())] == []


def test_each_public_address_has_a_name():
    unnamed = [
        str(pattern.pattern)
        for pattern in get_resolver().url_patterns
        if not hasattr(pattern, "url_patterns") and not pattern.name
    ]
    assert unnamed == []


def test_no_lock_file_names_a_registry():
    for path in ROOT.glob("requirements*.txt"):
        assert "http" not in path.read_text()


def test_each_dependency_says_why():
    for path in ROOT.glob("requirements*.in"):
        for line in path.read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert "#" in line, f"{path.name}: {line}"
