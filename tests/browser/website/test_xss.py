"""Nothing that an editor writes runs in a reader's browser: our own list of attacks, in real Chromium, with no CSP to help.

Every attack is rendered, also where the renderer would refuse it, and a page of all of them is loaded; then each element is
clicked, hovered over and focused. The same attacks through a careless renderer show that the trap works.
"""

import html
import json
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from siweb.articles.importing.sync import import_folder
from siweb.articles.rendering.document import Rule, Term
from siweb.articles.rendering.glossary_links import terms_by_name
from siweb.articles.search import live_index
from siweb.clinics.models import Clinic, Location
from tests.support.rendering import AROUND, document, html_even_if_refused

pytestmark = pytest.mark.browser

IMG = "<img src=x onerror=alert(1)>"
BREAK = f'">{IMG}'

ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#106;avascript:alert(1)",
    "java&#9;script:alert(1)",
    "java&#10;script:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "&#1;javascript:alert(1)",
    "&#x20;javascript:alert(1)",
    "\\javascript:alert(1)",
    "javascript\\:alert(1)",
    "%6aavascript:alert(1)",
    "<javascript:alert(1)>",
    "<java\tscript:alert(1)>",
    "< javascript:alert(1)>",
    "\u00a0javascript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "java\u200bscript:alert(1)",
    "ｊavascript:alert(1)",
    "javaſcript:alert(1)",
    "javascript：alert(1)",
    "javascript://%0aalert(1)",
    "vbscript:msgbox(1)",
    "livescript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml,<svg/onload=alert(1)>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "blob:https://a.b/1",
    "file:///etc/passwd",
    "view-source:javascript:alert(1)",
    "//a.b/x",
    "/\\a.b/x",
    "https:javascript:alert(1)",
    "tel:javascript:alert(1)",
    "mailto:a@b.c?body=<script>alert(1)</script>",
    'https://a.b/"onmouseover="alert(1)',
    "https://a.b/'onclick='alert(1)",
    "https://a.b/`><script>alert(1)</script>",
    "#javascript:alert(1)",
]

MARKUP = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=data:,alert(1)></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<script\n>alert(1)</script\n>",
    IMG,
    "<img/src=x/onerror=alert(1)>",
    "<IMG SRC=x ONERROR=alert(1)//",
    "<img src=`x`onerror=alert(1)>",
    "<<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src=javascript:parent.alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<base href=javascript:alert(1)//>",
    '<meta http-equiv=refresh content="9;url=javascript:alert(1)">',
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<a href=javascript:alert(1)>x</a>",
    "<p onclick=alert(1)>x</p>",
    "<style>*{color:red}</style>",
    "<p style=position:fixed>x</p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?x <img src=x onerror=alert(1)> ?>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "&amp;lt;script&amp;gt;alert(1)",
    "\\<img src=x onerror=alert(1)\\>",
    "＜script＞alert(1)＜/script＞",
    "<ſcript>alert(1)</ſcript>",
    "<img src=x\u2028onerror=alert(1)>",
    "\u202e>)1(trela=rorreno x=crs gmi<",
    # These become something else when a browser reads them a second time.
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<svg></p><style><a id="</style><img src=x onerror=alert(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
    '<title><a title="</title><img src=x onerror=alert(1)>">',
    "<template><img src=x onerror=alert(1)></template>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "</p></div></section><img src=x onerror=alert(1)>",
]

# Places in our own Markdown, for each to hold an attack.
PLACES = {
    "a title": '[x](about "{}")',
    "a reference's title": "[x][1]\n\n[1]: about '{}'",
    "a caption": '![a](pelvis "{}")',
    "an alternative text": "![{}](pelvis)",
    "a figure's name": "![a](<{}>)",
    "a heading": "## {}",
    "a box": "::: do {}\na\n:::",
    "a kind of box": "::: {} x\na\n:::",
    "a source's name": "a[^{0}]\n\n[^{0}]: b",
    "a source": "a[^b]\n\n[^b]: {}",
    "a column": "|a|{}|\n|-|-|\n|b|c|",
    "a cell": "|a|b|\n|-|-|\n|c|{}|",
    "a code block": "```{}\na\n```",
    "code": "`{}`",
    "a key": "[[rule:{}]]",
    "a word": "{}\n:   a",
    "a link's words": "[{}](about)",
    "an emphasis": "*{}*",
    "a list": "1. {}",
}
INTO_PLACES = [IMG.replace("]", ""), BREAK, f"'>{IMG}", 'x" onmouseover=alert(1) y="', "--><script>alert(1)</script>"]

ENTRIES = [
    ("glossary", f"{BREAK}\n:   {IMG}\n:   Also: {BREAK}"),
    ("rules", f"{BREAK}\n:   {IMG}\n:   [x](javascript:alert(1)) {IMG}"),
    ("rules", f'driving" onclick="alert(1)\n:   {IMG}\n:   {BREAK}'),
]

ATTACKS = [("topic", body) for body in MARKUP]
ATTACKS += [
    ("topic", body)
    for address in ADDRESSES
    for body in (f"[x]({address})", f"[x][1]\n\n[1]: {address}", f"![x]({address})", f"<{address}>")
]
ATTACKS += [("topic", place.format(attack)) for place in PLACES.values() for attack in INTO_PLACES]
ATTACKS += [("topic", f"[![x]({address})]({address})") for address in ADDRESSES[:9]]
ATTACKS += ENTRIES

# What the database may hold, quoted in a text.
HOSTILE_AROUND = replace(
    AROUND,
    facts=dict.fromkeys(AROUND.facts, BREAK),
    phone_link="javascript:alert(1)",
    rules={
        "markup": Rule("markup", BREAK, BREAK, f"{BREAK} [x](javascript:alert(1))"),
        "open": Rule("open", IMG, f"Ask us. {IMG}", f"*{IMG}*"),
    },
    terms=terms_by_name([Term(BREAK, "x"), Term('Steroid" onclick="alert(1)', "x")]),
)
QUOTES = (
    "[[rule:markup]]\n\n[[rule:open]]\n\na [[rule:markup]] [[clinic:name]] [[clinic:phone]]\n\n"
    + 'Steroid" onclick="alert(1) x">'
)

# The browser's own eyes: its tree, and its reading of each address.
DANGERS = """() => {
    const bad = 'script,style,iframe,frame,object,embed,applet,form,input,button,base,meta,link,svg,math,template,video,audio';
    const leading = ['href', 'src', 'action', 'formaction', 'data', 'xlink:href', 'srcset', 'poster', 'background'];
    const read = address => new URL(address, 'https://site.example/');
    const found = [...document.body.querySelectorAll(bad)].map(e => e.outerHTML.slice(0, 120));
    for (const e of document.body.querySelectorAll('*')) for (const {name, value} of e.attributes) {
        const away = leading.includes(name) && !['https:', 'tel:', 'mailto:'].includes(read(value).protocol);
        const picture = name === 'src' && read(value).host !== 'site.example';
        if (/^on|^style$|^srcdoc$/i.test(name) || away || picture) found.push(`${e.tagName} ${name}=${value}`);
    }
    return found;
}"""
TOUCH = """() => {
    document.addEventListener('click', e => {
        const link = e.target.closest('a');
        if (link && link.protocol !== 'javascript:') e.preventDefault();
    });
    document.addEventListener('submit', e => e.preventDefault());
    for (const e of document.body.querySelectorAll('*')) {
        for (const type of ['mouseover', 'mouseenter', 'focus', 'toggle', 'error', 'load']) e.dispatchEvent(new Event(type));
        if (e.click) e.click();
    }
    return new Promise(done => setTimeout(done, 100));
}"""


@pytest.fixture
def load(chromium):
    """load(markup) opens it as a page without a CSP: the dialogs that it opened, and its dangerous elements."""
    context = chromium.new_context(bypass_csp=True)
    context.route("**/*", lambda route: route.abort())

    def load(markup):
        page, fired = context.new_page(), []
        page.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
        page.set_content(markup, wait_until="load")
        dangers = page.evaluate(DANGERS)
        page.evaluate(TOUCH)
        page.close()
        return fired, dangers

    yield load
    context.close()


def page_of(parts):
    return "<!doctype html><html><body>" + "\n".join(f"<section>{part}</section>" for part in parts)


def ours(attacks, around=AROUND):
    return page_of(html_even_if_refused(document(body, kind), around) for kind, body in attacks)


def carelessly(attacks):
    careless = MarkdownIt("commonmark", {"html": True}).enable("table")
    careless.validateLink = lambda url: True
    return page_of(careless.render(body) for _, body in attacks)


def test_no_attack_fires_or_leaves_anything_dangerous(load):
    assert len(ATTACKS) > 100
    assert load(ours(ATTACKS)) == ([], [])


def test_the_same_attacks_fire_through_a_careless_renderer(load):
    fired, dangers = load(carelessly(ATTACKS))
    assert fired
    assert len(dangers) > len(MARKUP)
    for kind, careless in (("links", ADDRESSES[:5]), ("markup", MARKUP[:9]), ("mutations", MARKUP[-7:])):
        written = [("topic", f"[x]({attack})" if kind == "links" else attack) for attack in careless]
        assert load(carelessly(written))[0], kind


def test_what_the_database_holds_fires_nowhere(load):
    written = ours([("topic", QUOTES)], HOSTILE_AROUND)
    assert "onerror" in written
    assert load(written) == ([], [])
    fired, dangers = load(html.unescape(written))
    assert fired
    assert dangers


@pytest.fixture
def pages(content, client, monkeypatch):
    """Every page on which front matter, the clinic's facts and a reader's own words are shown, all of them attacks."""
    number = "'\"onclick=alert(1) x="  # as long as the database lets it be
    Clinic.objects.filter(pk=1).update(
        name=f"</script>{IMG}", legal_name=IMG, controller=BREAK, rating=IMG, phone=number
    )
    places = {"name": BREAK, "address": BREAK, "getting_there": IMG, "parking": f"</p>{IMG}", "access": f"<!--{IMG}"}
    Location.objects.update(**places, guidance=IMG, phone=number)
    front = {key: json.dumps(f"</script></title>{key}{BREAK}") for key in ("title", "summary", "author")}
    front |= {key: json.dumps([f"{BREAK} {key}", f"</li>{IMG}"]) for key in ("keywords", "takeaways")}
    for slug, kind in (("one", "step"), ("two", "step"), ("three", "page"), ("four", "topic")):
        links = "[one](one) [two](two) [four](four)"
        content(slug, f"{links} [[clinic:name]]\n\n## {BREAK}\n\n{IMG} steroid\n", **front | {"kind": kind})
    import_folder(content.folder)
    paths = [f"/guide/one/{part}" for part in ("", "print/", "large-print/", "useful/")]
    paths += ["/", "/guide/", "/three/", "/clinics/", "/clinics/example-location/", "/sitemap.xml"]
    paths += ["/search/?q=steroid", f"/search/?q={BREAK}", f"/{BREAK}/"]
    monkeypatch.setattr(live_index, "shelf", live_index.Shelf())
    return {path: client.get(path).content.decode() for path in paths}


@pytest.mark.django_db
def test_front_matter_facts_and_queries_fire_nowhere(pages, load):
    for path, written in pages.items():
        fired, dangers = load(written)
        assert fired == [], path
        ours = ("<form", "<input", "<button", "<svg", "<link")  # what our templates are made of
        assert [danger for danger in dangers if not danger.startswith(ours)] == [], path
    assert all(IMG in html.unescape(written) for path, written in pages.items() if path != "/sitemap.xml")
    assert load(html.unescape(pages["/guide/one/"]))[0]
