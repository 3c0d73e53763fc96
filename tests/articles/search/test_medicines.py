"""The name of a medicine leads to its group, is never taken for another word, and an unknown one is answered safely."""

import csv
from pathlib import Path

import pytest

from siweb.articles.search import live_index
from siweb.articles.search.index import Index
from siweb.articles.search.medicines import DATA, find_medicines, groups
from tests.support.searched import section, urls

CASES = Path(__file__).parent / "cases" / "medicines.tsv"
KINDS = {"brand", "generic", "class", "misspelling"}


def rows(path):
    with path.open(encoding="utf-8") as file:
        return [row for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")]


def found(query):
    return [(query.split()[m.start : m.end], set(m.groups)) for m in find_medicines(query.lower().split())]


@pytest.mark.slow
def test_every_row_has_a_known_group_a_kind_and_a_source():
    for name, group, generic, kind, sources in rows(DATA / "medicines.tsv"):
        assert group in groups(), name
        assert kind in KINDS, name
        assert generic, name
        assert sources, name
        assert "2017" not in sources, name  # a list under the GPL


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        ("plavix", "blood-thinner"),
        ("Eliquis", "blood-thinner"),
        ("clexane", "blood-thinner"),
        ("efient", "blood-thinner"),
        ("clenil", "steroid"),
        ("kenalog", "steroid"),
        ("depo medrone", "steroid"),
        ("depomedrone", "steroid"),
        ("zapain", "painkiller"),
        ("marcaine", "numbing"),
        ("brilikwe", "blood-thinner"),
        ("clopidugrel", "blood-thinner"),
    ],
)
def test_a_name_is_recognised_as_it_is_typed(typed, group):
    assert found(typed) == [(typed.split(), {group})]


@pytest.mark.parametrize("typed", ["atorvastatin", "sumatriptan", "adalimumob"])
def test_a_word_that_only_looks_like_a_medicine_is_answered_safely(typed):
    ((_, found_groups),) = found(typed)
    assert found_groups <= {"unknown", "immune"}
    assert Index([], {}).search("atorvastatin").tell_us


@pytest.mark.parametrize("typed", ["injektion", "sacroilliac", "plain", "driving", "physio", "xylophone", "wee", ""])
def test_other_words_are_no_medicine(typed):
    assert found(typed) == []


def test_a_word_nearer_to_the_articles_is_no_medicine():
    index = Index([section("/a/", text="an eliqui is a thing")], {})
    assert index.search("eliqi").shown_for == "eliqui"


PLACE = "/guide/before-you-come/#blood-thinners-or-you-bleed-easily"
SITE = [
    section("/plain/", text="plain plavin, aspirins and other words about a bath, bath, bath"),
    section("/bath/", title="A bath", text="When may I have a bath with blood?"),
    section("/bath2/", title="Bath", text="bath and bath"),
    section(PLACE, heading="Blood thinners", text="Tell us which one you take"),
]


def test_a_name_alone_leads_to_its_section_and_is_not_replaced():
    answer = Index(SITE, {}).search("plavix")
    assert (answer.results[0].url, answer.shown_for) == (PLACE, "")


def test_a_name_in_a_question_has_its_section_among_the_first_three():
    assert PLACE in urls("may i have a bath on plavix", Index(SITE, {}))[:3]


def test_a_name_without_a_section_finds_nothing_rather_than_another_word():
    answer = Index(SITE[:1], {}).search("plavix")
    assert (answer.results, answer.shown_for) == ([], "")


@pytest.mark.slow
@pytest.mark.django_db
def test_every_group_leads_to_a_section_of_ours_and_every_name_to_its_group(shipped):
    shelf = live_index.Shelf()
    shelf.search("")
    known = {name: [*map(shelf.index._url_of, group["leads_to"])] for name, group in groups().items()}
    assert [url for urls in known.values() for url in urls if url not in shelf.index._places] == []
    wrong = []
    for typed, expected, meant in rows(CASES):
        answer = shelf.search(typed)
        allowed = {known[group][0] for group in expected.split("|")}
        if not answer.results or answer.results[0].url not in allowed or answer.shown_for not in ("", meant):
            wrong.append((typed, expected, answer.shown_for))
    assert wrong == []


@pytest.mark.django_db
def test_the_page_says_what_to_do_about_an_unknown_medicine(shipped, client, monkeypatch):
    monkeypatch.setattr(live_index, "shelf", live_index.Shelf())
    for typed in ("atorvastatin", "qzzxvbar"):
        assert "Tell us every medicine you take" in client.get("/search/", {"q": typed}).content.decode()
