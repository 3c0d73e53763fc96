"""A view that reads a query has to be in the page cache's list, or it would never get one."""

import re

from tests.support.serving import PROJECT

# Where views of the public pages may read one: /search/ reads q. Staff's pages are below /admin/.
KNOWN = {"siweb/articles/views.py": ['request.GET.get("q"']}
OF_STAFF = re.compile(r"^siweb/(accounts/|\w+/staff/|\w+/admin\.py|launch/|core/staff_pages)")


def test_only_the_search_and_staffs_pages_read_queries():
    found = {}
    for path in sorted((PROJECT / "siweb").rglob("*.py")):
        name = path.relative_to(PROJECT).as_posix()
        reads = re.findall(r'\w+\.GET\b(?:\.get\("\w+")?', path.read_text(encoding="utf-8"))
        if reads and not OF_STAFF.match(name):
            found[name] = reads
    assert found == KNOWN
