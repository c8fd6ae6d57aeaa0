"""The jobs of a server over a ledger: what the clock asks for, what people ask for, and whether it is done."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import anyio
from anyio import to_thread

from api.settings import Settings
from data.store import answers, attempts, ending, reassignments
from data.store.change import Store
from data.store.heads import Heads
from data.store.jobs import Clocked, Jobs
from data.store.words import ReassignmentState

from . import moving
from .held import Holder
from .seen import CLOCK, STILL

PATIENCE = 2.0
"""Seconds in which the database of jobs must answer, to be called there."""
OF = {ReassignmentState.ASKED: "propose", ReassignmentState.APPLYING: "apply"}


def jobs_of(store: Store, holder: Holder, settings: Settings) -> Jobs:
    """Return the jobs of a ledger."""
    asked = {
        "propose": partial(moving.propose, store, holder),
        "apply": partial(moving.apply, store, holder),
    }
    return Jobs(settings.database_url, clocked(store, settings.heads), asked)


def clocked(store: Store, heads: Path | None) -> Mapping[str, Clocked]:
    """Return what the clock asks for: promises end in seconds, what is free is offered each minute, heads are kept."""
    found = {
        "expire": Clocked("*/5 * * * * *", partial(ending.end_due, store)),
        "offer": Clocked("20 * * * * *", partial(ending.offer_free, store)),
        "resume": Clocked("*/30 * * * * *", partial(_resume, store)),
        "forget": Clocked("0 17 * * * *", partial(_forget, store)),
    }
    if heads is not None:
        kept = Heads(heads, store.keys.signing)
        found["heads"] = Clocked("40 * * * * *", partial(kept.write, store), at_end=True)
    return found


def _resume(store: Store) -> None:
    """Ask again for jobs that were forgotten: jobs were down when they were asked for, or failed in between."""
    now = store.clock()
    with store.database.read() as connection:
        found = reassignments.under_way(connection, now - STILL)
    for one in found:
        if Jobs.here is not None:
            Jobs.here.ask(OF[one.state], one.reassignment_id, f"{one.version}.{now // STILL}")


def _forget(store: Store) -> None:
    store.write(CLOCK, answers.forget)
    store.write(CLOCK, attempts.forget)


async def are_running(jobs: Jobs) -> bool:
    """Whether jobs are done; not where their database does not say so in time."""
    with anyio.move_on_after(PATIENCE):
        try:
            return await to_thread.run_sync(jobs.are_running, abandon_on_cancel=True)
        except Exception:
            return False
    return False
