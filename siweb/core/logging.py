"""What may be written about a fault: where it happened and of what kind, never what anybody typed or which link they used.

An exception's own words can quote a row ("Failing row contains …"), and a path can hold a private link.

Nothing of Django is imported here: the server reads this before gevent has made its own threads, and a database
connection that is older than those would be shared by all requests.
"""

import logging
import traceback

from gunicorn.glogging import Logger


class Terse(logging.Formatter):
    """Tracebacks as lines of code and the kinds of exceptions, without their messages."""

    def formatException(self, exc_info):  # noqa: N802  logging's name
        fault, lines = exc_info[1], []
        while fault is not None:
            lines += [*traceback.format_tb(fault.__traceback__), f"{type(fault).__name__}\n"]
            fault = fault.__cause__ or fault.__context__
        return "".join(lines).rstrip()


class WithoutPath(logging.Filter):
    """Name the kind of page instead of the path that was asked for."""

    def filter(self, record):
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            record.msg, record.args = "%s at %s", (getattr(record, "status_code", "?"), match.route if match else "?")
        return True


class ServerLog(Logger):
    """gunicorn's own log, as terse."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Terse(self.error_fmt, self.datefmt))

    def exception(self, msg, *args, **kwargs):
        super().exception(msg.replace("%s", "…").replace("%r", "…"), **kwargs)  # they name the path that was asked for
