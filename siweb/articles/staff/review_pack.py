"""The review pack: texts to be read on paper, each on sheets of its own, with what has changed and a line to sign."""

import re

from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from siweb.articles.editorial import publishing, workflow
from siweb.articles.editorial.signature import Signature, signature_of
from siweb.articles.editorial.workflow import WRITE
from siweb.articles.models import Article
from siweb.articles.text.diff import compare
from siweb.core.http import number_in
from siweb.core.staff_pages import for_those_who

from .review_context import Evidence

_TAG, _PLACE = re.compile(r"<[^>]+>"), re.compile(r'(\s(?:id="|href="#))')


@for_those_who(WRITE)
@require_safe
def pack(request):
    """The newest texts of the articles that were ticked, in the order of the guide."""
    keys = [number_in(key) for key in request.GET.getlist("article")]
    articles = Article.objects.filter(pk__in=keys, head__isnull=False).select_related("head", "live", "page")
    sheets = [_sheet(article, request.user) for article in articles]
    sheets.sort(key=lambda sheet: (sheet["evidence"].text.order, sheet["evidence"].text.title))
    return render(request, "staff/articles/review_pack.html", {"sheets": sheets, "noindex": True, "canonical": ""})


def _sheet(article, user):
    article.head.article = article
    evidence, checked = Evidence(article, article.head, user), workflow.last_checked(article)
    quotes = evidence.page.quotes if evidence.page else {}
    intro, sections = publishing.split(evidence.page) if evidence.page else ("", "")
    return {
        "article": article,
        "evidence": evidence,
        "html": mark_safe(_apart(intro + sections, article.slug)),  # noqa: S308  our own render() made it
        "checked": checked,
        "signature": signature_of(checked, quotes) if checked else Signature(),
        "differences": compare(checked.text, article.head.text) if checked else None,
    }


def _apart(html, name):
    """The HTML with its places named apart: many pages stand in one document."""
    return _TAG.sub(lambda tag: _PLACE.sub(rf"\g<1>{name}-", tag[0]), html)
