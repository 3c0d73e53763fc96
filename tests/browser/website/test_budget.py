"""What a page costs a reader: one small request, and nothing kept or sent elsewhere."""

import pytest

pytestmark = pytest.mark.browser

FIRST_ROUND_TRIP = 14_600  # bytes: ten packets, which a server sends before it waits for an answer

# The text of all warning signs names 70 sources, the last thing on its page: the signs arrive with the first packets.
SOURCES_LATER = {"/guide/warning-signs/": 17_000}

STORED = """async () => [
    document.cookie, localStorage.length, sessionStorage.length,
    (await indexedDB.databases()).length, (await caches.keys()).length]"""


def articles(sitemap):
    return [path for path in sitemap if path.startswith("/guide/") and path != "/guide/"]


def test_every_article_with_its_style_arrives_in_the_first_round_trip(site, sitemap):
    sizes = {}
    for path in articles(sitemap):
        answer = site.get(path, Accept_Encoding="br")
        assert answer.headers["Content-Encoding"] == "br"
        sizes[path] = len(answer.body)
    print(dict(sorted(sizes.items(), key=lambda item: -item[1])))
    assert len(sizes) >= 10
    assert {path: size for path, size in sizes.items() if size > SOURCES_LATER.get(path, FIRST_ROUND_TRIP)} == {}


def test_no_page_asks_for_anything_but_itself_and_its_pictures(site, sitemap, chromium):
    context = chromium.new_context(base_url=site.url)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    for path in sitemap:
        page.goto(path)
    context.close()
    assert {kind for kind, _ in asked} <= {"document", "image", "other"}  # other: the icon
    assert [url for _, url in asked if not url.startswith(site.url)] == []
    assert len(asked) > len(sitemap)


def test_no_page_keeps_anything_in_the_browser(site, sitemap, chromium):
    context = chromium.new_context(base_url=site.url)
    page = context.new_page()
    for path in sitemap:
        page.goto(path)
        assert page.evaluate(STORED) == ["", 0, 0, 0, 0], path
    assert context.cookies() == []
    page.evaluate("document.cookie = 'a=b'; localStorage.x = 1")  # the control: they would have been seen
    assert page.evaluate(STORED)[:2] == ["a=b", 1]
    assert len(context.cookies()) == 1
    context.close()


def test_no_page_has_an_error_or_a_breach_of_the_policy(site, sitemap, chromium):
    context = chromium.new_context(base_url=site.url)
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in [*sitemap, "/guide/causes/print/", "/guide/causes/large-print/"]:
        page.goto(path)
    assert said == []
    page.evaluate("document.body.setAttribute('style', 'color:red')")  # the control: the policy speaks up
    page.wait_for_function("true")
    assert any("style" in message for message in said)
    context.close()


def test_drawings_are_as_large_as_the_room_kept_for_them(open_page):
    for path in ("/guide/anatomy/", "/guide/imaging/", "/guide/procedure/"):
        page = open_page(path, width=1280)
        for size in page.locator("figure img").evaluate_all(
            "i => i.map(e => [e.naturalWidth / e.naturalHeight, e.width / e.height])"
        ):
            assert size[0] == pytest.approx(size[1], rel=0.02)
