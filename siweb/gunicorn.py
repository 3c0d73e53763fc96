"""The server's configuration: gunicorn -c python:siweb.gunicorn siweb.wsgi

gevent, because slow connections hold up threads: 16 of them stopped a threaded server, 200 did not disturb this one.
"""

from siweb import environment as read

bind = f"{read.read_text('HOST', '127.0.0.1')}:{read.read_number('PORT', 8000, 1, 65535)}"
workers = read.read_number("WORKERS", 2, 1, 64)
worker_class = "gevent"
worker_connections = 1000
timeout = 30
graceful_timeout = 20
keepalive = 5

# Only these are believed about https and about where a request came from.
forwarded_allow_ips = read.read_text("PROXIES", "127.0.0.1,::1")

limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
control_socket_disable = True

# No access log: addresses, and later the links of private pages, are nobody's to collect.
accesslog = None
loglevel = "warning"


def post_worker_init(worker):
    """Make the search index and read the clinic before the first request, and before the database may go away."""
    from django.db import DatabaseError, connection

    from siweb.articles.finding import shelf
    from siweb.clinics.models import Clinic

    try:
        Clinic.current()
        shelf.rebuild()
    except DatabaseError as away:
        worker.log.warning("starting without the database: %s", type(away).__name__)
    finally:
        connection.close()
