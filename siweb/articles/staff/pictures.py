"""The pictures for articles: sending one from the editor, the list of all, and a page for each."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from siweb.articles.editorial.workflow import APPROVE, WRITE
from siweb.articles.models import Picture
from siweb.articles.pictures import library, processing
from siweb.articles.pictures.processing import BadPictureError
from siweb.core.models import SiteVersion
from siweb.core.staff_pages import for_those_who, frame

NO_FILE = "No picture has arrived. Choose one, then send it again."


@require_POST
def upload(request):
    """Take a picture from the editor; the Markdown that shows it, or what is wrong with it."""
    if not admin.site.has_permission(request):
        return _problem("You are signed out. Your text is still here: sign in in another tab, then send it again.", 401)
    if not request.user.has_perm(WRITE):
        return _problem("Your account may not send pictures. Sign in as somebody who writes articles.", 403)
    try:
        picture = _taken(request)
    except BadPictureError as bad:
        return _problem(str(bad), bad.status)
    answer = {"name": picture.name, "markdown": f'![{picture.alt}]({picture.name} "")', "src": picture.small}
    return JsonResponse(answer | {"width": picture.width, "height": picture.height})


def _problem(words, status):
    return JsonResponse({"problem": words}, status=status)


def _taken(request):
    """The Picture of a posted file. Raises BadPictureError."""
    made = _made(request)
    name = request.FILES["picture"].name
    alt = " ".join(request.POST.get("alt", "").replace("\0", "").split())
    return library.add(made, name, request.user, alt[: Picture._meta.get_field("alt").max_length])


def _made(request):
    """What was made of the posted file, before any transaction: it takes seconds. Raises BadPictureError."""
    file = request.FILES.get("picture")
    if file is None:
        raise BadPictureError(NO_FILE)
    return processing.make(file.read(processing.MOST_BYTES + 1))


class AltForm(forms.ModelForm):
    class Meta:
        model = Picture
        fields = ("alt",)


@for_those_who(WRITE)
def listing(request):
    """Every picture, small; sending a new one."""
    problem = ""
    if request.method == "POST":
        try:
            return redirect("admin:articles_picture_change", pk=_taken(request).pk)
        except BadPictureError as bad:
            problem = str(bad)
    context = frame(request, "Pictures") | {
        "pictures": _with_uses(Picture.objects.select_related("changed_by")),
        "problem": problem,
        "most_bytes": processing.MOST_BYTES,
    }
    return render(request, "staff/articles/pictures.html", context, status=422 if problem else 200)


def _with_uses(found):
    used = library.where_used()
    return [(picture, used[picture.name]) for picture in found]


@for_those_who(WRITE)
def change(request, pk):
    """One picture: what it shows, where it is used, another in its place, taking it out."""
    picture = get_object_or_404(Picture, pk=pk)
    form, problem = AltForm(request.POST if "save" in request.POST else None, instance=picture), ""
    if request.method == "POST":
        try:
            if _done(request, picture, form):
                return redirect(
                    request.path if Picture.objects.filter(pk=pk).exists() else "admin:articles_picture_changelist"
                )
        except (BadPictureError, ValidationError) as bad:
            problem = " ".join(bad.messages) if isinstance(bad, ValidationError) else str(bad)
            picture = get_object_or_404(Picture, pk=pk)
    used = library.uses(picture)
    context = frame(request, f"Picture “{picture.name}”") | {
        "picture": picture,
        "uses": used,
        "signed": [use.article for use in used if use.live and use.article.live.is_approved],
        "may_replace": _may_replace(request.user, used),
        "form": form,
        "problem": problem,
        "most_bytes": processing.MOST_BYTES,
    }
    return render(request, "staff/articles/picture.html", context, status=422 if problem or form.errors else 200)


def _may_replace(user, used):
    """A picture that readers see is part of what a clinician has signed: only they put another in its place."""
    return user.has_perm(APPROVE) or not any(use.live for use in used)


def _done(request, picture, form):
    """Do what was asked for; whether it was done. Raises BadPictureError and ValidationError."""
    if "remove" in request.POST:
        library.remove(picture)
        messages.success(request, f"The picture “{picture.name}” is gone.")
        return True
    if "replace" in request.POST:
        _replace(request, picture, _made(request))
        return True
    if form.is_valid():
        form.save()
        messages.success(request, "Saved. Articles that show the picture keep their own words for it.")
        return True
    return False


@transaction.atomic
def _replace(request, picture, made):
    if not _may_replace(request.user, library.uses(picture)):
        raise PermissionDenied
    library.replace(picture, made, request.user)
    SiteVersion.move()
    messages.success(request, "The new picture is shown wherever the old one was.")
