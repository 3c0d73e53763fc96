"""The README is true: its commands run, its paths exist, its settings are the settings."""

import re
import shlex
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import get_commands

README = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
CODE_BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = [line for block in CODE_BLOCKS for line in block.splitlines() if line]


def section(heading):
    return README.split(f"## {heading}\n")[1].split("\n## ")[0]


def first_cells(heading):
    return [row.split("|")[1] for row in section(heading).splitlines() if row.startswith("| ") and "---" not in row][1:]


def test_every_path_of_the_map_exists():
    paths = re.findall(r"`([^`]+)`", " ".join(first_cells("Where things are")))
    assert len(paths) > 20
    assert [path for path in paths if not (settings.BASE_DIR / path).exists()] == []


def test_every_folder_of_the_site_is_on_the_map():
    mapped = section("Where things are")
    plumbing = {"migrations", "management", "commands", "templatetags", "__pycache__"}
    for path in (settings.BASE_DIR / "siweb").rglob("*/"):
        folder = f"`{path.relative_to(settings.BASE_DIR)}/`"
        assert path.name in plumbing or folder in mapped, f"{folder} is not on the map"


def test_no_module_lies_loose_at_the_root_of_the_site():
    assert [path.name for path in (settings.BASE_DIR / "siweb").glob("*.py")] == ["__init__.py"]


def test_the_settings_table_names_what_the_settings_read():
    named = set(re.findall(r"`([A-Z_]+)`", " ".join(first_cells("Settings"))))
    read = set()
    for path in ("settings.py", "gunicorn_conf.py", "environment.py"):
        source = (settings.BASE_DIR / "siweb" / "config" / path).read_text()
        read |= set(
            re.findall(r'read(?:\.read)?_(?:text|flag|number|list|site_url|database|mail)\(\s*f?[\'"]([A-Z_]+)', source)
        )
    assert named == read


def test_the_pictures_exist():
    pictures = re.findall(r"!\[[^\]]{20,}\]\(([\w./-]+\.png)\)", README)
    assert pictures
    assert all((settings.BASE_DIR / picture).stat().st_size > 10_000 for picture in pictures)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("make ")])
def test_make_knows_its_commands(command):
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("python manage.py")])
def test_the_daily_commands_exist_and_explain_themselves(command):
    name = shlex.split(command)[2]
    assert name in get_commands()
    done = subprocess.run(
        [sys.executable, "manage.py", name, "--help"], cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert "usage: manage.py" in done.stdout


def test_the_benchmarks_exist():
    for module in re.findall(r"python -m (tests\.bench\.\w+)", README):
        assert (settings.BASE_DIR / f"{module.replace('.', '/')}.py").exists()


def test_the_marks_of_the_articles_are_the_dialects():
    from siweb.articles.rendering.care_cards import CARDS

    written = section("An article")
    assert all(f"`{card}`" in written or f"::: {card}" in written for card in CARDS)


def test_nothing_is_left_to_migrate(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_diagram_is_the_workflows():
    from siweb.enquiries.casework.workflow import diagram

    assert f"```mermaid\n{diagram()}\n```" in README


def test_the_diagram_of_a_text_is_the_tables():
    from siweb.articles.editorial.workflow import diagram

    assert f"```mermaid\n{diagram()}\n```" in README


def test_the_list_to_tick_is_the_screenings():
    from siweb.enquiries.questions.screening import SCREENING

    assert (
        "| Ticked | Why it is asked |\n|---|---|\n" + "".join(f"| {i.wording} | {i.why} |\n" for i in SCREENING)
        in README
    )


def test_every_module_that_a_text_in_the_code_names_exists():
    names = {path.name for folder in ("siweb", "tests") for path in (settings.BASE_DIR / folder).rglob("*.py")}
    names |= {"manage.py"}
    named = {
        (path.name, name)
        for path in (settings.BASE_DIR / "siweb").rglob("*.py")
        for name in re.findall(r"(?<![\w.])[a-z][a-z_]+\.py\b", path.read_text(encoding="utf-8"))
    }
    assert {pair for pair in named if pair[1] not in names} == set()
