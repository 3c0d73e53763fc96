"""Changed quotes: a rule, sign, meaning or picture that has changed is one decision about all the pages that show it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from siweb.articles.models import APPROVE, Article
from siweb.core.models import SiteVersion

from . import publishing, workflow
from .reconfirmation import approved_articles, check_quotes
from .signature import changed_quotes

# Kind of quote: the kind of article that defines it. Drawings and pictures are in none.
DEFINED_IN = {"rule": "rules", "sign": "signs", "term": "glossary"}


def unchecked_changes():
    """{quote: [article]} of the approved pages that show a quote which has changed since it was checked.

    Quotes and articles are in order; it takes the same few queries for any number of articles.
    """
    found = {}
    for article in approved_articles():
        for quote in changed_quotes(article.live.decisions.all(), article.page.quotes):
            found.setdefault(quote, []).append(article)
    return dict(sorted(found.items()))


def denial_reason(quote, user):
    """Why somebody may not check a changed quote, as a sentence, or "": nobody approves their own words.

    Its words are approved where they are defined: who wrote part of them since may not check them on other pages either, unless
    theirs is the only clinician's account and somebody else has read them.
    """
    for article in _defined_in(quote):
        if workflow.state_of(article, article.live) == workflow.State.UNCHECKED:
            approval = workflow.BY_KIND[workflow.KIND.APPROVE]
            if reason := workflow.refusal(article, article.live, approval, user):
                return f"“{article.page.title}”: {reason}"
    return ""


def _defined_in(quote):
    """The live articles that define a quote; of one that is gone, all that may have defined it."""
    kind, _, key = quote.partition(":")
    found = Article.objects.published().filter(page__kind=DEFINED_IN.get(kind, "")).select_related("page", "live")
    articles = {article.slug: article for article in found}
    offers = publishing.live_offers(slug__in=articles)
    defining = [article for slug, article in articles.items() if _defines(offers[slug], kind, key)]
    return defining or list(articles.values())


def _defines(offer, kind, key):
    if kind == "rule":
        return key in offer.rules
    return key in ([sign.key for sign in offer.signs] if kind == "sign" else [term.name for term in offer.terms])


@transaction.atomic
def check_change(quote, shown, by, at=None):
    """A clinician approves a changed quote on the pages that were on their screen; return how many those were.

    `shown` is {key of an article: key of its page as it was on screen}; a page that has changed since is left. Raises
    ValidationError for who may not.
    """
    if not by.has_perm(APPROVE):
        raise ValidationError("You do not have permission to do this.")
    SiteVersion.lock()
    if reason := denial_reason(quote, by):
        raise ValidationError(reason)
    articles = [a for a in unchecked_changes().get(quote, ()) if shown.get(a.pk) == a.page_id]
    own_text = any(by.pk in workflow.writers(article.live) for article in _defined_in(quote))
    for article in articles:
        check_quotes(article, [quote], by, at or timezone.now(), own_text=own_text)
    if articles:
        SiteVersion.move()
    return len(articles)
