"""``/v1/waitlist`` and ``/v1/tasks``: who waits for what, in legal order, and what has to be done by when."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from data.store import pages, tasks, waitlist
from data.store.answers import Answer
from data.store.change import Change
from data.store.tasks import Task
from data.store.waitlist import Entry
from data.store.words import Role, TaskKind, WaitState

from .caller import OneOf
from .held import Held, held_by
from .ledger import Ledger, answer, ledger_of
from .placed import HoldBody, Id, moment
from .placements import ERRORS, PROMISES, to_be_promised, wanting

STRICT = ConfigDict(extra="forbid", frozen=True)
TASKS = (*PROMISES, Role.SYSTEM)
Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str | None, Query(max_length=400, description="what ``next`` said of the page before")]
OUTCOMES = ("reached", "not-reached", "in-care", "left-care", "placed-again", "given", "not-given", "no-longer-needed")
"""How a task ended, in codes: what was said on the call is no business of this list."""


class WaitBody(BaseModel):
    """Who is to wait, and for which opening."""

    model_config = STRICT

    referral_id: Id
    opening_id: Id


class EntryTold(BaseModel):
    """An entry of the waitlist. ``place``: how many stand before it and itself; null once it waits no more."""

    model_config = ConfigDict(extra="forbid")

    entry_id: str
    referral_id: str
    opening_id: str
    facility_id: str
    since: str
    missed: int
    state: Annotated[str, OneOf([state.value for state in WaitState])]
    place: int | None


class QueueTold(BaseModel):
    """Who waits for an opening, next first; ``next``: what ``after`` says to read on, null where no more follow."""

    model_config = ConfigDict(extra="forbid")

    entries: list[EntryTold]
    next: str | None


class DoneBody(BaseModel):
    """How a task ended."""

    model_config = STRICT

    outcome: Annotated[str, OneOf(list(OUTCOMES))]


class TaskTold(BaseModel):
    """What somebody has to do by a moment; ``subject``: the id of what it is about, ``caller_id``: of whom, if anybody.

    How they may be reached stands in the caller's record, which is opened one at a time.
    """

    model_config = ConfigDict(extra="forbid")

    task_id: str
    kind: Annotated[str, OneOf([kind.value for kind in TaskKind])]
    subject: str
    caller_id: str | None
    facility_id: str | None
    due_at: str
    done_at: str | None
    outcome: str | None


class TasksTold(BaseModel):
    """Open tasks, soonest due first; ``next``: what ``after`` says to read on, null where no more follow."""

    model_config = ConfigDict(extra="forbid")

    tasks: list[TaskTold]
    next: str | None


router = APIRouter(prefix="/v1", tags=["waitlist and tasks"])


@router.post(
    "/waitlist",
    status_code=201,
    operation_id="joinWaitlist",
    summary="Wait for an opening",
    responses=ERRORS,
    response_model=EntryTold,
)
async def join_waitlist(request: Request, body: WaitBody) -> Response:  # fmt: skip
    """Let a referral wait for an opening that fits and is full; what is freed there is offered in legal order."""
    ledger, held = ledger_of(request), held_by(request)
    asker = await ledger.asking(request, PROMISES)
    return await ledger.write(request, asker, partial(_join, held=held, body=body))


@router.get("/waitlist", operation_id="readWaitlist", summary="Who waits for an opening?", responses=ERRORS)
async def read_waitlist(request: Request, opening_id: Id, after: After = None, limit: Limit = 100) -> QueueTold:
    """List who waits for an opening, next first; who waits on as before is told once, whoever joins or leaves."""
    ledger = ledger_of(request)
    await ledger.asking(request, PROMISES)
    return await ledger.work(partial(_queue, ledger, opening_id, after, limit))


@router.delete(
    "/waitlist/{entry_id}",
    operation_id="leaveWaitlist",
    summary="Wait no more",
    responses=ERRORS,
    response_model=EntryTold,
)
async def leave_waitlist(request: Request, entry_id: str) -> Response:  # fmt: skip
    """Take an entry off the waitlist."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, PROMISES)
    return await ledger.write(request, asker, partial(_leave, entry_id=entry_id))


@router.get("/tasks", operation_id="listTasks", summary="What is to be done?", responses=ERRORS)
async def list_tasks(request: Request, after: After = None, limit: Limit = 100) -> TasksTold:
    """List open tasks, soonest due first; each is told once, whatever is opened or done meanwhile."""
    ledger = ledger_of(request)
    await ledger.asking(request, TASKS)
    return await ledger.work(partial(_tasks, ledger, after, limit))


@router.post(
    "/tasks/{task_id}/done",
    operation_id="finishTask",
    summary="Say that a task is done",
    responses=ERRORS,
    response_model=TaskTold,
)
async def finish_task(request: Request, task_id: str, body: DoneBody) -> Response:  # fmt: skip
    """Say that a task is done, and how it ended."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, TASKS)
    return await ledger.write(request, asker, partial(_done, task_id=task_id, outcome=body.outcome))


def _join(change: Change, held: Held, body: WaitBody) -> Answer:
    one = wanting(change, held, body.referral_id, body.opening_id)
    wanted = to_be_promised(change, one, HoldBody(**body.model_dump()), None)
    entry = waitlist.join(change, wanted, int(one.row["tier"][0]))
    return answer(201, _entry(entry, waitlist.standing(change.connection, entry)))


def _leave(change: Change, entry_id: str) -> Answer:
    return answer(200, _entry(waitlist.leave(change, entry_id), None))


def _done(change: Change, task_id: str, outcome: str) -> Answer:
    task = tasks.done(change, task_id, outcome)
    return answer(200, _task(task, tasks.callers_of(change.connection, [task])))


def _queue(ledger: Ledger, opening_id: str, after: str | None, limit: int) -> QueueTold:
    keys, of = ledger.store.keys, f"waitlist:{opening_id}"
    behind = pages.place(keys, of, after)
    with ledger.store.database.read() as connection:
        found, last = waitlist.queue(connection, opening_id, behind, limit)
        first = waitlist.standing(connection, found[0]) if found else 0
    told = [EntryTold(**_entry(entry, at)) for at, entry in enumerate(found, first)]
    return QueueTold(entries=told, next=pages.cursor(keys, of, last))


def _tasks(ledger: Ledger, after: str | None, limit: int) -> TasksTold:
    keys = ledger.store.keys
    behind = pages.place(keys, "tasks", after)
    with ledger.store.database.read() as connection:
        found, last = tasks.waiting(connection, behind, limit)
        whose = tasks.callers_of(connection, found)
    return TasksTold(tasks=[TaskTold(**_task(task, whose)) for task in found], next=pages.cursor(keys, "tasks", last))


def _entry(entry: Entry, place: int | None) -> dict[str, Any]:
    same = ("entry_id", "referral_id", "opening_id", "facility_id", "missed")
    return {name: getattr(entry, name) for name in same} | {
        "since": moment(entry.since),
        "state": entry.state.value,
        "place": place,
    }


def _task(task: Task, whose: Mapping[str, str]) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "kind": task.kind.value,
        "subject": task.subject,
        "caller_id": whose.get(task.subject),
        "facility_id": task.facility_id,
        "due_at": moment(task.due_at),
        "done_at": None if task.done_at is None else moment(task.done_at),
        "outcome": task.outcome,
    }
