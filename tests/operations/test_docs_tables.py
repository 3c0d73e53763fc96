"""The tables, diagrams, examples and numbers of the documents are those of the code."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from siweb.accounts import lockout, roles, session_timeout
from siweb.articles.editorial.publishing import live_surroundings
from siweb.articles.editorial.workflow import diagram as diagram_of_texts
from siweb.articles.rendering.care_cards import CARDS, MOST_UNANSWERED
from siweb.articles.rendering.document import Document
from siweb.articles.rendering.renderer import render
from siweb.articles.staff.writing_guide import SIGN, USES
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import Text
from siweb.core import clock
from siweb.core.page_roles import ROLES
from siweb.enquiries.casework.workflow import diagram as diagram_of_enquiries
from siweb.enquiries.mail.urgent import MAX_UNOPENED
from siweb.enquiries.privacy import erasure
from siweb.enquiries.questions.screening import SCREENING
from tests.support.documents import ROOT, blocks, rows, section, spans, text_of

WRITING, ENQUIRIES, OPERATIONS, TESTING = (
    f"docs/{name}.md" for name in ("writing", "enquiries", "operations", "testing")
)
EXAMPLES = blocks(WRITING, "markdown")
QUOTES = sorted({span for span in spans(WRITING) if span.startswith("[")})
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def coded(*cells):
    """Cells of inline code."""
    return [f"`{cell}`" for cell in cells]


# --- An article ---------------------------------------------------------------------------------------------------------
def rendered(written, context):
    """The page of an example. Raises BadText for one that would be refused."""
    whole = (
        written
        if written.startswith("---\n")
        else f"---\ntitle: A title\nsummary: A summary.\nkind: topic\n---\n\n{written}"
    )
    document = Document(front_matter.parse(whole))
    assert not document.problems
    return render(document, context).html


def test_the_example_of_an_article_has_every_key_of_the_front_matter():
    [article] = [example for example in EXAMPLES if example.startswith("---")]
    text = front_matter.parse(article)
    assert text.problems == ()
    assert [line.partition(":")[0] for line in article.split("---")[1].split("\n") if line] == list(
        front_matter.FRONT_MATTER
    )
    assert all(getattr(text, key) for key in front_matter.FRONT_MATTER)


def test_every_example_of_our_markdown_is_accepted(shipped):
    context = live_surroundings()
    assert len(EXAMPLES) > 5
    for example in EXAMPLES:
        assert len(rendered(example, context)) > 20


def test_every_quote_of_a_rule_fact_or_sign_shows_what_it_quotes(shipped):
    context = live_surroundings()
    assert len(QUOTES) > 4
    for quote in QUOTES:
        html = rendered(f"{quote}\n", context)
        assert "[" not in html
        assert len(html) > 20


def test_the_marks_of_the_articles_are_the_dialects():
    written = section(WRITING, "Care cards and boxes", 3)
    assert set(CARDS) == set(USES)
    assert rows(WRITING, "Care cards and boxes", 3) == [[*coded(f"::: {card}"), use] for card, use in USES.items()]
    assert all(f"`::: {card}`" in written for card in CARDS)


def test_the_example_of_a_sign_is_the_one_that_the_editor_shows():
    assert blocks(WRITING, "text") == [f"{SIGN}\n"]


def test_the_kinds_roles_and_shelves_are_those_of_the_front_matter():
    assert [row[0] for row in rows(WRITING, "Kinds", 3)] == coded(*front_matter.KINDS)
    needed = {True: "yes", False: "no"}
    assert rows(WRITING, "Roles", 3) == [
        [*coded(name), needed[role.is_needed], role.use] for name, role in ROLES.items()
    ]
    assert rows(WRITING, "Shelves", 3) == [[*coded(name), heading] for name, heading in front_matter.SHELVES.items()]


def test_an_unfinished_front_matter_is_refused_where_the_document_says_so():
    assert {problem.field for problem in Text("", "", "").problems} == set(front_matter.REQUIRED)
    assert "`title`, `summary` and `kind` are required" in section(WRITING, "Front matter")


def test_the_diagram_of_a_text_is_the_tables():
    assert blocks(WRITING, "mermaid") == [f"{diagram_of_texts()}\n"]


# --- An enquiry ---------------------------------------------------------------------------------------------------------
def test_the_diagram_is_the_workflows():
    assert blocks(ENQUIRIES, "mermaid") == [f"{diagram_of_enquiries()}\n"]


def test_the_list_to_tick_is_the_screenings():
    table = "| Ticked | Why it is asked |\n|---|---|\n" + "".join(f"| {i.wording} | {i.why} |\n" for i in SCREENING)
    assert table in text_of(ENQUIRIES)


# --- Running the site ---------------------------------------------------------------------------------------------------
def test_the_groups_are_the_roles():
    assert {row[0] for row in rows(OPERATIONS, "Roles")} == set(roles.RIGHTS)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (OPERATIONS, f"a pause of {lockout.COOLOFF // MINUTE} minutes"),
        (OPERATIONS, f"after {session_timeout.IDLE // 60} minutes without doing anything"),
        (OPERATIONS, f"after {session_timeout.LONGEST // 3600} hours"),
        (OPERATIONS, f"so are {lockout.ADDRESS.most} from one address"),
        (OPERATIONS, f"and {lockout.NETWORK.most} from one network"),
        (OPERATIONS, f"at most {erasure.MAX_PER_NIGHT} enquiries"),
        (OPERATIONS, f"After more than {clock.MAX_GAP // HOUR} hours without a run"),
        (ENQUIRIES, f"no more than {erasure.MAX_PER_NIGHT} in one night"),
        (ENQUIRIES, f"within {MAX_UNOPENED // MINUTE} minutes"),
    ],
)
def test_a_number_in_a_sentence_is_that_of_the_code(document, sentence):
    assert sentence in " ".join(text_of(document).split())


def test_the_numbers_that_are_words_are_those_of_the_code():
    assert lockout.NAME.most == 10
    assert "Ten failed attempts" in text_of(OPERATIONS)
    assert MOST_UNANSWERED == 5
    assert "up to five rules" in text_of(WRITING)


def test_the_commands_that_only_report_run_as_they_are_given(shipped, capsys):
    call_command("check", databases=["default"])
    call_command("check_articles")
    call_command("purge_enquiries", dry_run=True)
    shown = capsys.readouterr()
    assert "aftercare.md: grade" in shown.out
    assert "0 to erase" in shown.out
    assert "error" not in shown.err.lower()


# --- Decisions and versions ---------------------------------------------------------------------------------------------
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
HEAD = re.compile(r"# (\d{4})\. (.+)\n\n- Date: (\d{4}-\d\d-\d\d)\n- Status: (accepted|superseded by \d{4})\n\n")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_a_date_a_status_and_its_parts(path):
    text = path.read_text(encoding="utf-8")
    number, _, day, _ = HEAD.match(text).groups()
    assert path.name.startswith(f"{number}-")
    assert date.fromisoformat(day)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert all(len(part.strip()) > 40 for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:])


def test_the_index_lists_every_decision_in_order():
    heads = [(path.name, *HEAD.match(path.read_text(encoding="utf-8")).groups()) for path in DECISIONS]
    assert [int(number) for _, number, *_ in heads] == list(range(1, len(heads) + 1))
    expected = [[f"[{number}]({name})", day, title] for name, number, title, day, _ in heads]
    listed = [
        line.strip("| ").split(" | ") for line in text_of("docs/decisions/README.md").splitlines() if "](" in line
    ]
    assert listed == expected


def test_the_version_is_the_newest_of_the_changelog():
    versions = re.findall(r"^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions
    assert f'\nversion = "{versions[0]}"\n' in (ROOT / "pyproject.toml").read_text()
    assert versions == sorted(versions, key=lambda version: [int(part) for part in version.split(".")], reverse=True)


def test_the_table_of_commands_names_targets_of_make():
    head = next(line for line in section(TESTING, "Which command runs what").splitlines() if line.startswith("| Check"))
    named = re.findall(r"`make ([a-z-]+)`", head)
    makefile = (ROOT / "Makefile").read_text()
    assert named
    assert all(f"\n{target}:" in makefile for target in named)
