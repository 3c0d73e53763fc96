"""The least that can be served: one answer, always the same bytes and headers. Also its gunicorn configuration."""

import json
import os

from siweb.config.gunicorn_conf import *  # noqa: F403  the very same settings, but nothing of the site to make ready

del globals()["post_worker_init"]

_answer = json.loads(os.environ["BARE_ANSWER"])
_status, _headers, _body = (
    _answer["status"],
    [tuple(pair) for pair in _answer["headers"]],
    _answer["body"].encode("latin-1"),
)


def application(environ, start_response):
    start_response(_status, _headers)
    return [_body]
