"""Where the clinic is and who works there."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from siweb.core import structured_data
from siweb.core.http import public

from .models import Clinic, Location


@require_safe
def clinics(request):
    places = list(Location.objects.all())
    if places:
        clinic = Clinic.current()
        for place in places:
            place.clinic = clinic
    return public(render(request, "clinics/clinics.html", {"locations": places}))


@require_safe
def location(request, slug):
    place = get_object_or_404(Location.objects.prefetch_related("practitioners"), slug=slug)
    facts = structured_data.location(place, place.clinic)
    return public(render(request, "clinics/location.html", {"location": place, "json_ld": facts}))
