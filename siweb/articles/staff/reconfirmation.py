"""The list of rules, signs, meanings and pictures that have changed on approved pages, and a page to check each."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from siweb.articles.editorial import publishing, quote_changes
from siweb.articles.editorial.own_words import DEFINED_IN
from siweb.articles.editorial.signature import QuoteNames, checked_quotes, signature_of
from siweb.articles.editorial.workflow import APPROVE
from siweb.articles.models import Publication, Revision
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import passages
from siweb.articles.text.diff import compare
from siweb.core.http import number_in
from siweb.core.shared_texts import ACTIONS
from siweb.core.staff_pages import for_those_who, frame

_ANCHOR = re.compile(r' id="[^"]*"(?=[^<>]*>)')

MAX_PAGES = 50  # on one page: a form with more fields would not be accepted


@dataclass(frozen=True)
class ChangedPage:
    """One approved page that shows a changed quote, and its passages as readers see them."""

    article: object
    signature: object
    passages: tuple  # (heading of the section, HTML)
    others: str  # what else has changed on it and is not checked


@for_those_who(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request):
    """All changes; with ?quote=rule:driving, that one: what it was, what it is, and each page with its passages."""
    if request.method == "POST":
        return _checked(request)
    changes, names = quote_changes.unchecked_changes(), QuoteNames()
    if "quote" not in request.GET:
        items = [(names[quote], address_of(quote), articles) for quote, articles in changes.items()]
        context = frame(request, "Changes to check") | {"changes": items}
        return TemplateResponse(request, "staff/articles/confirm.html", context)
    quote = request.GET["quote"]
    if quote not in changes:
        messages.info(request, "No page waits for that change any more.")
        return redirect("admin:articles_article_confirm")
    context = frame(request, f"Changed: {names[quote]}") | _change(quote, changes[quote], names)
    context["denial"] = quote_changes.denial_reason(quote, request.user)
    return TemplateResponse(request, "staff/articles/confirm_change.html", context)


def address_of(quote):
    """The address of the page where a changed quote is checked."""
    return f"{reverse('admin:articles_article_confirm')}?{urlencode({'quote': quote})}"


def _checked(request):
    quote = request.POST.get("quote", "")
    ticked = [value.split(":") for value in request.POST.getlist("page")]
    pairs = [tuple(map(number_in, pair)) for pair in ticked if len(pair) == 2]
    shown = {article: page for article, page in pairs if min(article, page) >= 0}
    try:
        done = quote_changes.check_change(quote, shown, request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect(address_of(quote))
    if done:
        pages = f"{done} page{'' if done == 1 else 's'}"
        messages.success(request, f"Change approved on {pages}. The date of the next check is unchanged.")
    if left := len(shown) - done:
        pages = "1 page has" if left == 1 else f"{left} pages have"
        messages.warning(request, f"{pages} changed since you opened this list. Check again.")
    if not shown:
        messages.warning(request, "No page was ticked, so nothing was approved.")
    return redirect("admin:articles_article_confirm")


def _change(quote, articles, names):
    context, figures = publishing.live_surroundings(), publishing.drawings() | publishing.photographs()
    shown, kind, key = articles[:MAX_PAGES], *quote.split(":", 1)
    texts = Revision.objects.in_bulk([article.live_id for article in shown])
    return {
        "quote": quote,
        "name": names[quote],
        "differences": _differences(quote, articles),
        "picture": figures[key].src if kind == "figure" and key in figures else "",
        "pages": [_page(article, texts[article.live_id], quote, context, names) for article in shown],
        "more": len(articles) - len(shown),
    }


def _page(article, revision, quote, context, names):
    found = [
        (heading, mark_safe(publishing.with_lasting_drawings(_without_anchors(html))))  # noqa: S308  our own render() made it
        for heading, html in passages(Document(revision.parsed), context, quote)
    ]
    signature = signature_of(article.live, article.page.quotes, names)
    others = names.phrase(tuple(other for other in signature.changed if other != quote))
    return ChangedPage(article, signature, tuple(found), others)


def _differences(quote, articles):
    """The comparisons from each wording that was checked to the one that readers see now; none of a picture."""
    kind, _, key = quote.partition(":")
    if kind not in DEFINED_IN:
        return []
    now = {article.page.quotes.get(quote, "") for article in articles}
    checked = {checked_quotes(article.live.decisions.all()).get(quote, "") for article in articles}
    wordings = _wordings(kind, key, now | checked)
    return [compare(wordings[old], wordings[new]) for old in sorted(checked) for new in sorted(now)]


def _wordings(kind, key, digests):
    """{digest: what readers saw} of a rule, sign or meaning; "" for one that they did not see."""
    found = dict.fromkeys(digests, "")
    published = Publication.objects.filter(kind=DEFINED_IN[kind]).order_by("-at", "-pk")
    for text, digest in dict.fromkeys(published.values_list("revision", "revision__digest")):
        offer = publishing.offers_of({text: digest})[digest]
        found |= {of: written for of, written in _versions(kind, key, offer) if found.get(of) == ""}
        if all(written or not of for of, written in found.items()):
            break
    return found


def _versions(kind, key, offer):
    """(digest, words) of what pages may show of a rule, sign or meaning of a text."""
    if kind == "rule" and (rule := offer.rules.get(key)):
        yield rule.digest, f"{rule.question}\n{rule.written}"
        yield rule.question_digest, rule.question
    for sign in offer.signs:
        if kind == "sign" and sign.key == key:
            short = sign.short_written or sign.short
            yield sign.digest, f"{ACTIONS[sign.level]} ({sign.audience}): {short}. {sign.written}"
    for term in offer.terms:
        if kind == "term" and term.name == key:
            yield term.digest, "\n".join(term.written)


def _without_anchors(html):
    """The HTML without the names of its places: passages of many pages are in one document."""
    return _ANCHOR.sub("", html)
