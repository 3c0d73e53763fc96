"""Everything that was ever written, decided and shown, as plain files that a person can read in twenty years.

Names of staff are in it. It is kept, never imported again. The same rows make the same bytes.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from siweb.articles.models import Article, Decision, Picture, Proposal, Publication, Reading, Rendition

_ABOUT = """\
Every article of this site with all that was written, decided and shown to readers. Names of staff are in it.

articles/ADDRESS/article.json        which text is live, which is the newest, and the addresses that it had
articles/ADDRESS/revisions/0001.md   a text exactly as it was written; its SHA-256 digest stands in revisions.jsonl
articles/ADDRESS/pages/0001.html     an article's HTML exactly as readers got it; from when on, in publications.jsonl
articles/ADDRESS/*.jsonl             one JSON object on each line: revisions, decisions, readings, proposals, publications
pictures/                            every picture in every size, named by the digest of the largest, and their list
SHA256SUMS                           the digest of every file, as sha256sum --check reads it

Times are in UTC.
"""


@transaction.atomic
def write(folder):
    """Write the archive into a folder that is new or empty; the number of revisions in it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    _put(folder / "README.txt", _ABOUT)
    written = sum(_article(folder / "articles" / article.slug, article) for article in Article.objects.order_by("slug"))
    _pictures(folder / "pictures")
    sums = [f"{_digest(path.read_bytes())}  {path.relative_to(folder)}\n" for path in _files(folder)]
    _put(folder / "SHA256SUMS", "".join(sums))
    return written


def _article(folder, article):
    numbers = dict(article.revisions.values_list("pk", "number"))
    pointers = {name: numbers.get(getattr(article, f"{name}_id")) for name in ("live", "head", "base", "incoming")}
    old = list(article.old_addresses.order_by("slug").values_list("slug", flat=True))
    about = {"address": article.slug, "old_addresses": old, "in_files": article.in_files} | pointers
    _put(folder / "article.json", json.dumps(about, indent=2, sort_keys=True) + "\n")
    revisions = article.revisions.select_related("author").order_by("number")
    for revision in revisions.iterator():
        _put(folder / "revisions" / f"{revision.number:04}.md", revision.text)
    _lines(folder / "revisions.jsonl", revisions.defer("text"), numbers, leave_out=("article", "text"))
    for name, model in (("decisions", Decision), ("readings", Reading), ("proposals", Proposal)):
        rows = model.objects.filter(revision__article=article).order_by("at", "pk")
        _lines(folder / f"{name}.jsonl", rows, numbers)
    pages = Publication.objects.filter(article=article).order_by("at", "pk")
    for number, page in enumerate(pages.iterator(), start=1):
        _put(folder / "pages" / f"{number:04}.html", page.html)
    _lines(folder / "publications.jsonl", pages.defer("html"), numbers, leave_out=("article", "html"))
    return len(numbers)


def _pictures(folder):
    for picture in Rendition.objects.order_by("digest", "width").iterator():
        _put(folder / f"{picture.digest}-{picture.width}.{picture.kind}", bytes(picture.data))
    _lines(folder / "pictures.jsonl", Picture.objects.order_by("name"), {})


def _lines(path, rows, numbers, leave_out=()):
    """One line for each row, with all its columns but the keys: revisions by number, people by name."""
    kept = [field for field in rows.model._meta.concrete_fields if field.name not in ("id", *leave_out)]
    people = [field.name for field in kept if field.related_model and field.related_model._meta.label == "auth.User"]
    lines = []
    for row in rows.select_related(*people) if people else rows:
        said = {field.name: _said(row, field, numbers, people) for field in kept}
        lines.append(json.dumps(said, sort_keys=True, ensure_ascii=False) + "\n")
    _put(path, "".join(lines))


def _said(row, field, numbers, people):
    if field.name in people:
        person = getattr(row, field.name)
        return person and (person.get_full_name() or person.username)
    value = getattr(row, field.attname)
    if field.is_relation:
        return numbers.get(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, (str, int, list, dict, type(None))) else str(value)


def _put(path, written):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written if isinstance(written, bytes) else written.encode())


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(data):
    return hashlib.sha256(data).hexdigest()
