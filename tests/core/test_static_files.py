"""Every import between scripts is collected under a name with the content's hash, so that old and new never mix."""

import contextlib
import json
import posixpath
import re

import pytest
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage, MissingFileError

from siweb.articles.forms import ArticleForm
from siweb.config.settings import BASE_DIR, STORAGES
from siweb.core.static_files import HashedStaticFilesStorage

STATIC = BASE_DIR / "static"

# Any import, export or import() of a file of ours: wider than Django's own expressions, so that it finds what they miss.
SPECIFIER = re.compile(r"""\b(?:from|import)\s*\(?\s*["'`]([./][^"'`]*)["'`]""")

REWRITTEN = {
    "names": 'import { a } from "./one.js";',
    "single quotes": "import { a } from './one.js';",
    "on several lines": 'import {\n  a,\n  b,\n} from "./one.js";',
    "the default": 'import one from "./one.js";',
    "the default and names": 'import one, { a } from "./one.js";',
    "everything": 'import * as one from "./one.js";',
    "from another folder": 'import { a } from "../other/two.js";',
    "only to run it": 'import "./one.js";',
    "to run it, then names": 'import "./one.js";\nimport { a } from "../other/two.js";',
    "when needed": 'const one = await import("./one.js");',
    "passed on": 'export { a } from "./one.js";',
    "all passed on": 'export * from "./one.js";',
    "minified": 'import{a}from"./one.js";import*as b from"../other/two.js";import"./one.js";export{c}from"./one.js";',
    "commented out": '// import { a } from "./one.js";\n/* import "../other/two.js"; */',
    "import in a comment": '/* What we import from others: */\nimport { a } from "./one.js";',
}

# Django leaves these as they are.
MISSED = {
    "no semicolon": 'import { a } from "./one.js"',
    "no semicolon, only to run it": 'import "./one.js"',
    "blanks in import()": 'import( "./one.js" );',
    "import() on several lines": 'import(\n  "./one.js"\n);',
    "a template": "import(`./one.js`);",
    "all passed on, minified": 'export*from"./one.js";',
    "with attributes": 'import one from "./one.js" with { type: "json" };',
}

# Django rewrites these twice: it looks for a file that is not there, or writes the name of one.
TWICE = {
    "export above import": 'export const a = 1;\nimport { b } from "./one.js";',
    "export in a comment above import": '/* What we export here */\nimport { b } from "./one.js";',
}

REFUSED = {
    "imported": 'import { a } from "./gone.js";',
    "commented out": '// import { a } from "./gone.js";',
}


def collect(folder, storage=HashedStaticFilesStorage):
    """Run collectstatic into a folder, and return the folder."""
    command = collectstatic.Command()
    command.storage = storage(location=folder)
    call_command(command, verbosity=0, interactive=False)
    return folder


def read_manifest(folder):
    return json.loads((folder / "staticfiles.json").read_text(encoding="utf-8"))["paths"]


def imports(folder, name):
    """Return the specifiers that a collected script holds, and the files to which they lead."""
    text = (folder / name).read_text(encoding="utf-8")
    return {said: posixpath.normpath(posixpath.join(posixpath.dirname(name), said)) for said in SPECIFIER.findall(text)}


def unhashed(folder, names):
    """Return the specifiers in these scripts that lead to no collected file with a hash in its name."""
    manifest = read_manifest(folder)
    collected = {path for path in manifest.values() if (folder / path).is_file()}
    return [
        f"{name}: {specifier}"
        for name in names
        for specifier, path in imports(folder, manifest[name]).items()
        if path not in collected
    ]


@pytest.fixture
def write(tmp_path, settings):
    """write({name: text}) makes these scripts the only static files, and returns a folder to collect them into."""
    source = tmp_path / "source"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

    def write(scripts):
        for name, text in scripts.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_text(text, encoding="utf-8")
        return tmp_path / "collected"

    return write


def with_others(script):
    return {"js/main.js": script, "js/one.js": "export const a = 1;\n", "other/two.js": "export const a = 2;\n"}


def test_the_site_stores_its_static_files_with_this_storage():
    assert STORAGES["staticfiles"]["BACKEND"] == "siweb.core.static_files.HashedStaticFilesStorage"


@pytest.mark.parametrize("script", REWRITTEN.values(), ids=REWRITTEN)
def test_imports_are_rewritten_in_these_forms(write, script):
    folder = collect(write(with_others(script)))
    assert imports(folder, "js/main.js")
    assert len(imports(folder, read_manifest(folder)["js/main.js"])) == len(imports(folder, "js/main.js"))
    assert unhashed(folder, ["js/main.js"]) == []


@pytest.mark.parametrize("script", REWRITTEN.values(), ids=REWRITTEN)
def test_the_check_fails_for_a_storage_that_rewrites_nothing(write, script):
    folder = collect(write(with_others(script)), CompressedManifestStaticFilesStorage)
    assert unhashed(folder, ["js/main.js"]) == [f"js/main.js: {said}" for said in imports(folder, "js/main.js")]


@pytest.mark.parametrize("script", MISSED.values(), ids=MISSED)
def test_the_check_finds_the_forms_that_django_misses(write, script):
    folder = collect(write(with_others(script)))
    assert unhashed(folder, ["js/main.js"]) == ["js/main.js: ./one.js"]


@pytest.mark.parametrize("script", TWICE.values(), ids=TWICE)
def test_what_is_rewritten_twice_is_noticed(write, script):
    with contextlib.suppress(MissingFileError):
        assert len(unhashed(collect(write(with_others(script))), ["js/main.js"])) == 1


@pytest.mark.parametrize("script", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_gone_stops_the_collecting(write, script):
    with pytest.raises(MissingFileError):
        collect(write(with_others(script)))


@pytest.mark.parametrize("order", [1, -1])
def test_a_long_chain_of_imports_is_rewritten_in_whatever_order_it_is_found(write, monkeypatch, order):
    last = 12
    scripts = {f"{number:02}.js": f'import "./{number + 1:02}.js";\n' for number in range(last)}
    folder = write(scripts | {f"{last}.js": "go();\n"})
    walked = collectstatic.get_finders
    monkeypatch.setattr(collectstatic, "get_finders", lambda: [InOrder(finder, order) for finder in walked()])
    assert unhashed(collect(folder), scripts) == []


def our_scripts():
    return sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))


@pytest.fixture
def only_ours(settings):
    """Collect our own static files only: what packages bring has no modules, and takes longer."""
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]


@pytest.mark.slow
def test_every_import_of_our_scripts_leads_to_a_hashed_file(only_ours, tmp_path):
    folder = collect(tmp_path)
    assert unhashed(folder, our_scripts()) == []
    assert len(imports(folder, read_manifest(folder)["js/editor/main.js"])) > 5


@pytest.mark.slow
def test_without_our_storage_no_import_of_our_scripts_would(only_ours, tmp_path):
    folder = collect(tmp_path, CompressedManifestStaticFilesStorage)
    assert unhashed(folder, our_scripts()) == [
        f"{name}: {said}" for name in our_scripts() for said in imports(folder, name)
    ]


@pytest.mark.django_db  # the form offers the roles that no page has
def test_every_script_of_a_page_is_a_module():
    tags = [
        tag
        for template in (BASE_DIR / "templates").rglob("*.html")
        for tag in re.findall(r"<script[^>]*\bsrc=[^>]*>", template.read_text(encoding="utf-8"))
    ]
    assert len(tags) > 10
    assert [tag for tag in [*tags, *ArticleForm().media.render_js()] if 'type="module"' not in tag] == []


@pytest.mark.server
def test_a_started_site_serves_hashed_modules_for_ever(site):
    folder = site.project / "staticfiles"
    known, found = set(), [read_manifest(folder)["js/editor/main.js"]]
    while found:
        name = found.pop()
        known.add(name)
        answer = site.get(f"/static/{name}")
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable", name
        assert answer.headers["Content-Type"].startswith("text/javascript")
        found += set(imports(folder, name).values()) - known
    assert len(known) > 10


class InOrder:
    """A finder whose files come in the order of their names, or in the opposite one."""

    def __init__(self, finder, order):
        self.finder, self.order = finder, order

    def list(self, ignored):
        return sorted(self.finder.list(ignored), key=lambda found: found[0])[:: self.order]
