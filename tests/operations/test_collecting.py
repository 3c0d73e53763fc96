"""When a start collects the static files: one start at a time, and again when anything that they are made from has changed."""

import sys
import threading

import pytest

from siweb.operations.management.commands import serve

STORAGE = "from django.core.files.storage import FileSystemStorage\n\n\nclass Storage(FileSystemStorage):\n    pass\n"


@pytest.fixture
def sources(tmp_path, settings, monkeypatch):
    """A site with one static file and two classes that could store it."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "site.css").write_text("a")
    (tmp_path / "code").mkdir()
    for name in ("one", "two"):
        (tmp_path / "code" / f"storage_{name}.py").write_text(STORAGE)
        monkeypatch.delitem(sys.modules, f"storage_{name}", raising=False)  # that of another test
    monkeypatch.syspath_prepend(tmp_path / "code")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [tmp_path / "static"], tmp_path / "served" / "staticfiles"
    (tmp_path / "served").mkdir()
    store_by(settings, "one")
    return tmp_path


def store_by(settings, name):
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": f"storage_{name}.Storage"}}


@pytest.fixture
def collected(sources, monkeypatch):
    """The commands that collected, in the order in which they ran."""
    begun = []

    def collect(command, **options):
        begun.append(command)
        (sources / "served" / "staticfiles.new").mkdir()

    monkeypatch.setattr(serve, "call_command", collect)
    return begun


def edit_a_file(sources, settings):
    (sources / "static" / "site.css").write_text("b")


def add_a_file(sources, settings):
    (sources / "static" / "more.css").write_text("")


def rename_a_file(sources, settings):
    (sources / "static" / "site.css").rename(sources / "static" / "page.css")


def edit_the_storage(sources, settings):
    (sources / "code" / "storage_one.py").write_text(f"{STORAGE}    max_post_process_passes = 9\n")


def choose_another_storage(sources, settings):
    store_by(settings, "two")


def change_nothing(sources, settings):
    pass


@pytest.mark.parametrize(
    ("change", "times"),
    [
        (change_nothing, 1),
        (edit_a_file, 2),
        (add_a_file, 2),
        (rename_a_file, 2),
        (edit_the_storage, 2),
        (choose_another_storage, 2),
    ],
)
def test_static_files_are_collected_again_when_what_makes_them_has_changed(sources, settings, collected, change, times):
    serve._collect_static_files()
    change(sources, settings)
    serve._collect_static_files()
    assert len(collected) == times


@pytest.mark.parametrize("package", ["django", "whitenoise"])
def test_static_files_are_collected_again_after_an_upgrade(sources, collected, monkeypatch, package):
    serve._collect_static_files()
    known = serve.version
    monkeypatch.setattr(serve, "version", lambda name: "99" if name == package else known(name))
    serve._collect_static_files()
    assert len(collected) == 2


def test_only_one_start_at_a_time_collects_static_files(sources, monkeypatch):
    begun, two_inside = [], threading.Event()

    def collect(command, **options):
        begun.append(command)
        if len(begun) == 2:
            two_inside.set()
        two_inside.wait(0.5)  # time for the other to come in
        (sources / "served" / "staticfiles.new").mkdir()

    monkeypatch.setattr(serve, "call_command", collect)
    starts = [threading.Thread(target=serve._collect_static_files) for _ in range(2)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(begun) == 1
    assert sorted(path.name for path in (sources / "served").iterdir()) == ["staticfiles"]
