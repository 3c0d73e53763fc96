"""What is installed to run the site may be used in it: no licence reaches into our own code."""

import re
from importlib.metadata import distribution

import pytest
from django.conf import settings

PINNED = re.findall(r"^([A-Za-z0-9_.-]+)==", (settings.BASE_DIR / "requirements.txt").read_text(), re.MULTILINE)
PERMITTED = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General Public"
    r"|HPND|Unlicense|CC0|Zlib|0BSD|ZPL|Zope Public",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\b(?:A?GPL|(?:Affero )?General Public)", re.IGNORECASE)


def licence_of(metadata):
    """What a package's metadata call its licence; the whole text of it, if they hold nothing shorter."""
    classifiers = [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    return " ".join([metadata.get("License-Expression") or "", *classifiers]).strip() or metadata.get("License") or ""


def installed():
    for name in PINNED:
        try:
            yield name, licence_of(distribution(name).metadata)
        except ModuleNotFoundError:  # for another platform or Python
            continue


LICENCES = dict(installed())


@pytest.mark.parametrize("name", LICENCES)
def test_a_package_of_the_site_has_a_licence_that_permits_its_use(name):
    licence = LICENCES[name]
    assert PERMITTED.search(licence), f"{name}: {licence!r}"
    assert not FORBIDDEN.search(licence), f"{name}: {licence!r}"


def test_every_direct_dependency_was_looked_at():
    direct = (settings.BASE_DIR / "pyproject.toml").read_text().partition("dependencies = [")[2].partition("\n]")[0]
    names = {name.lower().replace("_", "-") for name in re.findall(r'^    "([A-Za-z0-9_.-]+)', direct, re.MULTILINE)}
    assert "django" in names
    assert names <= {name.lower().replace("_", "-") for name in LICENCES}


@pytest.mark.parametrize(
    ("licence", "is_permitted"),
    [
        ("License :: OSI Approved :: MIT License", True),
        ("LGPL-3.0-only", True),
        ("License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)", True),
        ("MPL-2.0", True),
        ("GPL-2.0-or-later", False),
        ("AGPL-3.0", False),
        ("License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)", False),
        ("License :: OSI Approved :: GNU Affero General Public License v3", False),
        ("", False),
    ],
)
def test_a_licence_is_known_by_its_name(licence, is_permitted):
    assert bool(PERMITTED.search(licence) and not FORBIDDEN.search(licence)) is is_permitted
