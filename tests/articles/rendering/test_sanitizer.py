"""What the last step of rendering lets out: these elements, attributes, classes and addresses, and nothing else."""

import re
from html.parser import HTMLParser

import pytest

from siweb.articles.rendering.sanitizer import clean
from siweb.config.settings import BASE_DIR

# All that HTML has or had, with what runs or fetches in SVG and MathML.
ELEMENTS = (
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br "
    "button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed "
    "fencedframe fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i "
    "iframe img input ins isindex kbd keygen label legend li link listing main map mark marquee menu menuitem meta meter "
    "nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext portal pre progress q "
    "rb rp rt rtc ruby s samp script search section select selectedcontent slot small source spacer span strike strong "
    "style sub summary sup table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp "
    "svg animate animatemotion animatetransform circle defs desc filter foreignobject g image line path rect set switch "
    "symbol text use view math annotation annotation-xml maction mglyph mi mn mo ms mtext semantics"
)
IN_TABLES = {"caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"}

# All of HTML's, with what frameworks and SVG read.
ATTRIBUTES = (
    "abbr about accept accept-charset accesskey action alink align allow allowfullscreen alt anchor archive aria-describedby "
    "aria-hidden aria-label aria-labelledby aria-live as async attributename autocapitalize autocomplete autocorrect "
    "autofocus autoplay axis background begin behavior bgcolor blocking border cellpadding cellspacing char charoff charset "
    "checked cite class classid clear closedby code codebase codetype color cols colspan command commandfor compact content "
    "contenteditable controls coords crossorigin data data-label data-other datafld dataformatas datasrc datetime declare "
    "decoding default defer dir direction dirname disabled download draggable dynsrc enctype enterkeyhint event "
    "exportparts face fetchpriority fill filter for form formaction formenctype formmethod formnovalidate formtarget frame "
    "frameborder from headers height hidden high href hreflang hspace http-equiv icon id imagesizes imagesrcset inert "
    "inputmode integrity is ismap itemid itemprop itemref itemscope itemtype kind label lang language link list loading "
    "longdesc loop low lowsrc manifest marginheight marginwidth mask max maxlength media method min minlength multiple "
    "muted name nohref nomodule nonce noresize noshade novalidate nowrap object onabort onanimationend onauxclick "
    "onbeforeinput onbeforetoggle onblur oncancel onclick onerror onfocus oninput onkeydown onload onmouseover "
    "onpointerdown onscroll onscrollend onsubmit ontoggle ontransitionend onwheel open optimum part pattern ping "
    "placeholder playsinline popover popovertarget popovertargetaction poster preload profile prompt property readonly "
    "referrerpolicy rel required resource rev reversed role rows rowspan rules sandbox scheme scope scrolling selected "
    "shadowrootmode shape size sizes slot span spellcheck src srcdoc srclang srcset standby start step style summary "
    "tabindex target text title to translate type typeof usemap valign value valuetype version vlink vspace width "
    "writingsuggestions wrap xlink:href xml:base xml:lang xmlns"
)

PLAIN = (
    "h2 h3 h4 h5 h6 p hr blockquote pre div section b br code em s span strong sup ul li dl dt dd figure figcaption "
    "table thead tbody tr"
)
KEPT = {tag: {"id"} for tag in PLAIN.split()} | {
    "a": {"id", "href", "aria-label"},
    "img": {"id", "src", "srcset", "sizes", "loading", "alt", "width", "height"},
    "ol": {"id", "start"},
    "td": {"id", "data-label"},
    "th": {"id", "scope"},
}

CLASSES = {
    "a": {"back", "term"},
    "dd": {"also"},
    "div": {"card", "differs", "rule", "open", "emergency", "urgent", "nonurgent", "important", "do", "dont"},
    "dl": {"terms"},
    "li": {"tick"},
    "section": {"sources", "sheet", "wallet"},
    "span": {"hidden"},
    "sup": {"ref"},
}

ADDRESSES = {
    "https://example.org/": True,
    "HTTPS://EXAMPLE.ORG/": True,
    "mailto:a@example.org": True,
    "tel:+441614960000": True,
    "/guide/anatomy/": True,
    "aftercare": True,
    "#sources": True,
    "http://example.org/": False,
    "javascript:alert(1)": False,
    " JaVaScRiPt:alert(1)": False,
    "java\tscript:alert(1)": False,
    "data:text/html,a": False,
    "data:image/png;base64,AAAA": False,
    "vbscript:a": False,
    "blob:https://example.org/a": False,
    "file:///etc/passwd": False,
    "ftp://example.org/": False,
    "sms:+441614960000": False,
    "whatsapp://send": False,
    "about:blank": False,
    "intent://a": False,
    "view-source:https://example.org/": False,
    "x-anything:a": False,
}


class Leaving(HTMLParser):
    """{element: {attribute: value}} of what cleaned HTML holds; of each element the one with the most attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = {}
        self.feed(clean(html))
        self.close()

    def handle_starttag(self, tag, attrs):
        if len(attrs) >= len(self.found.get(tag, ())):
            self.found[tag] = dict(attrs)


def leaving(tag, attributes=""):
    inside = f"<{tag} {attributes}>a</{tag}>"
    return Leaving(f"<table>{inside}</table>" if tag in IN_TABLES else inside).found


def test_these_elements_and_attributes_leave_and_nothing_else():
    every = " ".join(f'{name}="1"' for name in ATTRIBUTES.split())
    found = {}
    for tag in ELEMENTS.split():
        for left, attributes in leaving(tag, every).items():
            found.setdefault(left, set()).update(attributes)
    # An element may keep an attribute of class that lost all of its names.
    assert {tag: names - {"class"} for tag, names in found.items()} == KEPT


def test_these_classes_leave_and_nothing_else():
    styled = {
        name
        for path in (BASE_DIR / "static").rglob("*.css")
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", path.read_text(encoding="utf-8"))
    }
    every = " ".join(sorted(styled.union(*CLASSES.values()) | {"other"}))
    found = {tag: set((leaving(tag, f'class="{every}"')[tag].get("class") or "").split()) for tag in KEPT}
    assert {tag: names for tag, names in found.items() if names} == CLASSES


@pytest.mark.parametrize(("tag", "attribute"), [("a", "href"), ("img", "src")])
@pytest.mark.parametrize(("address", "leaves"), ADDRESSES.items())
def test_only_addresses_of_ours_https_mail_and_telephone_leave(tag, attribute, address, leaves):
    left = leaving(tag, f'{attribute}="{address}"')[tag]
    assert left == ({attribute: address} if leaves else {})


@pytest.mark.parametrize("html", ["<script>a</script>", "<style>a</style>", "<!-- a -->", "<!doctype html>", "<?a?>"])
def test_what_is_no_text_leaves_nothing(html):
    assert clean(html) == ""
