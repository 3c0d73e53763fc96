"""The fixture `each_engine`: a test that uses it runs once in each engine, in a browser that remembers nothing."""

import pytest

from . import ENGINES
from .browsers import BROWSERS
from .display import Display


@pytest.fixture(scope="session")
def display(tmp_path_factory):
    """The screen that all engines share."""
    display = Display(tmp_path_factory.mktemp("display"))
    yield display
    display.close()


@pytest.fixture(scope="session", params=[pytest.param(name, marks=pytest.mark.engines) for name in ENGINES])
def engine(request, site, display, tmp_path_factory):
    """One engine after the other, each started once."""
    browser = BROWSERS[request.param](site.url, display, tmp_path_factory.mktemp(request.param))
    yield browser
    browser.close()


@pytest.fixture
def each_engine(engine):
    """A browser of each engine in turn, on the running site: see engines/browsers.py for what it can do."""
    engine.forget()
    return engine
