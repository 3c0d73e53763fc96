#!/usr/bin/env bash
# Surprise: a readability library counts one sentence in "Call 999. Sit down. Keep warm. Stay calm. Take water. Wait there.": a
# sentence of one or two words counts for none. With a word more in each there are six. So a plain list of commands, as health
# information has them, gets the grade of one long sentence.
# One would expect that six full stops, each before a capital, are six sentences; its documentation: "Returns the number of sentences present in the given text."
# Version: textstat 0.7.8; Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check textstat==0.7.8 >/dev/null 2>&1
"$folder/venv/bin/python" - <<'PYTHON'
import textstat

short = "Call 999. Sit down. Keep warm. Stay calm. Take water. Wait there."
longer = "Call 999 now. Sit down here. Keep warm there. Stay calm please. Take some water. Wait there now."
for text in (short, longer):
    print(f"{textstat.sentence_count(text)} sentences, grade {textstat.flesch_kincaid_grade(text):.1f}: {text}")
assert textstat.sentence_count(short) == 1
assert textstat.sentence_count(longer) == 6
assert textstat.flesch_kincaid_grade(short) > textstat.flesch_kincaid_grade(longer)
PYTHON
