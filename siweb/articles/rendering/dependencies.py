"""Which of its surroundings a page has used: it is made again when one of these changes, and only then."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace

BY_KEY = ("addresses", "anchors", "rules", "facts", "figures", "signs", "terms")


class _Noting(Mapping):
    """A mapping that writes down what it is asked for, also what it does not have."""

    def __init__(self, kind, values, uses):
        self.kind, self.values_by_key, self.uses = kind, values, uses

    def __getitem__(self, key):
        self.uses.add((self.kind, key))
        return self.values_by_key[key]

    def __iter__(self):
        return iter(self.values_by_key)

    def __len__(self):
        return len(self.values_by_key)


def noting(surroundings):
    """The same surroundings, and the set in which they write down what is used of them: {("rules", "driving"), …}."""
    uses = set()
    return replace(surroundings, **{kind: _Noting(kind, getattr(surroundings, kind), uses) for kind in BY_KEY}), uses


def digest_of(surroundings, uses, renderer):
    """The digest of everything but its text that a page depends on: what it uses, what any page may use, the renderer."""
    used = [[kind, key, getattr(surroundings, kind).get(key)] for kind, key in sorted(map(tuple, uses))]
    for_all = [surroundings.phone_link, sorted(surroundings.terms), renderer]
    return hashlib.sha256(json.dumps([used, for_all], default=_plain).encode()).hexdigest()


def _plain(value):
    return sorted(value) if isinstance(value, set | frozenset) else asdict(value)
