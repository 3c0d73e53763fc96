"""What somebody typed, given back when it could not be taken. It needs no database: that may be what is missing."""

from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from siweb.enquiries.questions.forms import EnquiryForm, in_words, typed

from . import spam

# Why, as (status, heading, what to do).
REASONS = {
    "cookie": (
        403,
        "We could not take this yet",
        "Your browser did not send back the cookie that shows where the form came from. Press “Try again”. "
        "If you see this page again, your browser may block cookies: allow them for this site, or call us.",
    ),
    "many": (
        429,
        "Too many enquiries have come from your connection",
        "You may share it with many others. Please call us, or try again in an hour.",
    ),
    "away": (503, "We could not save this just now", "Please try again in a few minutes, or call us."),
    "fault": (500, "Something went wrong on our side", "Please try again in a few minutes, or call us."),
    "closed": (403, "We do not take enquiries yet", "This site is not open yet."),
}
_CARRIED = ("key", "began", spam.TRAP)  # beside the answers


def kept(request, reason):
    """The page that says why, shows what was typed, and offers to send it again."""
    status, heading, fix = REASONS[reason]
    carried = [(name, value) for name in _CARRIED for value in request.POST.getlist(name)]
    act = [("do", value) for value in request.POST.getlist("do")]  # last, so that a body that is cut short does nothing
    context = {
        "heading": heading,
        "fix": fix,
        "typed": carried + typed(request.POST) + act,
        "shown": list(_readable(request.POST)),
        "action": request.path,
        "may_retry": reason != "closed",
        "noindex": True,
    }
    response = render(request, "enquiries/kept.html", context, status=status)
    add_never_cache_headers(response)
    if status in (429, 503):
        response.headers["Retry-After"] = "3600" if status == 429 else "60"
    return response


def _readable(posted):
    """(question, what was typed) for each answer that is not empty."""
    for name in EnquiryForm.field_order:
        field = EnquiryForm.base_fields[name]
        answers = in_words(field, posted.getlist(name))
        if answers and name != "consent":
            yield field.label, "\n".join(answers)
