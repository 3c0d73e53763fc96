"""Pictures that staff send: what is stored was made here, holds pixels only, and whatever else is sent is refused in words."""

import subprocess
import sys
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps

from siweb.articles import pictures
from siweb.articles.models import Picture, Rendition

from . import painting
from .painting import SECRET, bomb, moving, noisy, painted, saved

ADDRESS = "/admin/articles/picture/upload/"
PNG = saved(painted())

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
XXE = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
LAUGHS = b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'

# What is sent, under which name and type: the beginning of what is said.
REFUSED = {
    "a page that says it is a GIF": (b"<html>" + SECRET, "evil.html", "image/gif", "This is not a picture"),
    "a GIF with a script": (saved(painted(), "GIF") + SECRET, "a.gif", "image/gif", "This is not a picture"),
    "a GIF that says it is a PNG": (saved(painted(), "GIF"), "a.png", "image/png", "This is not a picture"),
    "a bitmap": (saved(painted(), "BMP"), "a.bmp", "image/bmp", "This is not a picture"),
    "a TIFF": (saved(painted(), "TIFF"), "a.tiff", "image/tiff", "This is not a picture"),
    "a drawing with a script": (SVG, "a.svg", "image/svg+xml", "This is not a picture"),
    "a drawing that reads files": (XXE, "a.svg", "image/svg+xml", "This is not a picture"),
    "a drawing that grows": (LAUGHS, "a.png", "image/png", "This is not a picture"),
    "a program": (b"<?php system($_GET[0]);", "a.php", "image/jpeg", "This is not a picture"),
    "nothing": (b"", "a.png", "image/png", "This is not a picture"),
    "a PNG cut short": (PNG[:-40], "a.png", "image/png", "The picture is damaged"),
    "a JPEG cut short": (saved(noisy((300, 300)), "JPEG")[:4000], "a.jpg", "image/jpeg", "The picture is damaged"),
    "a PNG with a wrong sum": (PNG[:60] + b"xxxx" + PNG[64:], "a.png", "image/png", "The picture is damaged"),
    "177 megapixels in 22 kB": (bomb(14_000, 12_650), "a.png", "image/png", "The picture has 14000 by 12650 pixels"),
    "one pixel row too many": (bomb(5_000, 5_001), "a.png", "image/png", "The picture has 5000 by 5001 pixels"),
    "a moving WebP": (moving("WEBP"), "a.webp", "image/webp", "The picture moves"),
    "a moving PNG": (moving("PNG"), "a.png", "image/png", "The picture moves"),
    "more than 5 MB": (PNG + b"\0" * 5_242_880, "a.png", "image/png", "The picture is larger than 5 MB"),
}

# What is sent and taken, under which name; the name that we give it.
TAKEN = {
    "a JPEG with a comment, a place and a profile": (painting.jpeg_with_everything(), "Left hip.jpg", "left-hip"),
    "a PNG with texts and a place": (painting.png_with_everything(), "x.png", "x"),
    "a WebP with a place": (painting.webp_with_everything(), "x.webp", "x"),
    "a PNG that is a page too": (PNG + SECRET, "x.html", "x"),
    "a JPEG that is a page too": (saved(noisy((99, 99)), "JPEG", comment=SECRET) + SECRET, "a.php.jpg", "aphp"),
    "a name with a path": (PNG, "../../etc/passwd.png", "passwd"),
    "a name of another system": (PNG, "C:\\pics\\Hip.PNG", "hip"),
    "a name of 300 letters": (PNG, "x" * 300 + ".png", "x" * 50),
    "no name": (PNG, ".png", "png"),
    "the name of a drawing": (PNG, "pelvis.png", "pelvis-2"),
    "a see-through picture": (saved(Image.new("RGBA", (30, 20), (255, 0, 0, 99))), "x.png", "x"),
    "a palette": (saved(painted().convert("P")), "x.png", "x"),
    "16 bits of grey": (saved(Image.new("I;16", (30, 20), 40_000)), "x.png", "x"),
    "colours of a printer": (saved(painted().convert("CMYK"), "JPEG"), "x.jpg", "x"),
    "one pixel": (saved(Image.new("1", (1, 1))), "x.png", "x"),
}


@pytest.fixture
def send(db, client, editor):
    client.force_login(editor)

    def send(data, name="x.png", kind="image/png", **more):
        return client.post(ADDRESS, {"picture": SimpleUploadedFile(name, data, kind), **more})

    return send


@pytest.mark.parametrize(("data", "name", "kind", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_good_picture_is_refused_in_words_and_not_stored(send, data, name, kind, said):
    response = send(data, name, kind)
    assert response.status_code == 400
    assert response.json()["problem"].startswith(said)
    assert Rendition.objects.count() == 0


@pytest.mark.parametrize(("data", "name", "ours"), TAKEN.values(), ids=TAKEN)
def test_what_is_stored_was_made_here_and_holds_only_pixels(send, data, name, ours):
    response = send(data, name)
    assert (response.status_code, response.json()["name"]) == (200, ours)
    for rendition in Rendition.objects.all():
        stored = bytes(rendition.data)
        assert stored != data
        assert SECRET not in stored
        assert {"jpg": pictures._is_bare_jpeg, "png": pictures._is_bare_png}[rendition.kind](stored)
        image = Image.open(BytesIO(stored))
        image.load()
        assert {"jpg": "JPEG", "png": "PNG"}[rendition.kind] == image.format
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


UPRIGHT = {
    2: "flipped",
    3: "upside down",
    4: "mirrored down",
    5: "turned over",
    6: "to the left",
    7: "turned round",
    8: "to the right",
}


@pytest.mark.parametrize("orientation", UPRIGHT, ids=UPRIGHT.values())
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_put_upright_as_the_camera_was_held(send, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    sent = saved(painted(), kind, exif=exif)
    assert send(sent).status_code == 200
    stored = Image.open(BytesIO(bytes(Rendition.objects.get().data))).convert("RGB")
    wanted = ImageOps.exif_transpose(Image.open(BytesIO(sent))).convert("RGB")
    assert stored.size == wanted.size
    corners = [(2, 2), (stored.width - 3, 2), (2, stored.height - 3), (stored.width - 3, stored.height - 3)]
    for corner in corners:
        assert max(abs(a - b) for a, b in zip(stored.getpixel(corner), wanted.getpixel(corner), strict=True)) < 40


def test_a_large_picture_is_kept_in_three_sizes_and_never_enlarged(send):
    assert send(saved(noisy((3000, 2000)), "JPEG")).json()["width"] == 1600
    assert sorted(Rendition.objects.values_list("width", flat=True)) == [480, 960, 1600]
    send(saved(noisy((700, 300)), "JPEG"), "small.jpg")
    small = Picture.objects.get(name="small")
    assert (small.width, small.height, small.widths) == (700, 300, [480, 700])


def test_the_same_picture_again_is_the_same_picture(send):
    first, again = send(PNG, "a.png").json(), send(PNG, "b.png").json()
    assert first["name"] == again["name"] == "a"
    assert Picture.objects.count() == 1


def test_who_may_not_send_is_told_in_words(client, db, reception, editor):
    file = SimpleUploadedFile("a.png", PNG, "image/png")
    signed_out = client.post(ADDRESS, {"picture": file})
    assert signed_out.status_code == 401
    assert "Your text is still here" in signed_out.json()["problem"]
    client.force_login(reception)
    assert client.post(ADDRESS, {"picture": file}).status_code == 403
    client.force_login(editor)
    assert client.post(ADDRESS).json()["problem"].startswith("No picture has arrived")
    assert client.get(ADDRESS).status_code == 405
    assert client.post(ADDRESS, {"picture": "words"}).status_code == 400


def test_what_is_far_too_long_is_refused_before_it_is_read(send):
    assert send(PNG + b"\0" * settings.STAFF_BODY_LIMIT).status_code == 413


def test_only_signed_in_staff_may_send_more_than_a_form(client, db):
    assert client.post(ADDRESS, {"picture": SimpleUploadedFile("a.png", PNG + b"\0" * 70_000)}).status_code == 413


def test_the_look_for_metadata_finds_it():
    assert not pictures._is_bare_jpeg(painting.jpeg_with_everything())
    assert not pictures._is_bare_png(painting.png_with_everything())
    assert not pictures._is_bare_png(PNG + SECRET)
    assert not pictures._is_bare_jpeg(saved(painted(), "JPEG") + SECRET)


WORST = {
    "a JPEG of 25 megapixels": "saved(noisy((5000, 5000)), 'JPEG', quality=1)",
    "a PNG of 25 megapixels": "bomb(5000, 5000)",
    "a see-through PNG of 25 megapixels": "saved(Image.new('RGBA', (5000, 5000), (9, 9, 9, 9)))",
    "a palette of 25 megapixels": "saved(Image.new('P', (5000, 5000)), transparency=0)",
    "a WebP of 25 megapixels": "saved(Image.new('RGB', (5000, 5000)), 'WEBP')",
    "a very wide one": "saved(Image.new('RGBA', (16000, 1500), (9, 9, 9, 9)))",
    "just not made smaller first": "saved(Image.new('RGBA', (3190, 4790), (9, 9, 9, 9)))",
    "177 megapixels": "bomb(14000, 12650)",
}

_MEASURED = """
import pathlib, resource, sys
from siweb.articles import pictures
sent = pathlib.Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(3):
    try:
        pictures.make(sent)
    except pictures.BadPictureError:
        pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("made", WORST.values(), ids=WORST)
def test_no_picture_takes_200_megabytes(made, tmp_path):
    file = tmp_path / "sent"
    file.write_bytes(eval(made, {"Image": Image, "saved": saved, "noisy": noisy, "bomb": bomb}))
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(file)], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    kilobytes = int(done.stdout)
    assert kilobytes < 200 * 1024
