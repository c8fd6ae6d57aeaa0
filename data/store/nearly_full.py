"""Programs with block-grant funds that are nearly full: the state is to be told within days (45 CFR 96.126(a)).

The duty falls on programs "that treat individuals for intravenous substance abuse, upon reaching 90 percent of
capacity to admit individuals to the program". Every program of a facility with such funds is taken for one; whoever
knows better closes the task. A program reaches it once, and again only after it was below: each time a task is opened,
and it stays open till somebody says that the state was told, for falling below again does not end the duty.

In use is what is not reported free; a seat held and not admitted is still free. Each unit counts once, by its first
start whose capacity and seats are reported, and one of which either is not reported does not count. Who loads
simulated seats opens no task.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, literal, select, update

from ..encode_pools import CAPACITY
from . import tasks
from .change import Change
from .tables import facilities, openings, pools, programs
from .words import TaskKind

SEATS = "seats/"
"""What the id of an opening's own pool begins with: a directory has a place for it, reported or not."""
FUNDED = "yes"
WHOLE = 100


class Use(NamedTuple):
    """How many seats a program has, of those that are reported, and how many of them are in use."""

    capacity: int
    taken: int

    def reaches(self, percent: int) -> bool:
        """Whether so much of it is in use; of a program of which nothing is reported it is not known."""
        return self.capacity > 0 and self.taken * WHOLE >= percent * self.capacity


class Program(NamedTuple):
    """What is known of a program in this; ``nearly_full_since``: seconds since 1970 in UTC, None where it is not."""

    program_id: str
    facility_id: str
    nearly_full_since: int | None
    block_grant: str


PROGRAM = (
    select(programs.c.program_id, programs.c.facility_id, programs.c.nearly_full_since, facilities.c.block_grant)
    .join(openings, openings.c.program_id == programs.c.program_id)
    .join(facilities, facilities.c.facility_id == programs.c.facility_id)
    .where(openings.c.opening_id == bindparam("opening"))
)
UNITS = (
    select(openings.c.unit, openings.c.capacity, pools.c.reported)
    .join(pools, pools.c.pool_id == literal(SEATS) + openings.c.opening_id)
    .where(openings.c.facility_id == bindparam("facility"), openings.c.program_id == bindparam("program"))
    .where(pools.c.reported.is_not(None))
    .order_by(openings.c.unit, openings.c.start_date, openings.c.opening_id)
)


def watch(change: Change, pool_ids: Iterable[str]) -> None:
    """See whether the programs of these pools became nearly full, or are so no longer, once all was reported.

    The chains of their facilities must be taken. Pools that are no seats of an opening tell nothing of it.
    """
    ids = [pool_id.removeprefix(SEATS) for pool_id in pool_ids if pool_id.startswith(SEATS)]
    found = (change.connection.execute(PROGRAM, {"opening": opening}).first() for opening in ids)
    for program in dict.fromkeys(Program(*row) for row in found if row is not None):
        bound = program.block_grant.strip().lower() == FUNDED
        full = bound and use(change.connection, program).reaches(change.terms.capacity_notice_percent)
        if full != (program.nearly_full_since is not None):
            _cross(change, program, full)


def use(connection: Connection, program: Program) -> Use:
    """Return how much of a program is in use."""
    first: dict[str, Use] = {}
    which = {"facility": program.facility_id, "program": program.program_id}
    for unit, text, free in connection.execute(UNITS, which):
        capacity, _ = CAPACITY.read(text.strip())
        if isinstance(capacity, int) and capacity > 0:
            first.setdefault(unit, Use(capacity, max(0, capacity - free)))
    return Use(sum(one.capacity for one in first.values()), sum(one.taken for one in first.values()))


def _cross(change: Change, program: Program, full: bool) -> None:
    one = update(programs).where(programs.c.program_id == program.program_id)
    change.connection.execute(one.values(nearly_full_since=change.now if full else None))
    if full:
        tasks.open_once(change, TaskKind.CAPACITY_NOTICE, program.program_id, program.facility_id)
