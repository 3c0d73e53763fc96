"""What the checks advise about the texts that readers see, worked out beside the requests and kept for the dashboard."""

import hashlib
from functools import cache
from pathlib import Path
from time import monotonic

import textstat

from . import checks
from .document import Document
from .models import Advice, Article, Revision

SECONDS = 20  # for one round: the minute tick has other things to do


def advise(seconds=SECONDS):
    """Look over the live texts that were not looked over by the checks as they are now; how many. Drops what is past."""
    until = monotonic() + seconds
    live = set(Article.objects.filter(live__isnull=False).values_list("live__digest", flat=True))
    known = dict(Advice.objects.values_list("digest", "made_with"))
    Advice.objects.filter(digest__in=known.keys() - live).delete()
    looked_over = 0
    for digest in sorted(digest for digest in live if known.get(digest) != _checks()):
        if monotonic() > until:
            break
        revision = Revision.objects.filter(digest=digest).first()
        points = [problem.message for problem in checks.advice(Document(revision.parsed))]
        Advice.objects.update_or_create(digest=digest, defaults={"made_with": _checks(), "points": points})
        looked_over += 1
    return looked_over


@cache
def _checks():
    """The digest of the checks themselves."""
    written = Path(checks.__file__).read_text(encoding="utf-8")
    return hashlib.sha256(f"{textstat.__version__}\n{written}".encode()).hexdigest()
