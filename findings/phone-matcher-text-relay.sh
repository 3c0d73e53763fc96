#!/usr/bin/env bash
# Surprise: in "18001 0161 496 0000" (the prefix that deaf people in the UK dial for text relay, then an ordinary number) the
# number matcher finds nothing with its default leniency VALID, and finds the ordinary number with the looser POSSIBLE. That
# number is valid. One would expect that a match which is valid is kept when only valid ones are asked for.
# Version: phonenumbers 9.0.43 (the Python port of Google's libphonenumber and its data); Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check phonenumbers==9.0.43 >/dev/null 2>&1
"$folder/venv/bin/python" - <<'PYTHON'
import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher


def found(text, leniency):
    return [match.raw_string for match in PhoneNumberMatcher(text, "GB", leniency)]


plain, relay = "Please call 0161 496 0000", "Please call 18001 0161 496 0000"
for text in (plain, relay):
    print(f"{text!r}: VALID {found(text, Leniency.VALID)}, POSSIBLE {found(text, Leniency.POSSIBLE)}")
assert phonenumbers.is_valid_number(phonenumbers.parse("0161 496 0000", "GB"))
assert found(plain, Leniency.VALID) == ["0161 496 0000"]
assert found(relay, Leniency.VALID) == []
assert found(relay, Leniency.POSSIBLE) == ["18001", "0161 496 0000"]
PYTHON
