"""Writing an article: the form with its preview, what its buttons offer, and the page "How to write here"."""

import re

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from siweb.articles.editorial import publishing
from siweb.articles.editorial.pending import takes_back
from siweb.articles.editorial.signature import signature_of
from siweb.articles.editorial.workflow import WRITE
from siweb.articles.forms import ArticleForm, text_of, with_fix
from siweb.articles.models import Article, Picture, Publication
from siweb.articles.models.article import StaleError
from siweb.articles.text.diff import compare
from siweb.articles.text.front_matter import SLUG, BadText
from siweb.articles.views import render_article
from siweb.clinics.models import Location
from siweb.core.csp import content_security_policy, framed_by_us
from siweb.core.staff_pages import for_those_who, frame

from .check_panel import report_on
from .writing_guide import CARDS

MAX_NAMED = 3  # errors in the message after a save; the checks list them all

# What a text that is being begun is shown with.
_NOT_YET = {"title": "No title yet", "summary": "No summary yet."}
_SITE_PAGES = (("home", "The home page"), ("guide", "The guide: all articles"), ("clinics", "Clinics"))
_SITE_PAGES += (("enquire", "Ask for an appointment"), ("search", "Search"))
_ENTRY = re.compile(r"^\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)


@for_those_who(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """A new article."""
    if request.method != "POST":
        return _page(request, ArticleForm())
    if "fix" in request.POST:
        return _fixed(request)
    form = ArticleForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        with transaction.atomic():
            article = Article.objects.create(slug=form.address)
            article.edit(form.text, by=request.user, version=0, note=form.cleaned_data["note"])
    except IntegrityError:
        return _taken(request, form)
    return _saved(request, article, f"Draft {article.head.number} is saved. Readers do not see it yet.", form.text)


@for_those_who(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    """The newest text of an article, to write on. A save that comes too late shows both texts and loses neither."""
    article = get_object_or_404(Article.objects.select_related("head", "live", "page"), pk=pk, head__isnull=False)
    if request.method != "POST":
        return _page(request, ArticleForm(article=article), article)
    if "fix" in request.POST:
        return _fixed(request, article)
    form = ArticleForm(request.POST, article=article)
    if not form.is_valid():
        return _page(request, form, article, status=422)
    try:
        changed = _save(article, form, request.user)
    except StaleError:
        return _stale(request, form, pk)
    except IntegrityError:
        return _taken(request, form, article)
    done = f"Draft {article.head.number} is saved." if changed else "Nothing had changed; no new draft was made."
    return _saved(request, article, done, form.text)


@transaction.atomic
def _save(article, form, user):
    """Write down the text, and the address where it may change; whether anything was new."""
    before, moved = article.head_id, form.address != article.slug
    article.edit(form.text, by=user, version=form.cleaned_data["version"], note=form.cleaned_data["note"])
    if moved:
        Article.objects.filter(pk=article.pk).update(slug=form.address)
    return moved or article.head_id != before


def _fixed(request, article=None):
    """The form with one passage fixed, not saved: what the button "Fix" does without scripts."""
    data = with_fix(request.POST, request.POST["fix"])
    if data is None:
        messages.warning(request, "The text has changed there, so nothing was fixed. The checks below are up to date.")
    else:
        messages.success(request, "The passage is fixed. It is not saved yet.")
    return _page(request, ArticleForm(data or request.POST, article=article), article)


def _taken(request, form, article=None):
    """Somebody has taken the address since it was looked at."""
    form.add_error("slug", "There is an article at this address now. Choose another address.")
    return _page(request, form, article, status=422)


def _saved(request, article, done, text):
    messages.success(request, f"{done} {_to_fix(article.slug, text)}".strip())
    page = "review" if "then_review" in request.POST else "change"
    address = reverse(f"admin:articles_article_{page}", args=[article.pk])
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"go": address})
    return redirect(address)


def _to_fix(slug, text):
    """What has to be fixed in a draft before it can be sent for review, in a sentence; or ""."""
    try:
        publishing.publishable_page(slug, text)
    except BadText as bad:
        found = [f"{problem.where}: {problem.message}" for problem in bad.problems[:MAX_NAMED]]
        errors = f"{len(bad.problems)} error{'' if len(bad.problems) == 1 else 's'}"
        return f"Fix {errors} before you send it for review. {' '.join(found)}"
    return ""


def _stale(request, form, pk):
    """Both texts, and how they differ. The form now stands on the newer one: to save it again is to save it on top."""
    article = Article.objects.select_related("head__author", "live", "page").get(pk=pk)
    theirs = article.head
    form.data = form.data.copy()
    form.data["version"] = article.version
    stale = {
        "who": theirs.author.get_full_name() if theirs.author else "A file",
        "theirs": f"draft {theirs.number}",
        "at": theirs.created_at,
        "text": theirs.text,
        "rows": compare(theirs.text, form.text.canonical),
    }
    return _page(request, form, article, status=409, stale=stale)


def _page(request, form, article=None, status=200, stale=None):
    context = frame(request, article.head.parsed.title if article else "New article") | {
        "form": form,
        "more_open": not article or any(field.errors for field in form.more),
        "article": article,
        "live": _live(article),
        "editing": _editing(article),
        "state": "Not saved yet" if form.is_bound or not article else "Saved",
        "takes_back": takes_back(article) if article else "",
        "save": f"Save my version, replacing {stale['theirs']}" if stale else "Save draft",
        "stale": stale,
        # Also of a stored text: without scripts nothing else shows what has to be fixed.
        "report": report_on(form.data if form.is_bound else form.initial) if form.is_bound or article else None,
        "cards": CARDS,
    }
    response = TemplateResponse(request, "staff/articles/form.html", context, status=status)
    response.headers["Content-Security-Policy"] = content_security_policy(frames="'self'")
    return response


def _live(article):
    """What readers see, in words: "revision 12, checked by Clara Clinician on 3 November 2026"."""
    if not article or not article.live:
        return "nothing yet"
    signature = signature_of(article.live, article.page.quotes)
    check, urgent = signature.check, signature.urgent_since
    if check:
        checked = f"checked by {check.by.get_full_name()} on {_day(check.at)}"
        checked += f". {signature.changed_sentence}" if signature.changed else ""
    else:
        checked = (
            f"corrected urgently on {_day(urgent)}, not yet checked" if urgent else "not yet checked by a clinician"
        )
    return f"revision {article.live.number}, {checked}"


def _editing(article):
    if not article:
        return "a new article"
    if article.head_id == article.live_id:
        return f"revision {article.head.number}, which is live; saving makes draft {article.head.number + 1}"
    return f"draft {article.head.number}"


def _day(moment):
    return f"{localtime(moment):%-d %B %Y}"


@for_those_who(WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request):
    """The page that the fields make, by the same render() as the live one; our own pages may show it in a frame."""
    if request.method != "POST":
        return framed_by_us(render(request, "staff/articles/preview.html", {"noindex": True, "canonical": ""}))
    try:
        page = preview_page(request.POST)
    except BadText as bad:
        context = {"problems": bad.problems, "noindex": True, "canonical": ""}
        return framed_by_us(render(request, "staff/articles/preview.html", context, status=422))
    in_frame = request.headers.get("X-Requested-With") == "fetch"
    return framed_by_us(render_article(request, page, draft=not in_frame, noindex=True, canonical=""))


def preview_page(data):
    """The Publication, not stored, that the fields of a form make; `slug` names the article. Raises BadText."""
    text = text_of(_NOT_YET | {name: value for name, value in data.items() if value.strip()})
    slug = data["slug"] if SLUG.fullmatch(data.get("slug", "")) else "new-article"
    article = Article.objects.select_related("live").filter(slug=slug).first() or Article(slug=slug)
    page = publishing.draft_page(slug, text)
    page.article = article
    if article.live and article.live.digest == text.digest:
        page.revision = article.live  # with its check, and the day since when it is here
    return page


@for_those_who(WRITE)
@require_safe
def pages(request):
    """What a text may point at and quote: pages with their sections, rules, facts of the clinic, drawings and pictures."""
    around = publishing.live_surroundings()
    rules = around.rules.values()
    alts = dict(Picture.objects.values_list("name", "alt"))
    return JsonResponse(
        {
            "pages": [*_articles(), *_site_pages()],
            "rules": [{"key": rule.key, "question": rule.question, "answer": rule.answer} for rule in rules],
            "facts": [
                {"key": key, "name": key.replace("_", " "), "value": value} for key, value in around.facts.items()
            ],
            "figures": [
                {"name": name, "src": figure.src, "alt": alts.get(name, "")} for name, figure in around.figures.items()
            ],
        }
    )


def _articles():
    for page in Publication.objects.showing().defer("html"):
        sections = [{"anchor": s["anchor"], "heading": s["heading"]} for s in page.outline if s["anchor"]]
        yield {"target": page.slug, "title": page.title, "where": page.url, "sections": sections}


def _site_pages():
    places = [(reverse(name), title) for name, title in _SITE_PAGES]
    places += [(location.get_absolute_url(), location.name) for location in Location.objects.all()]
    return [{"target": path, "title": title, "where": path, "sections": []} for path, title in places]


@for_those_who(WRITE)
@require_safe
def sources(request):
    """Every source that a live page names, once."""
    found = {}
    for text in Article.objects.published().order_by("slug").values_list("live__text", flat=True):
        for marker, entry in _ENTRY.findall(text):
            found.setdefault(" ".join(entry.split()), marker)
    return JsonResponse({"sources": [{"marker": marker, "entry": entry} for entry, marker in sorted(found.items())]})
