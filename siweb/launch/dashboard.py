"""What the dashboard says to the practice manager about opening the site. A local site says nothing of it."""

from django.conf import settings
from django.urls import reverse

from siweb.clinics.models import Clinic
from siweb.core.dashboard import Item, Section

from .checklist import checklist


def sections(user):
    if not settings.PUBLIC or not user.has_perm("clinics.change_clinic"):
        return
    points = checklist(user)
    missing = sum(not point.holds for point in points)
    page, closed = reverse("admin:clinics_clinic_opening"), Clinic.current().closed
    are = "is" if missing == 1 else "are"
    said = f"{missing} of {len(points)} things {are} missing" if missing else "Everything is there: you can open it"
    yield Section("The site is not open yet", [Item(said, page)] if closed else [])
    gone = [Item(f"{missing} of {len(points)} things {are} no longer there", page)]
    yield Section("The site is open, but not all is well", gone if missing and not closed else [])
