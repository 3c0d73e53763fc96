"""What readers type finds the sections that answer: lay words, misspellings, whole phrases, in a fair order."""

import pytest

from siweb.articles.search.index import Index, Section
from tests.support.searched import SECTIONS, SITE, SYNONYMS, section, urls


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
def test_a_misspelt_word_is_fixed_and_the_reader_is_told(typed, shown, url):
    found = SITE.search(typed)
    assert found.shown_for == shown
    assert found.results[0].url == url


@pytest.mark.parametrize("typed", ["sciatica", "injections", "lignocaine", "blood thinners", "aftercare", "mri", ""])
def test_a_known_word_is_not_fixed(typed):
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
def test_short_words_numbers_and_far_words_are_not_fixed(typed):
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


def test_a_listed_misspelling_of_the_word_that_it_stands_for_is_fixed():
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
    assert "/next/" in urls("at home")


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
        section("/a/#leg", heading="A numb leg", text="A numb leg gets better hour", keywords="recovery, numb leg"),
    ]
    assert urls("numb leg", Index(sections, {})) == ["/a/#leg"]


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
