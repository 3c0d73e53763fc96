"""Giving an article another address. The old one leads to it; the files learn of it from a draft that names the old address."""

import re
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction

from siweb.articles.editorial import publishing
from siweb.articles.models import Article, OldAddress, StaleError
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import RESERVED, SLUG
from siweb.core.models import SiteVersion

ADDRESSES = "old-addresses.txt"


def refusal(article, slug):
    """Why an article cannot move to an address, as a sentence, or ""."""
    if not SLUG.fullmatch(slug) or len(slug) > 60 or slug in RESERVED:
        return "Use small letters, digits and dashes, 60 at most, such as going-home. Some words the site needs itself."
    if slug == article.slug:
        return "That is its address already. Write another, or leave it as it is."
    if (
        Article.objects.filter(slug=slug).exists()
        or OldAddress.objects.filter(slug=slug).exclude(article=article).exists()
    ):
        return f"There is an article at “{slug}” already, or there was. Choose another address."
    return ""


@transaction.atomic
def move(article, slug, by, version):
    """Raises ValidationError for an address that it cannot have, StaleError when somebody else was first."""
    SiteVersion.lock()
    article.refresh_from_db()
    if version != article.version:
        raise StaleError(article)
    if problem := refusal(article, slug):
        raise ValidationError(problem)
    before = article.slug
    article.edit(_naming(article, before, slug), by, version, note=f"Moved from {before} to {slug}")
    readdress(article, slug)
    SiteVersion.move()
    publishing.refresh(is_strict=False)  # links follow the article


def _naming(article, before, slug):
    """The newest text with the old address among those that it had. Raises BadText when there is no room for it."""
    text = article.head.parsed
    aliases = tuple(alias for alias in text.aliases if alias not in (slug, before))
    return front_matter.within_limits(replace(text, aliases=(*aliases, before)))


def write_addresses(folder):
    """Write down in a folder of articles the old addresses that no live text names yet: an import makes them again."""
    moved = OldAddress.objects.filter(article__page__isnull=False).select_related("article__live").order_by("slug")
    lines = [f"{old.slug} {old.article.slug}\n" for old in moved if old.slug not in old.article.live.parsed.aliases]
    path = folder / ADDRESSES
    if lines:
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
    else:
        path.unlink(missing_ok=True)


def read_addresses(folder):
    """Yield (old slug, slug) for each line that write_addresses() wrote into a folder."""
    path = folder / ADDRESSES
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        match = re.fullmatch(rf"({SLUG.pattern}) ({SLUG.pattern})", line)
        if match:
            yield line.split(" ")


def readdress(article, slug):
    """Let an article live at an address; the one that it had leads there."""
    article.old_addresses.filter(slug=slug).delete()
    OldAddress.objects.update_or_create(slug=article.slug, defaults={"article": article})
    article.slug = slug
    article.save(update_fields=["slug"])
