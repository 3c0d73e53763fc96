"""Our Markdown: each construct and the HTML that it becomes."""

import re
import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siweb.articles.editorial import publishing
from siweb.articles.rendering.document import PAGE_ANCHORS, Rule
from siweb.articles.rendering.renderer import Figure, render
from siweb.articles.rendering.sanitizer import clean
from siweb.articles.text.front_matter import BadText
from tests.support.rendering import AROUND, RULES, document, file_of, html, shipped, shipped_surroundings

COMMON = {
    "a paragraph": ("One\ntwo.", "<p>One\ntwo.</p>\n"),
    "emphasis": ("*a* **b** _c_", "<p><em>a</em> <strong>b</strong> <em>c</em></p>\n"),
    "a break": ("a  \nb", "<p>a<br>\nb</p>\n"),
    "a rule": ("---", "<hr>\n"),
    "a list": ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    "a list that begins at 3": ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
    "a quotation": ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
    "code": ("`a<b`", "<p><code>a&lt;b</code></p>\n"),
    "a code block": ("```js\na\n```", "<pre><code>a\n</code></pre>\n"),
    "a definition list": ("a\n:   b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>\n"),
    "raw HTML is text": ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n"),
    "a block of HTML is text": ("<script>\nx\n</script>", "<p>&lt;script&gt;\nx\n&lt;/script&gt;</p>\n"),
    "entities are characters": ("&lt;&copy;&#65;", "<p>&lt;©A</p>\n"),
}


@pytest.mark.parametrize(("body", "expected"), COMMON.values(), ids=COMMON)
def test_ordinary_markdown_becomes_ordinary_html(body, expected):
    assert html(body) == expected


# What is written after the colons: the class, the words that only a screen reader hears, the heading.
CARDS = {
    "emergency Call 999 if:": ("card emergency", "Emergency advice: ", "Call 999 if:"),
    "urgent Call 111 if:": ("card urgent", "Urgent advice: ", "Call 111 if:"),
    "nonurgent See a GP if:": ("card nonurgent", "Non-urgent advice: ", "See a GP if:"),
    "important": ("card important", "", "Important"),
    "important Eat first": ("card important", "Important: ", "Eat first"),
    "do": ("card do", "", "Do"),
    "do For a day": ("card do", "", "For a day"),
    "dont": ("card dont", "", "Do not"),
    "dont For 24 hours": ("card dont", "", "For 24 hours"),
    "differs": ("differs", "", "Where clinics differ"),
    "differs Where clinics differ: food": ("differs", "", "Where clinics differ: food"),
}


@pytest.mark.parametrize(("written", "expected"), CARDS.items(), ids=CARDS)
def test_a_box_says_its_level_to_those_who_cannot_see_it(written, expected):
    css, hidden, heading = expected
    spoken = f'<span class="hidden">{hidden}</span>' if hidden else ""
    assert html(f"::: {written}\n- a\n:::\n") == (
        f'<div class="{css}"><h2>{spoken}{heading}</h2><div>\n<ul>\n<li>a</li>\n</ul>\n</div></div>\n'
    )


def test_the_heading_of_a_box_is_text():
    assert "<h2>A &amp; &lt;b&gt;</h2>" in html("::: do A & <b>\na\n:::")


@pytest.mark.parametrize(("before", "tag"), [("", "h2"), ("## A", "h3"), ("## A\n\n### B", "h4"), ("###### A", "h6")])
def test_a_box_is_one_level_below_the_section_that_it_stands_in(before, tag):
    assert f'<div class="card do"><{tag}>Do</{tag}>' in html(f"{before}\n\n::: do\na\n:::")


def test_a_box_may_stand_in_a_list_and_in_a_quotation():
    assert '<div class="card do">' in html("- a\n\n  ::: do\n  b\n  :::\n")
    assert '<div class="card do">' in html("> ::: do\n> b\n> :::\n")


def test_sources_are_numbered_as_they_are_cited_and_lead_back_to_the_first_place():
    page = html("A[^z] b[^a] c[^z].\n\n[^a]: Ann. *One*.\n[^z]: Zoe.\n")
    mark = '<sup class="ref"><a id="ref-{0}-{1}" href="#source-{0}" aria-label="Source {0}">{0}</a></sup>'
    back = '<a class="back" href="#ref-{0}-1" aria-label="Back to source {0} in the text">↑</a>'
    assert page == (
        f"<p>A{mark.format(1, 1)} b{mark.format(2, 1)} c{mark.format(1, 2)}.</p>\n"
        '<section class="sources"><h2 id="sources">Sources</h2><ol>\n'
        f'<li id="source-1"><p>Zoe. {back.format(1)}</p>\n</li>\n'
        f'<li id="source-2"><p>Ann. <em>One</em>. {back.format(2)}</p>\n</li>\n'
        "</ol></section>\n"
    )


def test_a_source_that_nothing_cites_is_left_out():
    assert html("A.\n\n[^a]: Ann.\n") == "<p>A.</p>\n"


def test_a_figure_takes_the_ordered_list_right_after_it_as_its_key():
    page = html('![Pelvis from behind](pelvis "Where it is.")\n\n1. one\n   1. inner\n2. two\n\nAfter.')
    assert page == (
        '<figure><img src="/static/figures/pelvis.svg" alt="Pelvis from behind" width="640" height="540">'
        "<figcaption><p>Where it is.</p>\n"
        "<ol>\n<li>one\n<ol>\n<li>inner</li>\n</ol>\n</li>\n<li>two</li>\n</ol>\n</figcaption></figure>\n<p>After.</p>\n"
    )


def test_a_list_with_dashes_is_no_key():
    assert "</figcaption></figure>\n<ul>" in html('![a](pelvis "b")\n\n- one\n')


def test_the_words_of_a_figure_are_text():
    page = html('![a "b" <c>](pelvis "d < \\"e\\"")')
    assert 'alt="a &quot;b&quot; &lt;c&gt;"' in page
    assert '<p>d &lt; "e"</p>' in page


def test_a_rule_alone_in_its_paragraph_becomes_a_box_that_leads_to_the_rule():
    assert html("[[rule:driving]]") == (
        '<div class="rule"><p><strong>When may I drive?</strong></p>\n<p>Not <em>that</em> day.</p>\n'
        '<p><a href="/guide/our-rules/#driving">Our rules</a></p></div>\n'
    )


def test_a_rule_without_an_answer_looks_open():
    assert html("[[rule:escort]]").startswith('<div class="rule open">')


def test_a_page_tells_five_unanswered_rules_in_full_and_leads_to_the_others():
    rules = {key: Rule(key, f"{key}?", "Ask us. Wait.", "Ask us. Wait.", RULES) for key in "abcdefg"}
    rules["known"] = Rule("known", "Known?", "Yes.", "Yes.")
    around = replace(AROUND, rules=rules)
    page = html(
        "\n\n".join(f"[[rule:{key}]]" for key in "aabcde") + "\n\nSo: [[rule:f]]\n\n[[rule:g]]\n\n[[rule:known]]",
        around=around,
    )
    asked = 'Ask us, and keep to <a href="/guide/our-rules/#{}">what our rules say until then</a>.'
    assert page.count("<p>Ask us. Wait.</p>") == 6  # a rule that stands there twice counts once
    assert f"<p>So: {asked.format('f')}</p>" in page
    assert f'<div class="rule open"><p><strong>g?</strong> {asked.format("g")}</p></div>' in page
    assert "<p>Yes.</p>" in page


def test_a_drawing_of_people_needs_no_words_because_the_sentence_before_it_has_them():
    around = replace(AROUND, figures={"people-1-in-8": Figure("/p.svg", 640, 80)})
    assert '<img src="/p.svg" alt=""' in html('![](people-1-in-8 "One of 8.")', around=around)


def test_a_rule_says_the_facts_and_links_that_it_holds_wherever_it_is_quoted():
    page = html("[[rule:advice]]")
    assert "<strong>Does Example Clinic help?</strong>" in page
    assert 'Call <a href="tel:01632960001">01632 960001</a> <a href="/guide/aftercare/">first</a>.' in page
    assert html("So: [[rule:advice]]") == "<p>So: Call 01632 960001 first.</p>\n"


def test_a_rule_inside_a_line_is_its_answer():
    assert html("After [[rule:numb-leg]]?") == "<p>After 6 hours?</p>\n"


SIGNS_BEHIND = {
    "[[rule:driving]].": "Not that day.",
    "[[rule:driving]], and rest.": "Not that day, and rest.",
    "[[rule:driving]]; rest.": "Not that day; rest.",
    "([[rule:driving]]).": "(Not that day).",
    "“[[rule:driving]]”.": "“Not that day”.",
    "[[rule:driving]]...": "Not that day...",
    "[[rule:driving]] (ask).": "Not that day. (ask).",
    "[[rule:driving]] Rest.": "Not that day. Rest.",
    "[[clinic:hours]].": "9 a.m. to 5 p.m.",
    "[[clinic:hours]], daily.": "9 a.m. to 5 p.m., daily.",
}


@pytest.mark.parametrize(("body", "shown"), SIGNS_BEHIND.items())
def test_the_full_stop_of_an_answer_is_not_shown_beside_the_sign_behind_its_quote(body, shown):
    around = replace(AROUND, facts=AROUND.facts | {"hours": "9 a.m. to 5 p.m."})
    assert html(f"So: {body}", around=around) == f"<p>So: {shown}</p>\n"
    [section] = render(document(f"So: {body}"), around).sections
    assert section.text == f"So: {shown}"
    table = html(f"|a {body}|b|\n|-|-|\n|c|d|\n".replace("|b|", f"|b {body}|"), around=around)
    assert f'data-label="b {shown}"' in table


def test_a_short_number_is_a_phone_link():
    assert html("Call [[rule:night-line]].") == '<p>Call <a href="tel:01632960002">01632 960 002</a>.</p>\n'


def test_the_facts_of_the_clinic_stand_where_they_are_quoted():
    assert html("At [[clinic:name]], [[clinic:hours]].") == "<p>At Example Clinic, Mon &amp; Tue.</p>\n"
    assert html("[[clinic:phone]]") == '<p><a href="tel:01632960001">01632 960001</a></p>\n'


def test_a_closed_clinic_has_no_phone_link():
    assert html("[[clinic:phone]]", around=replace(AROUND, phone_link="")) == "<p>01632 960001</p>\n"


def test_a_fact_that_is_missing_is_said_to_be_missing():
    assert html("Mail: [[clinic:email]]") == "<p>Mail: (the clinic has not given this yet)</p>\n"


LINKS = {
    "a slug": ("aftercare", "/guide/aftercare/"),
    "an old slug": ("after-care", "/guide/aftercare/"),
    "a page's slug": ("about", "/about/"),
    "a section": ("aftercare#driving", "/guide/aftercare/#driving"),
    "a section by an old slug": ("after-care#driving", "/guide/aftercare/#driving"),
    "a path": ("/clinics/", "/clinics/"),
    "a path with a place": ("/clinics/#x", "/clinics/#x"),
    "here": ("#risks", "#risks"),
    "another site": ("https://www.nhs.uk/x?a=1&b=2", "https://www.nhs.uk/x?a=1&amp;b=2"),
    "a phone": ("tel:999", "tel:999"),
    "a mailbox": ("mailto:a@b.uk", "mailto:a@b.uk"),
}


@pytest.mark.parametrize(("written", "href"), LINKS.values(), ids=LINKS)
def test_a_link_leads_where_it_says(written, href):
    assert f'<p><a href="{href}">x</a></p>' in html(f"[x]({written})\n\n## Risks\n")
    assert f'<p><a href="{href}">x</a></p>' in html(f"[x][1]\n\n## Risks\n\n[1]: {written}\n")


def test_the_articles_that_a_text_points_at_are_told_once_in_order():
    page = render(document("[x](about) [y](after-care) [z](about) [o](https://a.b) [p](/clinics/)"), AROUND)
    assert page.links == ("about", "after-care")


TERM = '<a class="term" href="/guide/glossary/#{}">{}</a>'


def test_the_first_use_of_a_term_leads_to_the_glossary():
    assert (
        html("A steroid. Steroids. STEROID.") == f"<p>A {TERM.format('steroid', 'steroid')}. Steroids. STEROID.</p>\n"
    )
    assert html("Two steroids.") == f"<p>Two {TERM.format('steroid', 'steroids')}.</p>\n"


def test_the_longest_term_is_the_one_that_is_meant():
    page = html("The sacroiliac joint, a joint.")
    assert TERM.format("sacroiliac-joint", "sacroiliac joint") in page
    assert TERM.format("joint", "joint") in page


NO_TERM = ["## Steroid", "[steroid](about)", "`steroid`", "steroidal", "::: emergency Steroid\nsteroid\n:::", "ſteroid"]


@pytest.mark.parametrize("body", NO_TERM)
def test_a_term_is_not_linked_here_but_at_its_next_use(body):
    assert "term" not in html(body)
    assert html(f"{body}\n\nA steroid.").count('class="term"') == 1


def test_a_term_is_not_linked_in_the_sources_nor_in_the_glossary_itself():
    assert "term" not in html("A[^a].\n\n[^a]: Steroid.\n").replace("</a>", "")
    assert 'class="term"' not in html("Steroid.", kind="glossary")
    assert 'class="term"' not in html("Steroid.", kind="rules")


def test_a_text_without_a_glossary_has_no_terms():
    assert html("A steroid.", around=replace(AROUND, terms={})) == "<p>A steroid.</p>\n"


def test_a_glossary_entry_shows_its_meaning_and_other_names_but_not_what_people_type():
    page = html("Blood thinners\n:   Medicines.\n:   Also: [warfarin](about)\n:   Typed: warferin\n", kind="glossary")
    assert page == (
        '<dl class="terms"><div><dt id="blood-thinners">Blood thinners</dt><dd>Medicines.</dd>'
        '<dd class="also">Also: <a href="/about/">warfarin</a></dd></div>\n</dl>\n'
    )


def test_a_rule_on_its_own_page_is_a_heading_with_an_anchor_and_an_answer():
    page = html("## Travel\n\ndriving\n:   May I drive?\n:   Ask us *first*.\n\nx\n:   Q\n:   No.\n", kind="rules")
    assert '<div class="rule open" id="driving"><h3>May I drive?</h3>\n<p>Ask us <em>first</em>.</p></div>' in page
    assert '<div class="rule" id="x"><h3>Q</h3>\n<p>No.</p></div>' in page


def test_each_cell_of_a_table_says_its_column():
    page = html("| What | Count [[clinic:name]] |\n|:--|--:|\n| sore | **1** |\n")
    assert page == (
        "<table>\n<thead>\n<tr>\n"
        '<th scope="col">What</th>\n<th scope="col">Count Example Clinic</th>\n'
        "</tr>\n</thead>\n<tbody>\n<tr>\n"
        '<th scope="row">sore</th>\n'
        '<td data-label="Count Example Clinic"><strong>1</strong></td>\n</tr>\n</tbody>\n</table>\n'
    )


def test_each_table_has_its_own_columns():
    labels = re.findall(r'data-label="(.*?)"', html("|a|b|\n|-|-|\n|1|2|\n\n|c|d|e|\n|-|-|-|\n|3|4|5|\n"))
    assert labels == ["b", "d", "e"]


ANCHORS = {
    "## Driving and work": "driving-and-work",
    "## It's “new”": "its-new",
    "## Émile's *café* & `x`": "emiles-cafe-x",
    "## 漢字": "section",
    "## Risks[^a]\n\n[^a]: S.": "risks",
    "Risks\n=====".replace("=", "-"): "risks",
}


@pytest.mark.parametrize(("body", "anchor"), ANCHORS.items())
def test_a_heading_has_an_anchor_made_of_its_words(body, anchor):
    assert f'<h2 id="{anchor}">' in html(body)


def test_anchors_are_never_twice_on_a_page():
    page = html(
        "## A\n\n## A\n\n## A-2\n\n## A\n\n## Source 1\n\n## Ref 1 1\n\n## Sources\n\n## Main\n\nx[^a]\n\n[^a]: S.\n"
    )
    anchors = re.findall(r' id="(.*?)"', page)
    assert anchors[:3] == ["a", "a-2", "a-2-2"]
    assert len(anchors) == len(set(anchors)) == 11
    assert anchors.count("main") == 0
    entries = re.findall(r' id="(.*?)"', html("## Driving\n\ndriving\n:   Q\n:   A\n", kind="rules"))
    assert sorted(entries) == ["driving", "driving-2"]


def test_no_heading_takes_an_id_that_the_page_around_it_uses(settings):
    templates = {
        path.name: path.read_text(encoding="utf-8")
        for folder in ("", "articles", "website")
        for path in (settings.BASE_DIR / "templates" / folder).glob("*.html")
    }
    parts_of_other_pages = ("_problems.html", "_field.html", "_emergency.html")
    around = [
        templates[name]
        for name in templates
        if name.startswith("_") or name in ("base.html", "article.html", "leaflet.html")
        if name not in parts_of_other_pages
    ]
    ids = set(re.findall(r'\bid="([a-z-]+)"', "".join(around)))
    assert "main" in ids
    assert ids <= PAGE_ANCHORS


def test_the_sections_tell_what_readers_see():
    body = (
        "Intro [[clinic:name]].\n\n## A *b*\n\n::: do Rest\n- [[rule:numb-leg]]\n:::\n\n|h|\n|-|\n|c[^s]|\n\n[^s]: S.\n"
    )
    sections = [(s.anchor, s.heading, s.level, s.text) for s in render(document(body), AROUND).sections]
    assert sections == [("", "", 1, "Intro Example Clinic."), ("a-b", "A b", 2, "Rest 6 hours h c")]


def test_the_minutes_are_rounded_up():
    assert [render(document("word " * n), AROUND).minutes for n in (0, 1, 200, 201)] == [1, 1, 1, 2]


@pytest.mark.slow
def test_every_shipped_article_can_be_rendered_and_rendering_again_gives_the_same():
    for article in shipped().values():
        page = render(article, shipped_surroundings())
        assert render(article, shipped_surroundings()) == page
        assert clean(page.html) == page.html


PIECES = [
    "# ",
    "## ",
    "- ",
    "1. ",
    "> ",
    "::: do\n",
    ":::\n",
    "\n",
    "\n\n",
    "|a|b|\n|-|-|\n",
    "|",
    "*",
    "_",
    "`",
    "[",
    "]",
    "(",
    ")",
]
PIECES += [
    "[^a]",
    "\n\n[^a]: S\n\n",
    "[[rule:driving]]",
    "[[clinic:phone]]",
    "![x](pelvis)",
    "[x](about)",
    "a\n:   b\n",
    "<b>",
    "steroid ",
]


@pytest.mark.slow
@settings(deadline=None, database=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map("".join))
def test_what_is_shown_in_a_preview_is_the_page_and_cleaning_it_again_changes_nothing(body):
    try:
        article = file_of(body)
        preview = render(article, AROUND)
    except BadText:
        return
    assert render(file_of(body), AROUND) == render(article, AROUND) == preview
    assert clean(preview.html) == preview.html


def test_a_page_is_made_again_when_any_part_of_the_renderer_changes(settings, monkeypatch, tmp_path):
    folder = shutil.copytree(settings.BASE_DIR / "siweb" / "articles" / "rendering", tmp_path / "rendering")
    monkeypatch.setattr(publishing, "_RENDERING", folder)
    digests = {publishing._renderer.__wrapped__()}
    parts = list(folder.glob("*.py"))
    for part in parts:
        part.write_text(f"{part.read_text()}# changed")
        digests.add(publishing._renderer.__wrapped__())
    assert len(digests) == len(parts) + 1


def test_all_of_our_own_code_that_renders_is_in_the_folder_whose_digest_pages_keep(settings):
    folder = settings.BASE_DIR / "siweb" / "articles" / "rendering"
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert set(re.findall(r"^from (siweb\.[\w.]+) import", sources, re.M)) == {
        "siweb.articles.text.front_matter",
        "siweb.core.shared_texts",  # the headings of the groups of signs: its digest is kept too
    }
