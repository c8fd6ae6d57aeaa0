"""How long tests run: short by default, in full with ``MATCHER_SOAK=1``."""

import os

SOAK = os.environ.get("MATCHER_SOAK") == "1"


def size(short: int, full: int) -> int:
    """The number of times something is tried in this run."""
    return full if SOAK else short
