"""How long the tests of endurance run: short in every run, and in full with ``MATCHER_SOAK=1`` (``make soak``)."""

import os

FULL = os.environ.get("MATCHER_SOAK") == "1"


def size(short: int, full: int) -> int:
    """How many rounds this run takes."""
    return full if FULL else short
