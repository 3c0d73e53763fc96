"""What staff type into the editor, as the text that a file would hold: one way in for saving, preview and checks."""

import json

from django import forms

from siweb.articles.editorial import roles
from siweb.articles.editorial.pending import takes_back
from siweb.articles.rendering.syntax import slugify
from siweb.articles.text.front_matter import BadText, Problem
from siweb.core import page_roles

from .models import Article, OldAddress, Publication
from .text import front_matter
from .widgets import BodyField

LISTS = ("keywords", "takeaways", "aliases")  # one item a line
FIELDS = (*front_matter.FRONT_MATTER, "body")
KINDS = (
    ("topic", "A topic of the guide"),
    ("step", "A step of the patient’s path, in its order"),
    ("page", "A page of its own, such as Privacy"),
    ("rules", "Our rules"),
    ("signs", "Warning signs"),
    ("glossary", "Words explained"),
)
MORE = (
    "slug",
    "kind",
    "role",
    "shelf",
    "order",
    "takeaways",
    "keywords",
    "author",
    "aliases",
)  # what stands apart from the writing


def text_of(data):
    """The Text that a posted form holds: also an unfinished one, whose mistakes are its `problems`.

    Raises BadText for what cannot be stored, with its field and its line there: characters that the database refuses, and
    a text beyond all limits. A browser's line endings, blank ends and blank lines of a list make no difference.
    """
    typed = {name: front_matter.normal(data.get(name, "")) for name in FIELDS}
    problems, values, unread = [], {"title": "", "summary": "", "kind": "topic"}, []
    for name, value in typed.items():
        problems += [Problem(bad.line, bad.message, name) for bad in front_matter.unshowable(value)]
    if problems:
        raise BadText(problems)
    for name in front_matter.FRONT_MATTER:
        written = _written(name, typed[name])
        try:
            if written:
                values[name] = front_matter.read_value(name, written)
        except ValueError:
            unread.append((name, tuple(written) if isinstance(written, list) else written))
    body, line = front_matter.canonical_body(typed["body"]), _first_line(typed["body"])
    return front_matter.within_limits(front_matter.Text(**values, unread=tuple(unread), body=body, body_line=line))


def with_fix(data, value):
    """What a posted form holds, with a Problem's `fix_value` applied to its body; None where the lines have changed since."""
    try:
        line, old, new = json.loads(value)
        lines = front_matter.normal(data.get("body", "")).split("\n")
        count = old.count("\n") + 1
        if line < 1 or "\n".join(lines[line - 1 : line - 1 + count]) != old:
            return None
        lines[line - 1 : line - 1 + count] = new.split("\n")
    except (ValueError, TypeError, AttributeError):
        return None
    fixed = data.copy()
    fixed["body"] = "\n".join(lines)
    return fixed


def fields_of(text):
    """What the editor shows for a Text: text_of() makes the same Text of it."""
    shown = {name: text.as_written(name) for name in FIELDS}
    lists = {name: "\n".join(shown[name]) for name in LISTS}
    role = shown["role"] if isinstance(shown["role"], str) else ", ".join(shown["role"])
    return shown | lists | {"order": str(shown["order"]), "role": role}


def _written(name, typed):
    """The value as the front matter of a file would give it."""
    if name == "role":
        return [role.strip() for role in typed.split(",") if role.strip()]
    if name in LISTS:
        return [line.strip() for line in typed.split("\n") if line.strip()]
    return typed.strip()


def _first_line(body):
    """The line of the box that the text begins on."""
    lines = body.split("\n")
    return next((number for number, line in enumerate(lines, start=1) if line.strip()), 1)


def _role_choices(article):
    """The roles that a page may have: its own, and those of no page. One that the site needs is kept."""
    kept = roles.needed_roles_of(article) if article else []
    own = list(dict.fromkeys([*(article.head.parsed.role if article else ()), *kept]))
    choices = [(", ".join(own), "; ".join(map(_role_in_words, own)))] if own else []
    if kept:
        return choices
    taken = {*Publication.objects.by_role(), *own}
    free = [(role, _role_in_words(role)) for role in page_roles.ROLES if role not in taken]
    return [("", "None: no part of the site needs this page"), *choices, *free]


def _role_in_words(role):
    return f"{role}: {page_roles.ROLES[role].use}"


class ArticleForm(forms.Form):
    """`article` is the one that is changed, or None for a new one; a valid form has `text`, and `slug` where it may change."""

    title = forms.CharField(required=False)
    summary = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One sentence that stands alone in search results and on cards.",
    )
    body = BodyField(label="Text", required=False)
    slug = forms.CharField(
        label="Address", required=False, max_length=60, help_text="Left empty, it is made from the title."
    )
    kind = forms.ChoiceField(choices=KINDS)
    role = forms.CharField(
        required=False,
        widget=forms.Select,
        help_text="The site finds this page by its role, whatever its title and address are. It belongs to one page only.",
    )
    shelf = forms.ChoiceField(
        required=False,
        choices=[("", "None: under “More to read”"), *front_matter.SHELVES.items()],
        help_text="With which pages the guide and the home page list it.",
    )
    order = forms.CharField(
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": 9999}),
        help_text="Small numbers come first in lists.",
    )
    takeaways = forms.CharField(
        label="At a glance",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Three to five short sentences, one on each line.",
    )
    keywords = forms.CharField(
        label="Words that people search with",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Lay words and misspellings, one on each line.",
    )
    author = forms.CharField(required=False)
    aliases = forms.CharField(
        label="Old addresses",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Addresses that this page had before, one on each line. Readers who use them arrive here.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(label="What you changed, and why", required=False, max_length=500)
    take_back = forms.BooleanField(
        label="Take it back and save a new version",
        required=False,
        widget=forms.CheckboxInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data=None, article=None):
        self.article, self.text = article, None
        initial = {"kind": "topic", "author": "Editorial team", "version": 0}
        if article:
            initial = fields_of(article.head.parsed) | {"slug": article.slug, "version": article.version}
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["role"].widget.choices = _role_choices(article)
        if article and article.publications.exists():
            del self.fields["slug"]  # readers have its address: renaming.py changes it
        self.pending = takes_back(article) if article else ""
        if not self.pending:
            del self.fields["take_back"]

    def clean_slug(self):
        slug = self.cleaned_data["slug"].strip() or slugify(self.cleaned_data.get("title", ""))[:60].strip("-")
        if not front_matter.SLUG.fullmatch(slug) or slug in front_matter.RESERVED:
            raise forms.ValidationError("Use small letters, digits and dashes, such as going-home.")
        others = Article.objects.exclude(pk=self.article.pk if self.article else None)
        if others.filter(slug=slug).exists() or OldAddress.objects.filter(slug=slug).exists():
            raise forms.ValidationError(
                f"There is an article at “{slug}” already, or there was. Choose another address."
            )
        return slug

    def clean_version(self):
        return self.cleaned_data["version"] or 0

    def clean(self):
        if self.errors:
            return
        try:
            self.text = text_of(self.data)
        except BadText as bad:
            for problem in bad.problems:
                line = f"Line {problem.line}: " if problem.field == "body" else ""
                self.add_error(problem.field, f"{line}{problem.message}")
            return
        is_new = not self.article or self.text.digest != self.article.head.digest
        if self.pending and is_new and not self.cleaned_data["take_back"]:
            self.add_error("take_back", f"{self.pending} Tick the box to save yours.")

    @property
    def address(self):
        return self.cleaned_data["slug"] if "slug" in self.fields else self.article.slug

    @property
    def more(self):
        """The fields that stand apart from the writing."""
        return [self[name] for name in MORE if name in self.fields]
