"""The review pack: what a clinician reads on paper."""

import re

import pytest
from django.urls import reverse

from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.text import front_matter
from tests.conftest import article_file
from tests.support.deciding import signed

PACK = reverse("admin:articles_article_pack")


@pytest.fixture
def articles(db, content, clinician):
    content("our-rules", "numb-leg\n:   Who do I call?\n:   Ask us first.\n", kind="rules")
    content("care", "## Rest\n\nRest.[^a]\n\n[[rule:numb-leg]]\n\n[^a]: A. Trial. 2014.\n", title="Care", order=2)
    sync.import_folder(content("rest", "## Rest\n\nRest two days.\n", title="Rest", order=1))
    return {article.slug: article for article in Article.objects.all()}


def pack(client, *articles):
    return client.get(PACK, {"article": [article.pk for article in articles]}).content.decode()


def test_it_holds_page_changes_sources_rules_and_a_line_to_sign(client, articles, clinician, editor):
    signed(articles["care"].live, by=clinician)
    article = Article.objects.get(slug="care")
    words = article.head.parsed.body.replace("Rest.[", "Rest well.[")
    article.edit(
        front_matter.parse(article_file(words, title="Care")), by=editor, version=article.version, note="Well!"
    )
    client.force_login(clinician)
    said = pack(client, article)
    for words in (
        "<h1>Care</h1>",
        "From text 1 to text 2.",
        "<ins><span",
        "text 2, Edith Editor (“Well!”)",
        "A. Trial. 2014.",
        "Ask us first.",
        "<dt>Signature</dt>",
        "I have read “Care”, text 2, code",
    ):
        assert words in said, words


def test_its_code_is_the_one_on_the_review_page(client, articles, clinician):
    client.force_login(clinician)
    code = re.search(r"code <b>(\w{4} \w{4})</b>", pack(client, articles["care"]))[1]
    assert code in client.get(reverse("admin:articles_article_review", args=[articles["care"].pk])).content.decode()


def test_many_articles_stand_in_the_order_of_the_guide_and_no_name_twice(client, articles, editor):
    client.force_login(editor)
    said = pack(client, *articles.values())
    assert re.findall(r"<h1>(.*?)</h1>", said)[-2:] == ["Rest", "Care"]
    names = re.findall(r' id="([^"]+)"', said)
    assert len(names) == len(set(names))
    for target in re.findall(r'href="#([^"]+)"', said):
        assert target in names


@pytest.mark.parametrize("asked", [{}, {"article": ["x", "99999", "²"]}])
def test_nothing_ticked_is_said(client, db, editor, asked):
    client.force_login(editor)
    assert "No article was ticked." in client.get(PACK, asked).content.decode()


def test_a_text_that_was_checked_says_so(client, articles, clinician):
    signed(articles["care"].live, by=clinician)
    client.force_login(clinician)
    assert "Nothing in the text: this very text was checked. Checked by Clara Clinician on" in pack(
        client, articles["care"]
    )
    assert "No text of this article has been checked yet" in pack(client, articles["rest"])
