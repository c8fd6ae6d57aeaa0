"""What tests change in a server's jobs, as code that it runs first; and waiting for what they bring about."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from data.store.database import Database

T = TypeVar("T")

SHORT = """
from data.store.change import Store
_terms = Store.terms
Store.terms = lambda self: _terms(self)._replace(hold_minutes=0)
"""
"""Holds run out at once."""

QUICK = """
from api.serve import working
_clocked = working.clocked
def _quick(*given):
    return {name: job._replace(when="* * * * * *") for name, job in _clocked(*given).items()}
working.clocked = _quick
"""
"""The clock asks for every job each second."""

UNCLOCKED = """
from api.serve import working
working.clocked = lambda *given: {}
"""
"""The clock asks for nothing."""


DIES = """
import os, signal
from api.serve import moving
_move, _moved = moving._move, []
def _dying(change, move, one):
    if len(_moved) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    _moved.append(move)
    _move(change, move, one)
moving._move = _dying
"""
"""The process is killed in the middle of the second move."""

DIES_AT_ONCE = """
import os, signal
from api.serve import moving
def _dying(*_):
    os.kill(os.getpid(), signal.SIGKILL)
moving.apart = _dying
"""
"""The process is killed while a plan is worked out."""


def dies(*_: object) -> None:
    """Die as a process that is killed, by the system or by its own solver."""
    os.kill(os.getpid(), signal.SIGKILL)


def breaks(*_: object) -> None:
    """Fail as a solver that has an error in it, with words that nobody is to read."""
    raise RuntimeError("planted")


def counting(file: Path) -> str:
    """Write down each turn of the job that ends promises, by the process that takes it."""
    return f"""
import os
from dbos import DBOS
from data.store import ending
def _count(store):
    with open({str(file)!r}, "a") as told:
        told.write(f"{{DBOS.workflow_id}}\\n")
ending.end_due = _count
"""


def apart(file: Path) -> str:
    """Let a process keep its jobs where no other one sees them."""
    return f"""
from data.store import jobs
_config = jobs.config
jobs.config = lambda url: _config("sqlite:///{file}")
"""


def until(found: Callable[[], T | None], seconds: float = 30) -> T | None:
    """Ask till there is an answer, or the time is over."""
    end = time.monotonic() + seconds
    while (answer := found()) is None and time.monotonic() < end:
        time.sleep(0.1)
    return answer


def forgotten(database: Database) -> None:
    """Leave no job of another test in PostgreSQL."""
    if not database.is_sqlite:
        database.write(lambda connection: connection.exec_driver_sql("DROP SCHEMA IF EXISTS jobs CASCADE"))
