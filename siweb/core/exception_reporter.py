"""Crash reports, should anybody ever have them sent: where it happened and of what kind, and nothing else."""

from html import escape

from django.views.debug import ExceptionReporter

from .logging import Terse


class TerseReporter(ExceptionReporter):
    """Django's own quotes the request, the values of variables and the exception's words: all can hold what was typed."""

    def get_traceback_text(self):
        return Terse().formatException((self.exc_type, self.exc_value, self.tb))

    def get_traceback_html(self):
        return f"<pre>{escape(self.get_traceback_text())}</pre>"
