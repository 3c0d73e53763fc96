"""Pictures that staff send: what is stored was made here, holds pixels only, and whatever else is sent is refused in words."""

import os
import subprocess
import sys
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageOps

from siweb.articles.models import Picture, Rendition
from siweb.articles.pictures import processing
from siweb.config import gunicorn_conf
from siweb.core.http import limit_for
from tests.support import painting
from tests.support.painting import SECRET, bomb, moving, noisy, painted, saved

ADDRESS = "/admin/articles/picture/upload/"
PNG = saved(painted(), compress_level=1)  # not as Pillow would write it here

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
XXE = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
LAUGHS = b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'


def layered(scans):
    """A JPEG that goes over its pixels very often: each time takes a moment, and few bytes."""
    jpeg = saved(painted(), "JPEG", progressive=True)
    last = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last * scans + jpeg[-2:]


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
    "a moving WebP": (moving("WEBP"), "a.webp", "image/webp", "Animated images are not supported"),
    "a moving PNG": (moving("PNG"), "a.png", "image/png", "Animated images are not supported"),
    "a thin strip": (saved(Image.new("RGB", (2100, 100))), "a.png", "image/png", "The picture is a thin strip"),
    "a JPEG of 100 layers": (layered(100), "a.jpg", "image/jpeg", "The picture is stored in too many layers"),
    "more than 5 MB": (PNG + b"\0" * 5_242_880, "a.png", "image/png", "The picture is larger than 5 MB"),
}

# The status of the answer, where it is not 400.
STATUS = {"This is not a picture": 415, "The picture has": 413, "The picture is larger": 413}

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
    "a see-through picture": (saved(Image.new("RGBA", (30, 20), (255, 0, 0, 99)), compress_level=1), "x.png", "x"),
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
    assert response.status_code == next((status for words, status in STATUS.items() if said.startswith(words)), 400)
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
        assert {"jpg": processing._is_bare_jpeg, "png": processing._is_bare_png}[rendition.kind](stored)
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


@pytest.mark.slow
def test_a_large_picture_is_kept_in_three_sizes_and_never_enlarged(send):
    assert send(saved(noisy((3000, 2000)), "JPEG")).json()["width"] == 1600
    assert sorted(Rendition.objects.values_list("width", flat=True)) == [480, 960, 1600]
    send(saved(noisy((700, 300)), "JPEG"), "small.jpg")
    small = Picture.objects.get(name="small")
    assert (small.width, small.height, small.widths) == (700, 300, [480, 700])


def test_a_scanners_many_greys_stay_apart(send):
    scan = Image.new("I;16", (4, 1))
    for place, grey in enumerate((0, 700, 20_000, 65_535)):
        scan.putpixel((place, 0), grey)
    send(saved(scan))
    stored = Image.open(BytesIO(bytes(Rendition.objects.get().data)))
    assert [stored.getpixel((place, 0)) for place in range(4)] == [(0,) * 3, (2,) * 3, (78,) * 3, (255,) * 3]


@pytest.mark.parametrize(
    "sent", [saved(painted(), "WEBP"), saved(painted().convert("CMYK"), "JPEG")], ids=["WebP", "CMYK"]
)
def test_what_takes_more_memory_may_have_fewer_pixels(send, sent, monkeypatch):
    monkeypatch.setattr(processing, "MOST_PIXELS_HEAVY", 3071)
    assert send(sent).json()["problem"].startswith("The picture has 64 by 48 pixels")


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


def test_another_site_cannot_send_a_picture_in_an_editors_name(db, editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(ADDRESS, {"picture": SimpleUploadedFile("a.png", PNG, "image/png")}).status_code == 403
    assert Rendition.objects.count() == 0


SESSION = f"a=b; {settings.SESSION_COOKIE_NAME}=x"
LIMITS = {
    (ADDRESS, SESSION): settings.STAFF_BODY_LIMIT,
    ("/admin/articles/article/add/", SESSION): settings.STAFF_BODY_LIMIT,
    ("/admin/articles/article/add/", "a=b"): settings.BODY_LIMIT,
    ("/admin/enquiries/enquiry/", SESSION): settings.BODY_LIMIT,
    ("/enquire/form/", SESSION): settings.BODY_LIMIT,
}


@pytest.mark.parametrize(("path", "cookies"), LIMITS)
def test_django_and_the_server_agree_on_how_much_may_be_sent(path, cookies):
    request = SimpleNamespace(path=path, headers=[("HOST", "x"), ("COOKIE", cookies)])
    assert limit_for(path, cookies) == gunicorn_conf._limit(request) == LIMITS[path, cookies]


def test_only_signed_in_staff_may_send_more_than_a_form(client, db):
    assert client.post(ADDRESS, {"picture": SimpleUploadedFile("a.png", PNG + b"\0" * 70_000)}).status_code == 413


def test_the_look_for_metadata_finds_it():
    assert not processing._is_bare_jpeg(painting.jpeg_with_everything())
    assert not processing._is_bare_png(painting.png_with_everything())
    assert not processing._is_bare_png(PNG + SECRET)
    assert not processing._is_bare_jpeg(saved(painted(), "JPEG") + SECRET)


WORST = {
    "a JPEG of 25 megapixels": "saved(noisy((5000, 5000)), 'JPEG', quality=1)",
    "one in layers": "saved(noisy((5000, 5000)), 'JPEG', quality=1, progressive=True, subsampling=0)",
    "a printer's": "saved(Image.new('CMYK', (3490, 3490)), 'JPEG', progressive=True, subsampling=0)",
    "a PNG of 25 megapixels": "bomb(5000, 5000)",
    "a see-through PNG of 25 megapixels": "saved(Image.new('RGBA', (5000, 5000), (9, 9, 9, 9)))",
    "a palette of 25 megapixels": "saved(Image.new('P', (5000, 5000)), transparency=0)",
    "one colour of which is see-through": "saved(Image.new('RGB', (5000, 5000), 'red'), transparency=(255, 0, 0))",
    "many greys": "saved(Image.new('I;16', (5000, 5000), 900))",
    "a telephone's WebP": "saved(noisy((4032, 3024)), 'WEBP', quality=0, method=0)",
    "a WebP of 25 megapixels": "saved(Image.new('RGB', (5000, 5000)), 'WEBP', method=0)",
    "a very wide one": "saved(Image.new('RGBA', (22000, 1110), (9, 9, 9, 9)))",
    "a square one": "saved(Image.new('RGBA', (4799, 4799), (9, 9, 9, 9)))",
    "just not made smaller first": "saved(Image.new('RGBA', (3199, 4799), (9, 9, 9, 9)))",
    "177 megapixels": "bomb(14000, 12650)",
}

_MEASURED = """
import pathlib, resource, sys
import django
django.setup()
from siweb.articles.pictures import processing
def highest():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = highest()
for file in sys.argv[1:]:
    try:
        processing.make(pathlib.Path(file).read_bytes())
    except processing.BadPictureError:
        pass
    print(highest() - before, file)
"""


@pytest.mark.slow
def test_the_worst_pictures_one_after_the_other_never_take_200_megabytes(tmp_path):
    for name, made in WORST.items():
        (tmp_path / name).write_bytes(eval(made, {"Image": Image, "saved": saved, "noisy": noisy, "bomb": bomb}))
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *(tmp_path / name for name in WORST)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    kilobytes = [int(line.split()[0]) for line in done.stdout.splitlines()]
    assert len(kilobytes) == len(WORST)
    assert max(kilobytes) < 200 * 1024, done.stdout
