"""One address, and the addresses it had before."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F

from .decision import Decision, pending
from .revision import Revision

WRITE, APPROVE = "articles.write_article", "articles.approve_article"  # Article.Meta.permissions


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
    page_uses = models.JSONField(default=list)  # (kind, key) of all that the page quotes and points at
    page_made_with = models.CharField(max_length=64, blank=True)  # digest of what these were, and of the renderer
    page_problems = models.JSONField(default=list)  # {"line", "message"}: rules newer than the live text that it breaks
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
        default_permissions = ()
        permissions = [
            ("write_article", "Can write articles and send them for review"),
            ("approve_article", "Can approve, publish and retire articles"),
        ]

    def __str__(self):
        return self.slug

    def add_revision(self, text, source, *parents, author=None, note=""):
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
            note=note,
        )

    @transaction.atomic
    def edit(self, text, by, version, note=""):
        """Staff write a new text on top of the head; the same text again changes nothing at all.

        Raises StaleError when the article has moved on since `version`.
        """
        if self.head and text.digest == self.head.digest:
            return self.head
        self._claim(version)
        self.take_back(by)
        self.head = self.add_revision(text, Revision.Source.STAFF, *filter(None, [self.head]), author=by, note=note)
        self.save()
        return self.head

    @transaction.atomic
    def resolve(self, text, by, version, note=""):
        """Staff have chosen what to keep of their text and of the file's that waits; the choice is a new head."""
        self._claim(version)
        if self.incoming is None:
            raise ValidationError("No file text is waiting any more. Nothing was changed.")
        self.take_back(by)
        merged = self.add_revision(text, Revision.Source.MERGE, self.head, self.incoming, author=by, note=note)
        self.base, self.head, self.incoming = self.incoming, merged, None
        self.save()
        return merged

    @property
    def pending(self):
        """The decision by which the head is on its way to readers: in review, approved or scheduled; or None."""
        return pending(self.head.decisions.all()) if self.head_id not in (None, self.live_id) else None

    def take_back(self, by=None):
        """Record that a newer version replaces the head on its way to readers; a file's version is nobody's."""
        if self.pending:
            self.head.decisions.create(kind=Decision.Kind.REPLACE, by=by)

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


class OldAddress(models.Model):
    """A slug that an article had once: links to it still arrive."""

    slug = models.SlugField(max_length=60, unique=True)
    article = models.ForeignKey(Article, models.CASCADE, related_name="old_addresses")

    class Meta:
        verbose_name_plural = "old addresses"

    def __str__(self):
        return self.slug
