#!/usr/bin/env bash
# Surprise: Django's hashed static files rewrite an import TWICE when the word "export " stands above it, even in a comment. The
# name that is written then has two hashes and belongs to no file, and collecting reports nothing. One would expect a comment
# to change nothing.
# Version: Django 5.2.19, ManifestStaticFilesStorage with support_js_module_import_aggregation = True; Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19 >/dev/null 2>&1
mkdir -p "$folder/source"
printf 'export const a = 1;\n' > "$folder/source/one.js"

collect() { # what becomes of main.js, whose first line is $1
    printf '%s\nimport { a } from "./one.js";\n' "$1" > "$folder/source/main.js"
    "$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings

folder = Path(sys.argv[1])
settings.configure(
    INSTALLED_APPS=["django.contrib.staticfiles"],
    STATIC_URL="/static/",
    STATICFILES_DIRS=[folder / "source"],
    STATIC_ROOT=tempfile.mkdtemp(dir=folder),
)
django.setup()
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class Storage(ManifestStaticFilesStorage):
    support_js_module_import_aggregation = True


storage, paths = Storage(), {}
for finder in get_finders():
    for path, source in finder.list([]):
        storage.save(path, source.open(path))
        paths[path] = (storage, path)
failed = [str(result) for _, _, result in storage.post_process(paths) if isinstance(result, Exception)]
if failed:
    print("fails:", failed[0].splitlines()[0])
else:
    text = (Path(settings.STATIC_ROOT) / storage.hashed_files["main.js"]).read_text().splitlines()[1]
    print("rewritten:", text)
PYTHON
}

plain=$(collect '/* What others may use. */')
trap_=$(collect '/* What we export to others. */')
echo "comment without the word: $plain"
echo "comment with the word:    $trap_"
[[ $plain == 'rewritten: import { a } from "./one.'????????????'.js";' ]] || { echo "changed: the control"; exit 1; }
hash=${plain#*one.}
hash=${hash%%.*}
[[ $trap_ == "${plain/$hash/$hash.$hash}" ]] || { echo "changed: the word makes no difference any more"; exit 1; }
