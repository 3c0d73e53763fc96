"""An article gets another address: every address that it ever had leads to it, and no file makes a second article of it."""

import random
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction

from siweb.articles.editorial.publishing import publish
from siweb.articles.importing import renaming, sync
from siweb.articles.importing.sync import RefusedError, import_folder
from siweb.articles.models import Article, OldAddress, Publication, StaleError
from siweb.core import page_roles
from tests.articles.importing.test_import import empty_the_database
from tests.conftest import article_file
from tests.support.opened import with_needed_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(content):
    import_folder(content("care", "## Driving\n\nSome words.\n"))
    return Article.objects.get()


@pytest.fixture
def move(article, clinician):
    def move(slug):
        article.refresh_from_db()
        renaming.move(article, slug, clinician, article.version)

    return move


def test_readers_find_it_at_once_and_the_old_address_leads_there(move, client):
    move("going-home")
    assert client.get("/guide/going-home/").status_code == 200
    assert client.get("/guide/care/").url == "/guide/going-home/"


def test_a_draft_names_the_old_address_and_readers_see_nothing_of_it(move, article, clinician):
    live = article.live_id
    move("going-home")
    assert article.head.parsed.aliases == ("care",)
    assert (article.head.author, article.head.note) == (clinician, "Moved from care to going-home")
    assert article.live_id == live


def test_links_of_other_pages_go_on_working_into_their_sections_too(content, article, move):
    import_folder(content("other", "[x](care#driving)\n"))
    move("going-home")
    assert 'href="/guide/going-home/#driving"' in Publication.objects.showing().get(article__slug="other").html


REFUSED = {
    "its own": ("care", "That is its address already"),
    "another article's": ("other", "There is an article at “other” already"),
    "an old one of another": ("past", "There is an article at “past” already, or there was"),
    "capitals": ("Going-Home", "Use small letters"),
    "nothing": ("", "Use small letters"),
    "too long": ("x" * 61, "Use small letters"),
    "a page of the site": ("search", "Use small letters"),
}


@pytest.mark.parametrize(("slug", "why"), REFUSED.values(), ids=REFUSED)
def test_an_address_that_it_cannot_have_is_refused(content, move, slug, why):
    import_folder(content("other", aliases="[past]"))
    with pytest.raises(ValidationError, match=why):
        move(slug)
    assert OldAddress.objects.count() == 1


def test_a_page_that_the_site_needs_moves_too_and_is_found_by_its_role(content, clinician, client):
    with_needed_roles(content)
    import_folder(content.folder)
    article = Article.objects.get(slug="privacy")
    renaming.move(article, "your-data", clinician, article.version)
    assert page_roles.addresses()["privacy"] == "/your-data/"
    assert 'href="/your-data/"' in client.get("/").content.decode()


def test_a_move_that_comes_too_late_changes_nothing(article, clinician):
    with pytest.raises(StaleError):
        renaming.move(article, "going-home", clinician, article.version - 1)
    assert Article.objects.get().slug == "care"


def test_it_can_move_back(move, client, article):
    move("going-home")
    move("care")
    assert client.get("/guide/going-home/").url == "/guide/care/"
    assert article.head.parsed.aliases == ("going-home",)


def test_the_page_moves_it_and_says_what_stands_in_the_way(client, article, clinician, editor):
    address = f"/admin/articles/article/{article.pk}/move/"
    client.force_login(editor)
    assert client.get(address).status_code == 403
    client.force_login(clinician)
    assert "Its address now:" in client.get(address).content.decode()
    answer = client.post(address, {"slug": "Going Home", "version": article.version})
    assert answer.status_code == 422
    assert 'value="Going Home"' in answer.content.decode()
    assert client.post(address, {"slug": "going-home", "version": "0"}).status_code == 409
    assert client.post(address, {"slug": "going-home", "version": article.version}).status_code == 302
    assert client.get("/guide/care/").url == "/guide/going-home/"


# --- Files ---------------------------------------------------------------------------------------------------


def test_the_file_under_the_old_name_is_still_its_file(move, content):
    move("going-home")
    report = import_folder(content.folder)
    assert (report.outcomes, report.moved, report.gone) == ({"going-home": "UNCHANGED"}, {"care": "going-home"}, [])
    assert import_folder(content("care", "Other words.\n")).outcomes == {"going-home": "DIVERGED_DRAFT"}
    assert Article.objects.get().incoming.parsed.body == "Other words.\n"


def test_a_problem_in_it_is_named_by_the_file_s_own_name(move, content):
    move("going-home")
    with pytest.raises(RefusedError, match=r"^care\.md, line 7"):
        import_folder(content("care", "[x](nowhere)\n"))


def test_a_file_under_the_new_name_is_its_file_too(move, content):
    move("going-home")
    (content.folder / "care.md").unlink()
    assert import_folder(content("going-home", aliases="[care]")).moved == {}
    assert Article.objects.get().slug == "going-home"


def test_files_under_both_names_are_refused(move, content):
    move("going-home")
    with pytest.raises(
        RefusedError, match=r"care\.md, line 1: The article of this address has moved to going-home\.md"
    ):
        import_folder(content("going-home"))


def test_a_file_that_is_renamed_later_takes_the_article_along(move, content):
    move("going-home")
    (content.folder / "care.md").unlink()
    import_folder(content("after", aliases="[care]"))
    assert Article.objects.get().slug == "after"
    assert set(OldAddress.objects.values_list("slug", flat=True)) == {"care", "going-home"}


def test_an_alias_that_the_file_had_before_does_not_undo_a_move_back(move, content):
    move("going-home")
    (content.folder / "care.md").unlink()
    import_folder(content("going-home", aliases="[care]"))
    move("care")
    assert import_folder(content.folder).moved == {"going-home": "care"}
    assert Article.objects.get().slug == "care"


def test_an_export_writes_the_new_file_and_removes_the_old_one(move, article, content, tmp_path):
    move("going-home")
    publish(article)
    said = StringIO()
    call_command("export_content", tmp_path, stdout=said)
    assert [path.name for path in content.folder.glob("*.md")] == ["going-home.md"]
    assert "care.md removed: its article has another address now" in said.getvalue()
    assert import_folder(content.folder).outcomes == {"going-home": "ROUND_TRIP"}


def test_an_export_before_the_draft_is_published_keeps_the_old_address_and_links_to_it(content, move, tmp_path):
    import_folder(content("other", "[x](care#driving)\n"))
    move("going-home")
    call_command("export_content", tmp_path, stdout=StringIO())
    report = import_folder(content.folder)
    assert (report.moved, report.gone) == ({}, []), "our own export changes nothing"
    empty_the_database()
    import_folder(content.folder)
    assert OldAddress.objects.get(slug="care").article.slug == "going-home"
    assert 'href="/guide/going-home/#driving"' in Publication.objects.showing().get(article__slug="other").html


def test_the_list_of_old_addresses_goes_once_the_texts_name_them_all(content, move, article, tmp_path):
    move("going-home")
    call_command("export_content", tmp_path, stdout=StringIO())
    assert (content.folder / renaming.ADDRESSES).read_text() == "care going-home\n"
    article.refresh_from_db()
    publish(article)
    call_command("export_content", tmp_path, stdout=StringIO())
    assert not (content.folder / renaming.ADDRESSES).exists()


@pytest.mark.parametrize("line", ["", "care", "care Going-Home", "care elsewhere", "other care", "../care other"])
def test_a_line_that_leads_nowhere_or_to_what_is_taken_is_passed_over(content, article, line):
    content("other")
    (content.folder / renaming.ADDRESSES).write_text(f"{line}\n")
    import_folder(content.folder)
    assert not OldAddress.objects.exists()


class History:
    """One article that staff move and whose file is renamed, edited and exported at random."""

    def __init__(self, seed, folder, by):
        self.random, self.folder, self.by = random.Random(seed), folder, by
        self.file, self.aliases, self.addresses, self.count = "start", [], {"start"}, 0
        self.write()
        self.deploy()
        self.article = Article.objects.get()

    def write(self):
        for path in self.folder.glob("*.md"):
            path.unlink()
        front = {"aliases": f"[{', '.join(self.aliases)}]"} if self.aliases else {}
        (self.folder / f"{self.file}.md").write_text(article_file(f"Text {self.count}.\n", **front), encoding="utf-8")

    def deploy(self):
        import_folder(self.folder)
        self.addresses |= {*self.aliases, Article.objects.get().slug}

    def staff_move(self):
        self.article.refresh_from_db()
        slug = self.random.choice(["one", "two", "three", "start"])
        if not renaming.refusal(self.article, slug):
            renaming.move(self.article, slug, self.by, self.article.version)
            self.addresses.add(slug)

    def edit_file(self):
        self.count += 1
        self.write()

    def rename_file(self):
        """The file's author does not know what staff have done since."""
        slug = self.random.choice(["four", "five", "six", "start"])
        if slug != self.file and slug not in self.aliases:
            self.aliases, self.file = [*self.aliases, self.file], slug
            self.write()

    def export(self):
        self.deploy()
        self.article.refresh_from_db()
        publish(self.article)
        call_command("export_content", self.folder.parent, stdout=StringIO())
        [path] = self.folder.glob("*.md")
        self.file, self.aliases = path.stem, list(self.article.live.parsed.aliases)

    def check(self):
        assert Article.objects.count() == 1, "a second article was made"
        article = Article.objects.get()
        lead = {article.slug, *OldAddress.objects.values_list("slug", flat=True)}
        assert lead >= self.addresses, "an address leads nowhere"
        assert article.slug not in OldAddress.objects.values_list("slug", flat=True)


@pytest.mark.slow
def test_random_histories_of_moves_renames_and_exports_make_no_second_article(tmp_path, clinician):
    for seed in range(25):
        folder = tmp_path / str(seed) / "articles"
        folder.mkdir(parents=True)
        with transaction.atomic():
            history = History(seed, folder, clinician)
            for _ in range(12):
                getattr(
                    history, history.random.choice(["staff_move", "edit_file", "rename_file", "deploy", "export"])
                )()
                history.check()
            history.deploy()
            history.check()
            before = sync.import_folder(folder).outcomes
            assert set(before.values()) == {"UNCHANGED"}
            transaction.set_rollback(True)
