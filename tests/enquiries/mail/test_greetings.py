"""A letter greets a person by the whole name as typed; only a name that is all in one case is written in both."""

import pytest

from siweb.enquiries.mail.greetings import greeting_name

AS_TYPED = [
    "Maria Jones",
    "J.R. Patel",
    "TJ Hughes",
    "J P Smith",
    "Maria Jones, mother of Ben",
    "Nguyen Van An",
    "SMITH, Maria",
    "Rev. Sue Hill",
    "Miss. A. Smith",
    "Md Rahman",
    "(Maria) Jones",
    "Mrs.",
    "SARAH-JANE McDONALD",
    "NHS Smith",
    "van der Berg, Piet",
    # Who can tell whether these are initials, or another language's letters?
    "TJ HUGHES",
    "tj hughes",
    "AJ",
    "JR.",
    "NHS",
    "JOHN SMITH III",
    "YILDIZ IŞIL",
    "IJSBRAND",
    "李小龙",
    "محمد علي",
    "",
]
WRITTEN = {
    "anne-marie smith": "Anne-Marie Smith",
    "MARY-ANN JONES": "Mary-Ann Jones",
    "D'ARCY WELLS": "D'Arcy Wells",
    "MCKENZIE": "McKenzie",
    "maria o’neill": "Maria O’Neill",
    "MARIA'S": "Maria's",
    "jo smith": "Jo Smith",
    "MARIA DE SOUZA": "Maria De Souza",
    "j.r. patel": "J.R. Patel",
    "MR JOHN SMITH": "Mr John Smith",
    "ÉLODIE DUPONT": "Élodie Dupont",
    "VIJAY LEE": "Vijay Lee",
    "AL-HASSAN": "Al-Hassan",
    "  MARIA   JONES ": "Maria Jones",
}


@pytest.mark.parametrize("name", AS_TYPED)
def test_a_name_is_greeted_as_it_was_typed(name):
    assert greeting_name(name) == name


@pytest.mark.parametrize(("typed", "greeted"), WRITTEN.items())
def test_a_name_in_one_case_is_written_in_both(typed, greeted):
    assert greeting_name(typed) == greeted
