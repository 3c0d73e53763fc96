"""Articles, every wording they ever had, what was decided about each, and what readers were shown when.

Revisions, decisions, readings and publications are written once (siweb/core/insert_only.py); an article only points at them. How
files and staff edits meet is in sync.py, who may decide what in workflow.py, how a revision becomes a page in publishing.py.
"""

from .advice import Advice
from .article import APPROVE, WRITE, Article, OldAddress, StaleError
from .decision import Decision, Proposal, Reading
from .picture import Picture, Rendition
from .publication import Publication, Usefulness, address_of
from .refusal import Refusal
from .revision import Revision

__all__ = [
    "APPROVE",
    "WRITE",
    "Advice",
    "Article",
    "Decision",
    "OldAddress",
    "Picture",
    "Proposal",
    "Publication",
    "Reading",
    "Refusal",
    "Rendition",
    "Revision",
    "StaleError",
    "Usefulness",
    "address_of",
]
