"""What the staff's dashboard says about articles: the texts that wait for this person, and what is good to know."""

from datetime import timedelta

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from siweb.articles.editorial import held, pending
from siweb.articles.editorial.publishing import live_offers
from siweb.articles.editorial.scheduling import lateness
from siweb.articles.editorial.status import standings
from siweb.articles.editorial.workflow import APPROVE, BY_KIND, KIND, WRITE, State, possible, refusal
from siweb.articles.importing.sync import last_refusal
from siweb.articles.models import Advice, Usefulness
from siweb.core.dashboard import Item, Section

from .reconfirmation import address_of

VOTES_SINCE = timedelta(days=90)
SHOWN_TITLES = 5  # of the pages that a change is on
FEWEST_NO = 5  # readers; and at least a third of those who answered: fewer say nothing about a page


def sections(user):
    if not user.has_perm(WRITE):
        return
    everything, decides = standings(), user.has_perm(APPROVE)
    yield from _own(user, everything)
    yield from _in_review(user, everything)
    yield from _agreed(everything, decides)
    yield from _to_decide(everything, decides)
    yield from _checks(everything, decides)
    yield from _of_the_pages(everything)


def _own(user, everything):
    mine = [s for s in everything if s.drafted and s.drafted.author_id == user.pk]
    asked = [(s, s.newest(KIND.ASK)) for s in mine if s.draft == State.CHANGES_REQUESTED]
    items = [_item(s, ask.at, f"asked by {_name(ask.by)}", ask.note) for s, ask in asked]
    yield Section("Changes requested", _oldest_first(items))
    drafts = [_item(s, s.drafted.created_at) for s in mine if s.draft == State.DRAFT]
    yield Section("Your drafts", _oldest_first(drafts), waits=False, more=_tab("drafts"))


def _in_review(user, everything):
    to_approve, to_read, others = [], [], []
    for standing in everything:
        if standing.draft != State.IN_REVIEW:
            continue
        request = standing.newest(KIND.REQUEST)
        asked = (BY_KIND[KIND.APPROVE], BY_KIND[KIND.READ])
        moves = {move.kind for move in possible(standing.article, standing.drafted, user, asked)}
        detail, where = f"sent by {_name(request.by)}", others
        if KIND.APPROVE in moves:
            where = to_approve
        elif KIND.READ in moves:
            where = to_read
        elif user.has_perm(APPROVE):
            detail = refusal(standing.article, standing.drafted, BY_KIND[KIND.APPROVE], user)
        where.append(_item(standing, request.at, detail, request.note, "review"))
    yield Section("Waiting for your review", _oldest_first(to_approve), more=_tab("review"))
    yield Section("Waiting for a second person to read them", _oldest_first(to_read), more=_tab("review"))
    yield Section("In review", _oldest_first(others), waits=False, more=_tab("review"))


def _agreed(everything, decides):
    approved = [(s, s.newest(KIND.APPROVE)) for s in everything if s.draft == State.APPROVED]
    items = [_item(s, d.at, f"approved by {_name(d.by)}", page="review") for s, d in approved]
    yield Section("Approved, not yet published", _oldest_first(items), waits=decides, more=_tab("review"))
    scheduled = [(s, s.newest(KIND.SCHEDULE)) for s in everything if s.draft == State.SCHEDULED]
    scheduled = sorted(scheduled, key=lambda pair: pair[1].publish_at)
    items = [_item(s, None, f"goes live on {_moment(d.publish_at)}", page="review") for s, d in scheduled]
    yield Section(
        "Approved, but something on the page has changed since",
        [
            Item(_title(everything, article), _review(article), detail=held.in_words(names))
            for article, names in held.waiting()
        ],
        waits=decides,
        more=_tab("review"),
        note="These wait. Read each as it is now, then confirm that it is still correct.",
    )
    taken = [(pending.who_saved(one), one) for one in pending.taken_back()]
    yield Section(
        "Taken back by a newer version",
        [Item(_title(everything, d.revision.article), _review(d.revision.article), d.at, words) for words, d in taken],
        waits=False,
        note="They have to be sent for review again.",
    )
    late = lateness()
    yield Section("A text is late", [Item(late, _tab("review"))] if late else [])
    yield Section("Scheduled", items, waits=False, more=_tab("review"))


def _to_decide(everything, decides):
    refusal = last_refusal()
    refused = [Item("The site goes on with what it had.", since=refusal.since, quote=refusal.text)] if refusal else []
    yield Section(
        "The files were refused", refused, note="Nothing of them was taken. Fix them, then bring them in again."
    )
    proposed = [Item(s.title, _page("review", s), s.article.proposed_at) for s in everything if s.article.proposed_at]
    yield Section(
        "Words that a clinician proposes",
        _oldest_first(proposed),
        waits=not decides,
        note="Take them in, or say why not.",
    )
    files = [_item(s, s.article.incoming.created_at, page="resolve") for s in everything if s.article.incoming]
    yield Section(
        "The file has changed: needs a decision",
        _oldest_first(files),
        more=_tab("action"),
        note="Compare the file’s text with yours, and choose what to keep.",
    )
    urgent = [_on_the_page(s, s.urgent_since) for s in everything if s.urgent_since]
    yield Section("Urgent corrections to confirm", _oldest_first(urgent), waits=decides, more=_tab("action"))
    yield Section(
        "Changed on approved pages, not yet checked",
        list(_changes(everything, decides)),
        waits=decides,
        more=reverse("admin:articles_article_confirm") if decides else _tab("action"),
        note="Each change is one decision for all the pages that show it. The pages say that it is not yet checked.",
    )


def _changes(everything, decides):
    """An item for each rule, sign, meaning or picture that has changed on approved pages, with their titles."""
    titles = {}
    for standing in everything:
        for quote in standing.changed:
            titles.setdefault((quote, standing.names[quote]), []).append(standing.title)
    for (quote, name), pages in sorted(titles.items()):
        more = f" and {len(pages) - SHOWN_TITLES} more" if len(pages) > SHOWN_TITLES else ""
        yield Item(
            name[0].upper() + name[1:],
            address_of(quote) if decides else _tab("action"),
            detail=f"on {', '.join(pages[:SHOWN_TITLES])}{more}",
        )


def _checks(everything, decides):
    by_day = sorted((s for s in everything if s.due), key=lambda standing: standing.due)
    late = [_on_the_page(s, detail=f"was due on {_day(s.due)}") for s in by_day if s.is_overdue]
    yield Section("Review overdue", late, waits=decides, more=_tab("overdue"))
    soon = [_on_the_page(s, detail=f"due on {_day(s.due)}") for s in by_day if s.is_due_soon]
    yield Section("Review due within 30 days", soon, waits=False)
    unchecked = [_on_the_page(s, s.article.live_since) for s in everything if s.live == State.UNCHECKED]
    yield Section(
        "Published, but not yet checked by a clinician",
        _oldest_first(unchecked) if decides else [],
        waits=False,
        more=_tab("unchecked"),
        note="Each of these pages says so to its readers.",
    )


def _of_the_pages(everything):
    by_pk = {standing.article.pk: standing for standing in everything if standing.live}
    broken = [s for s in by_pk.values() if s.article.page_problems]
    yield Section(
        _breaking(len(broken)),
        [_item(s, detail=f"Line {p['line']}: {p['message']}") for s in broken for p in s.article.page_problems],
        waits=False,
        note="Readers still see them. Fix each in its next version.",
    )
    rules = list(_open_rules(by_pk.values()))
    yield Section(
        "Rules that need the clinic’s answer",
        rules,
        waits=False,
        more=rules[0].url if rules else "",
        note="Readers see “Ask us” until then.",
    )
    yield Section("Readers did not find these useful", list(_not_useful(by_pk)), waits=False)
    yield Section("Advice on live pages", list(_advice(by_pk.values())), waits=False)
    gone = [_item(s) for s in everything if s.file_gone and not s.is_retired]
    yield Section(
        "The file is gone", gone, waits=False, note="Readers still see these. Retire what is no longer wanted."
    )


def _open_rules(live):
    by_slug = {standing.article.slug: standing for standing in live}
    for slug, offer in live_offers(page__kind="rules").items():
        for rule in offer.rules.values():
            if not rule.answered:
                yield Item(rule.question, _page("change", by_slug[slug]), detail=rule.key)


def _not_useful(by_pk):
    since = timezone.localdate() - VOTES_SINCE
    votes = (
        Usefulness.objects.filter(day__gte=since).order_by().values("article").annotate(yes=Sum("yes"), no=Sum("no"))
    )
    found = [vote for vote in votes if vote["no"] >= FEWEST_NO and vote["no"] * 3 >= vote["yes"] + vote["no"]]
    for vote in sorted(found, key=lambda vote: vote["no"], reverse=True):
        if vote["article"] in by_pk:
            total = vote["yes"] + vote["no"]
            yield _item(by_pk[vote["article"]], detail=f"{vote['no']} of {total} readers said no in the last 90 days")


def _advice(live):
    by_digest = {standing.article.live.digest: standing for standing in live}
    for advice in Advice.objects.filter(digest__in=by_digest).exclude(points=[]):
        points = advice.points
        more = f" And {len(points) - 1} more." if len(points) > 1 else ""
        yield _item(by_digest[advice.digest], detail=points[0] + more)


def _breaking(number):
    return (
        "1 live text breaks a rule that is newer than it is"
        if number == 1
        else (f"{number} live texts break a rule that is newer than they are")
    )


def _title(everything, article):
    return next(standing.title for standing in everything if standing.article.pk == article.pk)


def _review(article):
    return reverse("admin:articles_article_review", args=[article.pk])


def _item(standing, since=None, detail="", quote="", page="change"):
    return Item(standing.title, _page(page, standing), since, detail, quote)


def _on_the_page(standing, since=None, detail=""):
    """An item about what readers see, whatever is in the making."""
    return Item(standing.title, standing.live_review, since, detail)


def _oldest_first(items):
    return sorted(items, key=lambda item: item.since)


def _page(name, standing):
    return reverse(f"admin:articles_article_{name}", args=[standing.article.pk])


def _tab(key):
    return f"{reverse('admin:articles_article_changelist')}?tab={key}"


def _name(user):
    return user.get_full_name() or user.username


def _day(day):
    return date_format(day, "j F Y")


def _moment(at):
    return date_format(timezone.localtime(at), "j F Y H:i")
