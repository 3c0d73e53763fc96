"""The site's settings, for tests: static files are served from where they lie, and the data directory is thrown away."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="siweb-tests-"))

from siweb.settings import *  # noqa: F403
from siweb.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True  # no scan of staticfiles/, which a fresh clone does not have
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
