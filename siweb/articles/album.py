"""The pictures that texts may use: taking one in under a name, replacing it, finding where it is used, removing it.

What a page showed on a date stays exact: the bytes of a picture that was ever shown to readers are never removed.
"""

import re
from collections import namedtuple
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from . import pictures, publishing
from .models import Article, Picture, Publication, Rendition
from .pictures import BadPictureError

Use = namedtuple("Use", "article live")  # an article, and whether readers see the picture there

LONGEST_NAME = 50


@transaction.atomic
def add(made, name, by=None, alt=""):
    """The Picture of what was made of an upload; the one that is there already if the same was sent before."""
    same = Picture.objects.filter(digest=made.digest).first()
    if same:
        return same
    _keep(made)
    return Picture.objects.create(name=_free(name), alt=alt, changed_by=by, **_columns(made))


@transaction.atomic
def replace(picture, made, by=None):
    """Show another picture under the same name, in every article that uses it."""
    before = picture.digest
    _keep(made)
    for column, value in _columns(made).items():
        setattr(picture, column, value)
    picture.changed_by, picture.changed_at = by, timezone.now()
    picture.save()
    publishing.refresh()
    if before != picture.digest:
        _drop(before)


@transaction.atomic
def remove(picture):
    """Take a picture out. Raises ValidationError while any text uses it."""
    used = uses(picture)
    if used:
        raise ValidationError(
            f"It is used in: {', '.join(sorted({use.article.slug for use in used}))}. Take it out there first."
        )
    picture.delete()
    _drop(picture.digest)


def uses(picture):
    """The Use of each article whose newest, live or waiting text has the picture."""
    mark = re.compile(rf"\]\({re.escape(picture.name)}[ )]")
    found = []
    for article in _articles_with(f"]({picture.name}"):
        live, *others = (
            bool(revision and mark.search(revision.text)) for revision in (article.live, article.head, article.incoming)
        )
        if live or any(others):
            found.append(Use(article, live))
    return found


def _articles_with(words):
    texts = Q(live__text__contains=words) | Q(head__text__contains=words) | Q(incoming__text__contains=words)
    return Article.objects.filter(texts).select_related("live", "head", "incoming", "page")


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
    """({name: Made}, [(file name, problem)]) of the picture files in a folder; none where there is no folder."""
    found, problems = {}, []
    for path in sorted(Path(folder).glob("*")):
        try:
            if path.suffix not in (".jpg", ".png") or slugify(path.stem) != path.stem or len(path.stem) > 60:
                raise BadPictureError(
                    "A picture's file is named in small letters, digits and dashes, with .jpg or .png."
                )
            if path.stem in publishing.drawings():
                raise BadPictureError("A drawing of static/figures has this name. Choose another.")
            found[path.stem] = pictures.take(path.read_bytes())
        except BadPictureError as bad:
            problems.append((path.name, str(bad)))
    return found, problems


def bring_in(made):
    """Take pictures of files in; the names of those that staff have changed, which stay as staff have them."""
    kept = []
    for name, of_file in made.items():
        picture = Picture.objects.filter(name=name).first()
        if picture is None:
            _keep(of_file)
            Picture.objects.create(name=name, **_columns(of_file))
        elif picture.digest != of_file.digest and picture.changed_by_id is not None:
            kept.append(name)
        elif picture.digest != of_file.digest:
            before = picture.digest
            _keep(of_file)
            Picture.objects.filter(pk=picture.pk).update(changed_at=timezone.now(), **_columns(of_file))
            _drop(before)
    return kept


def write_folder(folder):
    """Write the master of every picture that readers see; how many files are new or changed."""
    folder, written = Path(folder), 0
    for picture in Picture.objects.all():
        if not any(use.live for use in uses(picture)):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{picture.name}.{picture.kind}"
        data = bytes(Rendition.objects.get(digest=picture.digest, width=picture.width).data)
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
            written += 1
    return written
