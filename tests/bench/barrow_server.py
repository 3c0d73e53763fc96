"""The settings of tests.bench.barrow, Django's (capitals) and gunicorn's: the site's own, but nothing of the site."""

from siweb.config.gunicorn_conf import *  # noqa: F403
from siweb.config.settings import *  # noqa: F403

INSTALLED_APPS = MIDDLEWARE = TEMPLATES = []
ROOT_URLCONF = "tests.bench.barrow"

del globals()["post_worker_init"]
