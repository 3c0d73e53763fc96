"""Bounds on what costs may be beside one another, on a machine that others use too."""

import gc


def holds_in_turns(bound, *costs, patience=(1, 2, 4, 8)):
    """Whether a bound holds for the least of each cost; each is a function that returns seconds, and they take turns.

    What disturbs the machine disturbs them all; a bound that fails is tried again, more patiently.
    """
    gc.disable()
    try:
        for turns in patience:
            rounds = [[cost() for cost in costs] for _ in range(turns)]
            if bound(*map(min, zip(*rounds, strict=True))):
                return True
    finally:
        gc.enable()
    return False
