"""What runs before a commit, and on the forge, is the project's own: the ruff of the lock, and .ci/run."""

import shlex
import subprocess
import sys

import pytest
import yaml
from django.conf import settings

ROOT = settings.BASE_DIR
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
WORKFLOW = yaml.load(
    (ROOT / ".github" / "workflows" / "ci.yml").read_text(), Loader=yaml.BaseLoader
)  # "on" is no truth


def refused_by(hooks, path):
    """The names of the hooks that stop a file; they run with the Python of this test."""
    for hook in hooks:
        python, *rest = shlex.split(hook["entry"])
        assert python == ".venv/bin/python"
        if subprocess.run([sys.executable, *rest, path], cwd=ROOT, capture_output=True, check=False).returncode:
            yield hook["id"]


@pytest.mark.parametrize(
    ("source", "refused"),
    [("x = 1\n", []), ("import os\n", ["ruff-check"]), ("x=1\n", ["ruff-format"])],
)
def test_the_hooks_stop_what_lint_would_stop(source, refused, tmp_path):
    path = tmp_path / "changed.py"
    path.write_text(source)
    assert list(refused_by(HOOKS, path)) == refused


def test_the_hooks_fetch_nothing():
    [repository] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    assert {hook["language"] for hook in HOOKS} == {"system"}


def test_the_forge_runs_the_gate_for_every_change_and_may_only_read():
    assert WORKFLOW["on"] == {"push": {"branches": ["main"]}, "pull_request": ""}
    assert WORKFLOW["permissions"] == {"contents": "read"}
    [job] = WORKFLOW["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step][-1] == ".ci/run"
    assert all("if" not in step and "continue-on-error" not in step for step in job["steps"])


def tracked_files():
    for folder in ("siweb", "static", "templates", "docs", "content", ".ci", ".github"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.suffix in (".md", ".toml", ".txt", ""))


def test_the_files_are_as_the_editor_is_told_to_keep_them():
    """.editorconfig: UTF-8, one kind of line end, a last line that ends, and tabs only where they mean something."""
    sections = (ROOT / ".editorconfig").read_text()
    assert "\n[*]\ncharset = utf-8\nend_of_line = lf\ninsert_final_newline = true\nindent_style = space" in sections
    for path in tracked_files():
        written = path.read_bytes()
        if b"\0" in written:
            continue
        text = written.decode("utf-8")
        assert "\r" not in text, path
        assert text.endswith("\n") or path.suffix in (".html", ".txt") or not text, path
        assert "\n\t" not in text or path.suffix == ".tsv" or path.name == "Makefile", path
