"""A sealed text comes back whole, is another each time, and is nothing without the site's secret key."""

import pytest

from siweb.core.sealing import seal, unseal


@pytest.mark.parametrize("text", ["", "Maria Example", "Zoë 👩‍⚕️\0\n", "a" * 100_000])
def test_it_comes_back_whole_and_does_not_show(text):
    first, second = seal(text), seal(text)
    assert unseal(first) == unseal(second) == text
    assert first != second
    assert not text or text not in first


@pytest.mark.parametrize("broken", ["", "nonsense", "a:b", 'Y+&~6:" or 1=1'])
def test_what_was_not_sealed_here_is_nothing(broken):
    assert unseal(broken) is None


def test_another_key_or_a_changed_letter_opens_nothing(settings):
    sealed = seal("Maria Example")
    assert unseal(("A" if sealed[0] != "A" else "B") + sealed[1:]) is None
    settings.SECRET_KEY = "another" * 10
    assert unseal(sealed) is None
