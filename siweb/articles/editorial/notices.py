"""E-mails to the person who approves: a page waits because it is not what was approved, or a newer version took one back.

They hold a title and a link, and nothing of the text. Each is sent once, and once a week again while the page waits. A mail
server that is away loses nothing: what was not sent is tried again.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from siweb.core import mail as mails
from siweb.core.mail import Outcome
from siweb.core.models import Chore
from siweb.core.urls import absolute

from . import held, pending, reminders
from .status import standings

ROUND = "notices"
AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Notice:
    key: str  # under which it is recorded that it was sent
    article: object
    sentence: str
    approver: object  # who approved the version, or None where any clinician may


def waiting_notices():
    """A Notice for each page that waits, and for each version that was taken back."""
    for article, names in held.waiting():
        check = article.head.last_check
        what = f"It is approved, and waits: {held.in_words(names)} changed since then."
        yield Notice(f"held {check.pk}", article, what, article.head.approval.by)
    for taken in pending.taken_back():
        approval = taken.revision.approval
        yield Notice(f"back {taken.pk}", taken.revision.article, pending.who_saved(taken), approval and approval.by)


def send_due(now=None):
    """Send what has not been sent for a week; how many e-mails."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    if not mails.can_send() or not Chore.claim(ROUND, now, AGAIN_AFTER):
        return 0
    due = [notice for notice in waiting_notices() if Chore.is_due(notice.key, today, every=7)]
    titles = _titles(due)
    sent = 0
    for notice in due:
        outcome = Outcome.SENT
        for address in _addresses(notice.approver):
            outcome = mails.attempt(_mail(notice, titles[notice.article.pk], address), "a notice")
            if outcome is not Outcome.SENT:
                break
            sent += 1
        if outcome is Outcome.AWAY:
            return sent  # the rest is sent in the next round
        if outcome is not Outcome.LATER:
            Chore.is_done(notice.key, today)
    return sent


def _titles(notices):
    keys = [notice.article.pk for notice in notices]
    articles = notices[0].article.__class__.objects.filter(pk__in=keys) if keys else None
    return {standing.article.pk: standing.title for standing in standings(articles)} if keys else {}


def _addresses(approver):
    """The address of the person who approved, or those that reminders go to."""
    if approver and approver.is_active and approver.email:
        return [approver.email]
    return [recipient.address for recipient in reminders.recipients()]


def _mail(notice, title, address):
    link = absolute(reverse("admin:articles_article_review", args=[notice.article.pk]))
    context = {"title": title, "sentence": notice.sentence, "link": link}
    mail = mails.make("articles/mail/notice", f"Please look at: {title}", address, context)
    mails.name(mail, f"{notice.key.replace(' ', '-')}-{timezone.localdate():%G-%V}")
    return mail
