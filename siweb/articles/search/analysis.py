"""Cut texts into words and stems, and say which words tell something in a question."""

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

# Only words that mean nothing in a question to a clinic; "before", "after", "out" and "long" do.
STOP_WORDS = frozenset(
    """a about actually again also always am an and any anymore anyone anything are aren arent as at be because been
    being but by can cannot cant come coming could couldn couldnt d did didn didnt do does doesn doesnt doing don
    done dont else even ever every feel feeling feels felt for from get gets getting give given go goes going gone
    gonna got had hadn hadnt has hasn hasnt have haven havent having he her here him his how i if ill im in instead
    into is isn isnt it its ive just keep keeps kind know let like ll m made make makes making may maybe me might
    mine must my myself need needs no nor not now of ok okay on or our please quite re really s said say says shall
    she should shouldn shouldnt since so some somebody someone something sort still such t than that thats the their
    them then there these they theyre thing things think this those to today told too try trying us ve very want
    wants was wasn wasnt we were weren werent what whats when where which while who whos why will with won wont
    would wouldn wouldnt yet you your youre""".split()  # noqa: SIM905
)

# What an apostrophe cuts off from a "t".
_BEFORE_T = frozenset("can don won isn didn doesn couldn wouldn shouldn wasn weren aren hasn haven hadn".split())  # noqa: SIM905


def _analyzer(tokenizer, *filters):
    builder = TextAnalyzerBuilder(tokenizer)
    for each in filters:
        builder = builder.filter(each)
    return builder.build()


_PLAIN = (Filter.remove_long(40), Filter.lowercase(), Filter.ascii_fold())
_STEMMER = Filter.stemmer("english")
WORDS = _analyzer(Tokenizer.simple(), *_PLAIN)
STEMS = _analyzer(Tokenizer.simple(), *_PLAIN, Filter.custom_stopword(sorted(STOP_WORDS)), _STEMMER)
_STEM = _analyzer(Tokenizer.raw(), _STEMMER)


def stem_words(words):
    return tuple(_STEM.analyze(word)[0] for word in words)


def meaningful(words):
    return [word for word in words if word not in STOP_WORDS]


def join_negations(words):
    """Return words with "didn", "t" as "didnt": an apostrophe cuts them, and many people leave it out."""
    joined = []
    for word in words:
        if word == "t" and joined and joined[-1] in _BEFORE_T:
            joined[-1] += word
        else:
            joined.append(word)
    return joined
