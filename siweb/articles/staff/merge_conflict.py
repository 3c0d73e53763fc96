"""When a file has brought a text and staff have written another: the three texts, a proposal, and the choice."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from siweb.articles.editorial.pending import takes_back
from siweb.articles.editorial.workflow import WRITE
from siweb.articles.models import Article, StaleError
from siweb.articles.text import front_matter
from siweb.articles.text.diff import compare_parts
from siweb.articles.text.front_matter import BadText
from siweb.articles.text.merge import Merged, parse_by_hand
from siweb.core.http import number_in
from siweb.core.staff_pages import for_those_who, frame

# What each button makes of the two texts.
CHOICES = {
    "ours": "Kept the text of staff",
    "file": "Took the text of the file",
    "proposal": "Took both, as proposed",
    "edited": "Brought both together by hand",
}
_LATE = "Somebody else has changed this article since you opened the page. Your text is in the box. Look again."
_BOX = "You have written in the box, but chose another text. Press again to leave out what is in the box, or use it."


@for_those_who(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request, pk):
    """Every choice makes a draft: readers see nothing of it before it is approved and published."""
    article = _article(pk)
    if request.method != "POST":
        return _page(request, article)
    if article.incoming is None:
        return _page(request, article, [_LATE], status=409)
    choice, merged = request.POST.get("choice", ""), _merged(article)
    if choice not in CHOICES or choice == "proposal" and merged.contradicts:
        return _page(request, article, ["Choose one of the texts, or bring them together in the box."], status=422)
    if choice != "edited" and "without_box" not in request.POST and _written_in(request, merged):
        return _page(request, article, [_BOX], status=422, without_box=True)
    try:
        _resolve(article, choice, merged, request)
    except BadText as bad:
        return _page(request, article, [str(problem) for problem in bad.problems], status=422)
    except StaleError:
        return _page(request, _article(pk), [_LATE], status=409)
    messages.success(
        request, f"{CHOICES[choice]}: that is draft {article.head.number}. Send it for review when it is right."
    )
    return redirect("admin:articles_article_review", pk)


def _article(pk):
    articles = Article.objects.select_related("head__author", "base", "incoming", "page")
    return get_object_or_404(articles, pk=pk, head__isnull=False)


def _merged(article):
    return Merged(article.base.text if article.base else "", article.head.text, article.incoming.text)


def _written_in(request, merged):
    """Whether the box holds words that are not the proposal's."""
    typed = front_matter.normal(request.POST.get("text", "")).strip()
    return typed not in ("", merged.text.strip())


@transaction.atomic
def _resolve(article, choice, merged, request):
    if choice == "edited":
        text = parse_by_hand(request.POST.get("text", ""))
    else:
        text = front_matter.read_stored(
            {"ours": article.head.text, "file": article.incoming.text, "proposal": merged.text}[choice]
        )
    version = request.POST.get("version", "")
    article.resolve(text, by=request.user, version=number_in(version), note=CHOICES[choice])


def _page(request, article, problems=(), status=200, without_box=False):
    typed = request.POST.get("text", "")
    context = frame(request, f"Choose a text: {article.page.title if article.page else article.slug}") | {
        "article": article,
        "problems": problems,
        "typed": typed,
        "without_box": without_box,
        "takes_back": takes_back(article),
    }
    if article.incoming:
        merged = _merged(article)
        context |= {"contradicts": merged.contradicts, "text": typed or merged.text}
        context |= {"parts": list(merged.parts())} if article.base else {"differences": _differences(article)}
    return render(request, "staff/articles/resolve.html", context, status=status)


def _differences(article):
    return compare_parts(article.head.parsed, article.incoming.parsed)
