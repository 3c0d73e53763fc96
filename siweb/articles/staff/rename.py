"""Giving an article another address."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from siweb.articles.editorial.pending import takes_back
from siweb.articles.editorial.workflow import APPROVE
from siweb.articles.importing import renaming
from siweb.articles.models import Article, StaleError
from siweb.articles.text.front_matter import BadText
from siweb.core.http import number_in
from siweb.core.staff_pages import for_those_who, frame


@for_those_who(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request, pk):
    article = _article(pk)
    if request.method != "POST":
        return _page(request, article)
    slug, version = request.POST.get("slug", "").strip(), request.POST.get("version", "")
    before = article.slug
    try:
        renaming.move(article, slug, request.user, number_in(version))
    except StaleError:
        said = "Somebody else has changed this article since you opened the page. Check it, then press again."
        return _page(request, _article(pk), [said], status=409)
    except BadText as bad:
        return _page(request, _article(pk), [problem.message for problem in bad.problems], status=422)
    except ValidationError as problem:
        return _page(request, _article(pk), problem.messages, status=422)
    messages.success(
        request, f"The article lives at “{slug}” now, and “{before}” leads there. Send its draft for review."
    )
    return redirect("admin:articles_article_review", pk)


def _article(pk):
    return get_object_or_404(Article.objects.select_related("head", "page"), pk=pk, head__isnull=False)


def _page(request, article, problems=(), status=200):
    context = frame(request, f"Move: {article.page.title if article.page else article.slug}") | {
        "article": article,
        "problems": problems,
        "typed": request.POST.get("slug", article.slug),
        "old": article.old_addresses.order_by("slug"),
        "takes_back": takes_back(article),
    }
    return render(request, "staff/articles/move.html", context, status=status)
