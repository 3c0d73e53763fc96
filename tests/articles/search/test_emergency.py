"""A search that may name a warning sign shows where to get help, above all results and however it is spelt."""

import csv
import re
from pathlib import Path

import pytest

from siweb.articles.editorial.publishing import publish
from siweb.articles.search import live_index
from siweb.articles.search.emergency import _data, passage_of, sign_finder, typed_phrases
from siweb.articles.search.index import Index
from siweb.articles.text.front_matter import parse
from tests.support.rendering import shipped as shipped_documents
from tests.support.searched import section, urls

CASES = Path(__file__).parent / "cases"
MAX_FALSE_ALARMS = 0.03  # of queries without any symptom
MAX_WRONG_SIGNS = 0.06  # of queries that mean one sign
BLOCK = 'class="call-now"'
TYPED = typed_phrases(shipped_documents()["warning-signs"].signs)
find_signs = sign_finder(TYPED).find


def cases(name):
    with (CASES / name).open(encoding="utf-8") as file:
        return [row for row in csv.reader(file, delimiter="\t") if row and not row[0].startswith("#")]


DANGER = ("danger.tsv", "danger-more.tsv", "danger-short.tsv")
HARMLESS = ("harmless.tsv", "harmless-more.tsv", "harmless-short.tsv")


@pytest.mark.parametrize("name", DANGER)
def test_every_listed_danger_is_recognised(name):
    missed = [query for query, *_ in cases(name) if not find_signs(query)]
    assert missed == []


@pytest.mark.parametrize("name", DANGER)
def test_the_sign_that_was_meant_comes_first(name):
    rows = [row for row in cases(name) if len(row) > 1]
    wrong = [(query, meant, find_signs(query)[:2]) for query, meant in rows if not _leads(query, meant.split("|"))]
    assert len(wrong) <= len(rows) * MAX_WRONG_SIGNS, wrong


def _leads(query, signs):
    return find_signs(query)[:1] and find_signs(query)[0] in signs


@pytest.mark.parametrize("name", HARMLESS)
def test_few_ordinary_questions_show_the_block(name):
    rows = cases(name)
    alarms = [(query, find_signs(query)) for query, *_ in rows if find_signs(query)]
    assert len(alarms) <= len(rows) * MAX_FALSE_ALARMS, alarms


def test_no_name_of_a_medicine_shows_the_block():
    assert [(name, find_signs(name)) for name, *_ in cases("medicines.tsv") if find_signs(name)] == []


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("can't pee", "pee-cannot"),
        ("can’t pee", "pee-cannot"),
        ("can t pee", "pee-cannot"),
        ("CANT PEE!!", "pee-cannot"),
        ("seizzure", "seizure"),
        ("anaphyllaxis", "wheeze-choke"),
        ("numb vajina", "numb-saddle"),
        ("no feeling at all in my privates", "numb-saddle"),
        ("my foot is hard to lift", "cannot-lift-foot"),
        ("numb bum after injection normal", "numb-buttock"),
        ("sex after the injection no feeling", "sex-no-feeling"),
        ("dad is diabetic and keeps being sick", "diabetes-vomiting"),
        ("cannae feel ma legs", "legs-weak-numb"),
        ("nowt comes out when i try for a wee", "pee-cannot"),
        ("weein masel n dinnae ken", "pee-leaking"),
        ("anafylactik shock", "wheeze-choke"),
        ("my vag is tingled", "numb-saddle"),
        ("is this retention", "pee-cannot"),
        ("breahing too fast", "breathing-fast"),
        ("blod in my sick", "vomiting-blood"),
        ("sluring", "slurred-speech"),
        ("chst pain", "chest-pain"),
        ("ketones 2+", "diabetes-urine-ketones"),
    ],
)
def test_a_sign_is_recognised_in_other_spellings(typed, sign):
    assert sign in find_signs(typed)


@pytest.mark.parametrize(
    "typed",
    ["", "fit to drive", "heat pads", "sex after the injection", "groin pain", "dead leg exercise", "bowel scan"]
    + ["red cheeks", "both legs exercise", "visually impaired", "pain in my thigh", "pain is better at rest"]
    + ["when will it start woking", "i have a problem can i come to the clinic"]
    + ["difficulty speaking english", "range of motion problem"]
    + ["numb it a very long way before they go in near the bladder", "injektion", "١٢٣", "\ud800"],
)
def test_ordinary_words_are_no_sign(typed):
    assert find_signs(typed) == []


SITE = Index(
    [
        section("/help/", title="Help", text="New numbness between the legs"),
        section("/help/#get-help-today", title="Help", heading="Get help today", text="A fever"),
        section("/help/#usual", title="Help", heading="Usually normal", text="A numb bum, numb legs, numb, fever"),
        section("/care/", title="Care", text="A numb bum is normal. Numb legs too, and a fever"),
        *(section(f"/other{n}/", title="Other", text=f"Numb, fever, {n}") for n in range(4)),
    ],
    {},
    addresses={"help": "/help/"},
    typed=TYPED,
)


@pytest.mark.parametrize(("typed", "first"), [("numb bum", "/help/"), ("fever", "/help/#get-help-today")])
def test_the_passage_about_the_sign_comes_first_and_comfort_after_three_others(typed, first):
    found = SITE.search(typed)
    assert found.is_emergency
    assert found.results[0].url == first
    places = [place for place, result in enumerate(found.results) if result.url in ("/help/#usual", "/care/")]
    assert min(places) >= 3


def test_a_section_with_the_anchor_of_the_sign_is_the_passage():
    sections = [section("/help/", text="Call"), section("/help/#seizure", text="A fit")]
    assert urls("seizure", Index(sections, {}, addresses={"help": "/help/"}, typed=TYPED))[0] == "/help/#seizure"


@pytest.mark.parametrize("typed", ["ambulance", "999", "help", "please help me", "помогите", "pomocy"])
def test_a_cry_for_help_leads_to_the_beginning_of_the_emergency_page(typed):
    top = section("/help/", text="Which signs are usually normal. Call 999 for any one of these")
    found = Index([top], {}, addresses={"help": "/help/"}, typed=TYPED).search(typed)
    assert found.is_emergency
    assert [(result.url, result.extract) for result in found.results] == [("/help/", "Call 999 for any one of these")]


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        ("ból w klatce piersiowej", "chest-pain"),
        ("bol w klatce piersiowej od wczoraj", "chest-pain"),
        ("nagły wypadek", "emergency"),
        ("durere în piept", "chest-pain"),
        ("não consigo respirar", "breathing-trouble"),
        ("no puedo respirar", "breathing-trouble"),
        ("dolore al petto", "chest-pain"),
        ("je n’arrive pas à respirer", "breathing-trouble"),
        ("seene mein dard", "chest-pain"),
        ("buke byatha", "chest-pain"),
        ("مدد", "emergency"),
        ("ਮਦਦ", "emergency"),
        ("не могу дышать, help", "emergency"),
    ],
)
def test_danger_in_another_language_is_recognised(typed, sign):
    assert find_signs(typed)[:1] == [sign]
    assert sign_finder(TYPED).is_foreign(typed)


@pytest.mark.parametrize("typed", ["café", "١٢٣", "ψ injection", "help", "numb legs", ""])
def test_english_with_foreign_letters_is_english(typed):
    assert not sign_finder(TYPED).is_foreign(typed)


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "shown"), [("pomocy", True), ("помогите", True), ("seizure", False)])
def test_who_writes_another_language_is_told_to_say_interpreter(client, monkeypatch, typed, shown):
    monkeypatch.setattr(live_index, "shelf", live_index.Shelf())
    page = client.get("/search/", {"q": typed}).content.decode()
    assert BLOCK in page
    assert ("say “interpreter”, then your language" in page) is shown


def test_with_few_other_results_comfort_is_left_out():
    sections = [section("/help/", text="Call"), section("/a/", text="A seizure is normal")]
    assert urls("seizure", Index(sections, {}, addresses={"help": "/help/"}, typed=TYPED)) == ["/help/"]


@pytest.mark.django_db
def test_the_page_shows_the_block_before_everything_else(shipped, client, monkeypatch):
    monkeypatch.setattr(live_index, "shelf", live_index.Shelf())
    page = client.get("/search/", {"q": "numb vagina"}).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert main.index(BLOCK) < main.index('role="search"') < main.index('class="results"')
    assert re.search("Sudden loss of sight.*: 999\\.", main.partition("</section>")[0])
    for number in ("999", "111", "116123", "08088088000"):
        assert f'href="tel:{number}"' in main.partition("</section>")[0]
    assert re.search(r'class="results".*?href="/guide/when-to-get-help/"', main, re.DOTALL)


@pytest.mark.django_db
def test_the_block_is_the_same_for_everybody_and_also_without_results(client, monkeypatch):
    monkeypatch.setattr(live_index, "shelf", live_index.Shelf())
    pages = [client.get("/search/", {"q": query}).content.decode() for query in ("seizure", "cant pee")]
    blocks = {re.search(rf"<section {BLOCK}.*?</section>", page, re.DOTALL)[0] for page in pages}
    assert len(blocks) == 1
    assert "We found nothing" in pages[0]


@pytest.mark.django_db
def test_an_ordinary_search_shows_no_block(shipped, client, monkeypatch):
    monkeypatch.setattr(live_index, "shelf", live_index.Shelf())
    assert BLOCK not in client.get("/search/", {"q": "driving"}).content.decode()


@pytest.mark.slow
@pytest.mark.django_db
def test_a_phrase_that_staff_add_to_a_sign_shows_the_block_once_it_is_published(shipped, editor):
    shelf, article = live_index.Shelf(), shipped["warning-signs"]
    assert not shelf.search("my wotsit tickles").is_emergency
    text = parse(article.live.text.replace(":   typed: ", ":   typed: wotsit tickles, ", 1))
    article.edit(text, by=editor, version=article.version)
    article.refresh_from_db()
    publish(article)
    shelf.rebuild()
    found = shelf.search("my wotsit tickles")
    assert found.is_emergency
    assert found.results[0].url == "/guide/when-to-get-help/"


def test_the_data_of_the_search_repeats_no_phrase_of_a_sign():
    finder = sign_finder(TYPED)
    typed = {(finder.read(phrase), key) for key, phrases in TYPED for phrase in phrases}
    listed = {(finder.read(phrase), key) for key, phrases in _data()["alone"].items() for phrase in map(str, phrases)}
    assert typed
    assert typed & listed == set()


def test_signs_that_need_no_help_today_show_no_block():
    assert dict(TYPED).keys().isdisjoint({"normal-sore", "pain-weeks"})


def test_every_sign_for_today_leads_to_the_section_of_today():
    today = {
        sign.key for sign in shipped_documents()["warning-signs"].signs if sign.level in ("same-day", "eye", "team")
    }
    assert {key for key in today if passage_of(key) != "get-help-today"} == set()


@pytest.mark.slow
@pytest.mark.django_db
def test_no_danger_is_answered_with_comfort(shipped):
    shelf = live_index.Shelf()
    wrong = []
    for query, *_ in [row for name in DANGER for row in cases(name)]:
        results = shelf.search(query).results
        in_help = results[0].url.startswith("/guide/when-to-get-help/")
        shown = {r.url: re.sub("</?mark>", "", f"{r.heading} {r.extract}").lower() for r in results[:3]}
        comfort = [url for url, text in shown.items() if "normal" in text.replace("normal temperature", "")]
        if comfort or not in_help:
            wrong.append((query, comfort))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.django_db
def test_a_sign_at_the_end_of_a_long_story_shows_the_block(shipped, client):
    story = "hello i am writing because my mother had an injection with you on tuesday and all was well until now " * 3
    page = client.get("/search/", {"q": f"{story} but she is numb between her legs"}).content.decode()
    assert 'class="call-now"' in page
