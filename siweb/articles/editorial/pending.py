"""What a new version takes back: the one that is in review, approved or scheduled; said before, and told to who approves."""

from django.db.models import F
from django.utils import timezone

from siweb.articles.models import Decision
from siweb.articles.models.decision import when
from siweb.core.models import name_of

from .workflow import KIND, State, state_by, state_of


def takes_back(article):
    """What saving a new version would undo, in sentences; "" when nothing is pending."""
    decision = article.pending
    if decision is None:
        return ""
    state, made = state_of(article, article.head), article.head.decisions.select_related("by")
    if state == State.SCHEDULED:
        what = f"This text is scheduled for {_moment(made.filter(kind=KIND.SCHEDULE).latest('at', 'pk').publish_at)}."
    elif state == State.APPROVED:
        by = made.filter(kind=KIND.APPROVE).latest("at", "pk").by
        what = f"{name_of(by)} has approved this text, and it is not published yet."
    else:
        request = made.filter(kind=KIND.REQUEST).latest("at", "pk")
        what = f"This text is in review: {name_of(request.by)} sent it on {_moment(request.at)}."
    return f"{what} Saving a new version takes it back."


def taken_back():
    """The decisions by which a newer version took one back, of articles whose newest version nobody has sent on since."""
    still = Decision.objects.filter(kind=KIND.REPLACE, revision__article__head__decisions__isnull=True)
    still = still.exclude(revision__article__head=F("revision__article__live")).order_by("at", "pk")
    still = still.select_related("by", "revision__article").prefetch_related("revision__decisions__by")
    return list({decision.revision.article_id: decision for decision in still.defer("revision__text")}.values())


def who_saved(taken):
    """What happened to a version that was taken back, as a sentence for the person who was to approve or has approved it."""
    before = [d for d in taken.revision.decisions.all() if d.pk != taken.pk]
    state = state_by(max(before, key=when))
    saved = f"{name_of(taken.by)} saved a newer version" if taken.by else "A file brought a newer version"
    return f"{saved}, which took back the one that was {state.label}."


def _moment(at):
    return f"{timezone.localtime(at):%-d %B %Y at %H:%M}"
