"""A rule that is newer than texts that readers see: a release in which no line may say "forsooth"."""

from siweb.articles.rendering import slips
from siweb.articles.rendering.slips.slip import Slip

MESSAGE = "Nobody says forsooth any more. Take it out."


def add_newer_rule(monkeypatch):
    before = slips.found_in

    def found_in(document):
        broken = (number for number, line in enumerate(document.lines) if "forsooth" in line.lower())
        return (*before(document), *(Slip(number, MESSAGE, is_error=True) for number in broken))

    monkeypatch.setattr(slips, "found_in", found_in)
