"""Jobs: work of the ledger that the clock asks for, and work that outlives the process that began it.

DBOS Transact runs both, with tables of its own: in PostgreSQL beside ours, in the schema ``jobs``; for SQLite in a file
beside the ledger. Of several processes exactly one runs each turn of the clock, and what was under way when a process
died is begun again. So every job may run twice, and does its work in transactions that check anew. Jobs are given ids
and return nothing: no more than that is ever written of them.
"""

import json
import logging
from collections.abc import Callable, Mapping
from contextvars import Context
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any, ClassVar, NamedTuple

from dbos import DBOS, DBOSConfig, ScheduleInput, Serializer, SetWorkflowID
from sqlalchemy import make_url

ERRORS = logging.getLogger("matcher.errors")
Heard = Callable[[str, bool], None]
"""Hears of each run of a job: its name, and whether it was done."""
Work = Callable[[str], None]
"""Work on one thing, by its id."""

AGAIN = 5.0
"""Seconds till it is tried again to begin, where the database of jobs is not to be had."""
LATE = 60.0
"""Seconds after which a clock that asked for nothing has stopped."""
FAILING = 600.0
"""Seconds for which a job that failed here counts as failing: its next turn may be another process's."""
TURNS = 3
"""Times a job is begun again whose process died each time."""
GRACE = 10.0
"""Seconds in which what is under way may end when the server stops."""
KEPT = timedelta(hours=1)
"""How long it is kept that a job was done."""
TIDY, HOURLY = "tidy", "0 7 * * * *"
AT_ONCE = 1000
DONE = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
"""How DBOS calls what is not under way any more."""


class Clocked(NamedTuple):
    """A job of the clock. ``when``: cron with seconds first, UTC. ``at_end``: also done when the server stops."""

    when: str
    work: Callable[[], object]
    at_end: bool = False


class Plain(Serializer):
    """Writes ids and names as JSON, and of an error its type alone."""

    def serialize(self, data: Any) -> str:
        """Return what DBOS keeps as text."""
        return json.dumps(data, default=_said)

    def deserialize(self, serialized_data: str) -> Any:
        """Return what was kept."""
        return json.loads(serialized_data)


def _said(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else type(value).__name__


class Jobs:
    """The jobs of one process; it has one at a time. ``asked``: by name, work that is asked for on one thing."""

    here: ClassVar["Jobs | None"] = None

    def __init__(self, url: str, clocked: Mapping[str, Clocked], asked: Mapping[str, Work]) -> None:
        self._config, self.asked = config(url), dict(asked)
        self.clocked = {**clocked, TIDY: Clocked(HOURLY, lambda: Context().run(_tidy))}
        self.heard: Heard = lambda _name, _done: None
        self._busy = {name: Lock() for name in (*self.clocked, *self.asked)}
        self._failing: dict[str, float] = {}
        self._under_way = set[tuple[str, str]]()
        self._since, self._stopping = 0.0, Event()
        self._beginning: Thread | None = None

    def start(self) -> None:
        """Begin, beside whoever asks: where the database of jobs is not to be had it is tried again, for ever."""
        if Jobs.here is not None:
            raise RuntimeError("this process has jobs already")
        Jobs.here = self
        self._stopping.clear()
        self._beginning = Thread(target=self._begin, name="jobs", daemon=True)
        self._beginning.start()

    def stop(self) -> None:
        """Let what is under way end, begin no more, and do what is done at the end."""
        self._stopping.set()
        if self._beginning is not None:
            self._beginning.join()
        until = monotonic() + GRACE
        while any(lock.locked() for lock in self._busy.values()) and monotonic() < until:
            sleep(0.02)
        DBOS.destroy()
        self._since, Jobs.here = 0.0, None
        for name, job in self.clocked.items():
            if job.at_end:
                self._run(name, job.work)

    def ask(self, name: str, subject: str, turn: str) -> None:
        """Ask for work on one thing, once for this turn of it; while jobs are down, nothing happens.

        What must not be forgotten stands in the ledger besides, where a job of the clock finds it.
        """
        if not self._since:
            return
        try:
            with SetWorkflowID(f"{name}-{subject}-{turn}"):
                DBOS.start_workflow(_asked, name, subject)
        except Exception as error:
            ERRORS.error("job %s could not be asked for: %s", name, type(error).__name__)
            self.heard(name, False)

    def are_running(self) -> bool:
        """Whether the clock asks, and what it asked for was done here; what people ask for says itself how it went."""
        if not self._since or any(monotonic() - failed < FAILING for failed in self._failing.values()):
            return False
        if monotonic() - self._since < LATE:
            return True
        fired = [one["last_fired_at"] for one in DBOS.list_schedules()]
        last = max((datetime.fromisoformat(text) for text in fired if text), default=datetime.min.replace(tzinfo=UTC))
        return datetime.now(UTC) - last < timedelta(seconds=LATE)

    def turn(self, name: str) -> None:
        """Do what the clock asks for; nothing where the turn before is not done yet."""
        job = self.clocked.get(name)
        if job is not None and not self._busy[name].locked():
            if self._run(name, job.work):
                self._failing.pop(name, None)
            else:
                self._failing[name] = monotonic()

    def do(self, name: str, subject: str) -> None:
        """Do what was asked for, one of a name after the other; nothing where it waits for that here already."""
        work = self.asked.get(name)
        if work is None or (name, subject) in self._under_way:
            return
        self._under_way.add((name, subject))
        try:
            self._run(name, lambda: work(subject))
        finally:
            self._under_way.discard((name, subject))

    def _run(self, name: str, work: Callable[[], object]) -> bool:
        """Run a job, and return whether it was done; else nobody but the log and the counters hears of it."""
        with self._busy[name]:
            try:
                work()
            except Exception as error:
                ERRORS.error("job %s failed: %s", name, type(error).__name__)
                self.heard(name, False)
                return False
            self.heard(name, True)
            return True

    def _begin(self) -> None:
        while not self._stopping.is_set():
            try:
                DBOS(config=self._config)
                DBOS.launch()
                DBOS.apply_schedules(
                    [
                        ScheduleInput(schedule_name=name, workflow_fn=_clocked, schedule=job.when, context=name)
                        for name, job in self.clocked.items()
                    ]
                )
                self._since = monotonic()
                return
            except Exception as error:
                ERRORS.error("jobs could not begin: %s", type(error).__name__)
                self.heard("begin", False)
                DBOS.destroy()
                self._stopping.wait(AGAIN)


def config(url: str) -> DBOSConfig:
    """Return how DBOS is set for a ledger: no telemetry, no console of its makers, nothing that calls out.

    Every process has one name, so that whichever starts next takes up what a dead one left; what a live one is at may
    then be done twice, which jobs allow for. The version is ours, so that the next release takes it up too.
    """
    made = make_url(url)
    if made.get_backend_name() == "sqlite":
        made = made.set(database=f"{(made.database or '').removesuffix('.db')}.jobs.db")
    return DBOSConfig(
        name="placement-matcher",
        system_database_url=made.render_as_string(hide_password=False),
        dbos_system_schema="jobs",
        application_version="1",
        executor_id="matcher",
        serializer=Plain(),
        use_listen_notify=False,
        enable_otlp=False,
        log_level="ERROR",
        db_engine_kwargs={"hide_parameters": True},
        sys_db_pool_size=4,
        scheduler_polling_interval_sec=AGAIN,
        max_executor_threads=4,
    )


@DBOS.workflow(name="clocked", max_recovery_attempts=TURNS)
def _clocked(_at: datetime, name: str) -> None:
    if Jobs.here is not None:
        Jobs.here.turn(name)


@DBOS.workflow(name="asked", max_recovery_attempts=TURNS)
def _asked(name: str, subject: str) -> None:
    if Jobs.here is not None:
        Jobs.here.do(name, subject)


def _tidy() -> None:
    """Forget that jobs were done; DBOS keeps it for ever."""
    before = (datetime.now(UTC) - KEPT).isoformat()
    while done := DBOS.list_workflows(status=DONE, end_time=before, limit=AT_ONCE, load_input=False):
        DBOS.delete_workflows([one.workflow_id for one in done])
