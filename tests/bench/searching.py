"""Inside a process like a worker: makes the index, then searches; prints the figures as JSON.

Run by tests.bench.articles, in the project whose articles are searched.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import re  # noqa: E402
from time import perf_counter  # noqa: E402

import django  # noqa: E402

django.setup()

from siweb.articles.models import Publication  # noqa: E402
from siweb.articles.search.live_index import Shelf, _rests  # noqa: E402
from tests.bench import run  # noqa: E402
from tests.bench.load import resident_megabytes  # noqa: E402

SIZE = run.sizes(queries=(500, 60))


def main():
    before, shelf, aside = resident_megabytes(os.getpid()), Shelf(), Shelf()
    alone = seconds(shelf.rebuild)
    memory = resident_megabytes(os.getpid()) - before
    beside = seconds(lambda: aside.rebuild(_rests()))
    took = sorted(seconds(lambda query=query: shelf.search(query)) for query in queries(random.Random(2)))
    found = sum(bool(shelf.search(query).results) for query in queries(random.Random(2)))
    figures = {"alone": alone, "beside": beside, "memory": memory, "found": found, "queries": SIZE.queries}
    print(
        json.dumps(figures | {"p50": took[SIZE.queries // 2], "p95": took[SIZE.queries * 95 // 100], "max": took[-1]})
    )


def seconds(work):
    began = perf_counter()
    work()
    return perf_counter() - began


def queries(chance):
    """Yield single words, phrases and questions; every third misspelt, every twentieth nonsense."""
    words = [word for page in Publication.objects.showing()[:100] for word in re.findall(r"[a-z]{3,}", page.html)]
    for number in range(SIZE.queries):
        typed = chance.choices(words, k=chance.randint(1, 5))
        if number % 3 == 0:
            typed = [misspelt(word, chance) for word in typed]
        if number % 10 == 0:
            typed = ["can", "i", *typed, "after", "an", "injection"]
        if number % 20 == 7:
            typed = ["".join(chance.choices("bcdfghjklm", k=9)) for _ in typed]
        yield " ".join(typed)


def misspelt(word, chance):
    """One slip: a letter left out, two swapped, or a wrong one put in."""
    place = chance.randrange(len(word) - 1)
    start, first, second, end = word[:place], word[place], word[place + 1], word[place + 2 :]
    return chance.choice([start + second + end, start + second + first + end, f"{start}{first}e{second}{end}"])


if __name__ == "__main__":
    main()
