"""The one page where a text is judged: what changed, the page as readers would see it, and what may be decided now."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from siweb.articles.editorial import suggestions, workflow
from siweb.articles.editorial.pending import takes_back
from siweb.articles.editorial.scheduling import lateness
from siweb.articles.editorial.workflow import APPROVE, BY_KIND, KIND, WRITE
from siweb.articles.models import Article, Proposal, Revision
from siweb.articles.text.diff import compare
from siweb.articles.text.front_matter import BadText
from siweb.articles.views import render_article
from siweb.clinics.models import Clinic
from siweb.core.csp import content_security_policy, framed_by_us
from siweb.core.http import number_in
from siweb.core.staff_pages import for_those_who, frame

from .forms import ORDER, WAYS, AnswerForm, MoveForm, ProposalForm
from .review_context import Evidence


@for_those_who(WRITE)
@require_safe
def review(request, pk):
    article = _article(pk)
    number = request.GET.get("revision", "")
    revision = get_object_or_404(article.revisions, number=number_in(number)) if number.isdecimal() else article.head
    return show(request, article, revision)


@for_those_who(WRITE)
@require_GET
def page(request, pk, number):
    """A stored version as readers would see it, for a frame of ours or a tab of its own. To open it is not to have read it."""
    revision = get_object_or_404(Revision.objects.select_related("article"), article=pk, number=number)
    try:
        shown, _ = workflow.render_for_review(revision)
    except BadText as bad:
        context = {"problems": bad.problems, "noindex": True, "canonical": ""}
        return framed_by_us(render(request, "staff/articles/preview.html", context, status=422))
    shown.article, shown.revision = revision.article, revision
    return framed_by_us(render_article(request, shown, noindex=True, canonical=""))


@for_those_who(WRITE)
@require_POST
def decide(request, pk):
    """Make the moves that a button stands for, all or none: "approve", or "approve publish"."""
    article = _article(pk)
    revision = _posted(request, article)
    moves = [BY_KIND[kind] for kind in request.POST.get("moves", "").split() if kind in BY_KIND]
    if not moves:
        return redirect(_address(article))
    typed = _form(Evidence(article, revision, request.user), moves[0], request.POST)
    if not typed.is_valid():
        return show(request, article, revision, typed=typed, status=422)
    try:
        with transaction.atomic():
            for move in moves:
                workflow.decide(revision, move.kind, request.user, **_said(request, typed))
    except (ValidationError, BadText) as problem:
        return _refused(request, pk, revision, typed, problem)
    messages.success(request, " ".join(WAYS[move.kind].done for move in moves))
    return redirect(_address(article))


def _said(request, typed):
    confirm = {number_in(key) for key in request.POST.getlist("confirm")} - {-1}
    read = typed.cleaned_data.get("read") or typed.move.kind == KIND.READ  # whose button says it
    return typed.cleaned_data | {"seen": request.POST.get("seen", ""), "confirm": confirm, "read": read}


def _refused(request, pk, revision, typed, problem):
    """The page again with why it could not be done, and everything that was typed; of the newest text, should it have moved."""
    article, shown = _article(pk), revision
    if revision.pk not in (article.head_id, article.live_id):
        shown = article.head
    status = 409 if getattr(problem, "code", "") == "moved" else 422
    if status == 409:  # what was read is not what is on this page
        typed.data = {name: value for name, value in typed.data.items() if name != "read"}
    return show(request, article, shown, typed=typed, problem=problem, status=status, had=revision)


@for_those_who(APPROVE)
@require_POST
def propose(request, pk):
    """A clinician proposes other words for a passage."""
    article = _article(pk)
    revision = _posted(request, article)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return show(request, article, revision, typed=form, status=422)
    try:
        suggestions.propose(revision, request.user, **form.cleaned_data)
    except (ValidationError, BadText) as problem:
        return _refused(request, pk, revision, form, problem)
    messages.success(request, "Proposed. An editor can take your words in; then you may still approve the text.")
    return redirect(_address(article))


@for_those_who(WRITE)
@require_POST
def settle(request, pk):
    """An editor takes proposed words in, or says why not."""
    proposal = get_object_or_404(Proposal.objects.select_related("revision", "by"), pk=pk)
    article, typed = _article(proposal.revision.article_id), AnswerForm(proposal, request.POST)
    if not typed.is_valid():
        return show(request, article, article.head, typed=typed, status=422)
    try:
        if "take_in" in request.POST:
            revision = suggestions.take_in(proposal, request.user)
            done = f"Taken in: draft {revision.number} holds these words. Send it for review when it is ready."
        else:
            suggestions.decline(proposal, request.user, typed.cleaned_data["answer"])
            done = "Left as it is. The clinician sees why."
    except (ValidationError, BadText) as problem:
        return show(request, article, article.head, typed=typed, problem=problem, status=409)
    messages.success(request, done)
    return redirect(_address(article))


def _article(pk):
    articles = Article.objects.select_related("live", "head", "page")
    return get_object_or_404(articles, pk=pk, head__isnull=False)


def _posted(request, article):
    number = request.POST.get("number", "")
    return get_object_or_404(article.revisions, number=number_in(number))


def _address(article):
    return reverse("admin:articles_article_review", args=[article.pk])


def show(request, article, revision, *, typed=None, problem=None, status=200, had=None):
    """The page. `typed` is the form that was sent, `had` the text that was on screen then."""
    evidence = Evidence(article, revision, request.user)
    for other in evidence.others:
        other.is_confirmed = str(other.article.pk) in request.POST.getlist("confirm")
    for proposal in evidence.proposals:
        proposal.differences = compare(proposal.passage, proposal.wording)
        proposal.form = typed if getattr(typed, "proposal", None) == proposal else AnswerForm(proposal)
    forms = [_form(evidence, move) if move != _move(typed) else typed for move in evidence.moves]
    forms.sort(key=lambda form: ORDER.index(form.move.kind))
    context = frame(request, f"Review: {evidence.text.title}") | {
        "evidence": evidence,
        "article": article,
        "revision": revision,
        "forms": forms,
        "proposal_form": typed if isinstance(typed, ProposalForm) else ProposalForm(),
        "kept": _kept(typed, forms, evidence),
        "problems": _sentences(problem),
        "had": had,
        "since": compare(had.text, revision.text) if had and had.pk != revision.pk else None,
        "one_clinician": Clinic.current().one_clinician,
        "late": lateness(),
        "takes_back": takes_back(article),
    }
    response = TemplateResponse(request, "staff/articles/review.html", context, status=status)
    response.headers["Content-Security-Policy"] = content_security_policy(frames="'self'")
    return response


def _form(evidence, move, data=None):
    return MoveForm(move, data, state=evidence.state, is_advised=bool(evidence.report.advice), code=evidence.code)


def _move(typed):
    return getattr(typed, "move", None)


def _kept(typed, forms, evidence):
    """The fields of what was sent, where its form is not on the page any more: what was typed is given back."""
    on_page = [None, *forms, *(proposal.form for proposal in evidence.proposals)]
    if typed in on_page or isinstance(typed, ProposalForm) and evidence.may_propose:
        return []
    return [field for field in typed if field.value() and str(field.value()) != str(field.initial)]


def _sentences(problem):
    """Why something could not be done."""
    if isinstance(problem, BadText):
        return [f"Fix this first: {bad.where[0].lower()}{bad.where[1:]}: {bad.message}" for bad in problem.problems]
    return problem.messages if problem else []
