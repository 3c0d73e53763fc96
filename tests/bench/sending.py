"""A process that sends enquiries through the project's own code, and writes each key down once it is acknowledged.

Run by tests.bench.powercut under strace: python -m tests.bench.sending HOW_MANY [journal_mode=DELETE synchronous=OFF]
"""

import os
import re
import sys
import time
import uuid
from unittest.mock import patch

import django
from django.conf import settings

from tests.bench.filled import ANSWERS

ACKNOWLEDGED = "acknowledged"  # the file with the keys, in DATA_DIR


def main(count, *pragmas):
    options = settings.DATABASES["default"]["OPTIONS"]
    for pragma in pragmas:  # before the first connection
        name = pragma.partition("=")[0]
        options["init_command"] = re.sub(rf"{name}=\w+", pragma, options["init_command"])
    django.setup()

    from django.db import connection
    from django.test import Client

    from siweb.enquiries.intake import spam

    then = time.time() - spam.LEAST_SECONDS - 2
    with patch("time.time", return_value=then):  # a form that comes back sooner is a machine's
        began = spam.begin()
    client = Client(SERVER_NAME="localhost")
    marks = os.open(settings.DATA_DIR / ACKNOWLEDGED, os.O_WRONLY | os.O_CREAT)
    for number in range(count):
        key = uuid.uuid4()
        form = ANSWERS | {"key": str(key), "began": began}
        answer = client.post("/enquire/check/", form, headers={"X-Forwarded-For": f"10.0.0.{number}"})
        assert answer.status_code == 302, f"{answer.status_code}: {answer.text}"
        os.write(marks, key.hex.encode())
        if number % 2:  # the last of several connections to a database does things that the others do not
            connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
