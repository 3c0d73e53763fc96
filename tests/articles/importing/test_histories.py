"""Random histories: files and staff edits meet by the rules of sync.py and workflow.py, whatever comes after what."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from siweb.articles.editorial import scheduling, workflow
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision, Publication
from siweb.articles.text import front_matter
from tests.conftest import article_file
from tests.support.deciding import decide

KIND = Decision.Kind
ACTIONS = [
    *(
        "write_file",
        "revert_file",
        "staff_edit",
        "staff_edit",
        "restore",
        "move",
        "move",
        "move",
        "move",
        "time_passes",
    ),
    *("export", "deploy_newest", "deploy_newest", "deploy_older", "deploy_again", "resolve"),
]

RARELY = {KIND.URGENT: 1, KIND.RETIRE: 1, KIND.WITHDRAW: 2, KIND.ASK: 2}  # the others lead to a published text


def text(name):
    return front_matter.parse(article_file(f"Text {name}.\n"))


class History:
    """One article's random life among two editors and a clinician; every promise is checked after every action."""

    def __init__(self, seed, folder, people):
        self.random, self.folder, self.people = random.Random(seed), folder, people
        self.count, self.outcomes, self.read = 0, Counter(), None
        self.staff_texts, self.file_texts, self.writers = set(), set(), {}
        self.now = timezone.now()
        self.repository = [self.new_text()]
        self.slug = f"article-{seed}"
        if seed % 4:
            self.deploy(self.repository[0])
            self.file_texts.add(self.repository[0].digest)
        else:
            Article.objects.create(slug=self.slug)
            self.edit(self.new_text())

    @property
    def article(self):
        """The article as it is now, read once between two actions."""
        if self.read is None:
            self.read = Article.objects.select_related("live", "page", "head").get(slug=self.slug)
        return self.read

    def new_text(self):
        self.count += 1
        return text(self.count)

    def writer(self):
        """Mostly an editor: what the only clinician has written, nobody can approve."""
        [by] = self.random.choices(self.people, (8, 8, 1))
        return by

    def edit(self, new):
        article = self.article
        self.staff_texts.add(new.digest)
        by = self.writer()
        before = article.head_id
        if article.edit(new, by=by, version=article.version).pk != before:
            self.writers.setdefault(new.digest, set()).add(by.pk)
        self.read = None

    def deploy(self, new):
        (self.folder / f"{self.slug}.md").write_text(new.canonical, encoding="utf-8")
        self.read = None
        return sync.import_folder(self.folder).outcomes[self.slug]

    def known(self):
        return set(self.article.revisions.values_list("digest", flat=True))

    def step(self):
        getattr(self, self.random.choice(ACTIONS))(self.article)
        self.read = None
        self.check()

    def write_file(self, article):
        self.repository.append(self.new_text())

    def revert_file(self, article):
        self.repository.append(self.random.choice(self.repository))

    def staff_edit(self, article):
        self.edit(self.new_text())

    def restore(self, article):
        self.edit(self.random.choice(article.revisions.all()).parsed)

    def move(self, article):
        """Some people, one after the other, press a button that is there for them."""
        for _ in range(self.random.randint(1, 5)):
            self.press(self.article)
            self.read = None
        if self.random.random() < 0.3:
            self.time_passes(article)

    def press(self, article):
        by = self.random.choice([*self.people, self.people[-1]])
        revision = self.random.choice([r for r in (article.head, article.head, article.live) if r])
        kinds = [move.kind for move in workflow.possible(article, revision, by)]
        if not kinds:
            return
        [kind] = self.random.choices(kinds, [RARELY.get(kind, 6) for kind in kinds])
        self.now += timedelta(seconds=1)
        decide(revision, kind, by, at=self.now, publish_at=self.now + timedelta(days=1))
        self.outcomes[kind] += 1
        if kind == KIND.APPROVE:
            assert by.pk not in self.writers.get(revision.digest, ()), "somebody approved a text of their own"
            self.writers[revision.digest] = set()

    def time_passes(self, article):
        self.now += timedelta(days=self.random.choice((0, 2)))
        self.outcomes["scheduled, then published"] += scheduling.publish_due(self.now)

    def export(self, article):
        deployed = article.last_file_digest in (self.repository[-1].digest, "")
        if article.live and article.incoming is None and deployed:
            self.repository.append(article.live.parsed)

    def deploy_newest(self, article):
        self.deploy_and_check(self.repository[-1])

    def deploy_older(self, article):
        self.deploy_and_check(self.random.choice(self.repository))

    def deploy_again(self, article):
        if article.last_file_digest:
            before = self.state()
            sync.import_folder(self.folder)
            self.read = None
            assert self.state() == before, "import is not idempotent"

    def resolve(self, article):
        if article.incoming:
            new = self.random.choice([self.new_text(), article.incoming.parsed, article.head.parsed])
            by = self.writer()
            self.staff_texts.add(new.digest)
            self.writers.setdefault(new.digest, set()).add(by.pk)
            article.resolve(new, by=by, version=article.version)

    def deploy_and_check(self, new):
        before, known = self.article, self.known()
        previous, was_approved = before.last_file_digest, bool(before.live and before.live.is_approved)
        self.outcomes[self.deploy(new)] += 1
        self.file_texts.add(new.digest)
        after = self.article
        if after.live_id != before.live_id:
            assert before.live is not None, "a deploy published an article that staff had not published"
            assert before.live.digest == previous, "a deploy replaced words that staff had published"
            assert not was_approved, "a deploy replaced a text that a clinician had signed"
            assert new.digest not in known, "a rollback changed the live page by itself"
        untouched = before.live and before.live.digest == previous and not was_approved
        if new.digest not in known and untouched:
            assert after.live.digest == new.digest, "a new file did not reach an untouched live page"

    def state(self):
        article = self.article
        pointers = (article.live_id, article.page_id, article.head_id, article.base_id, article.incoming_id)
        return pointers, article.version, article.revisions.count(), Publication.objects.count()

    def check(self):
        article = self.article
        assert self.staff_texts | self.file_texts <= self.known(), "a text was lost"
        assert (article.live is None) == (article.page is None), "live and its page disagree"
        if article.live:
            assert article.page.revision_id == article.live_id, "readers see another text than the live one"
            released = article.live.source == "file" or article.live.is_approved or article.live.urgent_since
            assert released, "a text from staff is live that is neither approved nor marked urgent"


def play(histories, tmp_path, people):
    outcomes = Counter()
    for seed in range(histories):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with transaction.atomic():
            history = History(seed, folder, people)
            for _ in range(60):
                history.step()
            transaction.set_rollback(True)  # the next one begins with an empty site
        outcomes += history.outcomes
    return outcomes


ALL_OUTCOMES = {
    *("UNCHANGED", "ROUND_TRIP", "BACK_TO_BASE", "FAST_FORWARD"),
    *("DIVERGED", "DIVERGED_DRAFT", "SEEN_BEFORE", "HEAD_ONLY"),
    *(kind for kind in workflow.BY_KIND if kind != KIND.READ),
    "scheduled, then published",
}


@pytest.fixture
def people(editor, clinician, second_editor):
    return [editor, second_editor, clinician]


@pytest.mark.slow
@pytest.mark.django_db
def test_25_random_histories_keep_every_promise(tmp_path, people):
    assert set(play(25, tmp_path, people)) >= ALL_OUTCOMES


@pytest.mark.full
@pytest.mark.django_db
def test_500_random_histories_keep_every_promise(tmp_path, people):
    assert set(play(500, tmp_path, people)) >= ALL_OUTCOMES
