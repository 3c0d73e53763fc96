"""Pages as readers got them, and what readers thought of them."""

from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from siweb.articles.text import front_matter

from .article import Article
from .revision import Revision


class PublicationQuerySet(models.QuerySet):
    def showing(self):
        """What readers see now, in the order of the guide."""
        return self.filter(showing__isnull=False).select_related("article").order_by("order", "title")

    def without_text(self):
        return self.defer("html", "outline")

    def by_role(self):
        """{role: (key of its article, path)} of what readers see, in one query."""
        found = self.filter(showing__isnull=False).exclude(role=[])
        return {
            role: (pk, address_of(kind, slug))
            for roles, pk, kind, slug in found.values_list("role", "article_id", "kind", "article__slug")
            for role in roles
        }


class Publication(models.Model):
    """A page as readers got it, from a moment on: what was live on a date is a row. Insert-only."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="publications")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="publications")
    at = models.DateTimeField(default=timezone.now)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in front_matter.KINDS])
    role = models.JSONField(default=list)  # of page_roles.ROLES: code finds the page by them, never by its address
    shelf = models.CharField(max_length=20, blank=True)  # of front_matter.SHELVES
    order = models.PositiveSmallIntegerField()
    author = models.CharField(max_length=200, blank=True)
    keywords = models.JSONField(default=list)
    takeaways = models.JSONField(default=list)
    html = models.TextField()
    outline = models.JSONField(default=list)  # [{"anchor", "heading", "level", "text"}, …]
    links = models.JSONField(default=list)  # slugs of the articles that the text points at
    minutes = models.PositiveSmallIntegerField()
    quotes = models.JSONField(
        default=dict
    )  # {"rule:driving": digest, "figure:pelvis": digest}: what it shows of others

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["kind"], name="publication_kind")]  # every page of the guide lists the steps

    def __str__(self):
        return self.title

    @property
    def slug(self):
        return self.article.slug

    @property
    def url(self):
        return address_of(self.kind, self.slug)

    @property
    def contents(self):
        """The sections that a reader may jump to."""
        return [{"anchor": s["anchor"], "text": s["heading"]} for s in self.outline if s["level"] == 2]

    @property
    def has_sheet(self):
        """Whether a part of it also prints alone."""
        return '<section class="sheet">' in self.html


def address_of(kind, slug):
    return reverse("page" if kind == "page" else "article", args=[slug])


class Usefulness(models.Model):
    """How many readers found an article useful on a day, and how many did not. Nothing about who."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="usefulness")
    day = models.DateField()
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "usefulness"
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["article", "day"], name="one_count_a_day")]

    def __str__(self):
        return f"{self.article} on {self.day}: {self.yes} yes, {self.no} no"

    @classmethod
    def count(cls, article, answer):
        """Add one answer, "yes" or "no", to today's."""
        row, _ = cls.objects.get_or_create(article=article, day=timezone.localdate())
        cls.objects.filter(pk=row.pk).update(**{answer: F(answer) + 1})
