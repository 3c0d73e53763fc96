"""Keywords: the lay words that an article claims for itself."""

from array import array
from collections import Counter, defaultdict

from .analysis import meaningful
from .spelling import resting
from .terms import lookup_name, words_of

KEYWORDS = 6.0  # what keywords count that explain all of a query
ITSELF = 1.0  # what a keyword counts more that is the query in the very same form: "paralysed" is not "paralyse"
KINDS = {
    "glossary": 0.4,
    "signs": 0.4,
    "rules": 0.8,
    "service": 0.5,
}  # what a section of such a kind counts; of any other, 1


def page_of(section):
    return section.url.partition("#")[0]


def kind_weight(section):
    return KINDS.get(section.kind, 1)


class Keywords:
    """Keywords by the stems in them. Each belongs to all the sections of an article that have the same keywords."""

    def __init__(self, sections, weights, rest):
        owners = defaultdict(list)
        for number, s in enumerate(resting(sections, rest)):
            owners[page_of(s), s.keywords].append(number)
        self._sections = list(owners.values())
        self._of_stem = defaultdict(lambda: array("L"))
        self._owner, self._weight, self._claims = array("L"), array("d"), array("L")  # of each keyword
        names = [
            {lookup_name(keyword) for keyword in keywords.split(",")} - {()} for _, keywords in resting(owners, rest)
        ]
        answering = (
            names[owner] for owner, (first, *_) in enumerate(self._sections) if kind_weight(sections[first]) == 1
        )
        claims = Counter(name for several in answering for name in several)
        self._owners_of = defaultdict(set)  # by the keyword's words as they stand
        for owner, (_, keywords) in enumerate(resting(owners, rest)):
            for keyword in keywords.split(","):
                self._owners_of[tuple(meaningful(words_of(keyword)))].add(owner)
        for owner, several in enumerate(resting(names, rest)):
            for name in several:
                for stem in set(name):
                    self._of_stem[stem].append(len(self._owner))
                self._owner.append(owner)
                self._weight.append(sum(weights(name).values()))
                self._claims.append(max(1, claims[name]))

    def lifts(self, words, weights, limit):
        """[(numbers of sections, how much their keywords lift one of them)] for words, and for {stem: weight}."""
        asked, present = sum(weights.values()), Counter()
        for stem, weight in weights.items():
            for keyword in self._of_stem.get(stem, ()):
                present[keyword] += weight
        lifts = Counter()
        for stem, weight in weights.items():
            for owner, explained in self._explained(stem, present).items():
                lifts[owner] += KEYWORDS * explained * weight / asked
        lifts.update(dict.fromkeys(self._owners_of.get(tuple(words), ()) if words else (), ITSELF))
        return [(self._sections[owner], lift) for owner, lift in lifts.most_common(limit)]

    def _explained(self, stem, present):
        """{owner: how well the best of its keywords with this stem fits}, by how much of each is present in the query."""
        best = Counter()
        for keyword in self._of_stem.get(stem, ()):
            fit = (present[keyword] / self._weight[keyword]) ** 2 / self._claims[keyword]
            owner = self._owner[keyword]
            best[owner] = max(best[owner], fit)
        return best
