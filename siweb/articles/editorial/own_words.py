"""Who wrote what: nobody checks their own words, neither in a text nor in a rule, sign, meaning or picture that it quotes."""

from siweb.articles.models import Article, Decision, Picture, Revision
from siweb.clinics.models import Clinic

from . import publishing

KIND = Decision.Kind

# Kind of quote: the kind of article that defines it. Drawings and pictures are in none.
DEFINED_IN = {"rule": "rules", "sign": "signs", "term": "glossary"}

NOT_OWN = "You wrote part of this text, so another clinician has to approve it."
NOT_OWN_AS_THE_ONLY_ONE = (
    "You wrote part of this text. As the only clinician you may approve it once somebody who did not write it has opened "
    "this page and pressed “I have read this text”."
)
_NOT_OWN_PICTURE = "You uploaded the picture “{}” as it is now, so another clinician has to check it."
_NOT_OWN_PICTURE_AS_THE_ONLY_ONE = (
    "You uploaded the picture “{}” as it is now. As the only clinician you may check it once somebody else has opened the "
    "review page of an article that shows it and pressed “I have read this text”."
)


def writers(revision):
    """The keys of everybody who wrote any part of a text since the last approval.

    A clinician whose proposal an editor accepted is not among them.
    """
    return {other.author_id for other in unsigned(revision)} - {None}


def unsigned(revision):
    """The revisions that a text has come from since the last approval, itself among them, by number.

    Who wrote the same text before counts too: a text that is restored is still its writer's.
    """
    family = {r.pk: r for r in Revision.objects.filter(article=revision.article_id).defer("text")}
    signed = set()
    for decision in Decision.objects.filter(revision__article=revision.article_id, kind__in=(KIND.APPROVE, KIND.ASK)):
        (signed.add if decision.kind == KIND.APPROVE else signed.discard)(decision.revision_id)
    found, todo = {}, [r.pk for r in family.values() if r.digest == revision.digest]
    while todo:
        pk = todo.pop()
        if pk is None or pk in found or pk in signed:
            continue
        found[pk] = family[pk]
        todo += [family[pk].parent_id, family[pk].merged_id]
    return sorted(found.values(), key=lambda r: r.number)


def may_sign_own(revision, user):
    """Whether the clinic has one clinician, and somebody who did not write this text has read it."""
    if not Clinic.current().one_clinician:
        return False
    return revision.decisions.filter(kind=KIND.READ).exclude(by=user).exists()


def denial_reason(quotes, user):
    """Why somebody may not check some quotes, such as "rule:driving", as a sentence, or "": they changed one of them."""
    reasons = (_reason(quote, user) for quote in sorted(quotes & own_quotes(user)))
    return next(filter(None, reasons), "")


def _reason(quote, user):
    kind, _, name = quote.partition(":")
    is_only_one = Clinic.current().one_clinician
    if kind == "figure":
        if is_only_one and _is_seen_by_another(Picture.objects.get(name=name), user):
            return ""
        return (_NOT_OWN_PICTURE_AS_THE_ONLY_ONE if is_only_one else _NOT_OWN_PICTURE).format(name)
    own = [article for article in defining(quote) if _has_changed(article, quote, user)]
    unread = [article for article in own if not may_sign_own(article.live, user)]
    return f"“{unread[0].page.title}”: {NOT_OWN_AS_THE_ONLY_ONE if is_only_one else NOT_OWN}" if unread else ""


def own_quotes(user):
    """The quotes that readers see as somebody changed them, and that no other clinician has approved since."""
    pictures = Picture.objects.filter(changed_by=user)
    found = {f"figure:{picture.name}" for picture in pictures if not _is_approved_by_another(picture, user)}
    articles = Article.objects.published().filter(page__kind__in=DEFINED_IN.values(), revisions__author=user)
    for article in articles.select_related("live").distinct():
        found |= _changed_by(article, user)
    return found


def defining(quote):
    """The live articles that define a quote; of one that is gone, all that may have defined it."""
    kind = quote.partition(":")[0]
    found = Article.objects.published().filter(page__kind=DEFINED_IN.get(kind, "")).select_related("page", "live")
    articles = {article.slug: article for article in found}
    offers = publishing.live_offers(slug__in=articles)
    owners = [article for slug, article in articles.items() if quote in offers[slug].parts]
    return owners or list(articles.values())


def is_approved_by_its_writer(quote):
    """Whether a quote is of a text that its own writer approved, where the clinic has one clinician."""
    approvals = [article.live.approval for article in defining(quote)]
    return any(approval and approval.own_text for approval in approvals)


def _has_changed(article, quote, user):
    return quote in _changed_by(article, user)


def _changed_by(article, user):
    """The parts that others may quote of a live text and that somebody changed in it since the last approval."""
    since = unsigned(article.live)
    of_user = [revision for revision in since if revision.author_id == user.pk]
    keys = {pk for revision in of_user for pk in (revision.pk, revision.parent_id, revision.merged_id)} - {None}
    digests = dict(Revision.objects.filter(pk__in=keys).values_list("pk", "digest"))
    offers, found = publishing.offers_of(digests), set()
    for revision in of_user:
        before = [offers[digests[pk]].parts for pk in (revision.parent_id, revision.merged_id) if pk] or [{}]
        after = offers[revision.digest].parts
        names = after.keys() | {name for parts in before for name in parts}
        found |= {name for name in names if all(parts.get(name) != after.get(name) for parts in before)}
    return found


def _is_approved_by_another(picture, user):
    """Whether another clinician has checked a page with this very picture."""
    quote = f"figure:{picture.name}"
    checks = Decision.objects.filter(quotes__has_key=quote).exclude(by=user)
    return any(quotes[quote] == picture.digest for quotes in checks.values_list("quotes", flat=True))


def _is_seen_by_another(picture, user):
    """Whether somebody else has read a page that shows a picture, since it was replaced."""
    reads = Decision.objects.filter(kind=KIND.READ, at__gte=picture.changed_at).exclude(by=user)
    digests = dict(reads.values_list("revision", "revision__digest"))
    return any(picture.name in offer.figures for offer in publishing.offers_of(digests).values())
