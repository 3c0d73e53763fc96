#!/usr/bin/env bash
# Surprise: a footnote mark in the alternative text of an image counts as the first mark of its source, although an alternative
# text can show none. The first mark that readers see is then "[1:1]", and the source's first link back leads to an anchor that
# is nowhere on the page. One would expect that a mark which is not written is not counted.
# Version: mdit-py-plugins 0.7.0 (footnote_plugin) with markdown-it-py 4.3.0; Python 3.11 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check markdown-it-py==4.3.0 mdit-py-plugins==0.7.0 >/dev/null 2>&1
"$folder/venv/bin/python" - <<'PYTHON'
import re

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

html = MarkdownIt("commonmark").use(footnote_plugin).render(
    "![A pelvis seen from behind[^atlas]](pelvis.png)\n\nThe joint lies deep.[^atlas]\n\n[^atlas]: An atlas.\n"
)
print(html)
marks, targets = re.findall(r">(\[[\d:]+\])<", html), re.findall(r'href="#(fnref[\d:]+)"', html)
dead = [target for target in targets if f'id="{target}"' not in html]
print("marks that readers see:", marks, "links back:", targets, "of them dead:", dead)
assert (marks, targets, dead) == (["[1:1]"], ["fnref1", "fnref1:1"], ["fnref1"])
PYTHON
