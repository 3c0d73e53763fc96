"""When a file has brought a text and staff have written another: the three texts, a proposal, and the choice."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from merge3 import Merge3

from .. import files, publishing
from ..comparing import compare
from ..files import BadText
from ..models import Article, StaleError
from ..reviewing import WRITE
from . import for_those_who, frame

# What each button makes of the two texts.
CHOICES = {
    "ours": "Kept the text of staff",
    "file": "Took the text of the file",
    "proposal": "Took both, as proposed",
    "edited": "Brought both together by hand",
}


@for_those_who(WRITE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request, pk):
    """Every choice makes a draft: readers see nothing of it before it is approved and published."""
    article = get_object_or_404(Article.objects.select_related("head", "base", "incoming", "page"), pk=pk)
    if article.incoming is None:
        messages.info(request, "No file text waits for this article any more.")
        return redirect("admin:articles_article_history", pk)
    if request.method != "POST":
        return _page(request, article)
    choice, edited = request.POST.get("choice", ""), request.POST.get("text", "")
    if choice not in CHOICES or choice == "proposal" and proposed(article)[1]:
        return _page(request, article, ["Choose one of the texts, or bring them together in the box."], edited, 422)
    try:
        _resolve(article, choice, edited, request.user, request.POST.get("version", ""))
    except BadText as bad:
        return _page(request, article, [str(problem) for problem in bad.problems], edited, 422)
    except StaleError:
        article = Article.objects.select_related("head", "base", "incoming", "page").get(pk=pk)
        said = "Somebody else has changed this article since you opened the page. Your text is in the box. Look again."
        return _page(request, article, [said], edited, 409) if article.incoming else redirect(request.path)
    messages.success(
        request, f"{CHOICES[choice]}: that is draft {article.head.number} now. Send it for review when it is right."
    )
    return redirect("admin:articles_article_change", pk)


@transaction.atomic
def _resolve(article, choice, edited, user, version):
    merged, _ = proposed(article)
    written = {"ours": article.head.text, "file": article.incoming.text, "proposal": merged, "edited": edited}[choice]
    text = files.parse(written)
    publishing.draft_page(article.slug, text)
    article.resolve(text, by=user, version=int(version) if version.isdecimal() else -1, note=CHOICES[choice])


def proposed(article):
    """(both texts brought together, whether they contradict each other somewhere)."""
    base = article.base.text if article.base else ""
    before, ours, theirs = (text.splitlines(keepends=True) for text in (base, article.head.text, article.incoming.text))
    merge = Merge3(before, ours, theirs)
    contradicts = any(group[0] == "conflict" for group in merge.merge_groups())
    marks = {"start_marker": "<<<<<<<", "mid_marker": "=======", "end_marker": ">>>>>>>"}
    lines = merge.merge_lines(name_a="staff", name_b="the file", **marks)
    return "".join(lines), contradicts


def _page(request, article, problems=(), edited="", status=200):
    merged, contradicts = proposed(article)
    base = article.base.text if article.base else ""
    context = frame(request, f"Choose a text: {article.page.title if article.page else article.slug}") | {
        "article": article,
        "problems": problems,
        "ours": compare(base, article.head.text) if base else (),
        "theirs": compare(base, article.incoming.text) if base else (),
        "apart": compare(article.head.text, article.incoming.text),
        "contradicts": contradicts,
        "text": edited or merged,
    }
    return render(request, "admin/article_resolve.html", context, status=status)
