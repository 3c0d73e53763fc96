import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siweb.articles.search import Index, Section

# A small site: address, title, heading, text. Keywords stand with the articles below.
SECTIONS = [
    (
        "/anatomy/",
        "Your sacroiliac joint",
        "",
        "Where the bottom of your spine meets your hip bone, on each side.",
    ),
    ("/anatomy/#dimples", "Your sacroiliac joint", "Where it is", "Two dimples above the buttock mark it."),
    (
        "/anatomy/#moves",
        "Your sacroiliac joint",
        "How much it moves",
        "A few degrees. It cannot slip out of place.",
    ),
    (
        "/anatomy/#ligaments",
        "Your sacroiliac joint",
        "Ligaments",
        "Strong ligaments hold the bones of the pelvis.",
    ),
    (
        "/causes/",
        "Causes and symptoms",
        "",
        "Pain on one side of the buttock is common. So is pain above it.",
    ),
    ("/causes/#worse", "Causes and symptoms", "What makes it worse", "Sitting long, or turning over in bed."),
    ("/causes/#wear", "Causes and symptoms", "Osteoarthritis", "Joints change gradually with age."),
    ("/causes/#inflamed", "Causes and symptoms", "Sacroiliitis", "Inflammation of the joint: sacroiliitis."),
    (
        "/causes/#spa",
        "Causes and symptoms",
        "Axial spondyloarthritis",
        "A disease of the spine. HLA-B27 is a marker.",
    ),
    ("/mimics/", "What else it could be", "", "The back and the hip can hurt in the same place."),
    (
        "/mimics/#sciatica",
        "What else it could be",
        "Sciatica",
        "Leg pain from a nerve that a disc presses on.",
    ),
    ("/mimics/#cauda", "What else it could be", "Cauda equina syndrome", "An emergency: call 999."),
    ("/imaging/", "Scans and X-rays", "", "Pictures help, and they can mislead."),
    ("/imaging/#mri", "Scans and X-rays", "MRI", "A scan that uses magnets, without radiation."),
    (
        "/imaging/#guided",
        "Scans and X-rays",
        "Fluoroscopy",
        "Live X-ray pictures steer the needle. Fluoroscopy.",
    ),
    ("/imaging/#sound", "Scans and X-rays", "Ultrasound", "Pictures from sound waves. Ultrasound has none."),
    ("/injection/", "Types of injection", "", "A corticosteroid injection with local anaesthetic."),
    ("/injection/#steroid", "Types of injection", "The corticosteroid", "Cortisone lasts weeks to months."),
    (
        "/injection/#numb",
        "Types of injection",
        "The local anaesthetic",
        "An anaesthetic numbs for some hours.",
    ),
    ("/before/", "Before you come", "", "What to tell us before the injection."),
    ("/before/#thinners", "Before you come", "Blood", "An anticoagulant such as warfarin or apixaban."),
    ("/before/#sugar", "Before you come", "Diabetes", "With diabetes, sugar rises for some days."),
    (
        "/after/",
        "After your injection",
        "",
        "Rest today. Your leg may feel numb for hours after the injection.",
    ),
    (
        "/after/#driving",
        "After your injection",
        "Driving",
        "Do not drive yourself home until you hear from us.",
    ),
    (
        "/after/#flare",
        "After your injection",
        "Steroid flare",
        "More pain for two days. Facial flushing passes.",
    ),
    ("/after/#physio", "After your injection", "Physiotherapy", "Physiotherapy is easier with less pain."),
    ("/next/", "Next steps", "", "Heat on small nerves, radiofrequency, is one choice. Fusion is surgery."),
    ("/emergency/", "When to call for help", "", "Signs that need help now."),
]
KEYWORDS = {
    "/after/": "aftercare, going home, at home",
    "/next/": "what now, at home",
    "/mimics/": "sciatica",
}
SYNONYMS = {
    "bum": ["buttock"],
    "jab": ["injection"],
    "back injection": ["corticosteroid injection"],
    "si joint": ["sacroiliac joint"],
    "sij": ["sacroiliac joint"],
    "sacral iliac": ["sacroiliac"],
    "sacraliliac": ["sacroiliac"],
    "wear and tear": ["osteoarthritis"],
    "as": ["axial spondyloarthritis"],
    "ank spond": ["axial spondyloarthritis"],
    "siatica": ["sciatica"],
    "trapped nerve": ["sciatica"],
    "horse's tail": ["cauda equina"],
    "cortizone": ["corticosteroid", "cortisone"],
    "lignocaine": ["local anaesthetic"],
    "numb leg after injection": ["numb leg"],
    "x-ray guided": ["fluoroscopy"],
    "c-arm": ["fluoroscopy"],
    "sonogram": ["ultrasound"],
    "cat scan": ["scan"],
    "blood thinners": ["anticoagulant", "antiplatelet"],
    "flare up": ["steroid flare"],
    "red face": ["facial flushing"],
    "physio": ["physiotherapy"],
    "rhizotomy": ["radiofrequency"],
    "burning nerves": ["radiofrequency"],
    "hip popped out": ["slip out of place"],
    "pelvis out": ["slip out of place"],
    "can't sit for long": ["sitting long"],
    "can i drive after injection": ["driving"],
    "in the joint": ["intra-articular"],
}


def section(url, title="Title", heading="", text="", kind="topic", keywords=""):
    return Section(url, title, heading, text, kind, keywords)


def site():
    return [
        section(url, title, heading, text, keywords=KEYWORDS.get(url.partition("#")[0], ""))
        for url, title, heading, text in SECTIONS
    ]


SITE = Index(site(), SYNONYMS)


def urls(query, index=SITE, limit=20):
    return [result.url for result in index.search(query, limit).results]


def extract(text, query):
    return Index([section("/a/", text=text)], {}).search(query).results[0].extract


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("pain one side of bum", "/causes/"),
        ("pain above my bum", "/causes/"),
        ("dimple above bum", "/anatomy/#dimples"),
        ("jab in back", "/injection/"),
        ("back injection", "/injection/"),
        ("SI joint", "/anatomy/"),
        ("SIJ", "/anatomy/"),
        ("sacro-iliac", "/anatomy/"),
        ("sacral iliac joint", "/anatomy/"),
        ("sacraliliac", "/anatomy/"),
        ("wear and tear", "/causes/#wear"),
        ("AS", "/causes/#spa"),
        ("ank spond", "/causes/#spa"),
        ("hla b27", "/causes/#spa"),
        ("trapped nerve", "/mimics/#sciatica"),
        ("horses tail", "/mimics/#cauda"),
        ("horse’s tail", "/mimics/#cauda"),
        ("how long does cortisone last", "/injection/#steroid"),
        ("lignocaine", "/injection/#numb"),
        ("numb leg after injection", "/after/"),
        ("X-ray guided", "/imaging/#guided"),
        ("c-arm", "/imaging/#guided"),
        ("sonogram", "/imaging/#sound"),
        ("ultra sound", "/imaging/#sound"),
        ("blood thinner", "/before/#thinners"),
        ("flare up", "/after/#flare"),
        ("red face after steroid", "/after/#flare"),
        ("physio therapy", "/after/#physio"),
        ("physio", "/after/#physio"),
        ("rhizotomy", "/next/"),
        ("burning nerves", "/next/"),
        ("hip popped out", "/anatomy/#moves"),
        ("my pelvis is out", "/anatomy/#moves"),
        ("can't sit for long", "/causes/#worse"),
        ("cant sit long", "/causes/#worse"),
        ("pain turning in bed", "/causes/#worse"),
        ("can I drive after my injection", "/after/#driving"),
    ],
)
def test_a_lay_word_finds_the_article_words(typed, url):
    assert urls(typed)[0] == url


@pytest.mark.parametrize(
    ("typed", "shown", "url"),
    [
        ("sacroilliac joint", "sacroiliac joint", "/anatomy/"),
        ("sacroilac", "sacroiliac", "/anatomy/"),
        ("scroiliac", "sacroiliac", "/anatomy/"),
        ("SI joing", "SI joint", "/anatomy/"),
        ("sacroilitis", "sacroiliitis", "/causes/#inflamed"),
        ("sacroillitis", "sacroiliitis", "/causes/#inflamed"),
        ("sciatcia", "sciatica", "/mimics/#sciatica"),
        ("siatica", "sciatica", "/mimics/#sciatica"),
        ("cortizone", "cortisone", "/injection/#steroid"),
        ("steriod flare", "steroid flare", "/after/#flare"),
        ("What injecton?", "What injection?", "/injection/"),
        ("floroscopy", "fluoroscopy", "/imaging/#guided"),
        ("flouroscopy", "fluoroscopy", "/imaging/#guided"),
        ("anasthetic", "anaesthetic", "/injection/#numb"),
        ("anesthetic", "anaesthetic", "/injection/#numb"),
        ("diabetis", "diabetes", "/before/#sugar"),
        ("warferin", "warfarin", "/before/#thinners"),
        ("apixiban", "apixaban", "/before/#thinners"),
        ("emergancy", "emergency", "/emergency/"),
        ("blood thiners", "blood thinners", "/before/#thinners"),
        ("buttok", "buttock", "/anatomy/#dimples"),
    ],
)
def test_a_misspelt_word_is_mended_and_the_reader_is_told(typed, shown, url):
    found = SITE.search(typed)
    assert found.shown_for == shown
    assert found.results[0].url == url


@pytest.mark.parametrize("typed", ["sciatica", "injections", "lignocaine", "blood thinners", "aftercare", "mri", ""])
def test_a_known_word_is_not_mended(typed):
    assert SITE.search(typed).shown_for == ""


def test_the_words_round_a_misspelt_one_are_shown_as_typed():
    assert SITE.search("HLA-B27, or (siatca)?").shown_for == "HLA-B27, or (sciatica)?"


def test_of_equally_near_words_the_most_frequent_is_taken():
    index = Index([section("/a/", text="hand hand sand sand sand land")], {})
    assert index.search("xand").shown_for == "sand"


def test_a_nearer_word_is_taken_before_a_more_frequent_one():
    index = Index([section("/a/", text="injection injection injection infection")], {})
    assert index.search("infectoin").shown_for == "infection"


@pytest.mark.parametrize("typed", ["hop", "b28", "1999", "xxint", "qqjectionqq"])
def test_short_words_numbers_and_far_words_are_not_mended(typed):
    index = Index([section("/a/", text="hip b27 1998 joint injection")], {})
    assert index.search(typed).shown_for == ""


def test_a_listed_misspelling_is_never_offered_as_the_right_word():
    index = Index([section("/a/", text="cortisone", keywords="cortizone")], {"cortisonne": ["cortisone"]})
    assert index.search("cortizonne").shown_for == "cortisone"


def test_a_lay_word_of_no_article_can_be_the_right_word():
    index = Index([section("/a/", text="the buttock")], {"backside": ["buttock"]})
    found = index.search("bakcside")
    assert found.shown_for == "backside"
    assert found.results[0].url == "/a/"


def test_a_word_is_found_in_its_other_forms():
    assert "/causes/#worse" in urls("sit")
    assert urls("injecting")[0] == "/injection/"


def test_a_synonym_is_an_alternative_and_not_a_replacement():
    index = Index([section("/a/", text="a sore bum"), section("/b/", text="a sore buttock")], SYNONYMS)
    assert set(urls("bum", index)) == {"/a/", "/b/"}


def test_the_longest_lay_phrase_comes_first():
    sections = [
        section("/a/", text="nerve"),
        section("/b/", text="radiofrequency"),
        section("/c/", text="sciatica"),
    ]
    synonyms = {"burning": ["nerve"], "burning nerves": ["radiofrequency"]}
    assert urls("burning nerves", Index(sections, synonyms)) == ["/b/", "/a/"]


def test_the_words_of_a_lay_phrase_count_as_typed_too():
    sections = [
        section("/joint/", title="Sacroiliac joint", text="The sacroiliac joint"),
        section("/bed/", text="It hurts to turn in bed, and much else hurts too"),
        section("/turn/", text="Turn round"),
    ]
    found = urls("turning in bed", Index(sections, {"turning in bed": ["sacroiliac joint"]}))
    assert set(found[:2]) == {"/joint/", "/bed/"}
    assert found[2:] == ["/turn/"]


def test_a_listed_misspelling_of_the_word_that_it_stands_for_is_mended():
    sections = [section("/a/", text="a diagnostic injection"), section("/b/", text="any injection")]
    found = Index(sections, {"injecton": ["diagnostic injection"]}).search("injecton")
    assert found.shown_for == "injection"
    assert {result.url for result in found.results} == {"/a/", "/b/"}


def test_a_phrase_that_is_one_word_and_stop_words_means_only_itself():
    sections = [section("/a/", text="any joint"), section("/b/", text="intra-articular")]
    index = Index(sections, {"in the joint": ["intra-articular"]})
    assert urls("joint", index) == ["/a/"]
    assert set(urls("in the joint", index)) == {"/a/", "/b/"}


def test_a_stop_word_that_is_also_a_lay_word_counts_only_alone():
    assert urls("as sciatica") == urls("sciatica")


def test_a_synonym_for_words_of_no_article_does_no_harm():
    index = Index([section("/a/", text="a slipped disc")], {"slipped disc": ["prolapse"], "": ["disc"], "x": [""]})
    assert urls("slipped disc", index) == ["/a/"]


def test_title_and_heading_count_more_than_text():
    sections = [
        section("/text/", text="the sacrum, a bone"),
        section("/heading/#a", heading="Sacrum and others", text="a bone"),
        section("/title/", title="Sacrum and others", text="a bone"),
    ]
    assert urls("sacrum", Index(sections, {})) == ["/title/", "/heading/#a", "/text/"]


def test_keywords_are_searched():
    assert urls("going home")[0] == "/after/"


def test_keywords_of_an_article_lead_to_its_first_section_only():
    text = {"keywords": "recovery", "text": "rest"}
    sections = [
        section("/a/", **text),
        section("/a/#b", heading="B", **text),
        section("/a/#c", heading="C", **text),
    ]
    assert urls("recovery", Index(sections, {})) == ["/a/"]


def test_keywords_of_one_section_lead_to_that_section():
    sections = [section("/a/", keywords="meaning"), section("/a/#b", heading="Ilium", keywords="hip bone")]
    assert urls("hip bone", Index(sections, {})) == ["/a/#b"]


def test_sections_with_all_the_words_come_before_sections_with_some():
    sections = [
        section("/some/", title="Steroid, steroid, steroid", heading="Steroid", text="steroid"),
        section("/all/", text="much else, and a steroid, and then again much else about diabetes" * 3),
    ]
    assert urls("steroid diabetes", Index(sections, {})) == ["/all/", "/some/"]


def test_words_may_be_spread_over_title_heading_and_text():
    assert urls("after injection driving home")[0] == "/after/#driving"


def test_without_a_section_that_has_all_the_words_some_are_enough():
    assert set(urls("warfarin ultrasound")) == {"/imaging/#sound", "/before/#thinners"}


def test_an_unknown_word_does_not_hide_the_known_ones():
    assert urls("warfarin zzzzzzzz") == ["/before/#thinners"]


@pytest.mark.parametrize(
    "typed", ["What is the sciatica?", "sciatica!!!", "«sciatica»", "is it SCIATICA", "sciatica's"]
)
def test_stop_words_and_punctuation_change_nothing(typed):
    assert urls(typed) == urls("sciatica")


@pytest.mark.parametrize("title", sorted({title for _, title, _, _ in SECTIONS}))
def test_an_article_asked_for_by_its_title_comes_first(title):
    first = SITE.search(title).results[0]
    assert (first.title, first.heading) == (title, "")


def test_an_article_asked_for_by_its_own_lay_word_comes_first():
    assert urls("aftercare")[0] == "/after/"


def test_an_article_asked_for_by_its_address_comes_first():
    index = Index([section("/b/", title="Care after", text="after care"), section("/after-care/", title="Home")], {})
    assert urls("after care", index)[0] == "/after-care/"


def test_a_lay_phrase_is_answered_by_the_best_section_and_not_by_the_article_that_claims_it():
    sections = [
        section("/a/", text="Everything after your injection", keywords="recovery, numb leg"),
        section("/a/#leg", heading="A numb leg", text="A numb leg gets better hour by hour"),
    ]
    assert urls("numb leg", Index(sections, {})) == ["/a/#leg", "/a/"]


def test_a_heading_is_nearer_to_the_point_than_a_lay_word_of_an_article():
    assert urls("sciatica")[0] == "/mimics/#sciatica"


def test_a_lay_word_that_several_articles_claim_puts_none_first():
    both = {"keywords": "at home"}
    sections = [
        section("/a/", **both),
        section("/b/", **both),
        section("/c/", title="At home, home", text="home"),
    ]
    assert urls("home", Index(sections, {}))[0] == "/c/"


def test_a_title_of_stop_words_is_found():
    assert urls("about us", Index([section("/a/", title="About us", text="text")], {})) == ["/a/"]


def test_at_most_three_sections_of_one_article_are_shown():
    sections = [section(f"/a/#{n}", heading=f"Steroid {n}", text="steroid") for n in range(9)]
    found = urls("steroid", Index([*sections, section("/b/", text="much else and a steroid")], {}))
    assert [url.partition("#")[0] for url in found] == ["/a/", "/a/", "/a/", "/b/"]


def test_the_same_address_or_the_same_section_is_shown_once():
    sections = [
        section("/a/#one", heading="One", text="steroid"),
        section("/a/#one", heading="One", text="steroid, continued"),
        section("/alias/#one", heading="One", text="steroid"),
    ]
    assert len(urls("steroid", Index(sections, {}))) == 1


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_no_more_results_than_asked_for(limit):
    assert len(urls("pain", limit=limit)) == limit


def test_a_result_carries_what_its_section_says():
    index = Index([Section("/a/#b", "Title", "Heading", "Some text", "glossary", "")], {})
    (result,) = index.search("heading").results
    assert (result.url, result.title, result.heading, result.kind) == (
        "/a/#b",
        "Title",
        "Heading",
        "glossary",
    )


def test_an_empty_query_finds_nothing():
    assert urls("", Index([section("/")], {})) == []


def test_an_empty_index_answers():
    found = Index([], {}).search("sciatica")
    assert (found.results, found.shown_for) == ([], "")


def test_the_found_words_are_marked_in_any_form():
    assert extract("Injections hurt little.", "injection") == "<mark>Injections</mark> hurt little."


def test_the_words_meant_by_a_lay_word_are_marked():
    assert "<mark>buttock</mark>" in SITE.search("bum").results[0].extract


def test_markup_in_the_text_is_escaped():
    html = extract("<script>steroid</script> & <mark onclick='x'>\"pain\"</mark>", "steroid pain")
    assert html == (
        "&lt;script&gt;<mark>steroid</mark>&lt;/script&gt; &amp; "
        "&lt;mark onclick=&#x27;x&#x27;&gt;&quot;<mark>pain</mark>&quot;&lt;/mark&gt;"
    )


def test_letters_outside_ascii_do_not_shift_the_marks():
    assert extract("A 😀 naïve café: the steroid’s flare", "steroid cafe") == (
        "A 😀 naïve <mark>café</mark>: the <mark>steroid</mark>’s flare"
    )


@pytest.mark.parametrize("before", range(0, 1000, 90))
def test_an_extract_of_a_long_text_is_a_window_at_word_limits(before):
    words = [f"word{n}" for n in range(200)]
    words[before // 5] = "steroid"
    html = extract(" ".join(words), "steroid")
    text = html.replace("<mark>", "").replace("</mark>", "").strip("… ")
    assert "<mark>steroid</mark>" in html
    assert 150 <= len(text) <= 220
    assert set(text.split()) <= set(words)
    assert html.startswith("… ") == (not text.startswith(words[0]))
    assert html.endswith(" …") == (not text.endswith(words[-1]))


def test_the_extract_shows_most_of_the_found_words():
    filler = " and so on" * 40
    html = extract(f"A steroid.{filler} The steroid and the nerve.{filler} A nerve.", "steroid nerve")
    assert "<mark>steroid</mark> and the <mark>nerve</mark>" in html


def test_an_extract_for_a_title_starts_where_the_text_starts():
    assert SITE.search("Causes and symptoms").results[0].extract.startswith("Pain on one side")


def test_a_text_without_spaces_is_cut_all_the_same():
    assert len(Index([section("/a/", title="Steroid", text="x" * 5000)], {}).search("steroid").results[0].extract) < 220


HOSTILE = [
    "",
    " ",
    '"',
    '"unclosed (quote',
    "title:steroid AND text:*",
    "*",
    "steroid*",
    "[a TO z]",
    "+-!(){}^~?\\/",
    "steroid~9",
    "😀" * 500,
    "\x00",
    "ster\x00oid",
    "\ud800 steroid",
    "x" * 10_000,
    "steroid " * 2_000,
    "a b c d e f " * 1_000,
    "ألم في المفصل",
    "骶髂关节注射",
    "<script>alert(1)</script>",
    "İıſẞ½ﬁ",
    "' OR 1=1 --",
    "%s %d {0} ${x}",
    "../../etc/passwd",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_query_is_answered(query):
    assert len(SITE.search(query).results) <= 20


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters()) | st.text("seroidjnbum '\"*:()-", max_size=60))
def test_no_query_at_all_raises(query):
    for result in SITE.search(query).results:
        assert set(re.findall("<[^>]*>", result.extract)) <= {"<mark>", "</mark>"}


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text())
def test_an_extract_never_says_more_than_the_text(before, after):
    text = " ".join(f"{before} steroid {after}".split())
    html = extract(text, "steroid")
    plain = unescape(re.sub("</?mark>", "", html))
    assert plain.removeprefix("… ").removesuffix(" …") in text
    assert "<" not in re.sub("</?mark>", "", html)


def test_search_needs_no_django():
    code = "import sys, siweb.articles.search; sys.exit('django' in sys.modules)"
    root = Path(__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
