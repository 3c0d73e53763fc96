"""An enquiry with a mark in every field that takes words: where its words may stand, and where they must not.

`marks(text)` is what was typed, as far as it stands in a text; `logged()` is what is written meanwhile to the log.
"""

import io
import logging
import re
from contextlib import contextmanager

from django.conf import settings
from django.utils.module_loading import import_string

from tests.support.enquiring import FOR_ANOTHER

# In every field that takes words, something that stands nowhere else.
MARKED = FOR_ANOTHER | {
    "asker": "Zqxjasker Onemark",
    "relation": "zqxjrelation",
    "name": "Zqxjname Twomark",
    "phone": "0161 496 0987 zqxjbeside",
    "email": "zqxjmail@zqxjdomain.example",
    "needs": ["interpreter"],
    "language": "Zqxjlanguage",
    "tell": ["diabetes", "cancer"],
    "words": "Zqxjwords one.\nZqxjwords two.",
}
CORRECTED = MARKED | {
    "name": "Zqxjsecond Twomark",
    "email": "zqxjnewer@zqxjdomain.example",
    "phone": "0161 496 0986 zqxjlater",
    "words": "Zqxjthird.",
}
MARK = re.compile(r"zqxj\w*|onemark|twomark|496 ?098[67]|0161496098[67]", re.IGNORECASE)
ALL_MARKS = {
    *(
        "Zqxjasker",
        "Onemark",
        "zqxjrelation",
        "Zqxjname",
        "Twomark",
        "zqxjbeside",
        "zqxjmail",
        "zqxjdomain",
        "Zqxjlanguage",
        "Zqxjwords",
    ),
    *("496 0987", "4960987"),
}


def marks(text):
    """What was typed, as far as it stands in a text."""
    return sorted(set(MARK.findall(str(text))))


@contextmanager
def logged():
    """A function that returns all that is written meanwhile, in the words of settings.LOGGING."""
    stream = io.StringIO()
    ours = settings.LOGGING
    handler = logging.StreamHandler(stream)
    terse = ours["formatters"]["terse"]
    handler.setFormatter(import_string(terse["()"])(terse["format"], style=terse["style"]))
    for name in ours["handlers"]["terminal"]["filters"]:
        handler.addFilter(import_string(ours["filters"][name]["()"])())
    logging.getLogger().addHandler(handler)
    try:
        yield stream.getvalue
    finally:
        logging.getLogger().removeHandler(handler)


QUOTES = f"Failing row contains ({', '.join(str(value) for value in MARKED.values())})"


def raising(fault):
    """A function that fails, in the words of a database that quotes all that was typed."""

    def fail(*_, **__):
        cause = KeyError(QUOTES)
        raise fault(QUOTES) from cause

    return fail
