"""The one press with which a practice manager confirms that the site's clock is right."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from siweb.core.staff_pages import for_those_who
from siweb.enquiries.privacy.clock_doubt import confirm_clock

from .privacy_home import MANAGE


@require_POST
@for_those_who(MANAGE)
def confirm(request):
    """Believe the clock if it still shows the day that was confirmed: a page may have been open since before it jumped."""
    if request.POST.get("day") == timezone.localdate().isoformat():
        confirm_clock(by=request.user)
        messages.success(request, "Thank you. The automatic jobs go on within a minute.")
    else:
        messages.warning(request, "Not confirmed: the clock shows another day now. Check the date and time again.")
    return redirect("admin:index")
