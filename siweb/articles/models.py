"""Articles, every wording they ever had, and what readers were shown when.

Revisions, decisions and publications are written once (siweb/triggers.py); an article only points at them.
How files and staff edits meet is in sync.py; how a revision becomes a page is in publishing.py.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from . import files


class ArticleQuerySet(models.QuerySet):
    def published(self):
        return self.filter(page__isnull=False)

    def waiting_for_a_choice(self):
        """Articles whose file brought a text that staff must compare with their own."""
        return self.filter(incoming__isnull=False)

    def gone_from_files(self):
        return self.filter(in_files=False).exclude(last_file_digest="")


class Article(models.Model):
    """One address, and pointers to the revisions that matter."""

    slug = models.SlugField(max_length=60, unique=True)
    live = models.ForeignKey("Revision", models.PROTECT, null=True, blank=True, related_name="+")  # what readers see
    page = models.OneToOneField("Publication", models.PROTECT, null=True, blank=True, related_name="showing")
    page_made_with = models.CharField(max_length=64, blank=True)  # digest of what the page quotes, and of the renderer
    head = models.ForeignKey("Revision", models.PROTECT, null=True, blank=True, related_name="+")  # newest staff text
    base = models.ForeignKey(
        "Revision", models.PROTECT, null=True, blank=True, related_name="+"
    )  # file = staff, last time
    incoming = models.ForeignKey(
        "Revision", models.PROTECT, null=True, blank=True, related_name="+"
    )  # a file's text, waiting
    last_file_digest = models.CharField(max_length=64, blank=True)  # of the file at the last import
    in_files = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)  # a save that names an older one is stale

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]

    def __str__(self):
        return self.slug

    def add_revision(self, text, source, *parents, author=None):
        """Write down a text and return its Revision. `parents` are the one or two revisions it comes from."""
        parent, merged = [*parents, None, None][:2]
        number = (self.revisions.aggregate(models.Max("number"))["number__max"] or 0) + 1
        return self.revisions.create(
            number=number,
            digest=text.digest,
            text=text.canonical,
            source=source,
            parent=parent,
            merged=merged,
            author=author,
        )

    @transaction.atomic
    def edit(self, text, by, version):
        """Staff write a new text on top of the head; the same text again makes no revision.

        Raises StaleError when the article has moved on since `version`.
        """
        self._claim(version)
        if self.head is None or text.digest != self.head.digest:
            self.head = self.add_revision(text, Revision.Source.STAFF, *filter(None, [self.head]), author=by)
        self.save()
        return self.head

    @transaction.atomic
    def resolve(self, text, by, version):
        """Staff have chosen what to keep of their text and of the file's that waits; the choice is a new head."""
        self._claim(version)
        if self.incoming is None:
            raise ValidationError("No file text is waiting any more. Nothing was changed.")
        merged = self.add_revision(text, Revision.Source.MERGE, self.head, self.incoming, author=by)
        self.base, self.head, self.incoming = self.incoming, merged, None
        self.save()
        return merged

    def _claim(self, version):
        """Make this the one change on top of `version`, in one statement, so that two people cannot both be it."""
        if not Article.objects.filter(pk=self.pk, version=version).update(version=F("version") + 1):
            raise StaleError(self)
        self.refresh_from_db()


class StaleError(ValidationError):
    """Somebody else saved first."""

    def __init__(self, article):
        self.article = article
        super().__init__(
            "Somebody else has saved this article since you opened it. Your text is kept: compare the two."
        )


class Revision(models.Model):
    """One exact wording, in its canonical form. Insert-only."""

    class Source(models.TextChoices):
        FILE = "file", "from a file"
        STAFF = "staff", "written in the admin"
        MERGE = "merge", "file and staff text brought together"

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    text = models.TextField()
    source = models.CharField(max_length=5, choices=Source)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    merged = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(source="merge", merged__isnull=False)
                | ~models.Q(source="merge") & models.Q(merged__isnull=True),
                name="only_a_merge_has_two_parents",
            ),
            models.CheckConstraint(
                condition=models.Q(source="file", author__isnull=True)
                | ~models.Q(source="file") & models.Q(author__isnull=False),
                name="staff_texts_have_an_author",
            ),
        ]

    def __str__(self):
        return f"{self.article_id} revision {self.number}"

    @property
    def parsed(self):
        return files.parse(self.text)

    @property
    def is_approved(self):
        return self.decisions.filter(kind=Decision.Kind.APPROVE).exists()


class Decision(models.Model):
    """What a named person decided about one revision. Insert-only."""

    class Kind(models.TextChoices):
        APPROVE = "approve", "approved"

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]

    def __str__(self):
        return f"{self.revision}: {self.kind}"


class PublicationQuerySet(models.QuerySet):
    def showing(self):
        """What readers see now, in the order of the guide."""
        return self.filter(showing__isnull=False).select_related("article").order_by("order", "title")

    def without_text(self):
        return self.defer("html", "outline")


class Publication(models.Model):
    """A page as readers got it, from a moment on: what was live on a date is a row. Insert-only."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="publications")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="publications")
    at = models.DateTimeField(default=timezone.now)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    kind = models.CharField(max_length=8, choices=[(kind, kind) for kind in files.KINDS])
    order = models.PositiveSmallIntegerField()
    author = models.CharField(max_length=200, blank=True)
    keywords = models.JSONField(default=list)
    takeaways = models.JSONField(default=list)
    html = models.TextField()
    outline = models.JSONField(default=list)  # [{"anchor", "heading", "level", "text"}, …]
    links = models.JSONField(default=list)  # slugs of the articles that the text points at
    minutes = models.PositiveSmallIntegerField()

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


def address_of(kind, slug):
    return reverse("page" if kind == "page" else "article", args=[slug])


class OldAddress(models.Model):
    """A slug that an article had once: links to it still arrive."""

    slug = models.SlugField(max_length=60, unique=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="old_addresses")

    class Meta:
        verbose_name_plural = "old addresses"

    def __str__(self):
        return self.slug


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
