"""What every benchmark shares: its sizes, the bars that it is held to, and its report.

`--small` chooses the smallest size that still measures: a few seconds, the same figures, and every check except the bars on
speed, which depend on the machine.
"""

import sys
import time
from types import SimpleNamespace

_OPTION = "--small"
SMALL = _OPTION in sys.argv[1:]


def sizes(**table):
    """Return this run's sizes. `table` gives (full, small) for each."""
    return SimpleNamespace(**{name: small if SMALL else full for name, (full, small) in table.items()})


def parts(known=()):
    """Return the parts that the command line names, all of `known` without any. Exit when it names something else."""
    named = [argument for argument in sys.argv[1:] if argument != _OPTION]
    if unknown := set(named) - set(known):
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Choose from: {', '.join([*known, _OPTION])}.")
    return named or list(known)


def check(what, bar, figure, good):
    """Return a row that fails at any size unless `good`."""
    return what, bar, figure if good else f"{figure}  FAILS"


def speed(what, bar, figure, good):
    """Return a row that fails unless `good`, but not with --small: its bar is one on speed."""
    return check(what, bar, figure, good or SMALL)


def clock(vendor):
    """Return the clock for pages called in this process: the processor's with SQLite, which other programs disturb less.

    PostgreSQL works in processes of its own: only the clock on the wall counts them.
    """
    return time.perf_counter if vendor == "postgresql" else time.process_time


def ratio(what, small, large, most, queries, good):
    """Return a row of two times in seconds: the second is at most `most` times the first (None: no bar), a bar on speed.

    `queries` says how many were needed; the row fails at any size unless they are `good`.
    """
    times, ratio = f"{small * 1000:.1f} ms, {large * 1000:.1f} ms", large / small
    bar = f" (≤ {most})" if most else ""
    return check(what, times, f"{ratio:.1f} times{bar}; {queries}", good and (SMALL or not most or ratio <= most))


def report(rows, head=("what", "bar", "figure")):
    """Print the rows as a table. Return the exit code: 1 when one fails."""
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for what, bar, figure in rows:
        print(f"{what:<{widths[0]}}  {bar:<{widths[1]}}  {figure}")
    return int(any(figure.endswith("FAILS") for *_, figure in rows))
