"""Work in a process of its own: what kills it, or fills its memory, kills no server; callers are answered beside it."""

import logging
import os
import sys
from collections.abc import Callable
from multiprocessing import get_context

from data.store.errors import Busy

ERRORS = logging.getLogger("matcher.errors")
CONTEXT = get_context("spawn")
"""A process made anew: a forked one would hold the server's locks and connections."""
BUSY = 75
"""How a process ends that is to be begun again later; by convention, sysexits.h."""
POLITE = 5
"""Steps of niceness by which callers come first where processors are few."""


def apart(work: Callable[..., None], *given: object) -> None:
    """Do some work in a process of its own, to its end; ``work`` and ``given`` go there through a pipe.

    Raises ``Busy``, and ``RuntimeError`` where it did not end well.
    """
    process = CONTEXT.Process(target=_quietly, args=(work, *given), daemon=True)
    process.start()
    process.join()
    if process.exitcode == BUSY:
        raise Busy("busy", "the database does not answer; send the same request again")
    if process.exitcode:
        raise RuntimeError(f"a process ended with {process.exitcode}")


def _quietly(work: Callable[..., None], *given: object) -> None:
    """Do it, and say no more of an error than its type: its words may hold what somebody said."""
    os.nice(POLITE)
    try:
        work(*given)
    except Busy:
        sys.exit(BUSY)
    except Exception as error:
        ERRORS.error("work apart failed: %s", type(error).__name__)
        sys.exit(1)
