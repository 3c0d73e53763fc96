"""Chromium, Firefox and WebKitGTK through one API, selenium: a test that uses the fixture `each_engine` runs in each of them.

Everything comes from Debian's packages, nothing is downloaded: `chromium-driver` drives Chromium, `webkit2gtk-driver` drives
a small browser of our own around WebKitGTK, and Firefox is spoken to in its own protocol (marionette.py).
"""

import shutil
from pathlib import Path

PYTHON = "/usr/bin/python3"  # Debian's, which has the bindings of GTK; the one that runs the tests may be another
_BINDINGS = Path("/usr/lib/python3/dist-packages/gi")
_TYPELIBS = Path("/usr/lib")

# engine: (what it is called, the programs that it needs)
ENGINES = {
    "chromium": ("Chromium", ("chromium", "chromedriver")),
    "firefox": ("Firefox", ("firefox-esr",)),
    "webkit": ("WebKitGTK", ("WebKitWebDriver",)),
}


def missing(engine):
    """Name what this machine lacks to run an engine, or return ""."""
    name, programs = ENGINES[engine]
    if not all(map(shutil.which, programs)):
        return name
    if not shutil.which("Xvfb"):
        return "Xvfb"
    if not _BINDINGS.exists() or not any(_TYPELIBS.glob("*/girepository-1.0/WebKit2-4.1.typelib")):
        return "GTK's binding for Python"
    return ""
