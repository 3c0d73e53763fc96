"""The preview is the page: the same bytes as readers get once the text is live, and nobody else may frame it."""

import random
import re

import pytest
from django.urls import reverse

from siweb.articles.editorial.publishing import refresh, split
from siweb.articles.forms import fields_of
from siweb.articles.models import Article, Revision
from siweb.articles.staff.editor import preview_page
from tests.support import generated
from tests.support.deciding import signed

PREVIEW = reverse("admin:articles_article_preview")
AT_A_TIME = 100


def article_in(response):
    return re.search(rb"<article.*</article>", response.content, re.DOTALL)[0]


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.mark.slow
def test_the_preview_of_every_shipped_article_is_its_page(desk, shipped):
    assert len(shipped) > 10
    for slug, article in shipped.items():
        typed = fields_of(article.live.parsed) | {"slug": slug}
        typed["body"] = typed["body"].replace("\n", "\r\n")  # as browsers send it
        assert article_in(desk.post(PREVIEW, typed)) == article_in(desk.get(article.page.url)), slug


def test_the_preview_of_a_checked_text_says_who_checked_it(desk, shipped, clinician):
    article = shipped["causes"]
    signed(article.live, clinician)
    typed = fields_of(article.live.parsed) | {"slug": "causes"}
    assert b"Checked by Clara Clinician" in article_in(desk.post(PREVIEW, typed))
    assert article_in(desk.post(PREVIEW, typed)) == article_in(desk.get(article.page.url))
    changed = desk.post(PREVIEW, typed | {"summary": "Other words."})
    assert b"Not yet checked by a clinician" in article_in(changed)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "texts"), [(4, 200), pytest.param(5, 1_000, marks=pytest.mark.full)])
def test_the_preview_of_made_up_texts_is_their_page(shipped, seed, texts):
    chance = random.Random(seed)
    rules = sorted({rule for article in shipped.values() for rule in _rules(article)})
    slugs = [f"made-up-{number}" for number in range(AT_A_TIME)]
    articles = [Article.objects.create(slug=slug) for slug in slugs]
    for _ in range(texts // AT_A_TIME):
        for article in articles:
            text = generated.text(chance, [*slugs, *shipped], rules)
            article.live = article.add_revision(text, Revision.Source.FILE)
        Article.objects.bulk_update(articles, ["live"])
        refresh()
        for article in articles:
            article.refresh_from_db()
            page = preview_page(fields_of(article.live.parsed) | {"slug": article.slug})
            assert _shown(page) == _shown(article.page)


def _rules(article):
    return re.findall(r"\[\[rule:([a-z-]+)\]\]", article.live.text)


def _shown(page):
    """All that the template of an article shows of a text."""
    return (*split(page), page.title, page.summary, page.takeaways, page.author, page.minutes, page.contents, page.url)


def test_a_draft_says_so_where_it_stands_alone(desk, shipped):
    typed = fields_of(shipped["causes"].live.parsed) | {"slug": "causes", "title": "Another"}
    alone = desk.post(PREVIEW, typed)
    framed = desk.post(PREVIEW, typed, headers={"X-Requested-With": "fetch"})
    assert b"Readers do not see this" in alone.content
    assert b"Readers do not see this" not in framed.content
    assert b'<meta name="robots" content="noindex">' in alone.content
    assert b'rel="canonical"' not in alone.content
    assert "no-store" in alone.headers["Cache-Control"]


def test_a_text_that_cannot_be_shown_is_answered_with_what_is_wrong(desk, shipped):
    response = desk.post(PREVIEW, {"title": "A", "summary": "B", "kind": "topic", "body": "\n\n[x](nowhere)"})
    assert response.status_code == 422
    assert "Line 3: The link &quot;nowhere&quot; leads nowhere" in response.content.decode()


def test_a_text_that_has_only_begun_can_be_seen(desk, shipped):
    response = desk.post(PREVIEW, {"title": "", "summary": "", "kind": "topic", "body": ""})
    assert response.status_code == 200
    assert "No title yet" in response.content.decode()


def test_only_our_own_pages_may_frame_the_preview_and_only_the_form_frames_anything(desk, shipped):
    for response in (desk.get(PREVIEW), desk.post(PREVIEW, {"kind": "topic"}), desk.post(PREVIEW, {"kind": "x"})):
        assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
        assert "frame-src" not in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    form = desk.get(reverse("admin:articles_article_add"))
    assert "frame-src 'self'" in form.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in form.headers["Content-Security-Policy"]
    for address in ("/", "/guide/causes/", "/admin/", reverse("admin:articles_article_how_to_write")):
        response = desk.get(address)
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert "frame-src" not in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"
