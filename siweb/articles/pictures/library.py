"""The pictures that texts may use: taking one in under a name, replacing it, finding where it is used, removing it.

What a page showed on a date stays exact: the bytes of a picture that was ever shown to readers are never removed.
"""

import hashlib
from collections import defaultdict, namedtuple
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from siweb.articles.editorial import publishing
from siweb.articles.models import Article, Picture, Publication, Rendition
from siweb.core.models import SiteVersion

from . import processing
from .processing import BadPictureError

Use = namedtuple("Use", "article live")  # an article, and whether readers see the picture there

LONGEST_NAME = 50


@transaction.atomic
def add(made, name, by=None, alt=""):
    """The Picture of what was made of an upload; the one that is there already if the same was sent before."""
    SiteVersion.lock()  # two people may send two pictures of one name
    same = Picture.objects.filter(digest=made.digest).first()
    if same:
        return same
    _keep(made)
    return Picture.objects.create(name=_free(name), alt=alt, changed_by=by, **_columns(made))


@transaction.atomic
def replace(picture, made, by=None):
    """Show another picture under the same name, in every article that uses it."""
    SiteVersion.lock()
    before = picture.digest
    _keep(made)
    for column, value in _columns(made).items():
        setattr(picture, column, value)
    picture.changed_by, picture.changed_at = by, timezone.now()
    picture.save()
    publishing.refresh(is_strict=False)
    if before != picture.digest:
        _drop(before)


@transaction.atomic
def remove(picture):
    """Take a picture out. Raises ValidationError while any text uses it."""
    SiteVersion.lock()
    used = uses(picture)
    if used:
        raise ValidationError(
            f"It is used in: {', '.join(sorted({use.article.slug for use in used}))}. Take it out there first."
        )
    picture.delete()
    _drop(picture.digest)


def uses(picture):
    """The Use of each article whose newest, live or waiting text shows the picture."""
    return where_used().get(picture.name, [])


def where_used():
    """The same for every picture and drawing that is used at all, by name."""
    articles = list(
        Article.objects.select_related("page", "live", "head", "incoming")
        .defer("page__html", "live__text", "head__text", "incoming__text")
        .order_by("slug")
    )
    revisions = [text for article in articles for text in _texts(article)]
    offers = publishing.offers_of({revision.pk: revision.digest for revision in revisions if revision})
    found = defaultdict(list)
    for article in articles:
        live, *others = (offers[text.digest].figures if text else frozenset() for text in _texts(article))
        for name in live.union(*others):
            found[name].append(Use(article, name in live))
    return found


def _texts(article):
    return article.live, article.head, article.incoming


def _columns(made):
    return {"digest": made.digest, "width": made.width, "height": made.height, "kind": made.kind}


def _keep(made):
    for width, data in made.renditions.items():
        Rendition.objects.get_or_create(digest=made.digest, width=width, defaults={"kind": made.kind, "data": data})


def _drop(digest):
    """Remove the bytes of a picture that no name has any more, unless readers ever had them."""
    shown = Publication.objects.filter(html__contains=f"/pictures/{digest}-").exists()
    if not shown and not Picture.objects.filter(digest=digest).exists():
        Rendition.objects.filter(digest=digest).delete()


def _free(name):
    """A name like the file's that neither a picture nor a drawing has."""
    stem = slugify(Path(name.replace("\\", "/")).stem)[:LONGEST_NAME].strip("-_") or "picture"
    taken = set(Picture.objects.filter(name__startswith=stem).values_list("name", flat=True)) | set(
        publishing.drawings()
    )
    number, free = 1, stem
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    return free


# --- Files --------------------------------------------------------------------------------------------------


def read_folder(folder):
    """({name: Made}, [(file name, problem)]) of the picture files in a folder, but for those that are here already."""
    here = dict(Picture.objects.values_list("name", "digest"))
    found, names, problems = {}, set(), []
    for path in sorted(Path(folder).glob("[!.]*")):
        try:
            _check_name(path, names)
            data = path.read_bytes()
            if hashlib.sha256(data).hexdigest() != here.get(path.stem):
                found[path.stem] = processing.take(data)
        except BadPictureError as bad:
            problems.append((path.name, str(bad)))
    return found, problems


def _check_name(path, names):
    """Raises BadPictureError for a file name that cannot be a picture's here; `names` grows by the others."""
    stem = path.stem
    if path.suffix not in (".jpg", ".png") or slugify(stem) != stem or len(stem) > 60 or not path.is_file():
        raise BadPictureError("A picture's file is named in small letters, digits and dashes, with .jpg or .png.")
    if stem in publishing.drawings():
        raise BadPictureError("A drawing of static/figures has this name. Choose another.")
    if stem in names:
        raise BadPictureError("Two files are pictures of this name, a .jpg and a .png. Keep one.")
    names.add(stem)


def bring_in(made):
    """Take pictures of files in; the names of those that stay as they are here, because that was a person's decision."""
    kept = []
    for name, of_file in made.items():
        picture = Picture.objects.filter(name=name).first()
        if picture is None:
            _keep(of_file)
            Picture.objects.create(name=name, **_columns(of_file))
        elif picture.digest == of_file.digest:
            continue
        elif picture.changed_by_id or _is_signed(picture):
            kept.append(name)
        else:
            before = picture.digest
            _keep(of_file)
            Picture.objects.filter(pk=picture.pk).update(changed_at=timezone.now(), **_columns(of_file))
            _drop(before)
    return kept


def _is_signed(picture):
    """Whether a clinician has approved an article as readers see it, with the picture."""
    return any(use.live and use.article.live.is_approved for use in uses(picture))


def write_folder(folder):
    """Write the master of every picture that readers see; how many files are new or changed."""
    folder, written, used = Path(folder), 0, where_used()
    for picture in Picture.objects.all():
        if not any(use.live for use in used[picture.name]):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{picture.name}.{picture.kind}"
        data = bytes(Rendition.objects.get(digest=picture.digest, width=picture.width).data)
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            written += 1
        path.with_suffix(".png" if picture.kind == "jpg" else ".jpg").unlink(missing_ok=True)  # what it was before
    return written
