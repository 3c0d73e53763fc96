"""Sections by the words of their headings that tell nothing in a question: "feel" is an answer when it is all that is typed."""

from collections import defaultdict

from .analysis import STOP_WORDS, WORDS, stem_words


def by_stop_word(sections):
    """Return {stem of a stop word: numbers of the sections whose heading has it}."""
    numbers = defaultdict(list)
    for number, section in enumerate(sections):
        told = (word for word in WORDS.analyze(section.heading) if word in STOP_WORDS)
        for stem in dict.fromkeys(stem_words(told)):
            numbers[stem].append(number)
    return dict(numbers)
