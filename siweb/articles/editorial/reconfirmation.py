"""What a new text of rules, warning signs or terms changes on the approved pages that quote it, and checking such parts."""

from siweb.articles.models import Article, Decision
from siweb.articles.rendering.document import Document
from siweb.core.shared_texts import by_quote, is_weaker, plays_down

from . import publishing
from .signature import changed_quotes, describe, is_clinical


def quoting(article, revision):
    """The approved live articles that would quote a clinical part of this text in other words than they do now."""
    changed, lists = _changed(article, revision), changed_lists(article, revision)
    others = approved_articles().exclude(pk=article.pk) if changed else ()
    return [other for other in others if other.live.last_check and _shows(other, changed, lists)]


def _shows(article, quotes, lists):
    listed = any(kind == "signs" and name in lists for kind, name in article.page_uses)
    return listed or not quotes.isdisjoint(article.page.quotes)


def _changed(article, revision):
    """The clinical parts that others may quote of this text and that it changes, such as "rule:driving"."""
    offers = publishing.live_offers()
    before = offers[article.slug].parts if article.slug in offers else {}
    after = Document(revision.parsed).offer.parts
    return {
        quote for quote in before.keys() | after.keys() if is_clinical(quote) and before.get(quote) != after.get(quote)
    }


def changed_rules(article, revision):
    """{key: (rule that readers see or None, rule of this text or None)} of the rules that are not the same."""
    offers = publishing.live_offers()
    before = offers[article.slug].rules if article.slug in offers else {}
    after = Document(revision.parsed).rules
    keys = sorted(before.keys() | after.keys())
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def live_signs(article):
    """The signs that readers see of an article: {key: Sign}."""
    offers = publishing.live_offers()
    return {sign.key: sign for sign in offers[article.slug].signs} if article.slug in offers else {}


def changed_lists(article, revision):
    """What [[signs:…]] may name whose list would not be as it is now."""
    before = by_quote(live_signs(article).values())
    after = by_quote(Document(revision.parsed).signs)
    return {name for name in before.keys() | after.keys() if _digests(before.get(name)) != _digests(after.get(name))}


def _digests(signs):
    return [sign.digest for sign in signs or ()]


def weakened_signs(article, revision):
    """The keys of signs that this text takes out, lowers, narrows or leaves out of the form, or whose words it changes.

    Also of those that it adds as expected, or as milder than a sign of the same words, wherever that one is defined.
    """
    after = {sign.key: sign for sign in Document(revision.parsed).signs}
    every = {sign.key: sign for offer in publishing.live_offers().values() for sign in offer.signs}
    own = live_signs(article)
    weaker = {
        key for key, sign in (every | own).items() if key in own.keys() | after and is_weaker(after.get(key), sign)
    }
    added = (sign for key, sign in after.items() if key not in every)
    return sorted(weaker | {sign.key for sign in added if plays_down(sign, every.values())})


def approved_articles():
    """The articles that readers see, in the order of the guide, with their decisions and without their texts."""
    live = Article.objects.published().select_related("page", "live").prefetch_related("live__decisions__by")
    return live.defer("page__html", "page__outline", "live__text").order_by("page__order", "page__title")


def check_what_changed(before, by, now, own_text=False):
    """A clinician has found articles, given as they were before something was published, still correct with what it changed.

    What had changed on them earlier stays unchecked: it was not in front of them.
    """
    shown = {article.pk: article.page.quotes for article in before}
    for article in approved_articles().filter(pk__in=shown):
        changed = changed_quotes(article.live.decisions.all(), article.page.quotes)
        old, new = shown[article.pk], article.page.quotes
        check_quotes(article, [q for q in changed if old.get(q) != new.get(q)], by, now, own_text=own_text)


def check_quotes(article, quotes, by, now, *, own_text=False):
    """Record that a clinician has checked parts that an article quotes, as its page shows them now."""
    if quotes:
        Decision.objects.create(
            revision=article.live,
            kind=Decision.Kind.QUOTE,
            by=by,
            at=now,
            quotes={quote: article.page.quotes.get(quote, "") for quote in quotes},
            note=", ".join(map(describe, quotes)),
            own_text=own_text,
        )
