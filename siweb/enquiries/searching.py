"""The words by which an enquiry is found: of names, numbers and addresses, each as somebody would type it again."""

import re
import unicodedata

from .models import Key

_LONGEST = Key._meta.get_field("word").max_length


def keys_of(answers):
    """The words of one Answers: "Zoë O'Neill" is found by "zoe" and "oneill", +441614960000 by "1614960000"."""
    words = {*words_of(answers.name), *words_of(answers.asker)}
    words |= {digits_of(answers.phone), answers.email.lower()}
    return sorted(word[:_LONGEST] for word in words if word)


def words_of(name):
    """The words of a name, in small letters without accents, apostrophes and hyphens."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return re.findall(r"\w+", re.sub("['’‘ʼ`-]", "", plain).lower())


def digits_of(phone):
    """The digits that say which number it is, without +44 or the first 0, so that both ways of writing it are one."""
    return re.sub(r"^(?:0044|44|0)", "", re.sub(r"\D", "", phone))


def keep_keys(answers):
    """Write down by which words these answers are found."""
    Key.objects.bulk_create(Key(answers=answers, word=word) for word in keys_of(answers))
