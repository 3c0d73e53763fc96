"""A word in two meanings finds the one that was meant; lay questions that an article answers find it."""

import csv
from pathlib import Path

import pytest

from siweb.articles.search import live_index
from siweb.articles.search.index import Index
from siweb.articles.search.terms import join_terms, lookup_name, words_of
from tests.support.searched import section, urls

CASES = Path(__file__).parent / "cases"
MIN_ANSWERED = 0.95  # of the questions that an article answers


def cases(name):
    with (CASES / name).open(encoding="utf-8") as file:
        return [row for row in csv.reader(file, delimiter="\t") if row and not row[0].startswith("#")]


def begins(address, beginnings):
    return any(address.startswith(beginning) for beginning in beginnings)


@pytest.mark.slow
@pytest.mark.django_db
def test_each_meaning_of_a_word_finds_its_own_page(shipped):
    shelf, wrong = live_index.Shelf(), []
    for typed, first, never in cases("intents.tsv"):
        found = [result.url for result in shelf.search(typed).results[:3]]
        right = found == [] if first == "-" else found and found[0].startswith(first) or not first
        if not right or any(begins(address, never.split()) for address in found):
            wrong.append((typed, first, never, found))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.django_db
def test_lay_questions_that_an_article_answers_find_it(shipped, record_property):
    shelf, asked, missed = live_index.Shelf(), cases("questions.tsv"), []
    answered = [(typed, answers.split()) for typed, answers in asked if answers != "-"]
    for typed, answers in answered:
        found = [result.url for result in shelf.search(typed).results[:3]]
        if not any(begins(address, answers) for address in found):
            missed.append((typed, answers, found))
    found = len(answered) - len(missed)
    record_property("answered", (found, len(answered), len(asked)))
    assert found >= MIN_ANSWERED * len(answered), missed


@pytest.mark.django_db
def test_nothing_found_leads_to_us_and_not_to_a_guess(shipped, client, monkeypatch):
    monkeypatch.setattr(live_index, "shelf", live_index.Shelf())
    for query in ("sick note", "tattoo", "epilepsy", "numbing cream"):
        page = client.get("/search/", {"q": query}).content.decode()
        assert "We found nothing" in page
        main = page.partition("<main")[2].partition("</main>")[0]
        assert 'href="tel:+441632960001"' in main
        assert 'href="/guide/faq/"' in main


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("It didn't work", ["it", "noeffect"]),
        ("It didn’t work", ["it", "noeffect"]),
        ("can't sleep", ["cant", "sleep"]),
        ("a t-shirt", ["a", "t", "shirt"]),
        ("flu jab", ["vaccine"]),
        ("go back to work", ["work"]),
        ("back to", []),
        ("", []),
    ],
)
def test_terms_are_joined_the_longest_first(typed, words):
    assert words_of(typed) == words


def test_a_name_of_terms_alone_has_no_stems():
    assert lookup_name("back to") == ()
    assert join_terms(["back", "to"]) == []


def test_a_term_is_joined_in_texts_too():
    sections = [section("/a/", text="Side effects are rare"), section("/b/", text="On each side")]
    index = Index(sections, {})
    assert urls("side", index) == ["/b/"]
    assert urls("side efects", index) == ["/a/"]


def test_a_misspelt_word_of_a_term_is_corrected_first():
    found = Index([section("/a/", text="Side effects are rare")], {}).search("side efects")
    assert found.shown_for == "side effects"
    assert "<mark>Side</mark> <mark>effects</mark>" in found.results[0].extract


def test_a_synonym_that_only_asks_for_more_is_left_out():
    sections = [section("/a/", text="The injection"), section("/b/", text="A therapeutic injection, and much else")]
    synonyms = {"jab": ["therapeutic injection"]}
    assert urls("injection", Index(sections, synonyms)) == urls("injection", Index(sections, {}))
