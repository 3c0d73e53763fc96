"""Every address of the site."""

from django.contrib import admin
from django.urls import path, re_path

from siweb.articles import views as articles
from siweb.clinics import views as clinics
from siweb.enquiries.intake import views as enquiries
from siweb.website import views

urlpatterns = [
    path("", views.home, name="home"),
    # The guide
    path("guide/", articles.guide, name="guide"),
    path("guide/<slug:slug>/", articles.article, name="article"),
    path("guide/<slug:slug>/print/", articles.leaflet, {"large": False}, name="leaflet"),
    path("guide/<slug:slug>/large-print/", articles.leaflet, {"large": True}, name="large_print"),
    path("guide/<slug:slug>/sheet/", articles.sheet, name="sheet"),
    path("guide/<slug:slug>/useful/", articles.useful, name="useful"),
    re_path(
        r"^pictures/(?P<digest>[0-9a-f]{64})-(?P<width>[0-9]{1,4})\.(?P<kind>jpg|png)$",
        articles.picture,
        name="picture",
    ),
    path("search/", articles.search, name="search"),
    # The clinic
    path("clinics/", clinics.clinics, name="clinics"),
    path("clinics/<slug:slug>/", clinics.location, name="location"),
    # Asking for an appointment
    path("enquire/", enquiries.start, name="enquire"),
    path("enquire/form/", enquiries.form, name="enquiry_form"),
    path("enquire/check/", enquiries.check, name="enquiry_check"),
    path("enquire/sent/<str:sealed>/", enquiries.sent, name="enquiry_sent"),
    path("enquire/yours/<str:token>/", enquiries.yours, name="yours"),
    path("enquire/withdrawn/", enquiries.withdrawn, name="enquiry_withdrawn"),
    path("enquire/corrected/", enquiries.corrected, name="enquiry_corrected"),
    # Staff
    path("admin/", admin.site.urls),
    # For machines
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("site.webmanifest", views.manifest, name="manifest"),
    path(".well-known/change-password", views.change_password, name="change_password"),
    path("healthz", views.healthz, name="healthz"),
    # Privacy, accessibility, about: last, because any word may be their address
    path("<slug:slug>/", articles.article, name="page"),
]

handler400 = "siweb.website.errors.bad_request"
handler403 = "siweb.website.errors.forbidden"
handler404 = "siweb.website.errors.not_found"
handler500 = "siweb.website.errors.server_error"
