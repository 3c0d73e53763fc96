"""Everything that an article ever said: its revisions, what was decided about each, what readers got and when."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from siweb.articles.editorial.pending import takes_back
from siweb.articles.editorial.signature import QuoteNames, changed_quotes
from siweb.articles.editorial.workflow import WRITE
from siweb.articles.models import Article, Decision, StaleError
from siweb.articles.models.decision import standing
from siweb.articles.text.diff import compare_parts
from siweb.articles.views import render_article
from siweb.core.csp import content_security_policy, framed_by_us
from siweb.core.http import number_in
from siweb.core.staff_pages import for_those_who, frame


@for_those_who(WRITE)
@require_safe
def history(request, pk):
    article = _article(pk)
    revisions = article.revisions.defer("text").select_related("author").prefetch_related("decisions__by")
    context = _frame(request, article, "History") | {
        "revisions": [_marked(revision, article) for revision in revisions.order_by("-number")],
        "choices": (("old", "Compare revision", 2), ("new", "with revision", 1)),  # and which is chosen at first
        "periods": _periods(article),
        "takes_back": takes_back(article) if article.head else "",
    }
    return render(request, "staff/articles/history.html", context)


def _article(pk):
    return get_object_or_404(Article.objects.select_related("head", "live", "page", "incoming"), pk=pk)


def _frame(request, article, title):
    name = article.page.title if article.page else article.slug
    return frame(request, f"{title}: {name}") | {"article": article}


def _marked(revision, article):
    """A revision with what it is now, in words."""
    pointers = {"live": article.live_id, "newest draft": article.head_id, "waits for a choice": article.incoming_id}
    pointers["last time that file and staff agreed"] = article.base_id
    revision.marks = [name for name, key in pointers.items() if key == revision.pk]
    return revision


def _periods(article):
    """What readers got, newest first, each with its end: a newer page, or the day when the article was retired."""
    ends = [decision.at for decision in _retirements(article)]
    periods, until = [], None
    for page in article.publications.defer("html", "outline").select_related("revision").order_by("-at", "-pk"):
        retired = min((at for at in ends if at >= page.at), default=None)
        page.until = min(filter(None, (until, retired)), default=None)
        periods.append(page)
        until = page.at
    return periods


def _retirements(article):
    return Decision.objects.filter(revision__article=article, kind=Decision.Kind.RETIRE)


@for_those_who(WRITE)
@require_safe
def compare(request, pk):
    """Any two revisions, word by word."""
    article = _article(pk)
    numbers = list(article.revisions.order_by("-number").values_list("number", flat=True))
    old, new = (_chosen(article, request.GET.get(name, ""), numbers) for name in ("old", "new"))
    context = _frame(request, article, "Compare") | {
        "numbers": numbers,
        "choices": (("old", "Compare revision", old), ("new", "with revision", new)),
        "old": old,
        "new": new,
    }
    if old and new:
        context |= {"before": f"Revision {old.number}", "after": f"Revision {new.number}"}
        context["parts"] = _differences(old, new)
    return render(request, "staff/articles/compare.html", context)


def _differences(old, new):
    """[(name of a part, rows)]."""
    return compare_parts(old.parsed, new.parsed)


def _chosen(article, number, numbers):
    if number_in(number) not in numbers:
        return None
    return article.revisions.select_related("author").get(number=number_in(number))


@for_those_who(WRITE)
@require_POST
def restore(request, pk):
    """Make a draft of an old text, on top of the newest."""
    article = _article(pk)
    numbers = article.revisions.values_list("number", flat=True)
    revision = _chosen(article, request.POST.get("number", ""), numbers)
    version = number_in(request.POST.get("version", ""))
    if revision is None or version < 0:
        messages.error(request, "That revision does not exist. Choose one from the list.")
        return redirect("admin:articles_article_history", pk)
    try:
        _restore(article, revision, request.user, version)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        same = article.head_id == revision.pk
        done = "is the newest text already" if same else f"is draft {article.head.number} now: send it for review"
        messages.success(request, f"Revision {revision.number} {done}.")
        return redirect("admin:articles_article_change", pk)
    return redirect("admin:articles_article_history", pk)


@transaction.atomic
def _restore(article, revision, user, version):
    if version != article.version:
        raise StaleError(article)
    article.edit(revision.parsed, by=user, version=version, note=f"Restored from revision {revision.number}")


# --- What was live --------------------------------------------------------------------------------------------


@for_those_who(WRITE)
@require_safe
def live_on(request, pk):
    """What readers got at a moment, exactly as it was; or a page that they got, at the moment when they first did."""
    article = _article(pk)
    asked, page = request.GET.get("on", ""), None
    if request.GET.get("page", "").isdecimal():
        page = get_object_or_404(article.publications.select_related("revision"), pk=number_in(request.GET["page"]))
        moment, problem, asked = page.at, "", f"{timezone.localtime(page.at):%Y-%m-%dT%H:%M:%S}"
    else:
        moment, problem = _moment(asked)
        page = shown_at(article, moment) if moment and not problem else None
    context = _frame(request, article, "What was live") | {
        "asked": asked,
        "moment": moment,
        "problem": problem,
        "shown": page,
        "first": article.publications.order_by("at").first(),
        "checked": _checks(page.revision, moment) if page else (),
        "changed": _changed(page, moment) if page else (),
    }
    response = render(request, "staff/articles/live_on.html", context, status=422 if problem else 200)
    response.headers["Content-Security-Policy"] = content_security_policy(frames="'self'")
    return response


def _checks(revision, moment):
    """By what decisions readers could trust a text at a moment: of those made by then, its check or what stood in for it."""
    made = list(revision.decisions.filter(at__lte=moment).select_related("by"))
    if standing(made):
        return [d for d in made if d.review_due or d.kind == Decision.Kind.QUOTE]
    return [decision for decision in made if decision.kind == Decision.Kind.URGENT]


def _changed(page, moment):
    """The names of what the page quoted that had changed by a moment and was not checked then."""
    names = QuoteNames()
    made = page.revision.decisions.filter(at__lte=moment)
    return [names[quote] for quote in changed_quotes(list(made), page.quotes)]


def _moment(asked):
    """(the moment, what is wrong with it); a date alone means the end of that day."""
    if not asked:
        return None, ""
    try:
        moment = parse_datetime(asked if "T" in asked else f"{asked}T23:59:59")
        moment = moment and timezone.make_aware(moment.replace(tzinfo=None))
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        return None, "That is no date. Choose a day and a time, such as 2026-11-03T10:00."
    return moment, "That day is still to come. Choose one that has passed." if moment > timezone.now() else ""


def shown_at(article, moment):
    """The Publication that readers got at a moment, or None."""
    page = (
        article.publications.filter(at__lte=moment).select_related("revision", "article").order_by("-at", "-pk").first()
    )
    retired = page and _retirements(article).filter(at__lte=moment, at__gte=page.at).exists()
    return None if retired else page


@for_those_who(WRITE)
@require_safe
def as_published(request, pk, number):
    """A page as readers got it, for a frame of ours; with ?download, its HTML as a file."""
    page = get_object_or_404(_article(pk).publications.select_related("revision", "article"), pk=number)
    if "download" in request.GET:
        response = HttpResponse(page.html, content_type="text/plain; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{page.slug}-{page.at:%Y-%m-%d}.html.txt"'
        return response
    alone = {"steps": (), "previous": None, "next": None, "related": ()}  # those around it were others then
    return framed_by_us(render_article(request, page, **alone, noindex=True, canonical="", archived=True))
