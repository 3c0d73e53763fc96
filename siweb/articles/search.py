"""Search: a reader's words in, sections of articles out.

The index is in memory and never changes: a background thread builds the next one from plain sections while
this one answers. No Django here. Nothing reads a query language either, so no query can be malformed.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from html import escape
from itertools import islice

import tantivy
from tantivy import Document, Filter, Occur, Query, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

BOOSTS = {"title": 2.0, "heading": 3.0, "text": 1.0, "keywords": 2.0}
ALL_WORDS = 1000.0  # above any score by words: sections with all the words come first
TYPED, MEANT = 1.0, 0.4  # a reader's own words count more than what we take them to mean
PER_ARTICLE = 3
QUERY_CHARACTERS, QUERY_WORDS = 300, 20  # bounds of what one query costs
EXTRACT, LEAD_IN = 200, 40  # characters of an extract, and of it before the first found word

# Only words that mean nothing in a question to a clinic; "before", "after", "out" and "long" do.
STOP_WORDS = frozenset(
    """a about am an and any are as at be been being but by can cannot could d did do does doing don for from
    get had has have having he her his how i if in into is isn it its ll m me my no nor not of on or our re s
    shall she should so such t than that the their them then there these they this those to us ve was we were
    what when where which while who why will with would you your""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Section:
    """What stands under one heading of an article. Keywords are lay words for it, separated by commas."""

    url: str
    title: str
    heading: str
    text: str
    kind: str
    keywords: str


@dataclass(frozen=True)
class Result:
    url: str
    title: str
    heading: str
    kind: str
    extract: str  # safe HTML


@dataclass(frozen=True)
class Found:
    results: list[Result]
    shown_for: str = ""


def _analyzer(tokenizer, *filters):
    builder = TextAnalyzerBuilder(tokenizer)
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


_PLAIN = (Filter.remove_long(40), Filter.lowercase(), Filter.ascii_fold())
_STEMMER = Filter.stemmer("english")
_WORDS = _analyzer(Tokenizer.simple(), *_PLAIN)
_STEMS = _analyzer(Tokenizer.simple(), *_PLAIN, Filter.custom_stopword(sorted(STOP_WORDS)), _STEMMER)
_STEM = _analyzer(Tokenizer.raw(), _STEMMER)


def _stems(words):
    return tuple(_STEM.analyze(word)[0] for word in words)


def _telling(words):
    return [word for word in words if word not in STOP_WORDS]


def _name(text):
    """What "Is it sciatica?" and "sciatica" have in common; stop words count where there is nothing else."""
    words = _WORDS.analyze(text)
    return _stems(_telling(words) or words)


def _index(schema):
    """An empty index in memory, and its writer."""
    index = tantivy.Index(schema)
    index.config_reader("manual")  # else its own reload and ours meet at a lock, and one waits for 100 ms
    return index, index.writer(heap_size=15_000_000, num_threads=1)


def _resting(items, rest):
    """The items, with a rest after each."""
    for item in items:
        yield item
        rest()


class Index:
    """A finished index of sections, each article's in reading order. To change it, build another.

    `rest` is called after every little piece of the building: requests may be served meanwhile.
    """

    def __init__(self, sections, synonyms, rest=lambda: None):
        self._sections = list(_keywords_once(sections))
        frequency = self._fill(rest)
        lay = {word for s in _resting(self._sections, rest) for word in _WORDS.analyze(s.keywords)}
        self._spelling = _Spelling(frequency, lay.union(*map(_WORDS.analyze, synonyms)) - frequency.keys(), rest)
        unknown = [key for key in synonyms if key not in frequency]
        misspelt = {key for key in _resting(unknown, rest) if self._misspells(key, synonyms[key])}
        self._known = set(_stems(_resting(_telling(lay - misspelt | frequency.keys()), rest)))
        self._names = _names(_resting(self._sections, rest))
        self._meanings = _meanings({k: v for k, v in synonyms.items() if k not in misspelt}, self._known)
        self._longest = max(map(len, self._meanings), default=1)

    def _misspells(self, key, targets):
        """Is a listed word only a misspelling of what it stands for? Then mend it, and show that."""
        meant = {stem for target in targets for stem in _STEMS.analyze(target)}
        return not meant.isdisjoint(_STEMS.analyze(self._spelling.nearest(key)))

    def _fill(self, rest):
        """Put the sections into the index, and count their words."""
        builder = SchemaBuilder()
        builder.add_unsigned_field("number", fast=True)
        for name in BOOSTS:
            builder.add_text_field(name, tokenizer_name="stems", index_option="freq")
        self._schema = builder.build()
        self._index, writer = _index(self._schema)
        self._index.register_tokenizer("stems", _STEMS)
        frequency = Counter()
        for number, s in enumerate(_resting(self._sections, rest)):
            heading = s.heading or s.title
            values = {"title": s.title, "heading": heading, "text": s.text, "keywords": s.keywords}
            writer.add_document(Document.from_dict({"number": number, **values}, self._schema))
            frequency.update(_WORDS.analyze(f"{s.title} {s.heading} {s.text}"))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        return frequency

    def search(self, query, limit=20):
        """The best sections for a reader's words, and the query as mended if a word was misspelt."""
        words, shown_for = self._mended(query[:QUERY_CHARACTERS].encode(errors="replace").decode())
        slots = self._slots(self._groups(words))
        lone = self._slots([(i, [word], self._meant([word])) for i, word in enumerate(words)])
        found = {stem for slot in slots + lone for way in slot for stem in way}
        numbers = self._ranked(words, self._query(slots, lone), max(limit, 1) * 10)
        return Found(list(islice(self._results(numbers, found), limit)), shown_for)

    def _mended(self, query):
        """The words of the query, unknown ones replaced by their nearest, and how the query reads then."""
        tokens = _WORDS.pre_tokenize(query).tokens[:QUERY_WORDS]
        words = [token.text for token in tokens]
        shown, end = "", 0
        for i, group, meant in self._groups(words):
            known = meant or len(group) > 1 or self._knows(group)
            better = "" if known else self._spelling.nearest(group[0])
            if better not in ("", group[0]):
                words[i] = better
                shown += query[end : tokens[i].char_offset_from] + better
                end = tokens[i].char_offset_to
        return words, (shown + query[end:]).strip() if shown else ""

    def _knows(self, words):
        return self._known.issuperset(_stems(_telling(words)))

    def _groups(self, words):
        """The words cut into known lay phrases, the longest first, else single words; and their meanings."""
        groups, start = [], 0
        while start < len(words):
            longest = min(self._longest + 3, len(words) - start)  # with up to three stop words more
            for size in range(longest, 0, -1):
                group = words[start : start + size]
                meant = self._meant(group)
                if meant or size == 1:
                    break
            groups.append((start, group, meant))
            start += size
        return groups

    def _meant(self, group):
        """What the articles say for these words, if anybody has told us."""
        telling, joined = _telling(group), ["".join(group)]
        if meant := self._meanings.get(_stems(group)):
            return meant
        if len(telling) < 2 or telling[0] != group[0] or telling[-1] != group[-1]:
            return []
        spaced = len(group) == 2 and self._knows(joined)  # "physio therapy"
        return self._meanings.get(_stems(telling)) or [_stems(joined)] * spaced

    def _slots(self, groups):
        """For each group the ways to match it, with their worth; a way is stems that must all be there."""
        stop_words_only = not any(_telling(group) for _, group, _ in groups)
        slots = []
        for _, group, meant in groups:
            typed = _stems(_telling(group))
            if typed or len(group) > 1 or stop_words_only:  # alone, "as" is ankylosing spondylitis
                own = {typed: TYPED} if typed and self._knows(group) else {}
                slots.append(dict.fromkeys(meant, MEANT) | own)
        return [slot for slot in slots if slot]

    def _ranked(self, words, query, limit):
        """Numbers of sections: those asked for by name, then the others; the best of each first."""
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        scored = searcher.fast_field_values("number", [address for _, address in hits])
        named = self._names.get(_name(" ".join(words)), [])
        return list(dict.fromkeys([*(n for n in scored if n in named), *named, *scored]))

    def _query(self, slots, lone):
        queries = list(map(self._slot, slots))
        all_words = Query.const_score_query(_boolean(Occur.Must, queries), ALL_WORDS)
        # The words of a lay phrase count by themselves too: we may have taken it to mean too little.
        others = [self._slot(slot) for slot in lone if slot not in slots]
        return _boolean(Occur.Should, [all_words, *queries, *others])

    def _slot(self, slot):
        ways = [Query.boost_query(_boolean(Occur.Must, map(self._term, way)), slot[way]) for way in slot]
        return Query.disjunction_max_query(ways)

    def _term(self, stem):
        terms = {name: Query.term_query(self._schema, name, stem, "freq") for name in BOOSTS}
        return _boolean(Occur.Should, [Query.boost_query(terms[name], BOOSTS[name]) for name in BOOSTS])

    def _results(self, numbers, found):
        seen, per_article = set(), Counter()
        for s in map(self._sections.__getitem__, numbers):
            same = {s.url, (s.title, s.heading, s.text)}
            if seen.isdisjoint(same) and per_article[_article(s)] < PER_ARTICLE:
                per_article[_article(s)] += 1
                yield Result(s.url, s.title, s.heading, s.kind, _extract(s.text, found))
            seen |= same


def _article(section):
    return section.url.partition("#")[0]


def _boolean(occur, queries):
    return Query.boolean_query([(occur, query) for query in queries])


def _keywords_once(sections):
    """Keywords that all sections of an article repeat lead to its first: elsewhere they explain nothing."""
    seen = set()
    for s in sections:
        repeated = (_article(s), s.keywords) in seen
        seen.add((_article(s), s.keywords))
        yield replace(s, keywords="") if repeated else s


def _names(sections):
    """Sections by what they are asked for as: an article's title or address, a heading, its own lay word."""
    articles, headings, claims, seen = defaultdict(list), defaultdict(list), defaultdict(list), set()
    for number, s in enumerate(sections):
        headings[_name(s.heading)].append(number)
        if (article := _article(s)) not in seen:
            seen.add(article)
            for key in {_name(s.title), _name(article.strip("/").rpartition("/")[2])}:
                articles[key].append(number)
        for key in set(map(_name, s.keywords.split(","))):
            claims[key].append(number)
    # A lay phrase is a question, which some section may answer better than the one that claims it.
    own = {key: numbers for key, numbers in claims.items() if len(key) == len(numbers) == 1}
    return own | headings | articles | {(): []}


def _meanings(synonyms, known):
    """Stems of lay phrases, with and without their stop words, to the ways the articles say the same."""
    meanings = defaultdict(list)
    for phrase, targets in synonyms.items():
        words = _WORDS.analyze(phrase)
        telling = _telling(words)
        ways = [way for way in map(tuple, map(_STEMS.analyze, targets)) if way and known.issuperset(way)]
        # One word left of several is another question: "in the joint" is not any joint.
        for key in {_stems(words), _stems(telling if len(telling) > 1 else words)} if ways else ():
            meanings[key] += ways
    return dict(meanings)


class _Spelling:
    """An index of words, for its Levenshtein automaton: the nearest of 40,000 words in 0.3 ms."""

    def __init__(self, frequency, lay, rest):
        builder = SchemaBuilder()
        builder.add_text_field("word", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_unsigned_field("frequency", fast=True)
        self._schema = builder.build()
        self._index, writer = _index(self._schema)
        self._add(writer, frequency, rest)
        # A lay word that has a near word in the articles is a listed misspelling: nothing to offer anybody.
        self._add(writer, {word: 0 for word in _resting(lay, rest) if not self.nearest(word)}, rest)
        writer.wait_merging_threads()

    def _add(self, writer, frequency, rest):
        for word in _resting(sorted(frequency), rest):
            values = {"word": word, "frequency": frequency[word]}
            writer.add_document(Document.from_dict(values, self._schema))
        writer.commit()
        self._index.reload()

    def nearest(self, word):
        """The nearest word, of several the most frequent; none if all are more than a slip or two away."""
        searcher = self._index.searcher()
        for distance in range(1, _slips(word) + 1):
            query = Query.fuzzy_term_query(self._schema, "word", word, distance)
            for _, address in searcher.search(query, 1, False, order_by_field="frequency").hits:
                return searcher.doc(address)["word"][0]
        return ""


def _slips(word):
    """Edits to allow for: with more, short words become any word, and so do numbers with one."""
    return (len(word) >= 4) + (len(word) >= 6) if word.isalpha() else 0


def _extract(text, found):
    """About 200 characters round most of the found words, these marked: HTML, escaped piece by piece."""
    text = " ".join(text.split())
    tokens = [token for token in _STEMS.pre_tokenize(text).tokens if token.text in found]
    marks = [(token.char_offset_from, token.char_offset_to, token.text) for token in tokens]
    start, end = _window(text, marks)
    html, done = "… " if start else "", start
    for left, right, _ in marks:
        if start <= left and right <= end:
            html += f"{escape(text[done:left])}<mark>{escape(text[left:right])}</mark>"
            done = right
    return html + escape(text[done:end]) + (" …" if end < len(text) else "")


def _window(text, marks):
    """Where the extract starts and ends: at spaces, unless there are none."""

    def stems_from(mark):
        return len({stem for left, _, stem in marks if 0 <= left - mark[0] < EXTRACT - LEAD_IN})

    first = max(marks, key=stems_from, default=(0,))[0]
    start = max(0, min(first - LEAD_IN, len(text) - EXTRACT))
    if start:
        start = text.find(" ", start, first) + 1 or start
    end = start + EXTRACT
    if end < len(text):
        space = text.rfind(" ", start + EXTRACT * 3 // 4, end + 1)
        end = space if space >= 0 else end
    return start, min(end, len(text))
