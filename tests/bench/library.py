"""A guide of any size: made-up articles with real words, and a copy of the project that has them as its content."""

import random
import re
import shutil
from collections import Counter
from pathlib import Path

from siweb.core.page_roles import NEEDED
from tests.support.serving import PROJECT

SYLLABLES = [a + b for a in "bcdfghjklmnpr" for b in "aeio"]
STEPS, SOURCES = 7, 10
KEPT = (
    "glossary",
    "our-rules",
    "warning-signs",
    "when-to-get-help",
)  # real, for links to lead to
ROLES_KEPT = {"glossary", "rules", "signs", "help"}  # the first made-up article has the others that a site needs


def make_project(folder, articles):
    """Copy the project to a folder and give it so many articles of about 1,000 words; its first ones are always the same.

    Collected static files come along, so that a start measures none of their compression.
    """
    shutil.copytree(PROJECT, folder, ignore=_left_out)
    files = folder / "content" / "articles"
    author = Author(_words(files))
    for path in files.glob("*.md"):
        if path.stem not in KEPT:
            path.unlink()
    slugs = [f"{author.word()}-{author.word()}-{number}" for number in range(articles - len(KEPT))]
    for number, slug in enumerate(slugs):
        text = author.article(number, slugs[:STEPS] if number < STEPS else slugs)
        (files / f"{slug}.md").write_text(text, encoding="utf-8")
    return folder, slugs, author


def _left_out(folder, names):
    """Choose what a copy does not need: compiled modules, and at the root also what is hidden or belongs to a local site."""
    at_root = (".*", "var", "staticfiles.new") if Path(folder) == PROJECT else ()
    return shutil.ignore_patterns("__pycache__", *at_root)(folder, names)


def _words(files):
    """{word: how often}: those of our own articles, and as many again as a large site has, each of them rare."""
    real = Counter()
    for path in files.glob("*.md"):
        real.update(re.findall(r"\b[a-z]{2,}\b", path.read_text(encoding="utf-8").partition("\n---\n")[2].lower()))
    made_up = random.Random(0)
    for _ in range(15_000):
        real["".join(made_up.choices(SYLLABLES, k=made_up.randint(2, 5)))] += 1
    return real


class Author:
    """Writes as we do: short sentences, sections, lists, a table, a card, links and sources."""

    def __init__(self, words):
        self.chance = random.Random(0)
        self.pool = self.chance.choices(list(words), list(words.values()), k=200_000)

    def word(self):
        return self.chance.choice(self.pool)

    def phrase(self, shortest, longest):
        return " ".join(self.chance.choices(self.pool, k=self.chance.randint(shortest, longest))).capitalize()

    def article(self, number, others):
        """The file of the article with this number, which links to some of the others."""
        self.chance.seed(number)
        front = {
            "title": self.phrase(2, 4),
            "summary": f"{self.phrase(10, 20)}.",
            "kind": "step" if number < STEPS else "topic",
            "role": str([] if number else sorted(set(NEEDED) - ROLES_KEPT)).replace("'", ""),
            "order": number,
            "keywords": f"[{', '.join(self.phrase(1, 2).lower() for _ in range(6))}]",
            "takeaways": "".join(f"\n  - {self.phrase(6, 12)}." for _ in range(4)),
            "author": "Editorial team",
        }
        body = [self.paragraph()]
        for special in (self.links(others), self.list(), self.table()) * 2:
            body += [f"## {self.phrase(2, 5)}", *(self.paragraph() for _ in range(3)), special]
        body.insert(3, f"::: important {self.phrase(2, 4)}\n\n{self.phrase(8, 14)}. Call [[clinic:phone]].\n\n:::")
        body += ["[[rule:numb-leg]]"]
        body += [f"[^s{n}]: {self.phrase(3, 6)}. *{self.phrase(3, 5)}*. {2000 + n}." for n in range(SOURCES)]
        lines = [f"{key}: {value}" for key, value in front.items()]
        return "\n".join(["---", *lines, "---", ""]) + "\n\n".join(body) + "\n"

    def paragraph(self):
        sentences = [f"{self.phrase(8, 16)}." for _ in range(3)]
        sentences[1] += f"[^s{self.chance.randrange(SOURCES)}]"
        return " ".join(sentences)

    def links(self, others):
        there = self.chance.sample(others, 3)
        return " ".join(f"See [{self.phrase(1, 3).lower()}]({slug})." for slug in there)

    def list(self):
        return "\n".join(f"- {self.phrase(4, 9).lower()}" for _ in range(5))

    def table(self):
        rows = [[self.phrase(1, 3) for _ in range(3)] for _ in range(4)]
        rows.insert(1, ["---"] * 3)
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)
