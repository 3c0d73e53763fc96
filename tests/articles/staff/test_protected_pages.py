"""The site never loses a page that it needs, and never finds two: each role, against every way to lose or double it."""

import pytest
from django.core.exceptions import ValidationError

from siweb.articles.editorial import roles, scheduling
from siweb.articles.editorial.publishing import publish, take_down
from siweb.articles.importing import sync
from siweb.articles.models import Article, OldAddress, Publication
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import BadText
from siweb.core import page_roles
from siweb.core.page_roles import NEEDED, ROLES
from tests.conftest import article_file
from tests.support.deciding import KIND, decide, tomorrow
from tests.support.opened import with_needed_roles

# How sites with more than one entry of their kind are written; the others are any words.
BODIES = {
    "rules": "fly\n:   May I fly?\n:   Ask us.\n",
    "glossary": "Hip\n:   A joint.\n",
    "signs": "numb\n:   level: emergency\n:   group: nerves\n:   for: everyone\n:   short: new numbness\n:   source: clinic\n"
    ":   typed: numb\n:   New numbness.\n",
}


def text_of(of, /, **front):
    kind = ROLES[of].kind
    body = BODIES.get(kind, "Other words.\n")
    return front_matter.parse(article_file(body, **({"kind": kind or "topic", "title": "Changed"} | front)))


def article_of(role):
    return Article.objects.get(pk=Publication.objects.by_role()[role][0])


@pytest.fixture
def whole(db, content):
    """A site on which every role that it needs has a page, and a page without a role."""
    content("elsewhere")
    with_needed_roles(content)
    sync.import_folder(content.folder)


@pytest.fixture
def article(whole, role):
    return article_of(role)


# --- A role that the site needs is never lost -------------------------------------------------------------------------


def retire(role, article, content, editor, clinician):
    decide(article.live, KIND.RETIRE, clinician)


def take_down_by_code(role, article, content, editor, clinician):
    take_down(article)


def draft_without_it(role, article, editor):
    return article.edit(text_of(role), by=editor, version=article.version)


def send_for_review(role, article, content, editor, clinician):
    decide(draft_without_it(role, article, editor), KIND.REQUEST, editor)


def correct_urgently(role, article, content, editor, clinician):
    decide(draft_without_it(role, article, editor), KIND.URGENT, editor)


def publish_by_code(role, article, content, editor, clinician):
    draft_without_it(role, article, editor)
    publish(article)


def import_without_it(role, article, content, editor, clinician):
    sync.import_folder(
        content(article.slug, BODIES.get(ROLES[role].kind, "Words.\n"), kind=ROLES[role].kind or "topic")
    )


def import_only_old_files(role, article, content, editor, clinician):
    for path in content.folder.glob("*.md"):
        path.unlink()
    import_without_it(role, article, content, editor, clinician)


def rename_by_a_file_without_it(role, article, content, editor, clinician):
    (content.folder / f"{article.slug}.md").unlink()
    sync.import_folder(content("moved", aliases=f"[{article.slug}]", kind="topic"))


LOSSES = (
    retire,
    take_down_by_code,
    send_for_review,
    correct_urgently,
    publish_by_code,
    import_without_it,
    import_only_old_files,
    rename_by_a_file_without_it,
)


WAYS = [(way, role) for way in LOSSES for role in ("help", "signs", "privacy")]
WAYS += [(retire, role) for role in NEEDED if (retire, role) not in WAYS]


@pytest.mark.parametrize(("way", "role"), WAYS, ids=lambda part: getattr(part, "__name__", part))
def test_a_role_that_the_site_needs_is_not_lost(client, article, role, way, content, editor, clinician):
    before = page_roles.addresses()
    with pytest.raises((ValidationError, BadText, sync.RefusedError)) as refused:
        way(role, article, content, editor, clinician)
    assert ROLES[role].use in str(refused.value), "the message says what the site needs the page for"
    assert page_roles.addresses() == before
    assert client.get(before[role]).status_code == 200
    assert not OldAddress.objects.exists()


def test_a_schedule_from_before_does_not_lose_it(whole, editor, clinician, monkeypatch):
    article, at = article_of("privacy"), tomorrow()
    with monkeypatch.context() as patch:
        patch.setattr(roles, "problems_of", lambda slug, text: [])
        revision = draft_without_it("privacy", article, editor)
        decide(revision, KIND.REQUEST, editor)
        decide(revision, KIND.APPROVE, clinician)
        decide(revision, KIND.SCHEDULE, clinician, publish_at=at)
    assert scheduling.publish_due(at) == 0
    assert "The site needs a page with the role" in revision.decisions.get(kind=KIND.CANCEL).note
    assert "privacy" in page_roles.addresses()


def test_a_role_that_the_site_can_do_without_may_go_and_come_back(whole, editor, clinician):
    article = Article.objects.get(slug="elsewhere")
    for role, has_it in (("types", True), (None, False), ("types", True)):
        front = {"role": role} if role else {}
        text = front_matter.parse(article_file("Words.\n", author=str(has_it), **front))
        article.refresh_from_db()
        decide(article.edit(text, by=editor, version=article.version), KIND.URGENT, editor)
        assert ("types" in page_roles.addresses()) == has_it
    decide(Article.objects.get(pk=article.pk).live, KIND.RETIRE, clinician)
    assert "types" not in page_roles.addresses()


# --- No role is on two pages ------------------------------------------------------------------------------------------


def claim(role, editor):
    other = Article.objects.get(slug="elsewhere")
    return other.edit(text_of(role, role=role), by=editor, version=other.version)


def send_a_second_for_review(role, content, editor):
    decide(claim(role, editor), KIND.REQUEST, editor)


def correct_a_second_urgently(role, content, editor):
    decide(claim(role, editor), KIND.URGENT, editor)


def publish_a_second_by_code(role, content, editor):
    publish(claim(role, editor).article)


def import_a_second(role, content, editor):
    sync.import_folder(content("elsewhere", text_of(role).body, kind=ROLES[role].kind or "topic", role=role))


def import_a_second_beside_the_database(role, content, editor):
    for path in content.folder.glob("*.md"):
        path.unlink()
    import_a_second(role, content, editor)


DOUBLES = (
    send_a_second_for_review,
    correct_a_second_urgently,
    publish_a_second_by_code,
    import_a_second,
    import_a_second_beside_the_database,
)


@pytest.mark.parametrize("way", DOUBLES, ids=lambda way: way.__name__)
@pytest.mark.parametrize("role", ["help", "signs", "privacy"])
def test_a_role_is_not_on_two_pages(article, role, way, content, editor):
    before = page_roles.addresses()
    with pytest.raises((ValidationError, BadText, sync.RefusedError), match=f'has the role "{role}" too. Take it out'):
        way(role, content, editor)
    assert page_roles.addresses() == before


# --- What files are told ----------------------------------------------------------------------------------------------

# What is wrong with two files among all that the site needs, and what is said of which line.
FILES = {
    "on two files": (
        {"a": {"role": "types"}, "b": {"role": "types"}},
        r'b\.md, line 5: The page "a" has the role "types" too\. Take it out of one of the two\.',
    ),
    "of a list": (
        {"a": {"role": "types"}, "b": {"author": "Ann", "role": "[types]"}},
        r'b\.md, line 6: The page "a" has the role "types" too',
    ),
    "another kind": (
        {"a": {"role": "signs"}, "b": {}},
        r'a\.md, line 5: The role "signs" needs kind: signs\. Set the kind, or take the role out\.',
    ),
    "unknown": (
        {"a": {"role": "home"}, "b": {}},
        r'a\.md, line 5: role is "home"\. It must be one of: help, signs, .*Or leave the line out\.',
    ),
    "twice": ({"a": {"role": "[types, types]"}, "b": {}}, r"a\.md, line 5: role names one role twice\. Keep one\."),
    "an unknown shelf": (
        {"a": {"shelf": "top"}, "b": {}},
        r'a\.md, line 5: shelf is "top"\. It must be one of: help, dec',
    ),
}


@pytest.mark.parametrize(("files", "said"), FILES.values(), ids=FILES)
def test_a_wrong_role_or_shelf_is_refused_with_its_line_and_its_fix(db, content, files, said):
    for slug, front in files.items():
        content(slug, **front)
    with_needed_roles_except_of(content, files)
    with pytest.raises(sync.RefusedError, match=said):
        sync.import_folder(content.folder)
    assert not Article.objects.exists()


def with_needed_roles_except_of(content, files):
    written = {path.name: path.read_text() for path in content.folder.glob("*.md")}
    for path in content.folder.glob("*.md"):
        path.unlink()
    with_needed_roles(content)
    for name, text in written.items():
        (content.folder / name).write_text(text)


def test_files_that_give_roles_must_give_every_one_that_the_site_needs(db, content):
    with_needed_roles(content)
    (content.folder / "privacy.md").unlink()
    with pytest.raises(
        sync.RefusedError, match='No page has the role "privacy", .*Add a line to its file: role: privacy'
    ):
        sync.import_folder(content.folder)


def test_files_from_before_there_were_roles_still_import_and_are_given_them_one_by_one(db, content, editor):
    sync.import_folder(content("elsewhere"))
    assert roles.missing() == list(NEEDED)
    assert page_roles.addresses() == {"help": page_roles.HELP_BLOCK}
    article = Article.objects.get()
    decide(article.edit(text_of("help", role="help"), by=editor, version=article.version), KIND.URGENT, editor)
    assert page_roles.addresses() == {"help": "/guide/elsewhere/"}
    assert roles.missing() == list(NEEDED[1:])


def test_a_page_has_as_many_roles_as_its_list_names(db, content):
    content("one", role="[help, aftercare]")
    with_needed_roles(content)
    sync.import_folder(content.folder)
    found = page_roles.addresses()
    assert found["help"] == found["aftercare"] == "/guide/one/"


def test_no_article_takes_the_old_address_of_another(whole, content, editor):
    article = article_of("privacy")
    OldAddress.objects.create(slug="data", article=article)
    other = Article.objects.get(slug="elsewhere")
    text = front_matter.parse(article_file("Words.\n", aliases="[data]"))
    with pytest.raises(BadText, match='The old address "data" leads to "privacy"'):
        decide(other.edit(text, by=editor, version=other.version), KIND.URGENT, editor)
    with pytest.raises(sync.RefusedError, match=r'elsewhere\.md, line 1: The old address "data" leads to privacy\.md'):
        sync.import_folder(content("elsewhere", aliases="[data]"))
    assert OldAddress.objects.get().article == article


def test_its_text_kind_and_address_can_be_changed_as_long_as_the_role_stays(client, whole, editor):
    article = article_of("help")
    text = text_of("help", role="help", kind="page")
    decide(article.edit(text, by=editor, version=article.version), KIND.URGENT, editor)
    assert page_roles.addresses()["help"] == "/help/"
    assert client.get("/guide/help/").url == "/help/"
