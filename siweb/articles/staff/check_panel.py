"""The panel beside the editor: what stops a text, what could be improved, how it reads."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from siweb.articles.editorial.publishing import draft_surroundings, publishable_page
from siweb.articles.editorial.workflow import WRITE
from siweb.articles.forms import text_of
from siweb.articles.linting import report as checking
from siweb.articles.rendering.document import Document
from siweb.articles.text.front_matter import SLUG, BadText
from siweb.clinics.models import Clinic
from siweb.core.staff_pages import for_those_who


@require_POST
@for_those_who(WRITE)
def checks(request):
    """The panel for what the editor holds now; nothing is stored."""
    if "body" not in request.POST:
        return HttpResponse("The text is missing. Load the page again.", status=400, content_type="text/plain")
    return render(request, "staff/articles/_checks.html", {"report": report_on(request.POST)})


def report_on(data):
    """The Report on what a posted form holds; `slug` names the article, a new one may have none yet."""
    slug = data.get("slug", "")
    try:
        text = text_of(data)
    except BadText as bad:
        return checking.Report(errors=tuple(bad.problems))
    return report_of(slug if SLUG.fullmatch(slug) else "new-article", text)


def report_of(slug, text):
    """The Report on a text at a slug."""
    document = Document(text)
    context = draft_surroundings(slug, document)
    try:
        page, errors = publishable_page(slug, text, document, context), ()
    except BadText as bad:
        page, errors = None, bad.problems
    return checking.report(document, page, errors, Clinic.current().name, context)
