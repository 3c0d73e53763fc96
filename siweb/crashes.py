"""Crash reports, should anybody ever have them sent: without what was typed, without addresses, without values."""

from django.views.debug import SafeExceptionReporterFilter


class NothingPersonal(SafeExceptionReporterFilter):
    """Crash reports without what was sent and without the values of variables."""

    def get_post_parameters(self, request):
        return {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return []

    def get_safe_request_meta(self, request):
        return {}
