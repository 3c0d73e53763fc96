"""Random histories of pages, rules, signs, meanings and pictures: no reader sees "Checked by" over what was not checked.

What a clinician had on screen, and what readers see, is read from the pages themselves, not from what the site writes down.
"""

import os
import random
import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone

from siweb.articles.editorial import publishing, quote_changes, scheduling, signature
from siweb.articles.importing import sync
from siweb.articles.models import Article, Picture
from siweb.articles.pictures import library, processing
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import BadText
from siweb.clinics.models import Clinic
from siweb.core import page_roles, shared_texts
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide
from tests.support.painting import painted, saved

STEPS = 14
MANY = int(os.environ.get("HISTORIES", "40"))  # make soak plays 200
PAGES = {
    "care": "Call [[clinic:phone]].\n\n[[rule:driving]]\n\n[[rule:price]]\n\nA steroid helps.\n\n[[signs:nerves]]\n",
    "rest": 'A joint rests.\n\nThe answer: [[rule:driving]]\n\n![A hip](hip "Seen.")\n\n[[signs:same-day]]\n',
}
SIGN = (
    "{key}\n:   level: {level}\n:   group: nerves\n:   for: everyone\n:   short: {short}\n:   form: yes\n"
    ":   source: clinic\n:   typed: {key}\n:   {short}.\n\n"
)
DRIVING, HOURS, HIP = "the rule “May I drive?”", "the rule “How long?”", "the picture “hip”"


class Sources:
    """The texts that the pages quote, which change one part at a time."""

    def __init__(self, chance):
        self.chance, self.versions = chance, Counter()
        self.levels, self.terms = {"numb": "same-day", "weak": "same-day"}, {"Steroid", "Joint"}

    def change(self):
        """Change one part, and return (slug, body, kind) of the text that it is in."""
        part = self.chance.choice(["driving", "price", "hours", "numb", "weak", "tingle", "Steroid", "Joint", "Needle"])
        self.versions[part] += 1
        if part in ("driving", "price", "hours"):
            return "our-rules", self.rules(), "rules"
        if part in ("numb", "weak", "tingle"):
            self._move(part)
            return "warning-signs", self.signs(), "signs"
        self.terms ^= {part} if self.chance.random() < 0.3 else set()
        return "glossary", self.glossary(), "glossary"

    def _move(self, key):
        """Give a sign a level, or take it out; one of each level stays, for the pages list both."""
        self.levels[key] = self.chance.choice(["same-day", "soon"])
        if self.chance.random() < 0.2:
            del self.levels[key]
        if "same-day" not in self.levels.values():
            self.levels["numb"] = "same-day"

    def rules(self):
        answers = {"driving": "May I drive?", "hours": "How long?", "price": "What does it cost?"}
        return "\n".join(f"{key}\n:   {asked}\n:   Answer {self.versions[key]}.\n" for key, asked in answers.items())

    def signs(self):
        shorts = {key: f"{key} {self.versions[key]}" for key in self.levels}
        shorts |= {"weak": f"{shorts['weak']} [[rule:hours]]"} if "weak" in shorts else {}
        return "".join(SIGN.format(key=key, level=level, short=shorts[key]) for key, level in self.levels.items())

    def glossary(self):
        entry = "{}\n:   Meaning {}.\n:   And {}.\n"  # one of its two lines changes at a time
        versions = {name: self.versions[name] for name in sorted({"Word"} | self.terms)}
        return "\n".join(entry.format(name, -(-version // 2), version // 2) for name, version in versions.items())


def parts_of(shown, glossary):
    """{what the status calls a part: what a reader sees of it} of a page, with the glossary's page behind its links."""
    found = {DRIVING: re.search(r"(?:May I drive\?</strong></p>\s*<p>|The answer: )(.*?)</p>", shown)[1]}
    for key, rest in re.findall(r"<li>(numb|weak|tingle)( .*?)</li>", shown):
        version, _, hours = rest.strip().partition(" ")
        found[f"the warning sign “{key}"] = version
        found |= {HOURS: hours} if hours else {}
    for name in re.findall(r'<a class="term" href="[^"]*">(\w+)</a>', shown):
        meaning = re.search(rf"{name.capitalize()}</dt>(.*?)</div>", glossary)
        found[f"the meaning of “{name.capitalize()}”"] = meaning[1]
    return found | ({HIP: image[1]} if (image := re.search(r'<img src="([^"]+)"', shown)) else {})


class History:
    """A small site among an editor and two clinicians; after each step a reader looks at every page."""

    def __init__(self, seed, folder, people, pictures):
        self.chance, self.folder, self.pictures = random.Random(seed), folder, pictures
        self.editor, self.clinician, self.colleague = people
        self.sources, self.reader, self.now = Sources(self.chance), Client(), timezone.now()
        self.checked, self.outcomes, self.count = {}, Counter(), 0
        library.add(pictures[0], "hip.png", self.editor)
        texts = {slug: (body, "topic") for slug, body in PAGES.items()}
        texts |= {"our-rules": (self.sources.rules(), "rules"), "warning-signs": (self.sources.signs(), "signs")}
        for slug, (body, kind) in (texts | {"glossary": (self.sources.glossary(), "glossary")}).items():
            self.write_file(slug, body, kind)
        sync.import_folder(folder)

    def write_file(self, slug, body, kind):
        (self.folder / f"{slug}.md").write_text(article_file(body, kind=kind, title=slug), encoding="utf-8")

    def step(self):
        act = self.chance.choice(
            [self.quote_changes, self.quote_changes, self.picture_changes, self.page_changes, self.fact_changes]
            + [self.page_is_checked, self.page_is_checked, self.change_is_checked, self.change_is_checked]
        )
        self.now += timedelta(seconds=1)
        try:
            with transaction.atomic():
                act()
            self.outcomes[act.__name__] += 1
        except (ValidationError, BadText, sync.RefusedError) as refused:
            self.outcomes[type(refused).__name__] += 1
        self.outcomes["scheduled"] += scheduling.publish_due(self.now)
        self.look()

    # --- what happens ------------------------------------------------------------------------------------------------------
    def quote_changes(self):
        self.publish(*self.sources.change())

    def page_changes(self):
        slug, self.count = self.chance.choice([*PAGES]), self.count + 1
        self.publish(slug, f"{PAGES[slug]}\nVersion {self.count}.\n", "topic")

    def publish(self, slug, body, kind):
        way = self.chance.choice(["file", "urgent", "reviewed", "scheduled"])
        if way == "file":
            self.write_file(slug, body, kind)
            sync.import_folder(self.folder)
            return
        article = Article.objects.get(slug=slug)
        text = front_matter.parse(article_file(body, kind=kind, title=slug))
        revision = article.edit(text, by=self.editor, version=article.version)
        if way == "urgent":
            decide(revision, KIND.URGENT, self.colleague, at=self.now)
            return
        decide(revision, KIND.REQUEST, self.editor, at=self.now)
        self.approve(slug, revision)
        last = KIND.PUBLISH if way == "reviewed" else KIND.SCHEDULE
        decide(revision, last, self.colleague, at=self.now, publish_at=self.now + timedelta(seconds=2))

    def picture_changes(self):
        library.replace(Picture.objects.get(name="hip"), self.chance.choice(self.pictures))

    def fact_changes(self):
        clinic = Clinic.current()
        clinic.phone = f"0161 496 {self.chance.randint(0, 999):04}"
        clinic.save()

    def page_is_checked(self):
        slug = self.chance.choice([*PAGES])
        revision = Article.objects.get(slug=slug).live
        self.approve(slug, revision, KIND.CONFIRM if revision.is_approved else KIND.APPROVE)

    def approve(self, slug, revision, kind=KIND.APPROVE):
        decide(revision, kind, self.colleague, at=self.now)
        if slug in PAGES:
            shown = publishing.draft_page(slug, revision.parsed).html
            self.checked[revision.pk] = parts_of(shown, self.read("glossary"))

    def change_is_checked(self):
        changes = quote_changes.unchecked_changes()
        if not changes:
            return
        quote = self.chance.choice([*changes])
        shown = {article.pk: article.page_id for article in changes[quote] if self.chance.random() < 0.8}
        quote_changes.check_change(quote, shown, self.clinician, self.now)
        name = signature.QuoteNames()[quote]
        for article in (article for article in changes[quote] if article.pk in shown and article.slug in PAGES):
            now = parts_of(self.read(article.slug), self.read("glossary"))
            [part] = [part for part in {**now, **self.checked[article.live_id]} if name.startswith(part)] or [name]
            self.checked[article.live_id] = {**self.checked[article.live_id], part: now.get(part)}

    # --- what a reader sees ---------------------------------------------------------------------------------------------------
    def read(self, slug):
        return self.reader.get(f"/guide/{slug}/print/").content.decode()

    def look(self):
        glossary = self.read("glossary")
        for article in Article.objects.filter(slug__in=PAGES):
            shown = self.read(article.slug)
            status = shown[shown.index('<div class="checked"') :].partition("</div>")[0]
            says_checked = "Checked by" in status
            assert says_checked == (article.live_id in self.checked), "a text that nobody has checked, or the contrary"
            if says_checked:
                self.compare(
                    parts_of(shown, glossary), self.checked[article.live_id], status.partition("since then")[0]
                )

    def compare(self, now, checked, status):
        for part in now.keys() | checked.keys():
            is_named = part in status and "not yet checked" in status
            if now.get(part) != checked.get(part):
                self.outcomes["changed, and said so"] += 1
                assert is_named, f"“Checked by” over {part}, which was not checked: {status}"
            elif not part.startswith("the warning sign"):  # of a sign, what no list shows is part of the check too
                assert not is_named, f"{part} has not changed: {status}"


def play(histories, tmp_path, people):
    pictures = [processing.make(saved(painted().rotate(turn))) for turn in (0, 90, 180)]
    outcomes = Counter()
    for seed in range(histories):
        folder = tmp_path / str(seed)
        folder.mkdir()
        shared_texts.forget()
        page_roles.forget()
        with transaction.atomic():
            history = History(seed, folder, people, pictures)
            for _ in range(STEPS):
                history.step()
            transaction.set_rollback(True)  # the next one begins with an empty site
        outcomes += history.outcomes
    return outcomes


ALL_OUTCOMES = {
    "quote_changes",
    "picture_changes",
    "page_changes",
    "fact_changes",
    "page_is_checked",
    "change_is_checked",
}
ALL_OUTCOMES |= {"scheduled", "changed, and said so"}


@pytest.fixture
def people(editor, clinician, django_user_model):
    return editor, clinician, with_role(django_user_model, "cora", "Clinicians", "Colleague")


@pytest.mark.slow
@pytest.mark.django_db
def test_in_4_random_histories_nothing_is_called_checked_that_was_not(tmp_path, people):
    assert set(play(4, tmp_path, people)) >= ALL_OUTCOMES


@pytest.mark.full
@pytest.mark.django_db
def test_in_many_random_histories_nothing_is_called_checked_that_was_not(tmp_path, people):
    assert set(play(MANY, tmp_path, people)) >= ALL_OUTCOMES


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["rule", "sign", "term", "figure"])
def test_were_a_kind_of_quote_not_part_of_a_signature_a_history_would_show_it(tmp_path, people, monkeypatch, kind):
    """The control, for each kind of quote."""
    is_clinical = signature.is_clinical
    monkeypatch.setattr(signature, "is_clinical", lambda quote: is_clinical(quote) and not quote.startswith(kind))
    with pytest.raises(AssertionError, match="which was not checked"):
        play(12, tmp_path, people)
