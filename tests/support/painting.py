"""Files for tests of pictures: good ones, and such as people with bad intentions send."""

import struct
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin

SECRET = b"<script>alert('SECRET')</script>"
GPS = {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)}


def painted(size=(64, 48), mode="RGB"):
    """A picture whose left half is red and whose upper right corner is green."""
    image = Image.new(mode, size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    image.paste("green", (size[0] * 3 // 4, 0, size[0], size[1] // 4))
    return image


def saved(image, kind="PNG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def noisy(size):
    """A picture like a photograph: a PNG of it is larger than a JPEG."""
    return Image.effect_noise(size, 80).convert("RGB")


def jpeg_with_everything(orientation=1):
    """A JPEG with a comment, a place, a maker's name and a profile."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = orientation, SECRET.decode(), GPS
    return saved(noisy((640, 400)), "JPEG", comment=SECRET, exif=exif, icc_profile=SECRET * 4)


def png_with_everything():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_itxt("Place", SECRET.decode())
    exif = Image.Exif()
    exif[0x8825] = GPS
    return saved(painted(), pnginfo=info, exif=exif, icc_profile=SECRET * 4, dpi=(300, 300))


def webp_with_everything():
    exif = Image.Exif()
    exif[0x8825] = GPS
    return saved(painted(), "WEBP", exif=exif, xmp=SECRET, icc_profile=SECRET * 4)


def bomb(width, height):
    """A PNG of black pixels, small as a file."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows, squeezed = zlib.compressobj(9), b""
    for _ in range(height):
        squeezed += rows.compress(b"\0" * (1 + (width + 7) // 8))
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", squeezed + rows.flush()), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def moving(kind):
    frames = [painted(), painted().rotate(90)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, loop=0)
