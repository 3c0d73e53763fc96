"""A site that moves to an empty database: texts that readers have had are refused by no rule that is newer than they are."""

import hashlib
import subprocess

import pytest
from django.core.management import call_command
from django.db import transaction

from siweb.articles.editorial import publishing, roles
from siweb.articles.importing import sync
from siweb.articles.models import Article, Revision
from siweb.articles.rendering import syntax
from siweb.articles.text import front_matter
from siweb.core import page_roles, shared_texts
from tests.conftest import article_file
from tests.support.newer_rule import add_newer_rule

RULES = "driving\n:   May I drive?\n:   Ask us.\n"
TEXTS = {
    "old": ("Some words.\n\nForsooth: [[rule:driving]]\n", {"title": "Old"}),
    "older": ("Forsooth. See [the old one](old).\n", {"title": "Older"}),
    "fine": ("Fair words.\n", {"title": "Fine"}),
    "our-rules": (RULES, {"kind": "rules", "title": "Our rules"}),
}


@pytest.fixture
def exported(db, content, tmp_path):
    """The folder that a site wrote before the newer rule; its database is gone."""
    with transaction.atomic():
        for slug, (body, front) in TEXTS.items():
            content(slug, body, **front)
        sync.import_folder(content.folder)
        call_command("export_content", tmp_path / "export", verbosity=0)
        transaction.set_rollback(True)
    shared_texts.forget()
    page_roles.forget()
    assert not Revision.objects.exists()
    return tmp_path / "export" / "articles"


@pytest.fixture
def newer_rule(exported, monkeypatch):
    add_newer_rule(monkeypatch)


def broken():
    return set(Article.objects.exclude(page_problems=[]).values_list("slug", flat=True))


def test_an_exported_site_is_imported_into_an_empty_database_and_what_breaks_a_newer_rule_is_listed(
    newer_rule, exported, client, editor
):
    for expected in ("NEW", "UNCHANGED"):
        assert set(sync.import_folder(exported).outcomes.values()) == {expected}
        assert broken() == {"old", "older"}
    assert "Forsooth" in Article.objects.get(slug="old").page.html
    client.force_login(editor)
    assert "2 live texts break a rule that is newer than they are" in client.get("/admin/").content.decode()
    assert sync.last_refusal() is None


def test_without_the_list_of_what_readers_had_the_rule_counts(newer_rule, exported):
    """The control."""
    (exported / "SHA256SUMS").unlink()
    with pytest.raises(sync.RefusedError, match="Nobody says forsooth"):
        sync.import_folder(exported)
    assert not Article.objects.exists()


def test_a_text_that_was_changed_since_the_export_is_held_to_the_rule(newer_rule, exported):
    path = exported / "older.md"
    path.write_text(path.read_text() + "More words.\n")
    with pytest.raises(sync.RefusedError) as refused:
        sync.import_folder(exported)
    assert {name for name, _ in refused.value.problems} == {"older.md"}


def test_a_new_file_beside_them_is_held_to_the_rule(newer_rule, exported):
    (exported / "new.md").write_text(article_file("Forsooth.\n"))
    with pytest.raises(sync.RefusedError) as refused:
        sync.import_folder(exported)
    assert {name for name, _ in refused.value.problems} == {"new.md"}


def test_the_list_counts_in_an_empty_database_only(newer_rule, exported, tmp_path):
    folder = tmp_path / "site" / "articles"
    folder.mkdir(parents=True)
    (folder / "other.md").write_text(article_file("Words.\n"))
    sync.import_folder(folder)
    with pytest.raises(sync.RefusedError, match="Nobody says forsooth"):
        sync.import_folder(exported)


@pytest.mark.parametrize("lost", ["our-rules", "old"])
def test_what_points_at_a_file_that_is_gone_is_refused_all_the_same(exported, newer_rule, lost):
    (exported / f"{lost}.md").unlink()
    with pytest.raises(sync.RefusedError, match="There is no rule|leads nowhere"):
        sync.import_folder(exported)


def test_a_text_that_cannot_be_parsed_is_refused_all_the_same(exported, monkeypatch):
    monkeypatch.setattr(syntax, "MOST_MARKS", 1)
    publishing._remembered.clear()
    with pytest.raises(sync.RefusedError, match="Keep it under 1"):
        sync.import_folder(exported)
    publishing._remembered.clear()


def test_front_matter_that_a_newer_rule_does_not_know_is_listed(exported, monkeypatch):
    monkeypatch.setitem(front_matter._CHOICES, "kind", [kind for kind in front_matter.KINDS if kind != "topic"])
    sync.import_folder(exported)
    assert broken() == {"old", "older", "fine"}


def test_a_role_that_the_site_needs_since_then_stops_nothing_and_is_missed(db, content, tmp_path, monkeypatch):
    with transaction.atomic():
        for role, of in page_roles.ROLES.items():
            content(f"page-{role}", "Words.\n", kind=of.kind or "topic", role=role)
        sync.import_folder(content.folder)
        call_command("export_content", tmp_path / "export", verbosity=0)
        transaction.set_rollback(True)
    newer = page_roles.Role("it is new")
    monkeypatch.setitem(page_roles.ROLES, "new", newer)
    monkeypatch.setattr(roles, "NEEDED", (*page_roles.NEEDED, "new"))
    sync.import_folder(tmp_path / "export" / "articles")
    assert roles.missing() == ["new"]


def test_the_list_is_one_that_sha256sum_checks(exported):
    lines = (exported / "SHA256SUMS").read_text().splitlines()
    files = sorted(exported.glob("*.md"))
    assert lines == [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in files]
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=exported).returncode == 0


@pytest.mark.parametrize("written", ["", "nonsense\n", "\udcff", "0" * 64 + "\n"])
def test_a_list_that_cannot_be_read_lists_nothing(newer_rule, exported, written):
    (exported / "SHA256SUMS").write_bytes(written.encode("utf-8", "surrogateescape"))
    with pytest.raises(sync.RefusedError, match="Nobody says forsooth"):
        sync.import_folder(exported)
