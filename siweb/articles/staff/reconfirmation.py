"""The list of approved pages whose rules or pictures have changed: a clinician confirms many in one step."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from siweb.articles.editorial import publishing, reconfirmation
from siweb.articles.editorial.workflow import APPROVE
from siweb.articles.models import Publication
from siweb.articles.rendering.document import Document
from siweb.articles.text.diff import compare
from siweb.core.shared_texts import by_quote
from siweb.core.staff_pages import for_those_who, frame

MOST = 50  # on one page: a form of more would not be taken


@dataclass(frozen=True)
class Change:
    """A rule or picture that is not as it was when the page was checked."""

    name: str
    differences: tuple = ()  # of a rule, from its old words to its new ones
    picture: str = ""  # address of a picture as it is now


@for_those_who(APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request):
    """Each page on the list with what has changed, and a box to tick: "still correct"."""
    if request.method == "POST":
        return _confirmed(request)
    waiting = reconfirmation.to_confirm()
    words = _Words()
    context = frame(request, "Pages to confirm") | {
        "pages": [(article, _changes(article, words)) for article in waiting[:MOST]],
        "more": max(0, len(waiting) - MOST),
    }
    return TemplateResponse(request, "staff/articles/confirm.html", context)


def _confirmed(request):
    ticked = [value.split(":") for value in request.POST.getlist("page")]
    shown = {
        int(key): int(page) for key, page in (pair for pair in ticked if len(pair) == 2) if (key + page).isdecimal()
    }
    done = reconfirmation.confirm_quotes(shown, request.user)
    if done:
        messages.success(request, f"{done} page{'' if done == 1 else 's'} confirmed. The day of the next check stays.")
    if left := len(shown) - done:
        changed = "1 page has" if left == 1 else f"{left} pages have"
        messages.warning(request, f"{changed} changed since you opened this list, or left it. Look at the list again.")
    if not shown:
        messages.warning(
            request, "Nothing was ticked, so nothing was confirmed. Tick the pages that are still correct."
        )
    return redirect("admin:articles_article_confirm")


def _changes(article, words):
    check, now = article.live.last_check, article.page.quotes
    names = [name for name in sorted(check.quotes.keys() | now.keys()) if check.quotes.get(name) != now.get(name)]
    return [words.change(name, check.at) for name in names]


class _Words:
    """The clinic's rules now and as they were, and its pictures; each text is read once."""

    def __init__(self):
        self.around = publishing.live_surroundings()
        shown = Publication.objects.filter(kind__in=("rules", "signs")).order_by("-at").select_related("revision")
        self.shown = list(shown.defer("html", "outline"))
        self.rules_of = {}  # key of a revision: its rules

    def change(self, name, since):
        kind, _, key = name.partition(":")
        if kind == "figure":
            figure = self.around.figures.get(key)
            return Change(f"the picture “{key}”", picture=figure.src if figure else "")
        if kind == "signs":
            return Change(
                f"the warning signs “{key}”", tuple(compare(self._signs_before(key, since), self._signs_now(key)))
            )
        return Change(f"the rule “{key}”", tuple(compare(self._before(key, since), _said(self.around.rules.get(key)))))

    def _signs_now(self, key):
        return _lines(self.around.signs.get(key, ()))

    def _signs_before(self, key, moment):
        """A list of signs as readers saw it at a moment."""
        for page in (page for page in self.shown if page.at <= moment and page.kind == "signs"):
            return _lines(by_quote(Document(page.revision.parsed).signs).get(key, ()))
        return ""

    def _before(self, key, moment):
        """A rule as readers saw it at a moment."""
        for page in (page for page in self.shown if page.at <= moment):
            if page.revision_id not in self.rules_of:
                self.rules_of[page.revision_id] = Document(page.revision.parsed).rules
            if rule := self.rules_of[page.revision_id].get(key):
                return _said(rule)
        return ""


def _lines(signs):
    return "\n".join(f"{sign.key} ({sign.level}, {sign.audience}): {sign.short}. {sign.written}" for sign in signs)


def _said(rule):
    return f"{rule.question}\n{rule.written}" if rule else ""
