"""What several of the articles that we ship say together: each source has one entry and one mark; a fact has one value."""

import re
from collections import defaultdict

import pytest

from siweb.articles.linting.citations import sources
from siweb.articles.linting.messages import statements
from tests.support.rendering import shipped

CITED = [(slug, source) for slug, document in shipped().items() for source in sources(document)]


def several(key, value):
    """What has more than one value: {key: {value: its articles}}."""
    found = defaultdict(lambda: defaultdict(list))
    for slug, source in CITED:
        found[key(source)][value(source)].append(slug)
    return {what: dict(values) for what, values in found.items() if what and len(values) > 1}


def test_a_mark_stands_for_the_same_source_in_every_article():
    assert several(lambda source: source.label, lambda source: source.words) == {}


def test_a_source_has_the_same_mark_in_every_article():
    assert several(lambda source: source.words, lambda source: source.label) == {}


def test_what_was_read_at_one_address_has_one_entry():
    """Of one report, several studies may have been read."""
    reports = {source.address for _, source in CITED if source.how_read.startswith("as reported by")}
    assert several(lambda source: source.address not in reports and source.address, lambda source: source.words) == {}


@pytest.mark.parametrize("slug", [slug for slug, document in shipped().items() if document.text.kind == "step"])
def test_every_step_names_its_sources(slug):
    assert [source for cited_in, source in CITED if cited_in == slug]


# A fact that several articles tell: its value.
FACTS = {
    r"numbing medicine[^.]*?(\d+ to \d+) hours": "4 to 6",
    r"full effect[^.]*?(\d+ to \d+) weeks": "2 to 4",
    r"(\d+ to \d+) weeks for the full effect": "2 to 4",
    r"sugar more often for (?:up to )?(\d+) days": "7",
    r"only (\d+) had a fever": "16",
    r"much worse after the first (\d+) days": "3",
    r"infection[^.]*?in the last (\d+) days": "14",
    r"(?:fainted[^.]*|injections guided by X-ray, )about 1 in (\d+)": "50",
    r"about 1 in (\d+) (?:were sore|had left people sore)": "8",
}


@pytest.mark.parametrize(("fact", "value"), FACTS.items())
def test_a_fact_has_the_same_value_in_every_article(fact, value):
    told = {slug: set(re.findall(fact, " ".join(statements(document)))) for slug, document in shipped().items()}
    assert {slug: values for slug, values in told.items() if values - {value}} == {}
    assert sum(map(bool, told.values())) >= 2
