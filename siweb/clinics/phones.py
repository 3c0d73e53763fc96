"""Telephone numbers of the clinic, as shown and as dialled."""

import re

from django.core.exceptions import ValidationError

# Numbers that the regulator keeps free for films and examples, such as 01632 960000 to 960999, without the 0 or +44.
_FICTION = re.compile(
    r"(?:\+44|0044)?0?(?:(?:1632960|1914980|2079460|2896496|2890180|2920180|3069990|7700900|8081570|9098790)\d{3}"
    r"|1(?:1[3-8]|[2-6]1)4960\d{3})"
)


def dialled(phone):
    """The digits as a phone link dials them: "01632 960001" is +441632960001; a short code stays as it is."""
    digits = re.sub(r"[^\d+]", "", phone)
    return "+44" + digits[1:] if len(digits) > 4 and digits.startswith("0") and not digits.startswith("00") else digits


def is_fiction(phone):
    return bool(_FICTION.fullmatch(re.sub(r"[^\d+]", "", phone)))


def validate_phone(phone):
    if not re.fullmatch(r"\+?[0-9 ()-]{3,24}", phone) or len(re.sub(r"\D", "", phone)) < 3:
        raise ValidationError(f'"{phone}" is not a phone number. Write digits and spaces, such as 01632 960001.')
