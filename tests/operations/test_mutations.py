"""The faults of tests/mutations can all be put in: `python -m tests.mutations` then shows that each is noticed."""

from django.conf import settings

from tests.mutations import files_of, places_of
from tests.mutations.rules import MUTATIONS

ROOT = settings.BASE_DIR


def test_there_are_sixty_rules_or_more_and_no_two_are_the_same():
    assert len(MUTATIONS) >= 60
    assert len({mutation.rule for mutation in MUTATIONS}) == len(MUTATIONS)


def test_each_piece_of_source_occurs_once_in_the_product():
    found = {mutation.snippet: places_of(mutation.snippet, ROOT) for mutation in MUTATIONS}
    assert {snippet: places for snippet, places in found.items() if len(places) != 1} == {}


def test_each_test_exists_once():
    found = {mutation.test: files_of(mutation.test, ROOT) for mutation in MUTATIONS}
    assert {test: files for test, files in found.items() if len(files) != 1} == {}


def test_each_mutation_is_source_that_compiles():
    for mutation in MUTATIONS:
        [path] = places_of(mutation.snippet, ROOT)
        source = path.read_text(encoding="utf-8")
        mutated = source.replace(mutation.snippet, mutation.replacement)
        assert mutated != source
        if path.suffix == ".py":
            compile(mutated, path, "exec")
