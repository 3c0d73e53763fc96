"""Changed quotes: a rule, sign, meaning or picture that has changed is one decision about all the pages that show it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from siweb.articles.models import APPROVE
from siweb.core.models import SiteVersion

from . import own_words
from .reconfirmation import approved_articles, check_quotes
from .signature import changed_quotes


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

    Its words are approved where they are defined: who changed it since may not check it on other pages either, unless
    theirs is the only clinician's account and somebody else has read it.
    """
    return own_words.denial_reason({quote}, user)


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
    own_text = quote in own_words.own_quotes(by) or own_words.is_approved_by_its_writer(quote)
    for article in articles:
        check_quotes(article, [quote], by, at or timezone.now(), own_text=own_text)
    if articles:
        SiteVersion.move()
    return len(articles)
