"""The server's configuration: gunicorn -c python:siweb.config.gunicorn_conf siweb.config.wsgi

gevent, because slow connections hold up threads: 16 of them stopped a threaded server, 200 did not disturb this one.
"""

import gc
import os

import gevent
from gunicorn.util import close_graceful

from . import environment as read

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siweb.config.settings")

bind = f"{read.read_text('HOST', '127.0.0.1')}:{read.read_number('PORT', 8000, 1, 65535)}"
workers = read.read_number("WORKERS", 2, 1, 64)
worker_class = "gevent"
worker_connections = 1000
timeout = 30
graceful_timeout = 20
keepalive = 5

# Only these are believed about https and about where a request came from.
forwarded_allow_ips = read.read_text("PROXIES", "127.0.0.1,::1")
secure_scheme_headers = {
    "X-FORWARDED-PROTO": "https"
}  # the one that our proxies set, whatever a reader sends beside it
# No header says where the site is mounted: one SCRIPT_NAME would change every link of a page that is kept for all readers.
forwarder_headers = ""
header_map = "drop"

limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
control_socket_disable = True

# No access log, and no warnings: those name addresses, and later the links of private pages. They are nobody's to collect.
accesslog = None
loglevel = "error"
logger_class = "siweb.core.logging.ServerLog"

BODY_SECONDS = 10  # that a sender may be silent for in the middle of a body


def pre_request(worker, req):
    """End the connection after a body that nobody will read: gunicorn would read on to its end, and readers wait."""
    length = getattr(req.body.reader, "length", None)  # none is announced for chunks
    if length != 0:
        req.unreader.sock.settimeout(BODY_SECONDS)
    if length is None or length > _limit(req):
        req.force_close()


def _limit(req):
    from siweb.core.http import limit_for

    return limit_for(req.path, "; ".join(value for name, value in req.headers if name == "COOKIE"))


def post_request(worker, req, environ, resp):
    """Let the answer to such a body arrive: to close on bytes that still come in would take it back.

    And let others have their turn: a connection that always has its next request ready would keep them out for as long.
    """
    if req.must_close:
        close_graceful(req.unreader.sock, timeout=2, max_drain=1_000_000)
    gevent.sleep(0)


def post_worker_init(worker):
    """Make the search index and read the clinic before the first request, and before the database may go away."""
    from django.db import DatabaseError, connection

    from siweb.articles.search.live_index import shelf
    from siweb.clinics.models import Clinic

    try:
        Clinic.current()
        shelf.rebuild()
    except DatabaseError as away:
        worker.log.error("starting without the database: %s", type(away).__name__)
    finally:
        connection.close()
    gc.collect()
    gc.set_threshold(20_000, 50, 50)  # rows and forms are thousands of small objects: look for garbage less often
    gc.freeze()  # what is here now stays: looking through it for garbage made some readers wait 40 ms


def worker_int(worker):
    """Stop at once. Ctrl-C reaches a worker twice, from the terminal and from its parent: gevent would call that a fault."""
    os._exit(0)
