"""Telephone numbers of the clinic, as shown and as dialled."""

import re

from django.core.exceptions import ValidationError

# Numbers that the regulator keeps free for films and examples (01632 960000 to 960999).
_FICTION = re.compile(r"(?:\+44|0)1632960\d{3}")


def dialled(phone):
    """The digits as a phone link dials them: "01632 960001" is +441632960001; a short code stays as it is."""
    digits = re.sub(r"[^\d+]", "", phone)
    return "+44" + digits[1:] if len(digits) > 4 and digits.startswith("0") and not digits.startswith("00") else digits


def is_fiction(phone):
    return bool(_FICTION.fullmatch(re.sub(r"[^\d+]", "", phone)))


def validate_phone(phone):
    if not re.fullmatch(r"\+?[0-9 ()-]{3,24}", phone) or len(re.sub(r"\D", "", phone)) < 3:
        raise ValidationError(f'"{phone}" is not a phone number. Write digits and spaces, such as 01632 960001.')
