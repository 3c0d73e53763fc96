"""Judging an uploaded picture and writing it again: what is stored was made here and holds nothing but pixels.

The master is the largest rendition; the smaller ones are made from it, so that the master alone brings them all back.
"""

import hashlib
import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from siweb.articles.models.picture import WIDTHS

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
MOST_PIXELS_HEAVY = 12_200_000  # a telephone's; where decoding holds several copies: WebP, and a printer's four colours
MOST_SCANS = 100  # times that a JPEG may go over its pixels; cameras write one, programs about ten
MOST_DRAWN_OUT = 20  # times as wide as high, or as high as wide
LARGEST = (1600, 2400)  # width and height of a master, in pixels
FORMATS = ("JPEG", "PNG", "WEBP")
BAND = 1_000_000  # pixels that are made smaller at once: a whole large picture would be held twice

Image.MAX_IMAGE_PIXELS = None  # judged here, by the header, before anything is decoded

# How the camera was held (EXIF tag 274), and what puts the picture upright.
_ORIENTATION = 274
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = (5, 6, 7, 8)  # its width becomes its height


class BadPictureError(ValueError):
    """A picture that cannot be taken; its words say how to fix that."""

    def __init__(self, words, status=400):
        super().__init__(words)
        self.status = status  # of the answer to the person who has sent it


@dataclass(frozen=True)
class Made:
    """A picture as it is stored: its renditions' bytes by width; the largest is the master."""

    kind: str
    height: int
    renditions: dict

    @property
    def width(self):
        return max(self.renditions)

    @property
    def digest(self):
        return hashlib.sha256(self.renditions[self.width]).hexdigest()


def make(sent):
    """The Made of an uploaded file's bytes. Raises BadPictureError."""
    image = _opened(sent)
    kind, master = _encoded(_pixels(image), is_photograph=image.format == "JPEG")
    return _made(kind, master, _pixels(_opened(master)))


def take(file):
    """The Made of a master that was exported: its own bytes stay the master's. Raises BadPictureError."""
    image = _opened(file)
    kind = {"JPEG": "jpg", "PNG": "png"}.get(image.format)
    bare = {"jpg": _is_bare_jpeg, "png": _is_bare_png}.get(kind)
    if not bare or not bare(file) or image.width > LARGEST[0] or image.height > LARGEST[1]:
        return make(file)
    return _made(kind, file, _pixels(image))


def _opened(sent):
    """The image, with only its header read."""
    if len(sent) > MOST_BYTES:
        raise BadPictureError("The picture is larger than 5 MB. Save it smaller, then send it again.", 413)
    try:
        image = Image.open(BytesIO(sent), formats=FORMATS)
    except Exception:
        raise BadPictureError("This is not a picture that can be shown. Send a JPEG, PNG or WebP file.", 415) from None
    is_heavy = image.format == "WEBP" or image.mode == "CMYK"
    if image.width * image.height > (MOST_PIXELS_HEAVY if is_heavy else MOST_PIXELS):
        raise BadPictureError(
            f"The picture has {image.width} by {image.height} pixels. Make it smaller: 1600 pixels wide is enough.", 413
        )
    if max(image.size) > MOST_DRAWN_OUT * min(image.size):
        raise BadPictureError("The picture is a thin strip. Cut out the part that matters, and send that.")
    if image.format == "JPEG" and sent.count(b"\xff\xda") > MOST_SCANS:
        raise BadPictureError("The picture is stored in too many layers. Open it, save it again, and send that.")
    if getattr(image, "is_animated", False):
        raise BadPictureError("Animated images are not supported. Upload a still image.")
    return image


def _pixels(image):
    """The decoded picture, upright, no larger than LARGEST, in a new image that holds nothing else."""
    try:
        orientation = image.getexif().get(_ORIENTATION)
        room = LARGEST[::-1] if orientation in _LYING else LARGEST
        if image.format == "JPEG":
            image.draft("RGB", room)  # decodes a large one at a fraction of its size
        image.load()
        small = _reduced(image, room)
        image.close()  # gives its pixels back
    except Exception:
        raise BadPictureError("The picture is damaged. Open it, save it again, and send that.") from None
    if orientation in _UPRIGHT:
        small = small.transpose(_UPRIGHT[orientation])
    small.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    fresh = Image.new(small.mode, small.size)
    fresh.paste(small)
    return fresh


def _reduced(image, room):
    """A copy in RGB or RGBA, by a whole factor smaller if it is much too large for the room."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    factor = max(1, int(max(image.width / room[0], image.height / room[1])))
    rows = factor * max(1, BAND // (image.width * factor))
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(image.height, top + rows)))
        if band.mode == "I;16":  # a scanner's 65,536 greys; Pillow alone would make all but the darkest white
            band = band.point(lambda grey: grey / 256).convert("L")
        small.paste(band.convert(mode).reduce(factor), (0, top // factor))
    return small


def _encoded(image, is_photograph):
    """(kind, bytes): PNG where something is transparent or where it is the smaller, else JPEG."""
    if image.mode == "RGBA":
        return "png", _png(image)
    jpeg = _jpeg(image)
    if is_photograph:
        return "jpg", jpeg
    return min(("jpg", jpeg), ("png", _png(image)), key=lambda made: len(made[1]))


def _made(kind, master, image):
    renditions = {image.width: master}
    for width in WIDTHS:
        if width < image.width:
            smaller = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
            renditions[width] = _jpeg(smaller) if kind == "jpg" else _png(smaller)
    return Made(kind, image.height, renditions)


def _jpeg(image):
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _png(image):
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _is_bare_png(data):
    """Whether a PNG has only the chunks that make pixels, and ends with the last."""
    place = 8
    while place + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[place : place + 8])
        if name not in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            return False
        place += 12 + length
        if name == b"IEND":
            return place == len(data)
    return False


def _is_bare_jpeg(data):
    """Whether a JPEG has no application data but its own first mark, no comment, and ends with its end mark."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        mark = data[place + 1]
        if mark == 0xDA:  # the pixels begin: every FF in them is followed by 00 or a restart mark
            return data.find(b"\xff\xd9", place) == len(data) - 2
        length = struct.unpack(">H", data[place + 2 : place + 4])[0]
        if 0xE1 <= mark <= 0xEF or mark == 0xFE or (mark == 0xE0 and length != 16):
            return False
        place += 2 + length
    return False
