"""Importing and exporting the content folder: all or nothing, each problem named, and nothing twice."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from siweb.articles.editorial import publishing
from siweb.articles.importing import sync
from siweb.articles.importing.sync import RefusedError, import_folder
from siweb.articles.models import Article, OldAddress, Publication, Revision
from siweb.articles.rendering.renderer import render_with_problems
from siweb.clinics.models import Clinic
from siweb.core.models import SiteVersion

pytestmark = pytest.mark.django_db

RULES = {"kind": "rules", "title": "Our rules"}
DRIVING = "driving\n:   When may I drive?\n:   {}\n"


def test_a_new_file_is_live_at_once(content):
    report = import_folder(content("anatomy"))
    assert (report.outcomes, report.pages) == ({"anatomy": "NEW"}, 1)
    assert Publication.objects.showing().get().slug == "anatomy"


def test_importing_twice_changes_nothing(content):
    import_folder(content("anatomy"))
    before = SiteVersion.current(), Revision.objects.count(), Publication.objects.count()
    assert import_folder(content.folder).pages == 0
    assert (SiteVersion.current(), Revision.objects.count(), Publication.objects.count()) == before


def test_one_bad_file_refuses_the_whole_import_naming_file_line_and_fix(content):
    content("good")
    content("bad", "First line.\n\n::: warning\nx\n:::\n")
    with pytest.raises(RefusedError, match=r'bad.md, line 9: "::: warning" is not known. Write one of: emergency'):
        import_folder(content.folder)
    assert not Article.objects.exists()


def test_every_problem_of_every_file_is_named_at_once(content):
    content("one", "[x](nowhere)\n")
    content("two", "[[rule:none]]\n\n[[clinic:none]]\n")
    with pytest.raises(RefusedError) as refused:
        import_folder(content.folder)
    assert [name for name, _ in refused.value.problems] == ["one.md", "two.md", "two.md"]


@pytest.mark.parametrize("name", ["Anatomy", "two words", "search", "x" * 61, "ünicode"])
def test_a_file_name_that_cannot_be_an_address_is_refused(content, name):
    with pytest.raises(RefusedError, match="file's name is its address"):
        import_folder(content(name))


def test_links_and_rules_are_judged_against_files_and_database_together(content):
    import_folder(content("our-rules", DRIVING.format("Ask us."), **RULES))
    (content.folder / "our-rules.md").unlink()
    report = import_folder(content("care", "[[rule:driving]]\n\n[Our rules](our-rules#driving)\n"))
    assert report.gone == ["our-rules"]
    assert "When may I drive?" in Publication.objects.showing().get(article__slug="care").html


def test_a_file_that_is_gone_changes_nothing_and_is_listed(content):
    import_folder(content("anatomy"))
    (content.folder / "anatomy.md").unlink()
    assert import_folder(content("causes")).gone == ["anatomy"]
    assert Article.objects.published().count() == 2


def test_a_changed_rule_is_quoted_again_everywhere_and_the_old_page_is_kept(content):
    content("our-rules", DRIVING.format("Ask us."), **RULES)
    import_folder(content("care", "[[rule:driving]]\n"))
    import_folder(content("our-rules", DRIVING.format("After 24 hours."), **RULES))
    pages = Publication.objects.filter(article__slug="care").order_by("at")
    assert ["24 hours" in page.html for page in pages] == [False, True]


def test_a_changed_phone_is_quoted_again_at_once(content):
    import_folder(content("care", "Call [[clinic:phone]].\n"))
    clinic = Clinic.current()
    clinic.phone = "01632 960999"
    clinic.save()
    assert "960999" in Publication.objects.showing().get().html


def test_a_rule_that_others_quote_cannot_vanish_unseen(content):
    content("our-rules", DRIVING.format("Ask us."), **RULES)
    import_folder(content("care", "[[rule:driving]]\n"))
    with pytest.raises(RefusedError, match='no rule "driving"'):
        import_folder(content("our-rules", DRIVING.format("Ask us.").replace("driving", "flying"), **RULES))


def test_a_renamed_file_moves_the_article_and_leaves_a_redirect(content, client):
    import_folder(content("old-name"))
    was = Article.objects.get()
    (content.folder / "old-name.md").unlink()
    import_folder(content("new-name", aliases="[old-name]"))
    assert Article.objects.get().pk == was.pk
    assert client.get("/guide/old-name/").url == "/guide/new-name/"


def test_links_to_an_old_address_lead_to_the_new_one(content):
    content("new-name", aliases="[old-name]")
    import_folder(content("other", "[x](old-name)\n"))
    assert 'href="/guide/new-name/"' in Publication.objects.showing().get(article__slug="other").html


def test_an_alias_may_not_take_over_a_living_article(content):
    content("causes")
    with pytest.raises(RefusedError, match="belongs to"):
        import_folder(content("anatomy", aliases="[causes]"))


def test_two_files_may_not_claim_one_old_address(content):
    content("one", aliases="[past]")
    with pytest.raises(RefusedError, match='"past" belongs to one.md too'):
        import_folder(content("two", aliases="[past]"))
    assert not OldAddress.objects.exists()


@pytest.mark.slow
def test_an_export_imports_into_an_empty_database_with_the_same_digests(shipped, tmp_path):
    exported = {slug: article.live.digest for slug, article in shipped.items()}
    call_command("export_content", tmp_path, stdout=StringIO())
    texts = sync.read_folder(tmp_path / "articles")
    assert {slug: text.digest for slug, text in texts.items()} == exported
    empty_the_database()
    import_folder(tmp_path / "articles")
    assert {a.slug: a.live.digest for a in Article.objects.published()} == exported


def empty_the_database():
    from tests.conftest import drop_triggers

    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET live_id = NULL, page_id = NULL, head_id = NULL, base_id = NULL")
        for table in ("publication", "revision", "oldaddress", "article"):
            cursor.execute(f"DELETE FROM articles_{table}")


@pytest.mark.slow
def test_our_own_export_coming_back_is_recognised(shipped, editor, tmp_path):
    call_command("export_content", tmp_path, stdout=StringIO())
    report = import_folder(tmp_path / "articles")
    assert set(report.outcomes.values()) == {"UNCHANGED"}


def test_exporting_again_writes_nothing(shipped, tmp_path):
    call_command("export_content", tmp_path, stdout=StringIO())
    said = StringIO()
    call_command("export_content", tmp_path, stdout=said)
    assert said.getvalue().startswith("0 files written")


def test_the_command_says_what_was_refused(content):
    content("bad", "[x](nowhere)\n")
    with pytest.raises(CommandError, match="nothing was changed:\nbad.md, line 7"):
        call_command("import_content", content.folder.parent)


@pytest.mark.slow
def test_a_command_without_a_database_says_how_to_make_one(tmp_path):
    from tests.operations.test_settings import manage

    done = manage("import_content", tmp_path=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("The database cannot be used")
    assert "manage.py migrate" in done.stderr


def test_what_did_not_change_for_readers_is_looked_at_once_and_not_again(content, monkeypatch):
    content("one", "First.\n")
    import_folder(content("two", "Second.\n"))
    made = []
    monkeypatch.setattr(publishing, "render_with_problems", lambda *_: made.append(1) or render_with_problems(*_))
    import_folder(content("three", "Third.\n"))  # all may link to it now, but none does
    publishing.refresh()
    assert (Publication.objects.count(), len(made)) == (3, 0)


def test_a_refusal_is_remembered_until_an_import_is_taken(content):
    content("good")
    import_folder(content("bad", "Words.\n"))
    assert sync.last_refusal() is None
    with pytest.raises(RefusedError):
        import_folder(content("bad", "[x](nowhere)\n"))
    refusal = sync.last_refusal()
    assert refusal.text.startswith("bad.md, line 7: ")
    with pytest.raises(RefusedError):
        import_folder(content.folder)
    assert sync.last_refusal().since == refusal.since  # the same one, for as long as it stands
    with pytest.raises(RefusedError):
        import_folder(content("bad", "[y](elsewhere)\n"))
    assert "elsewhere" in sync.last_refusal().text
    assert sync.last_refusal().since > refusal.since
    import_folder(content("bad", "Mended.\n"))
    assert sync.last_refusal() is None


@pytest.mark.django_db(transaction=True)
def test_what_a_refused_import_did_is_rolled_back_and_the_refusal_is_not(content, editor, client):
    with pytest.raises(RefusedError):
        import_folder(content("bad", "[x](nowhere)\n"))
    assert not Article.objects.exists()
    client.force_login(editor)
    page = client.get("/admin/").content.decode()
    assert "The files were refused" in page
    assert "bad.md, line 7: " in page
