"""Search: a reader's words in, sections of articles out.

The index is in memory and never changes: a background thread builds the next one from plain sections while
this one answers. No Django here. Nothing reads a query language either, so no query can be malformed.

How a rank comes about:

0. Words that together mean something of their own are joined before all else, in the texts too (terms).
1. A word that no article knows is replaced by its base form, else by the nearest word that one knows, unless it is
   ordinary English: that finds nothing by itself. Words that tell nothing in a question are left out. Of the others,
   each weighs the more, the fewer sections have it. The name of a medicine is never replaced by another word.
2. A section counts HELD for each word that it has, times the word's weight; and more if the word is in its
   title or heading, or often in a short text (BOOSTS). The sum is divided by the weight of all the words.
   A lay word of the glossary counts as what the articles say for it, too (MEANT); and if it is a phrase, each of its
   words counts a little by itself (ALONE).
3. An article's keywords lift whichever section of it counts most by 2. They count KEYWORDS times the share of the query
   that they explain. A word of it that is in a keyword is explained as far as the rest of the keyword is in the
   query, too. Of articles that claim the same keyword, each gets its part only; ITSELF decides between them.
4. Both count for less in a kind of article that seldom answers a question (KINDS).
5. An article comes first of all if the query is its title or its address.
6. The section about a named medicine is first, or among the first three if something else was asked.
7. If the query may name a warning sign, the passage about it comes first, and nothing that calls a symptom normal is
   among the first three.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice
from math import log

from tantivy import Document, Occur, Query, SchemaBuilder

from siweb.articles.text.english_words import is_english

from .analysis import STEMS, STOP_WORDS, WORDS, meaningful, stem_words
from .close_words import edit_distance
from .emergency import sign_finder
from .extracts import extract
from .headings import by_stop_word
from .help_first import comfort_last, extract_of_passage, passages, stems_of_names
from .keywords import Keywords, kind_weight, page_of
from .medicines import TELL_US, find_medicines, groups, is_listed
from .spelling import Spelling, empty_index, resting
from .terms import is_in_term, join_terms, lookup_name, stems_of, words_of
from .word_forms import bases_of

BOOSTS = {"title": 0.6, "heading": 1.0, "text": 0.4}
HELD = 2.0  # what it counts that a section has a word at all
TYPED, FORM, MEANT, ALONE = (
    1.0,
    0.9,
    0.7,
    0.3,
)  # words as typed, their base forms, what they mean, each of a phrase alone
PER_ARTICLE = 3
MAX_EDITS = 2  # to the nearest word, see spelling
QUERY_CHARACTERS, QUERY_WORDS = 300, 20  # bounds of what one query costs


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
    is_emergency: bool = False  # the query may name a warning sign
    is_foreign: bool = False  # and that in another language
    tell_us: bool = False  # it names a medicine that we cannot place: "Tell us every medicine you take"


class Index:
    """A finished index of sections, each article's in reading order. To change it, build another.

    `rest` is called after every little piece of the building: requests may be served meanwhile.
    `addresses` are the pages by role: a search that may name a warning sign finds its passage on the page "help" first.
    `typed` are the phrases of the signs (emergency.typed_phrases).
    """

    def __init__(self, sections, synonyms, rest=lambda: None, addresses=None, typed=()):
        self._sections, self._addresses = list(sections), addresses or {}
        finder = sign_finder(typed)  # reads its words now, not while a reader waits
        self._find_signs, self._is_foreign, self._danger_words = finder.find, finder.is_foreign, finder.words
        find_medicines([])  # so do the medicines
        frequency, joined = self._fill(rest)
        lay = {word for s in resting(self._sections, rest) for word in WORDS.analyze(s.keywords)}
        self._spelling = Spelling(frequency, lay.union(*map(WORDS.analyze, synonyms)) - frequency.keys(), rest)
        unknown = [key for key in synonyms if key not in frequency]
        misspelt = {word for key in resting(unknown, rest) for word in self._misspellings(key, synonyms[key])}
        self._misspelt = misspelt - frequency.keys()
        joined.update(*(words_of(keywords) for keywords in resting({s.keywords for s in self._sections}, rest)))
        self._known = set(stem_words(resting(meaningful(joined - self._misspelt), rest)))
        self._weight_of = {stem: self._weight(stem) for stem in resting(self._known, rest)}
        self._places = {s.url: number for number, s in reversed(list(enumerate(self._sections)))}
        self._names = _names(resting(self._sections, rest))
        self._headed = by_stop_word(resting(self._sections, rest))
        self._keywords = Keywords(self._sections, self._weights, rest)
        self._meanings = _meanings({k: v for k, v in synonyms.items() if k not in self._misspelt}, self._known)
        self._group_ways, self._section_of = self._place_medicines()
        self._longest = max(map(len, self._meanings), default=1)

    def _place_medicines(self):
        """Return {group: what the articles call it, in stems}, and {group: the number of the section that it leads to}."""
        ways, sections = {}, {}
        for group, known in groups().items():
            ways[group] = [way for way in (stems_of(w) for w in known["words"]) if self._known.issuperset(way)]
            urls = (self._url_of(place) for place in known["leads_to"])
            places = [self._places[url] for url in urls if url in self._places]
            if places:
                sections[group] = places[0]
        return ways, sections

    def _url_of(self, place):
        """Return the address of a place such as preparation#diabetes: the role of a page, and a section of it."""
        role, _, anchor = place.partition("#")
        return f"{self._addresses.get(role, '')}#{anchor}"

    def _misspellings(self, key, targets):
        """Words of a listed phrase that are only misspellings of what it means: to be corrected, and shown so."""
        meant = {stem for target in targets for stem in STEMS.analyze(target)}
        near = ((word, STEMS.analyze(self._spelling.nearest(word))) for word in WORDS.analyze(key))
        return [word for word, stems in near if not meant.isdisjoint(stems)]

    def _fill(self, rest):
        """Put the sections into the index; return how often each word is in them, and their words with terms joined."""
        builder = SchemaBuilder()
        builder.add_unsigned_field("number", fast=True)
        for name in BOOSTS:
            builder.add_text_field(name, tokenizer_name="stems", index_option="freq")
        self._schema = builder.build()
        index, writer = empty_index(self._schema)
        index.register_tokenizer("stems", STEMS)
        frequency, joined = Counter(), set()
        for number, s in enumerate(resting(self._sections, rest)):
            heading = s.heading or s.title
            values = {"title": words_of(s.title), "heading": words_of(heading), "text": words_of(s.text)}
            joined.update(*values.values())
            values = {name: " ".join(words) for name, words in values.items()}
            writer.add_document(Document.from_dict({"number": number, **values}, self._schema))
            frequency.update(WORDS.analyze(f"{s.title} {s.heading} {s.text}"))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        return frequency, joined

    def search(self, query, limit=20):
        """Return the best sections for a reader's words, and the query as corrected if a word was misspelt."""
        whole = query
        signs = self._find_signs(whole)  # in all of it: the sign may come at the end of a long story
        query = query[:QUERY_CHARACTERS].encode(errors="replace").decode()
        tokens = WORDS.pre_tokenize(query).tokens[:QUERY_WORDS]
        typed = [token.text for token in tokens]
        medicines = find_medicines(typed, self._is_known, self._distance)
        groups = self._groups(typed, medicines)
        words, shown_for = self._corrected(query, tokens, groups, medicines, spared=self._danger_words if signs else ())
        joined = join_terms(words)
        if joined != typed:
            medicines = find_medicines(joined, self._is_known, self._distance) if joined != words else medicines
            groups = self._groups(joined, medicines)
        written, words = words, joined
        slots = self._slots(groups)
        of_phrases = [i for start, group, _ in groups if len(group) > 1 for i in range(start, start + len(group))]
        lone = self._slots([(i, words[i : i + 1], self._meant(words[i : i + 1])) for i in of_phrases])
        found = {stem for slot in slots + lone for way in slot for stem in way} | stems_of_names(signs[:1])
        found.update(stem_words(meaningful(written)))
        ranked = self._ranked(words, slots, lone, max(limit, 1) * 10)
        numbers = self._with_medicines(medicines, words, self._with_bases(typed, ranked))
        tell_us = any(TELL_US & medicine.groups for medicine in medicines)
        if not signs:
            return Found(list(islice(self._results(numbers, found), limit)), shown_for, tell_us=tell_us)
        passage, numbers = self._help_first(signs, numbers)
        results = comfort_last(self._results(numbers, found, passage, signs[0]), limit)
        return Found(results, shown_for, True, self._is_foreign(whole), tell_us)

    def _is_known(self, word):
        return self._knows([word])

    def _distance(self, word):
        """Return the edits between a word and the nearest that the articles know."""
        nearest = self._spelling.nearest(word)
        return edit_distance(word, nearest) if nearest else MAX_EDITS + 1

    def _with_medicines(self, medicines, words, numbers):
        """Return the numbers with each named medicine's section: first if nothing else was asked, else among the first three."""
        of_medicines = {i for medicine in medicines for i in range(medicine.start, medicine.end)}
        alone = not any(meaningful([word]) for i, word in enumerate(words) if i not in of_medicines)
        named = [medicine for medicine in medicines if alone or not medicine.is_class]
        lead = [self._section_of[group] for each in named for group in sorted(each.groups) if group in self._section_of]
        lead = list(dict.fromkeys(lead))
        if alone:
            return [*lead, *(number for number in numbers if number not in lead)]
        missing = [number for number in lead if number not in numbers[:3]][:1]
        rest = [number for number in numbers if number not in missing]
        return [*rest[:2], *missing, *rest[2:]]

    def _help_first(self, signs, numbers):
        """Return the number of the passage about the first sign that has one, and the numbers with it before all others."""
        first = next(
            (self._places[url] for url in passages(signs, self._addresses.get("help", "")) if url in self._places), None
        )
        return first, numbers if first is None else [first, *(number for number in numbers if number != first)]

    def _corrected(self, query, tokens, groups, medicines, spared):
        """Return the words of the query, unknown ones replaced by their nearest, and how the query reads then."""
        words = [token.text for token in tokens]
        shown, end, named = "", 0, {medicine.start: medicine for medicine in medicines}
        asked = meaningful(words)
        for i, group, meant in groups:
            known = len(group) > 1 or self._knows(group) or is_in_term(group[0]) or (meant and i not in named)
            right = known or self._ordinary(group[0]) or group[0] in spared
            better = "" if right else self._spelling.nearest(group[0])
            replaceable = not known or not asked  # of stop words alone, "told" asks for what "tell" does
            if replaceable and i not in named and len(group) == 1 and (base := self._base(group[0])):
                words[i], better = base, better if better == base else ""
            if i in named and not is_listed(better, named[i].groups):
                better = ""  # a medicine is never taken for another word
            if better not in ("", group[0]) and better not in STOP_WORDS:
                words[i] = better
                shown += query[end : tokens[i].char_offset_from] + better
                end = tokens[i].char_offset_to
        return words, (shown + query[end:]).strip() if shown else ""

    def _base(self, word):
        """Return the first base form of a word that the articles know, if any."""
        return next((base for base in bases_of(word) if self._knows([base])), "")

    def _ordinary(self, word):
        """Is it right as it stands? The dictionary has American spellings, too, which the glossary may list."""
        return is_english(word) and word not in self._misspelt

    def _knows(self, words):
        return self._known.issuperset(stem_words(meaningful(words)))

    def _groups(self, words, medicines=()):
        """The words cut into medicines and known lay phrases, the longest first, else single words; and their meanings."""
        groups, start = [], 0
        named = {medicine.start: medicine for medicine in medicines}
        while start < len(words):
            if medicine := named.get(start):
                group = words[start : medicine.end]
                groups.append((start, group, self._medicine_meanings(medicine, group)))
                start = medicine.end
                continue
            longest = min(self._longest + 3, len(words) - start)  # with up to three stop words more
            for size in range(longest, 0, -1):
                group = words[start : start + size]
                meant = self._meant(group)
                if meant or size == 1:
                    break
            groups.append((start, group, meant))
            start += size
        return groups

    def _medicine_meanings(self, medicine, group):
        """Return what the articles say for a medicine: what we know of the name itself, and of its groups."""
        ways = [way for each in sorted(medicine.groups) for way in self._group_ways.get(each, ())]
        return list(dict.fromkeys([*self._meant(group), *ways])) or [stem_words(group)]

    def _meant(self, group):
        """What the articles say for these words, if anybody has told us."""
        telling, joined = meaningful(group), ["".join(group)]
        if meant := self._meanings.get(stem_words(group)):
            return meant
        if len(telling) < 2 or telling[0] != group[0] or telling[-1] != group[-1]:
            return []
        spaced = len(group) == 2 and self._knows(joined)  # "physio therapy"
        return self._meanings.get(stem_words(telling)) or [stem_words(joined)] * spaced

    def _slots(self, groups):
        """For each group the ways to match it, with their worth; a way is stems that must all be there."""
        stop_words_only = not any(meaningful(group) for _, group, _ in groups)
        slots = []
        for _, group, meant in groups:
            typed = stem_words(meaningful(group))
            if typed or len(group) > 1 or stop_words_only:  # alone, "as" is ankylosing spondylitis
                own = {typed: TYPED} if typed and self._knows(group) else {}
                bases = [stem_words([base]) for base in bases_of(group[0]) if typed] if len(group) == 1 else []
                forms = dict.fromkeys((base for base in bases if self._known.issuperset(base)), FORM)
                slots.append(dict.fromkeys(meant, MEANT) | forms | own)
        return [slot for slot in slots if slot]

    def _ranked(self, words, slots, lone, limit):
        """Numbers of sections: those asked for by name, then the others; the best of each first."""
        scores = self._scores(slots, lone, limit)
        name = lookup_name(" ".join(words))
        telling = [stem for stem in name if stem in self._known] or name
        for numbers, lift in self._keywords.lifts(meaningful(words), self._weights(telling), limit):
            best = max(numbers, key=lambda number: scores.get(number, 0))
            scores[best] = scores.get(best, 0) + lift * kind_weight(self._sections[best])
        scored = sorted(scores, key=scores.get, reverse=True)
        named = self._names.get(name, [])
        return list(dict.fromkeys([*(n for n in scored if n in named), *named, *scored]))

    def _with_bases(self, words, ranked):
        """Return the numbers for a query; of a single word, the best for each base of it are among the first three, too."""
        if len(words) > 1 or not words:
            return ranked
        ranked = ranked or self._headed.get(stem_words(words)[0], [])
        best = [number for base in bases_of(words[0]) for number in self._best(base)]
        return list(dict.fromkeys([*ranked[:1], *best, *ranked]))

    def _best(self, word):
        """Numbers of the best sections for a word alone, at most two."""
        found = self._ranked([word], self._slots([(0, [word], self._meant([word]))]), [], 30)
        return (found or self._headed.get(stem_words([word])[0], []))[:2]

    def _scores(self, slots, lone, limit):
        """{number of a section: how well it matches by its words}"""
        # The words of a lay phrase count by themselves too: we may have taken it to mean too little.
        others = [Query.boost_query(self._slot(slot), ALONE) for slot in lone if slot not in slots]
        searcher = self._searcher
        hits = searcher.search(_boolean(Occur.Should, [*map(self._slot, slots), *others]), limit, count=False).hits
        numbers = searcher.fast_field_values("number", [address for _, address in hits])
        most = sum(max(sum(self._weights(way).values()) for way in slot) for slot in slots)
        found = zip(numbers, hits, strict=True)
        return {n: score / most * kind_weight(self._sections[n]) for n, (score, _) in found}

    def _weights(self, stems):
        """{stem: how much it tells}"""
        return {stem: self._weight_of.get(stem) or self._weight(stem) for stem in stems}

    def _weight(self, stem):
        number, count = max(self._searcher.doc_freq(name, stem) for name in BOOSTS), len(self._sections)
        return log(1 + (count - number + 0.5) / (number + 0.5))

    def _slot(self, slot):
        ways = [Query.boost_query(_boolean(Occur.Must, map(self._term, way)), slot[way]) for way in slot]
        return Query.disjunction_max_query(ways)

    def _term(self, stem):
        terms = {name: Query.term_query(self._schema, name, stem, "freq") for name in BOOSTS}
        held = _boolean(Occur.Should, terms.values())
        boosted = [Query.boost_query(terms[name], BOOSTS[name]) for name in BOOSTS]
        return _boolean(Occur.Should, [Query.const_score_query(held, HELD * self._weights([stem])[stem]), *boosted])

    def _results(self, numbers, found, passage=None, sign=""):
        seen, per_article = set(), Counter()
        for number in numbers:
            s = self._sections[number]
            same = {s.url, (s.title, s.heading, s.text)}
            if seen.isdisjoint(same) and per_article[page_of(s)] < PER_ARTICLE:
                per_article[page_of(s)] += 1
                shown = extract_of_passage(s.text, found, sign) if number == passage else extract(s.text, found)
                yield Result(s.url, s.title, s.heading, s.kind, shown)
            seen |= same


def _boolean(occur, queries):
    return Query.boolean_query([(occur, query) for query in queries])


def _names(sections):
    """First sections of articles by what these are asked for as: the title, or the address."""
    articles, seen = defaultdict(list), set()
    for number, s in enumerate(sections):
        if (article := page_of(s)) not in seen:
            seen.add(article)
            for key in {lookup_name(s.title), lookup_name(article.strip("/").rpartition("/")[2])}:
                articles[key].append(number)
    return articles | {(): []}


def _meanings(synonyms, known):
    """Stems of lay phrases, with and without their stop words, to the ways the articles say the same."""
    meanings = defaultdict(list)
    for phrase, targets in synonyms.items():
        words = words_of(phrase)
        telling = meaningful(words)
        ways = [way for way in map(stems_of, targets) if way and known.issuperset(way)]
        # One word left of several is another question: "in the joint" is not any joint.
        for key in {stem_words(words), stem_words(telling if len(telling) > 1 else words)} if ways else ():
            meanings[key] += [way for way in ways if not set(key).issubset(way)]  # that would only ask for more
    return dict(meanings)
