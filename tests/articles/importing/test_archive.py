"""The archive: every row of what was written, decided and shown is in it, with its digest, twice the same bytes."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from siweb.articles.importing import archive, sync
from siweb.articles.models import Article, Decision, Publication, Reading, Rendition, Revision
from siweb.articles.pictures import library, processing
from siweb.articles.text import front_matter
from tests.conftest import article_file
from tests.support.deciding import KIND, decide, signed
from tests.support.painting import noisy, saved


@pytest.fixture
def written(db, content, editor, clinician, tmp_path):
    content("care")
    sync.import_folder(content("rest", aliases="[past]"))
    article = Article.objects.get(slug="care")
    signed(article.live, clinician)
    article.edit(front_matter.parse(article_file("Öther wörds.\n")), by=editor, version=article.version, note="Clearer")
    decide(article.head, KIND.URGENT, editor)
    library.add(processing.make(saved(noisy((40, 30)), "JPEG")), "hip.jpg", editor, "A hip")
    archive.write(tmp_path / "archive")
    return tmp_path / "archive"


def lines(folder, name):
    return [json.loads(line) for path in folder.rglob(f"{name}.jsonl") for line in path.read_text().splitlines()]


def test_every_text_is_there_with_its_digest(written):
    for revision in Revision.objects.select_related("article"):
        data = (written / "articles" / revision.article.slug / "revisions" / f"{revision.number:04}.md").read_bytes()
        assert hashlib.sha256(data).hexdigest() == revision.digest
    assert {line["digest"] for line in lines(written, "revisions")} == {r.digest for r in Revision.objects.all()}


def test_no_row_is_lost(written):
    counted = {"revisions": Revision, "decisions": Decision, "readings": Reading, "publications": Publication}
    for name, model in counted.items():
        assert len(lines(written, name)) == model.objects.count() > 0, name
    assert len(list(written.rglob("pages/*.html"))) == Publication.objects.count()
    assert len(list(written.glob("pictures/*.jpg"))) == Rendition.objects.count() > 0


def test_it_says_who_and_which_and_when_in_words(written):
    [urgent] = [line for line in lines(written, "decisions") if line["kind"] == "urgent"]
    assert (urgent["by"], urgent["revision"]) == ("Edith Editor", 2)
    assert urgent["at"].endswith("+00:00")
    about = json.loads((written / "articles/rest/article.json").read_text())
    assert (about["old_addresses"], about["live"]) == (["past"], 1)


def test_every_file_is_listed_with_its_digest(written):
    listed = dict(reversed(line.split("  ")) for line in (written / "SHA256SUMS").read_text().splitlines())
    there = {str(path.relative_to(written)): path for path in written.rglob("*") if path.is_file()}
    del there["SHA256SUMS"]
    assert listed == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}


def test_the_same_rows_make_the_same_bytes(written, tmp_path):
    archive.write(tmp_path / "again")
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (written / "SHA256SUMS").read_bytes()


def test_the_command_writes_it_beside_the_files_and_never_over_another(written, tmp_path):
    said = StringIO()
    call_command("export_content", tmp_path / "out", archive=tmp_path / "third", stdout=said)
    assert "3 revisions, with all that was decided, archived in" in said.getvalue()
    with pytest.raises(CommandError, match="Name a folder that is new or empty"):
        call_command("export_content", tmp_path / "out", archive=written, stdout=StringIO())
