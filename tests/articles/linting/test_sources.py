"""Each source is complete and says how it was read; what only another has read is told so."""

import pytest

from siweb.articles.linting.citations import sources
from tests.support.advised import advised, keys
from tests.support.rendering import document

LINK = "[a.b/c](https://a.b/c)"
READ = "Read: full text."

# How an entry is written, and what it lacks.
WHO, YEAR, ADDRESS, HOW = "who wrote", "its year", "its address", "how it was read"
ENTRIES = {
    "an article in a journal": (f"Smith J and others. A trial. *Spine*, 2020. {LINK}. {READ}", []),
    "volume and pages": (f"Smith J. A trial. *Spine*, 2020;16:E305–E344. {LINK}. {READ}", []),
    "a journal and no address": (f"Smith J. A trial. *Spine*, 2020. {READ}", []),
    "a page of a publisher": (f"NHS. Back pain, undated. {LINK}. {READ}", []),
    "the year in a sentence of its own": (f"NHS. Back pain. Undated. {LINK}. {READ}", []),
    "a month": (f"NHS. Back pain. Leaflet, August 2023. {LINK}. {READ}", []),
    "a title that asks": (f"Smith J. Is it so? *Spine*, 2020. {LINK}. {READ}", []),
    "no author is known": (f"*Spine*. A trial, 2020. {LINK}. {READ}", []),
    "a remark": (f"Smith J. A trial. *Spine*, 2020. {LINK} (one author sold it). {READ}", []),
    "only its abstract": (f"Smith J. A trial. *Spine*, 2020. {LINK}. Read: abstract.", []),
    "a part of it": (f"NHS. Back pain, 2020. {LINK}. Read: part of the page.", []),
    "the report of another": (f"Smith J. A trial. *Spine*, 2020. {LINK}. Read: as reported by the *NHS*.", []),
    "no title": (f"Smith J. *Spine*, 2020. {LINK}. {READ}", [WHO]),
    "neither author nor publisher": (f"A trial of rest. 2020. {LINK}. {READ}", [WHO]),
    "nothing but a name": ("Smith", [WHO, YEAR, ADDRESS, HOW]),
    "no year": (f"Smith J. A trial. *Spine*. {LINK}. {READ}", [YEAR]),
    "a year only in what reports it": (f"Smith J. A trial. *Spine*. {LINK}. Read: as reported by Jones 2020.", [YEAR]),
    "a number that is no year": (f"Smith J. A trial. *Spine*, 12020. {LINK}. {READ}", [YEAR]),
    "no address": (f"NHS. Back pain, 2020. {READ}", [ADDRESS]),
    "an address that is not safe": (f"NHS. Back pain, 2020. [a.b/c](http://a.b/c). {READ}", [ADDRESS]),
    "an address that is no link": (f"NHS. Back pain, 2020. https://a.b/c. {READ}", [ADDRESS]),
    "nothing on how it was read": (f"Smith J. A trial. *Spine*, 2020. {LINK}", [HOW]),
    "another word for it": (f"Smith J. A trial. *Spine*, 2020. {LINK}. Read: summary.", [HOW]),
    "nobody named who reports it": (f"Smith J. A trial. *Spine*, 2020. {LINK}. Read: as reported by.", [HOW]),
}


@pytest.mark.parametrize(("entry", "lacks"), ENTRIES.values(), ids=ENTRIES)
def test_a_source_says_all_that_a_reader_needs_to_find_and_judge_it(entry, lacks):
    [source] = sources(document(f"a[^s]\n\n[^s]: {entry}"))
    assert len(source.lacks) == len(lacks)
    assert all(told.startswith(what) for told, what in zip(source.lacks, lacks, strict=True))
    assert keys(f"a[^s]\n\n[^s]: {entry}") == ({"source-lacks"} if lacks else set())


def test_all_that_a_source_lacks_is_told_at_once_at_its_line():
    [found] = advised("a[^b]\n\n[^b]: Smith")
    assert (found.line, found.words) == (12, "b")
    assert all(what in found.message for what in (WHO, YEAR, ADDRESS, HOW))


def test_a_source_of_two_paragraphs_is_one_source():
    [source] = sources(document(f"a[^s]\n\n[^s]: Smith J. A trial. *Spine*, 2020. {LINK}.\n\n    {READ}"))
    assert (source.lacks, source.how_read, source.address) == ([], "full text", "https://a.b/c")


BOTH = (
    f"\n\n[^r]: Smith J. A trial. *Spine*, 2020. {LINK}. Read: as reported by Jones.\n"
    f"[^s]: Lee K. A trial. *Spine*, 2021. {LINK}. {READ}\n"
)

# A sentence, and whether it has to say that only another's report was read.
SENTENCES = {
    "a number": ("It helped 5 people.[^r] We like it.[^s]", True),
    "1 in N": ("So 1 in 20.[^r] We like it.[^s]", True),
    "a benefit in words": ("Rest brings relief.[^r] We like it.[^s]", True),
    "a harm in words": ("The pain may get worse.[^r] We like it.[^s]", True),
    "a mark inside the sentence": ("Rest[^r] brings relief. We like it.[^s]", True),
    "words that say so": ("As reported by Jones, it helped 5 people.[^r] We like it.[^s]", False),
    "words that say so in another sentence": ("As reported by Jones. It helped 5.[^r] We like it.[^s]", True),
    "another source beside it": ("It helped 5 people.[^r][^s]", False),
    "a source that was read": ("It helped 5 people.[^s] Rest is old.[^r]", False),
    "nothing claimed": ("Rest is old.[^r] We like it.[^s]", False),
    "a year": ("Rest was new in 2015.[^r] We like it.[^s]", False),
    "a cell": ("|a|b|\n|-|-|\n|5 people[^r]|c[^s]|", True),
    "a cell that says so": ("|a|b|\n|-|-|\n|5 people, as reported by Jones[^r]|c[^s]|", False),
}


@pytest.mark.parametrize(("body", "has_to"), SENTENCES.values(), ids=SENTENCES)
def test_a_claim_that_nobody_here_has_read_where_it_was_written_says_so(body, has_to):
    assert ("as-reported" in keys(body + BOTH)) == has_to
