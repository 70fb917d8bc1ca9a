"""What is exported imports back to the same directory, by the commands."""

import sys

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from directory.models import Act, Change, FormerAddress
from groups.models import Group, GroupContact, GroupSearch, Meeting, MeetingBreak, MeetingException, Venue
from groups.samples import load_sample_groups
from practitioners.models import Practitioner, PractitionerContact, PractitionerSearch, Support
from practitioners.samples import load_sample_practitioners
from selfhelp.tables import TABLES
from tests.factories import GroupFactory, MeetingFactory, PlaceFactory, PractitionerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples(content):
    for name, area in (("Leeds", "West Yorkshire"), ("Rochdale", "Greater Manchester"), ("Bury", "Greater Manchester")):
        PlaceFactory(name=name, area=area)
    load_sample_groups()
    load_sample_practitioners()
    # What texts of people hold.
    group = Group.objects.get(slug="worry-less-tuesdays")
    group.name = '=HYPERLINK("http://example.org";"x")'
    group.curator_notes = '\'=1+1 stays; "quoted", ünïcode ✓\nand | bars \\ too'
    group.save()
    group.contacts.create(kind="phone", value="+44 113 496 0000", label="-- | \\ '@", position=3)
    FormerAddress.objects.create(listing=group, slug="worry-less-mondays")
    Meeting.objects.filter(group=group).update(note="+1 for tea", external_id="=7")


def export(folder, ending="csv"):
    for kind in TABLES:
        call_command("export_listings", kind, folder / f"{kind}.{ending}", verbosity=0)
    return {kind: (folder / f"{kind}.{ending}").read_bytes() for kind in TABLES}


def load(folder, ending="csv", **options):
    for kind in TABLES:
        call_command("import_listings", kind, folder / f"{kind}.{ending}", verbosity=0, stdout=sys.stderr, **options)


def wipe():
    for model in (Practitioner, Group, Venue, FormerAddress):
        model.objects.all().delete()


def everything():
    """All that there is, by what stays when the numbers of rows change."""
    links = {"group": "slug", "venue": "uuid", "meeting": "uuid", "practitioner": "slug", "role": "slug"}
    found = {}
    models = (Group, GroupContact, Meeting, MeetingBreak, MeetingException, Venue, Practitioner, PractitionerContact)
    for model in (*models, Support):
        names = [field.name for field in model._meta.concrete_fields if field.name != "id"]
        columns = [f"{name}__{links[name]}" if name in links else name for name in names]
        found[model] = sorted(map(str, model.objects.values_list(*columns)))
        for field in model._meta.many_to_many:
            found[model, field.name] = sorted(map(str, model.objects.values_list("slug", f"{field.name}__pk")))
    found["search"] = GroupSearch.objects.count(), PractitionerSearch.objects.count()
    found["addresses"] = list(FormerAddress.objects.values_list("slug", flat=True))
    return found


def test_export_wipe_import_gives_the_same_directory_and_the_same_export(samples, tmp_path, capsys):
    before, exported = everything(), export(tmp_path)
    wipe()
    assert not Group.objects.exists()
    load(tmp_path, publish=True)
    after = everything()
    for key in before:
        assert after[key] == before[key], key
    (tmp_path / "again").mkdir()
    again = export(tmp_path / "again")
    for kind, data in exported.items():
        assert sorted(again[kind].splitlines()) == sorted(data.splitlines())
    # A second time, it changes nothing.
    acts, changes = Act.objects.count(), Change.objects.count()
    capsys.readouterr()
    load(tmp_path, publish=True)
    assert "new: 0, changed: 0, unchanged: 80, refused: 0" in capsys.readouterr().err
    assert (Act.objects.count(), Change.objects.count()) == (acts, changes)
    assert everything() == after


def test_by_xlsx_it_is_the_same_too_and_no_cell_is_a_formula(samples, tmp_path):
    before = everything()
    export(tmp_path, "xlsx")
    for kind in TABLES:
        for row in openpyxl.load_workbook(tmp_path / f"{kind}.xlsx").active.iter_rows():
            assert {cell.data_type for cell in row if cell.value is not None} <= {"s"}
            assert not [cell.value for cell in row if str(cell.value or "").startswith(("=", "+", "@", "|", "%"))]
    wipe()
    load(tmp_path, "xlsx", publish=True)
    after = everything()
    for key in before:
        assert after[key] == before[key], key


@pytest.fixture
def few(content):
    for number in range(5):
        group = GroupFactory(slug=f"group-{number}", name=f"Group {number}")
        MeetingFactory(group=group)
    PractitionerFactory()


def test_an_import_is_one_act_in_the_history(few, tmp_path):
    export(tmp_path)
    Group.objects.update(summary="Other words.")
    acts = set(Act.objects.values_list("pk", flat=True))
    load(tmp_path, publish=True)
    assert Act.objects.exclude(pk__in=acts).get().why == "Import of groups"
    assert not Group.objects.filter(summary="Other words.").exists()


def test_a_dry_run_tells_each_row_and_changes_nothing(few, tmp_path, capsys):
    export(tmp_path)
    Group.objects.filter(slug="group-0").update(summary="Other words.")
    Group.objects.get(slug="group-1").delete()
    before, acts = everything(), Act.objects.count()
    call_command("import_listings", "groups", tmp_path / "groups.csv", dry_run=True)
    out = capsys.readouterr().out
    assert "2. Group 0: changed\n    changes: summary\n3. Group 1: new" in out
    assert "4–6. 3 rows: unchanged" in out
    assert "new: 1, changed: 1, unchanged: 3, refused: 0" in out
    assert everything() == before
    assert Act.objects.count() == acts


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_template_explains_itself_and_its_example_is_left_out(content, tmp_path, kind, ending):
    path = tmp_path / f"template.{ending}"
    call_command("import_template", kind, path)
    with pytest.raises(CommandError, match="no rows"):
        call_command("import_listings", kind, path)
    if ending == "xlsx":
        book = openpyxl.load_workbook(path)
        names = [cell.value for cell in next(book[kind].iter_rows())]
        explained = list(book["columns"].values)
        assert [row[0] for row in explained[1:]] == names
        assert all(row[1] and row[2] and row[4] for row in explained)


def test_the_examples_of_the_templates_can_be_imported(content, tmp_path, capsys):
    PlaceFactory()
    PlaceFactory(name="Bradford")
    for kind, table in TABLES.items():
        path = tmp_path / f"{kind}.csv"
        call_command("import_template", kind, path)
        path.write_bytes(path.read_bytes().replace(b"example,", b",", 1))
        for fate in ("new: 1", "unchanged: 1"):
            call_command("import_listings", kind, path)
            assert fate in capsys.readouterr().out
        assert table._meta.model.objects.count() == 1
    assert Group.objects.get().state == "pending"
    assert Meeting.objects.get().venue.locality == "Headingley"
    assert Practitioner.objects.get().supports.count() == 0


def test_one_wrong_row_stops_all(content, tmp_path, capsys):
    path = tmp_path / "groups.csv"
    path.write_text("name,topics,founded\nA,anxiety,2019\nB,anxeity,soon\n")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_listings", "groups", path)
    assert not Group.objects.exists()
    out = capsys.readouterr().out
    assert "3. B: refused" in out
    assert "topics: We do not know “anxeity”. Did you mean “anxiety”? [anxeity]" in out
    assert "founded: Write a whole number, in digits. [soon]" in out
    assert "Not in this file, and so left as it is: uuid" in out


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "groups.csv"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(CommandError, match="too large: 200.0"):
        call_command("import_listings", "groups", path)


def test_an_export_is_readable_by_its_owner_alone(tmp_path):
    GroupFactory()
    path = tmp_path / "groups.csv"
    call_command("export_listings", "groups", path, verbosity=0)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["groups.txt", "groups", "x/groups.csv"])
def test_a_file_that_cannot_be_written_gets_a_message(tmp_path, name):
    with pytest.raises(CommandError):
        call_command("export_listings", "groups", tmp_path / name)
