"""The README is short and true, and the map of folders, the settings and the commands are what they are in the code."""

import re
import shlex
import subprocess
import sys
import tomllib

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.support.documented_commands import command_of
from tests.support.documents import DOCUMENTS, blocks, commands, rows, section, spans, text_of

README, ARCHITECTURE, OPERATIONS = "README.md", "docs/architecture.md", "docs/operations.md"
MAX_LINES = 150
MANAGEMENT = [line for name in DOCUMENTS for line in commands(name) if line.startswith("python manage.py")]


def in_code(cells):
    return re.findall(r"`([^`]+)`", " ".join(cells))


def first_cells(document, heading):
    return [row[0] for row in rows(document, heading)]


def test_the_readme_is_short():
    assert len(text_of(README).splitlines()) <= MAX_LINES


def test_the_readme_begins_with_two_commands():
    assert commands(README) == ["make run", "make test"]


def test_the_readme_leaves_the_licence_to_the_owner():
    assert "owner's to choose" in section(README, "Licence")
    assert not list(settings.BASE_DIR.glob("LICEN[CS]E*"))


@pytest.mark.parametrize(("document", "heading"), [(README, "Where things are"), (ARCHITECTURE, "The layers")])
def test_every_path_of_the_map_exists(document, heading):
    paths = in_code(first_cells(document, heading))
    assert len(paths) > {README: 5, ARCHITECTURE: 20}[document]
    assert [path for path in paths if not (settings.BASE_DIR / path).exists()] == []


def test_every_folder_of_the_site_is_on_the_map():
    mapped = in_code(first_cells(ARCHITECTURE, "The layers"))
    plumbing = {"migrations", "management", "commands", "templatetags", "__pycache__"}
    for path in (settings.BASE_DIR / "siweb").rglob("*/"):
        folder = f"{path.relative_to(settings.BASE_DIR)}/"
        assert path.name in plumbing or folder in mapped, f"{folder} is not on the map"


def test_the_map_shows_the_layers_that_lint_checks():
    contract = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    [drawn] = blocks(ARCHITECTURE, "")
    layers = [re.split(r"\s*\|\s*|\s{2,}", layer) for layer in drawn.strip().splitlines()]
    expected = [layer.split(" | ") for layer in contract["layers"]]
    assert layers == [expected[0] + expected[1], *expected[2:]]


def test_no_module_lies_loose_at_the_root_of_the_site():
    assert [path.name for path in (settings.BASE_DIR / "siweb").glob("*.py")] == ["__init__.py"]


def config_source():
    folder = settings.BASE_DIR / "siweb" / "config"
    return "".join((folder / name).read_text() for name in ("settings.py", "gunicorn_conf.py", "environment.py"))


def test_the_settings_table_names_what_the_settings_read():
    named = set(re.findall(r"`([A-Z_]+)`", " ".join(first_cells(OPERATIONS, "Settings"))))
    read = re.findall(
        r'read(?:\.read)?_(?:text|flag|number|list|site_url|database|mail)\(\s*f?[\'"]([A-Z_]+)', config_source()
    )
    assert named == set(read)


@pytest.mark.parametrize("row", [row for row in rows(OPERATIONS, "Settings") if row[1].startswith("`")])
def test_the_settings_table_gives_the_defaults(row):
    [name], [default] = in_code(row[:1]), in_code(row[1:2])
    literal = rf'read_(?:text|list)\(["\']{name}["\'], (?:str\(BASE_DIR / )?["\']{default.rstrip("/")}["\']'
    assert re.search(
        rf'{literal}|read_number\(["\']{name}["\'], {default},|read_flag\(["\']{name}["\']\)', config_source()
    )
    assert "read_flag" not in row or default == "no"


def test_the_pictures_exist():
    pictures = re.findall(r"!\[[^\]]{20,}\]\(([\w./-]+\.png)\)", text_of(README))
    assert pictures
    assert all((settings.BASE_DIR / picture).stat().st_size > 10_000 for picture in pictures)


def test_make_alone_lists_every_target():
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    alone, asked = (
        subprocess.run(
            ["make", "--no-print-directory", *target], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
        ).stdout
        for target in ([], ["help"])
    )
    assert alone == asked
    assert [line.split()[1] for line in alone.splitlines()] == targets
    assert all(len(line.split(maxsplit=2)[2]) > 10 for line in alone.splitlines())


def test_manage_py_runs_beside_the_server():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--help"], cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert "usage: manage.py" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({shlex.split(line)[2] for line in MANAGEMENT}))
def test_the_daily_commands_exist_and_explain_themselves(name, capsys):
    assert name in get_commands()
    command = command_of(name)
    command.print_help("manage.py", name)
    assert "usage: manage.py" in capsys.readouterr().out
    assert len(command.help.split()) > 5


def test_operations_gives_every_command_of_ours_and_explains_it():
    ours = {name for name, app in get_commands().items() if isinstance(app, str) and app.startswith("siweb")}
    given = {shlex.split(line)[2] for line in commands(OPERATIONS) if "manage.py" in line}
    explained = {cell.split()[0] for cell in in_code(first_cells(OPERATIONS, "Commands"))}
    assert ours <= given
    assert given == explained


def test_the_benchmarks_exist():
    named = {span.split()[2] for name in DOCUMENTS for span in spans(name) if span.startswith("python -m tests.bench.")}
    assert len(named) == 6
    assert all((settings.BASE_DIR / f"{module.replace('.', '/')}.py").exists() for module in named)


def test_nothing_is_left_to_migrate(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_module_that_a_text_in_the_code_names_exists():
    names = {path.name for folder in ("siweb", "tests") for path in (settings.BASE_DIR / folder).rglob("*.py")}
    names |= {"manage.py"}
    named = {
        (path.name, name)
        for path in (settings.BASE_DIR / "siweb").rglob("*.py")
        for name in re.findall(r"(?<![\w.])[a-z][a-z_]+\.py\b", path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in named if pair[1] not in names} == set()
