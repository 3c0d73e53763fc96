"""Texts made at random from everything that can be written here, for tests that want many."""

from siweb.articles.rendering.care_cards import CARDS
from siweb.articles.text.front_matter import Text
from siweb.clinics.models import FACTS

WORDS = ("rest", "pain", "joint", "steroid", "walk", "needle", "scan", "café", "Ünder", "🙂", "don’t", "2-in-10")
WORDS += ("nerve", "sacrum", "back")


def text(random, slugs, rules):
    """A Text that can be shown, which links to some of these articles and quotes some of these rules."""
    blocks = [_block(random, slugs, rules) for _ in range(random.randint(0, 12))]
    sources = [f"[^s{number}]: Author {number}. *Title*, {2000 + number}." for number in range(random.randint(0, 3))]
    marks = [f"Shown.[^s{number}] And again.[^s{number}]" for number in range(len(sources))]
    return Text(
        title=_words(random, 4).title(),
        summary=f"{_words(random, 8)}.",
        kind=random.choice(["topic", "page", "step"]),
        order=random.randint(0, 99),
        takeaways=tuple(f"{_words(random, 5)}." for _ in range(random.randint(0, 4))),
        body="\n\n".join([*blocks, *marks, *sources]) + "\n",
    )


def _words(random, most):
    return " ".join(random.choice(WORDS) for _ in range(random.randint(1, most)))


def _line(random, slugs, rules):
    words = _words(random, 12)
    return random.choice(
        [
            words,
            f"{words} **{_words(random, 3)}** *{_words(random, 2)}*.",
            f"[{_words(random, 3)}]({random.choice(slugs)}) {words}",
            f"[{_words(random, 3)}](https://example.org/{random.randint(1, 99)})",
            f"{words} [[clinic:{random.choice(list(FACTS))}]].",
            f"{words} ([[rule:{random.choice(rules)}]])",
            f"a_b 3*4 `{words}` & < > \" ' \\* &amp; \\\n{words}",
        ]
    )


def _block(random, slugs, rules):
    def line():
        return _line(random, slugs, rules)

    def items(mark):
        return "\n".join(f"{mark} {line()}" for _ in range(random.randint(1, 4)))

    kind = random.choice(list(CARDS))
    return random.choice(
        [
            line,
            lambda: f"## {_words(random, 4)}",
            lambda: f"## Risks\n\n{line()}\n\n### {_words(random, 4)}",
            lambda: items("-"),
            lambda: items("1."),
            lambda: f"::: {kind} {_words(random, 3)}:\n{items('-')}\n:::",
            lambda: f"[[rule:{random.choice(rules)}]]",
            lambda: f'![{_words(random, 4)}](pelvis "{_words(random, 4)}.")\n\n{items("1.")}',
            lambda: (
                "| When | What |\n| --- | --- |\n"
                + "\n".join(f"| {_words(random, 2)} | {_words(random, 3)} |" for _ in "ab")
            ),
            lambda: f"{_words(random, 2)}\n:   {line()}",
            lambda: f"> {line()}",
        ]
    )()
