"""The list of approved articles that a clinician has to confirm, because a rule or picture that they quote has changed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from siweb.articles.models import APPROVE, Article, Decision
from siweb.articles.rendering.document import Document
from siweb.core.models import SiteVersion
from siweb.core.shared_texts import by_quote, is_weaker

from . import publishing


def quoting(article, revision):
    """The approved live articles that would quote a rule or sign of this text in other words than they do now."""
    changed = {f"rule:{key}" for key in changed_rules(article, revision)}
    changed |= {f"signs:{name}" for name in changed_lists(article, revision)}
    others = _live().exclude(pk=article.pk) if changed else ()
    return [other for other in others if changed & other.page.quotes.keys() and other.live.last_check]


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
    return {name for name in before.keys() | after.keys() if _shown(before.get(name)) != _shown(after.get(name))}


def _shown(signs):
    return [sign.shown for sign in signs or ()]


def weakened_signs(article, revision):
    """The keys of signs that this text takes out, lowers, narrows or leaves out of the form, or whose words it changes.

    Only words that are added after the old ones are known to take nothing away.
    """
    after = {sign.key: sign for sign in Document(revision.parsed).signs}
    return sorted(key for key, sign in live_signs(article).items() if is_weaker(after.get(key), sign))


def to_confirm():
    """The approved articles that quote a rule or picture which is not as it was when they were last checked."""
    return [other for other in _live() if (check := other.live.last_check) and check.quotes != other.page.quotes]


def _live():
    live = Article.objects.published().select_related("page", "live").prefetch_related("live__decisions")
    return live.defer("page__html", "page__outline", "live__text").order_by("page__order", "page__title")


@transaction.atomic
def confirm_quotes(shown, by, at=None):
    """Articles on the list of those to confirm are still correct; how many. The day of their next check stays.

    `shown` is {key of an article: key of its page as it was on screen}; a page that has changed since is left on the list.
    """
    if not by.has_perm(APPROVE):
        raise ValidationError("This is not yours to decide.")
    SiteVersion.lock()
    as_shown = [article for article in to_confirm() if shown.get(article.pk) == article.page_id]
    write_down(as_shown, by, at or timezone.now())
    SiteVersion.move()
    return len(as_shown)


def write_down(articles, by, now):
    """That somebody has found these articles still correct with what they quote."""
    for article in articles:
        Decision.objects.create(
            revision=article.live,
            kind=Decision.Kind.CONFIRM,
            by=by,
            at=now,
            review_due=article.live.last_check.review_due,
            quotes=article.page.quotes,
            note="still correct with what it quotes",
        )
