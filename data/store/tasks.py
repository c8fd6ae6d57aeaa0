"""Tasks: what somebody has to do by a certain moment, so that nobody is forgotten."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, case, func, insert, select, update

from .change import Change, fresh_id
from .errors import Missing, Unfit
from .pages import Place, page
from .tables import placements, tasks, waitlist
from .words import TaskKind

HOUR = 3600
DAY = 24
"""Hours a day."""
FOLLOW_UPS = (TaskKind.FOLLOW_UP_DAY, TaskKind.FOLLOW_UP_THREE_DAYS, TaskKind.FOLLOW_UP_MONTH)
ORDER = (tasks.c.due_at, tasks.c.task_id)


class Task(NamedTuple):
    """One task; ``subject`` is the id of what it is about. Moments are seconds since 1970 in UTC."""

    task_id: str
    kind: TaskKind
    subject: str
    facility_id: str | None
    due_at: int
    made_at: int
    done_at: int | None
    done_by: str | None
    outcome: str | None


class Waiting(NamedTuple):
    """How many tasks of a kind are not done, and how many of them should be."""

    open: int
    late: int


def _due(change: Change, kind: TaskKind) -> int:
    terms = change.terms
    hours = {
        TaskKind.FOLLOW_UP_DAY: terms.follow_up_day_hours,
        TaskKind.FOLLOW_UP_THREE_DAYS: terms.follow_up_three_days_hours,
        TaskKind.FOLLOW_UP_MONTH: terms.follow_up_month_hours,
        TaskKind.INTERIM_SERVICES: terms.interim_hours,
        TaskKind.ADMISSION: DAY * terms.admission_days,
        TaskKind.LATEST_ADMISSION: DAY * terms.interim_admission_days,
        TaskKind.OVERPROMISED: terms.overpromised_hours,
        TaskKind.MOVED: terms.overpromised_hours,
        TaskKind.CAPACITY_NOTICE: DAY * terms.capacity_notice_days,
        TaskKind.OPENING_GONE: terms.overpromised_hours,
    }
    return change.now + hours[kind] * HOUR


def open_once(change: Change, kind: TaskKind, subject: str, facility_id: str | None) -> None:
    """Open a task due by the ledger's terms, unless one of this kind is open for this subject."""
    waiting = select(tasks.c.task_id).where(tasks.c.kind == kind, tasks.c.subject == subject, tasks.c.done_at.is_(None))
    if change.connection.execute(waiting).first() is not None:
        return
    made = Task(fresh_id(), kind, subject, facility_id, _due(change, kind), change.now, None, None, None)
    change.connection.execute(insert(tasks), made._asdict())


def close(change: Change, kind: TaskKind, subject: str, outcome: str) -> None:
    """Close what tasks of this kind are open for this subject."""
    change.connection.execute(
        update(tasks)
        .where(tasks.c.kind == kind, tasks.c.subject == subject, tasks.c.done_at.is_(None))
        .values(done_at=change.now, done_by=change.by, outcome=outcome)
    )


def close_follow_ups(change: Change, caller_id: str, outcome: str) -> None:
    """Close the open tasks of calling somebody who is to be called no more."""
    placed = select(placements.c.placement_id).where(placements.c.caller_id == caller_id)
    for placement_id in change.connection.execute(placed).scalars().all():
        for kind in FOLLOW_UPS:
            close(change, kind, placement_id, outcome)


def callers_of(connection: Connection, found: Sequence[Task]) -> dict[str, str]:
    """Return whom tasks are about, by the task's subject: of a placement or an entry of the waitlist, its caller."""
    subjects = [task.subject for task in found]
    placed = select(placements.c.placement_id, placements.c.caller_id).where(placements.c.placement_id.in_(subjects))
    waits = select(waitlist.c.entry_id, waitlist.c.caller_id).where(waitlist.c.entry_id.in_(subjects))
    return {row.placement_id: row.caller_id for row in connection.execute(placed.union_all(waits))}


def done(change: Change, task_id: str, outcome: str) -> Task:
    """Say that a task is done, and how it ended (a code). Raises ``Missing``, and ``Unfit`` when it was done before."""
    row = change.connection.execute(select(tasks).where(tasks.c.task_id == task_id).with_for_update()).first()
    if row is None:
        raise Missing("task", f"no task {task_id}")
    task = _task(row)
    if task.done_at is not None:
        raise Unfit("done", f"task {task_id} is done already")
    after = task._replace(done_at=change.now, done_by=change.by, outcome=outcome)
    change.connection.execute(
        update(tasks).where(tasks.c.task_id == task_id).values(done_at=change.now, done_by=change.by, outcome=outcome)
    )
    change.tell_own("task-done", task_id, kind=task.kind, about=task.subject, outcome=outcome)
    return after


def waiting(connection: Connection, after: Place | None = None, limit: int = 100) -> tuple[list[Task], Place | None]:
    """Return open tasks, soonest due first, behind a place; and the place of the last, None where no more follow."""
    found = page(connection, select(tasks).where(tasks.c.done_at.is_(None)), ORDER, after, limit)
    return [_task(row) for row in found.rows], found.last


def counts(connection: Connection, now: int) -> dict[TaskKind, Waiting]:
    """Return how many tasks are not done, by kind, and how many of them are late at a moment; none is left out."""
    late = func.sum(case((tasks.c.due_at < now, 1), else_=0))
    found = select(tasks.c.kind, func.count(), late).where(tasks.c.done_at.is_(None)).group_by(tasks.c.kind)
    return {TaskKind(kind): Waiting(number, int(due)) for kind, number, due in connection.execute(found)}


def _task(row: object) -> Task:
    values = tuple(row)  # type: ignore[arg-type,var-annotated]
    return Task(values[0], TaskKind(values[1]), *values[2:])
