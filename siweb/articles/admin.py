"""Where the staff's pages about articles are. The pages themselves are functions in siweb/articles/staff/."""

from django.contrib import admin
from django.urls import path

from siweb.articles.editorial.workflow import WRITE
from siweb.articles.staff.merge_conflict import resolve
from siweb.articles.staff.writing_guide import how_to_write

from .models import Article, Picture
from .staff import article_list, check_panel, editor, history, pictures, reconfirmation, rename, review, review_pack

# Route below /admin/articles/article/, view, and name after "admin:articles_article_".
PAGES = (
    ("", article_list.listing, "changelist"),
    ("add/", editor.add, "add"),
    ("<int:pk>/change/", editor.change, "change"),
    ("preview/", editor.preview, "preview"),
    ("checks/", check_panel.checks, "checks"),
    ("pages/", editor.pages, "pages"),
    ("sources/", editor.sources, "sources"),
    ("how-to-write/", how_to_write, "how_to_write"),
    ("<int:pk>/review/", review.review, "review"),
    ("<int:pk>/page/<int:number>/", review.page, "page"),
    ("<int:pk>/decide/", review.decide, "decide"),
    ("<int:pk>/propose/", review.propose, "propose"),
    ("<int:pk>/history/", history.history, "history"),
    ("<int:pk>/compare/", history.compare, "compare"),
    ("<int:pk>/restore/", history.restore, "restore"),
    ("<int:pk>/live-on/", history.live_on, "live_on"),
    ("<int:pk>/as-published/<int:number>/", history.as_published, "as_published"),
    ("<int:pk>/resolve/", resolve, "resolve"),
    ("<int:pk>/move/", rename.move, "move"),
    ("proposal/<int:pk>/", review.settle, "proposal"),
    ("confirm/", reconfirmation.confirm, "confirm"),
    ("review-pack/", review_pack.pack, "pack"),
)


# The same below /admin/articles/picture/.
PICTURE_PAGES = (
    ("", pictures.listing, "changelist"),
    ("<int:pk>/change/", pictures.change, "change"),
)


class ForWriters(admin.ModelAdmin):
    """What Django's admin asks of a model: who may see that it is there."""

    def has_module_permission(self, request):
        return request.user.has_perm(WRITE)

    def has_add_permission(self, request):
        return request.user.has_perm(WRITE)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(WRITE)

    has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False

    def _pages(self, pages, model):
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=f"articles_{model}_{name}") for route, view, name in pages]


@admin.register(Article)
class ArticleAdmin(ForWriters):
    def get_urls(self):
        return self._pages(PAGES, "article")


@admin.register(Picture)
class PictureAdmin(ForWriters):
    def get_urls(self):
        # Who is signed out is told so in the editor's own way, not sent to a page for signing in.
        upload = path("upload/", pictures.upload, name="articles_picture_upload")
        return [upload, *self._pages(PICTURE_PAGES, "picture")]

    def has_add_permission(self, request):
        return False  # they are sent from the list or from an article
