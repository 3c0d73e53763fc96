"""What the server's first process imports, before its workers have made threads cooperative."""

import subprocess
import sys

from siweb.config.settings import BASE_DIR

# As gunicorn does: it reads the configuration, takes the class of its log from it, and calls what it hooks in.
_STARTING = """
import sys
from gunicorn.util import load_class
from siweb.config import gunicorn_conf
load_class(gunicorn_conf.logger_class)
getattr(gunicorn_conf, "on_starting", lambda arbiter: None)(None)
print(sorted({"django.db", "asgiref.local"} & sys.modules.keys()))
"""


def test_the_first_process_makes_no_database_connections_for_threads():
    """Its workers would share one between all readers, and Django refuses every request of another than the first."""
    done = subprocess.run([sys.executable, "-c", _STARTING], cwd=BASE_DIR, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
