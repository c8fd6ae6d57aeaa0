"""The jobs of a server over a ledger: what the clock asks for, and whether it does."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import anyio
from anyio import to_thread

from api.settings import Settings
from data.store import answers, ending
from data.store.change import Store
from data.store.jobs import Clocked, Jobs

CLOCK = "clock"
"""By whom a job changes the ledger."""
PATIENCE = 2.0
"""Seconds in which the database of jobs must answer, to be called there."""


def jobs_of(store: Store, settings: Settings) -> Jobs:
    """Return the jobs of a ledger."""
    return Jobs(settings.database_url, clocked(store, settings.heads), {})


def clocked(store: Store, heads: Path | None) -> Mapping[str, Clocked]:
    """Return what the clock asks for: promises end in seconds, what is free is offered each minute, heads are kept."""
    found = {
        "expire": Clocked("*/5 * * * * *", partial(ending.end_due, store)),
        "offer": Clocked("20 * * * * *", partial(ending.offer_free, store)),
        "forget": Clocked("0 17 * * * *", partial(_forget, store)),
    }
    if heads is not None:
        found["heads"] = Clocked("40 * * * * *", partial(_heads, store, heads), at_end=True)
    return found


def _forget(store: Store) -> None:
    store.write(CLOCK, answers.forget)


def _heads(store: Store, path: Path) -> None:
    from data.store.heads import write_head

    write_head(store, path)


async def are_running(jobs: Jobs) -> bool:
    """Whether jobs are done; not where their database does not say so in time."""
    with anyio.move_on_after(PATIENCE):
        try:
            return await to_thread.run_sync(jobs.are_running, abandon_on_cancel=True)
        except Exception:
            return False
    return False
