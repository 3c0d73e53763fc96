"""One command starts the site, again and again, says what is wrong, and stops when told to."""

import os
import re
import shutil
import signal
import socket
import time

import pytest

from tests.support.serving import PROJECT, Site, until

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, whose content may be edited."""
    copy = tmp_path_factory.mktemp("project") / "copy"
    left_out = shutil.ignore_patterns(".*", "var", "staticfiles*", "tests", "__pycache__")
    shutil.copytree(PROJECT, copy, ignore=left_out)
    return copy


@pytest.fixture(scope="module")
def own_site(project, tmp_path_factory):
    """A writer's own site over that copy."""
    with Site.start(tmp_path_factory.mktemp("site"), project) as site:
        yield site


@pytest.fixture
def edit(project):
    """Write into an article's file; put back afterwards."""
    path = project / "content" / "articles" / "anatomy.md"
    before = path.read_text(encoding="utf-8")
    yield lambda words: path.write_text(f"{before}\n{words}\n", encoding="utf-8")
    path.write_text(before, encoding="utf-8")


def test_two_first_starts_at_once_both_serve_whole_static_files(project, tmp_path):
    shutil.rmtree(project / "staticfiles", ignore_errors=True)
    sites = [Site(tmp_path / name, project, WORKERS="1") for name in ("one", "two")]
    try:
        for site in sites:
            site.folder.mkdir()
            site.begin()
        for site in sites:
            site.wait()
            page = site.get("/guide/anatomy/").text
            files = set(re.findall(r'"(/static/[^"]+)"', page))
            assert files
            assert {path: site.get(path).status for path in files} == dict.fromkeys(files, 200)
    finally:
        for site in sites:
            site.close()
    assert not (project / "staticfiles.new").exists()


def test_a_second_start_is_quick(own_site):
    own_site.stop()
    static = own_site.project / "staticfiles" / "staticfiles.json"
    made = static.stat().st_mtime_ns
    began = time.monotonic()
    own_site.serve()
    seconds = time.monotonic() - began
    assert static.stat().st_mtime_ns == made, "static files were collected again"
    assert seconds < 30  # the bar is 3, on a machine that does nothing else


def test_a_changed_static_file_is_collected_at_the_next_start(own_site):
    own_site.stop()
    picture = own_site.project / "static" / "favicon.svg"
    picture.write_text(picture.read_text(encoding="utf-8").replace("<svg ", "<svg data-new='1' "), encoding="utf-8")
    own_site.serve()
    address = re.search(r'"(/static/favicon[^"]+)"', own_site.get("/").text)[1]
    assert "data-new" in own_site.get(address).text


def test_an_edited_file_shows_on_the_next_reload(own_site, edit):
    assert "fresh ink" not in own_site.get("/guide/anatomy/").text
    edit("The joint is written in fresh ink.")
    for _ in range(10):  # whichever worker answers
        assert "fresh ink" in own_site.get("/guide/anatomy/").text


def test_a_file_that_cannot_be_shown_keeps_the_old_page_and_says_why(own_site, edit):
    before = own_site.get("/guide/anatomy/")
    edit("See [this](no-such-page).")
    assert own_site.get("/guide/anatomy/").body == before.body
    assert re.search(r'anatomy\.md, line \d+: .*"no-such-page" leads nowhere', own_site.log())


def test_a_site_with_content_starts_although_the_files_are_refused(own_site, edit):
    before = own_site.get("/guide/anatomy/")
    own_site.stop()
    edit("See [this](no-such-chapter).")
    own_site.serve()
    assert own_site.get("/guide/anatomy/").status == before.status == 200
    assert re.search(r'THE CONTENT WAS REFUSED.*\n.*anatomy\.md, line \d+: .*"no-such-chapter"', own_site.log())


def test_a_site_without_content_does_not_start_on_files_that_are_refused(project, edit, tmp_path):
    edit("See [this](no-such-chapter).")
    assert re.search(r'anatomy\.md, line \d+: .*"no-such-chapter"', refused_start(Site(tmp_path, project)))


def test_a_busy_port_stops_the_start_and_says_how_to_choose_another(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        site = Site(tmp_path, fresh=True, PORT=other.getsockname()[1])
        assert "make run PORT=" in refused_start(site)
        assert not (site.data_dir / "site.sqlite3").exists(), "it went on regardless"


def refused_start(site):
    """What a site says that does not start."""
    try:
        site.begin()
        assert site.process.wait(60) == 1
        assert "Traceback" not in site.log()
        return site.log()
    finally:
        site.close()


def test_ctrl_c_stops_it_and_leaves_nothing_running(own_site):
    if own_site.process.poll() is not None:
        own_site.serve()
    logged = len(own_site.log())
    group = own_site.process.pid
    os.killpg(group, signal.SIGINT)  # as a terminal does: the whole group at once
    assert own_site.process.wait(60) == 0
    until(lambda: not is_alive(group), "its workers end too")
    assert "Traceback" not in own_site.log()[logged:]
    with socket.create_server(("127.0.0.1", own_site.port)):
        pass  # the port is free


def is_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
