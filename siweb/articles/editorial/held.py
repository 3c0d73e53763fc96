"""Whether a page would still be what a clinician approved: a version is published only with the quotes that were checked.

The text of a version never changes, so what can change is what it shows of others, as far as a signature covers it.
"""

from siweb.articles.models import Article
from siweb.articles.text.front_matter import BadText

from . import publishing
from .signature import changed_quotes, describe


def changed_since_approval(article, revision, around=None):
    """The quotes, such as "rule:driving", that are no longer as they were when a clinician last checked this version.

    Empty for a version that is not approved, and for one that cannot be shown: publishing it says why.
    """
    if not revision.is_approved:
        return ()
    try:
        page = publishing.draft_page(article.slug, revision.parsed, around=around)
    except BadText:
        return ()
    return changed_quotes(revision.decisions.all(), page.quotes)


def in_words(quotes):
    """Quotes as staff read them: the rule “driving”, the picture “pelvis”."""
    return ", ".join(map(describe, quotes))


def waiting():
    """[(article, names of what has changed)] of every version that is approved or scheduled, and waits for that reason."""
    heads = Article.objects.filter(head__decisions__kind="approve").exclude(head=None).distinct()
    heads = heads.select_related("head", "live").prefetch_related("head__decisions__by")
    found = [article for article in heads if article.head_id != article.live_id and article.pending]
    changed = ((article, changed_since_approval(article, article.head)) for article in found)
    return [(article, names) for article, names in changed if names]
