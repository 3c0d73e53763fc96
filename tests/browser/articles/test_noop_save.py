"""Opening an article and saving it in a real browser changes nothing, however its text was written."""

import json
import unicodedata

import pytest

from tests.support.visiting import rows

pytestmark = pytest.mark.browser

FRONT = "title: A title\nsummary: A summary.\nkind: topic\n"
BODY = "One.\n\n- two\n"

# How a text stands in its file: front matter in every way that YAML allows here, and bodies with all that browsers touch.
FILES = {
    "plain": f"---\n{FRONT}---\n\n{BODY}",
    "crlf": f"---\n{FRONT}---\n\n{BODY}".replace("\n", "\r\n"),
    "cr": f"---\n{FRONT}---\n\n{BODY}".replace("\n", "\r"),
    "blank-ends": f"---\n{FRONT}---\n\n\n   \n\t\n    indented code\n\ntwo blanks at the end  \nmore\n\n \n\n",
    "empty": f"---\n{FRONT}---\n",
    "emoji": f"---\n{FRONT.replace('A title', 'Ünder 🙂 “x”')}---\n\n👩🏽‍⚕️ \u2028 \u00a0 \ufeff é 日本\n",
    "nfd": unicodedata.normalize("NFD", f"---\n{FRONT.replace('A title', 'Café')}---\n\nNaïve café.\n"),
    "markup": f"---\n{FRONT}---\n\n</textarea><script>x()</script> &amp; &lt; \\* \"'\n",
    "quoted": "---\ntitle: 'It''s: \"so\" # yes'\nsummary: \"Tab\\tand \\u00e9\"\nkind: 'topic'\norder: '0040'\n---\n\nx\n",
    "folded": "---\ntitle: >-\n  A long\n  title\nsummary: |\n  One line\n  and another\nkind: topic\n---\n\nx\n",
    "lists": (
        "---\nkind: topic\nsummary: S.\ntitle: T\nkeywords: [a, 'b, c', \"d\"]\ntakeaways:\n- One.\n- 'Two: three.'\n"
        "- >\n  Four\n  five.\n- No\n- 12\naliases: []\nauthor: Yes\n---\n\nx\n"
    ),
    "unordered": '---\norder: 7\nauthor: "  Two   blanks "\nkind: page\ntitle: null\nsummary: 2026-01-01\n---\nx',
    "long": f"---\n{FRONT}---\n\n" + ("A line of words. " * 40 + "\n\n") * 130,
}

_MAKE = """
import json
from siweb.articles.text import front_matter
from siweb.articles.models import Article, Revision
for name, written in json.loads({written!r}).items():
    article, new = Article.objects.get_or_create(slug="noop-" + name)
    if new:
        article.head = article.add_revision(front_matter.read_bytes(written.encode()), Revision.Source.FILE)
        article.save()
    print(name, article.pk)
"""


@pytest.fixture(scope="module")
def keys(site):
    """{name: key of the article that this file makes}."""
    written = json.dumps(FILES)
    made = site.manage("shell", "-v0", "-c", _MAKE.format(written=written))
    return dict(line.split() for line in made.splitlines())


@pytest.mark.parametrize("name", FILES)
def test_a_save_without_a_change_makes_no_revision(open_staff, site, keys, name):
    page = open_staff(f"/admin/articles/article/{keys[name]}/change/")
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()
    assert page.get_by_text("Nothing had changed; no new draft was made.").is_visible()
    counts = f"SELECT count(*), max(a.version) FROM articles_revision r JOIN articles_article a ON r.article_id = a.id WHERE a.id = {keys[name]}"
    assert rows(site, counts) == [(1, 0)]


def test_a_save_without_scripts_makes_none_either(open_staff, site, keys):
    page = open_staff(f"/admin/articles/article/{keys['crlf']}/change/", java_script_enabled=False)
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Nothing had changed; no new draft was made.").wait_for()


def test_a_real_change_makes_one(open_staff, site, keys):
    page = open_staff(f"/admin/articles/article/{keys['plain']}/change/")
    page.fill("#id_body", "Other words.")
    page.keyboard.press("Control+s")
    page.get_by_text("Draft 2 is saved.").wait_for()
    assert rows(site, f"SELECT count(*) FROM articles_revision WHERE article_id = {keys['plain']}") == [(2,)]
