"""The staff's own site: Django's admin behind a second factor, with only the pages that somebody needs."""

from functools import update_wrapper
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from siweb.core.dashboard import dashboard

from . import lockout, session_timeout, two_factor, views
from .resubmit import unsent

# Django's own pages that nobody needs: any object's address by its type and key, lists for fields that we do not use;
# and those that are made differently here.
NOT_NEEDED = ("view_on_site", "autocomplete", "logout", "password_change", "password_change_done")


class StaffSite(AdminSite):
    login_form = views.SignInForm
    login_template = "staff/accounts/sign_in.html"
    enable_nav_sidebar = False  # a handful of lists, all on the first page

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pages = []

    def add_page(self, route, view, name):
        """Add a page that belongs to no model, at `route` below the admin's address."""
        self.pages.append(path(route, self.admin_view(view), name=name))

    def get_urls(self):
        kept = [page for page in super().get_urls() if getattr(page, "name", None) not in NOT_NEEDED]
        half, whole = self.with_the_password, self.admin_view
        return [
            path("sign-out/", half(views.sign_out), name="logout"),
            path("code/", half(views.code), name="code"),
            path("second-factor/", half(views.second_factor_page), name="second_factor"),
            path("password/", whole(views.change_password), name="password_change"),
            path("choose-password/<int:pk>/<str:token>/", views.choose_password, name="choose_password"),
            path("session/", session_timeout.session, name="session"),
            *self.pages,
            *kept,
        ]

    def index(self, request, extra_context=None):
        waits = dashboard(request.user)
        if request.headers.get("X-Background") == "yes":
            return TemplateResponse(request, "staff/_waits.html", waits)  # for desk.js: only what may have changed
        return super().index(request, waits | (extra_context or {}))

    def has_permission(self, request):
        return super().has_permission(request) and not two_factor.is_missing(request.user)

    def admin_view(self, view, cacheable=False):
        """A page for the person who has signed in altogether. Others are asked to, and keep what they have typed."""
        return self._behind(self.has_permission, super().admin_view(view, cacheable))

    def with_the_password(self, view):
        """A page on the way to that, or out."""
        return self._behind(super().has_permission, view)

    def _behind(self, may_see, view):
        def guarded(request, *args, **kwargs):
            if any("\0" in value for _, values in request.GET.lists() for value in values):
                raise BadRequest  # PostgreSQL takes none, so a list that is filtered by one would be a fault
            if may_see(request):
                return view(request, *args, **kwargs)
            if request.method == "POST":
                return unsent(request)
            return self._to_sign_in(request)

        return update_wrapper(guarded, view)

    def _to_sign_in(self, request):
        asked = {"next": request.get_full_path()}
        if request.ended:
            asked["why"] = request.ended
        return redirect(f"{reverse('admin:login')}?{urlencode(asked)}")

    def login(self, request, extra_context=None):
        """Name and password. The person who has given them goes on to the code, or to where they wanted to go."""
        if request.method == "GET" and super().has_permission(request):
            return views.onwards(request)
        page = super().login(request, views.sign_in_context(request) | (extra_context or {}))
        locked_out = getattr(request, "locked_out", None)
        return page if locked_out is None else lockout.locked_out(request, locked_out)

    def each_context(self, request):
        context = super().each_context(request)
        if request.user.is_authenticated:
            context["seconds_left"] = session_timeout.seconds_left(request.session)[0]
        if context["has_permission"]:
            context["offer_second_factor"] = not request.user.is_verified()
        return context
