"""Where the staff's pages about articles are. The pages themselves are functions in siweb/articles/staff/."""

from django.contrib import admin
from django.urls import path

from .models import Article
from .reviewing import WRITE
from .staff import checking, editor, listing, review
from .staff.examples import how_to_write

# Route below /admin/articles/article/, view, and name after "admin:articles_article_".
PAGES = (
    ("", listing.listing, "changelist"),
    ("add/", editor.add, "add"),
    ("<int:pk>/change/", editor.change, "change"),
    ("preview/", editor.preview, "preview"),
    ("checks/", checking.checks, "checks"),
    ("pages/", editor.pages, "pages"),
    ("sources/", editor.sources, "sources"),
    ("how-to-write/", how_to_write, "how_to_write"),
    ("<int:pk>/review/", review.review, "review"),
    ("<int:pk>/page/<int:number>/", review.page, "page"),
    ("<int:pk>/decide/", review.decide, "decide"),
    ("<int:pk>/propose/", review.propose, "propose"),
    ("proposal/<int:pk>/", review.settle, "proposal"),
)


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=f"articles_article_{name}") for route, view, name in PAGES]

    def has_module_permission(self, request):
        return request.user.has_perm(WRITE)

    has_add_permission = has_module_permission

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(WRITE)

    has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False
