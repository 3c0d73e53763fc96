"""Where the page for opening the site is."""

from django.contrib import admin

from .views import opening_page

admin.site.add_page("clinics/clinic/opening/", opening_page, "clinics_clinic_opening")
