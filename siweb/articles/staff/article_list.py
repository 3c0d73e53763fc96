"""The list of all articles: what stands where, what needs somebody, and a choice of texts to print for review."""

from dataclasses import dataclass

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from siweb.articles.editorial.status import standings
from siweb.articles.editorial.workflow import WRITE, State
from siweb.core.staff_pages import for_those_who, frame

LONGEST_SEARCH = 100  # characters


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    holds: callable
    empty: str  # what is said when nothing is in it


TABS = (
    Tab("action", "Needs action", lambda article: article.needs_action, "Nothing needs action."),
    Tab(
        "drafts",
        "Drafts",
        lambda article: article.draft in (State.DRAFT, State.CHANGES_REQUESTED),
        "Nobody is writing a draft.",
    ),
    Tab(
        "review",
        "In review",
        lambda article: article.draft in (State.IN_REVIEW, State.APPROVED, State.SCHEDULED),
        "No text is on its way to readers.",
    ),
    Tab("published", "Published", lambda article: article.live, "Readers see no article yet."),
    Tab(
        "unchecked",
        "Not yet checked",
        lambda article: article.live == State.UNCHECKED,
        "A clinician has checked every text that readers see.",
    ),
    Tab("overdue", "Review overdue", lambda article: article.is_overdue, "No check is overdue."),
    Tab("retired", "Retired", lambda article: article.is_retired, "No article is retired."),
    Tab("all", "All", lambda article: True, "There is no article yet. Begin with “New article”."),
)
BY_KEY = {tab.key: tab for tab in TABS}


@require_safe
@for_those_who(WRITE)
def listing(request):
    everything = standings()
    words = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    found = [article for article in everything if _matches(article, words.casefold())]
    chosen = BY_KEY.get(request.GET.get("tab", ""), BY_KEY["all"])
    shown = [article for article in found if chosen.holds(article)]
    context = frame(request, "Articles") | {
        "tabs": [(tab, sum(1 for article in found if tab.holds(article))) for tab in TABS],
        "chosen": chosen,
        "q": words,
        "found": len(found),
        "shown": shown,
    }
    return TemplateResponse(request, "staff/articles/list.html", context)


def _matches(article, words):
    slug = article.article.slug
    return all(word in article.title.casefold() or word in slug for word in words.split())
