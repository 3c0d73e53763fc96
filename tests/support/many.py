"""Many articles with many revisions, written straight into the database: by imports and edits they would take hours."""

from siweb.articles.editorial.publishing import refresh
from siweb.articles.models import Article, Revision
from siweb.articles.text import front_matter

IN_ONE_GO = 200


def make_articles(count, revisions=1, by=None, first=0, words="Some words.\n", live=True):
    """So many articles, each with so many revisions; the newest is live. `words` end the body of every text."""
    slugs = [f"article-{number}" for number in range(first, first + count)]
    articles = Article.objects.bulk_create(Article(slug=slug) for slug in slugs)
    for start in range(0, count, IN_ONE_GO):
        some = articles[start : start + IN_ONE_GO]
        made = Revision.objects.bulk_create(
            (_revision(article, number, words, by) for article in some for number in range(1, revisions + 1)),
            batch_size=IN_ONE_GO,
        )
        for article, newest in zip(some, made[revisions - 1 :: revisions], strict=True):
            article.head, article.live = newest, newest if live else None
        Article.objects.bulk_update(some, ["head", "live"])
    if live:
        refresh()
    return list(Article.objects.filter(slug__in=slugs).order_by("pk"))


def _revision(article, number, words, by):
    front = f"---\ntitle: Title of {article.slug}\nsummary: A summary.\nkind: topic\norder: 0\n---\n"
    text = f"{front}\nEdition {number}. {words.strip()}\n"
    source = Revision.Source.STAFF if by else Revision.Source.FILE
    digest = front_matter.digest_of(text)
    return Revision(article=article, number=number, digest=digest, text=text, source=source, author=by)
