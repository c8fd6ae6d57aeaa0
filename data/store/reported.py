"""What is reported is written down pool by pool; where more was promised than there is, a task says so."""

from collections.abc import Mapping

from sqlalchemy import insert

from . import tasks
from .change import Change, fresh_id
from .tables import seat_reports
from .words import TaskKind


def record(change: Change, numbers: Mapping[str, int], kind: str) -> None:
    """Write down what is reported by pool; ``kind``: how it came to be known."""
    rows = [
        {"report_id": fresh_id(), "pool_id": pool_id, "number": number, "at": change.now, "by": change.by, "kind": kind}
        for pool_id, number in numbers.items()
    ]
    if rows:
        change.connection.execute(insert(seat_reports), rows)


def watch(change: Change, pool_id: str, facility_id: str, excess: int) -> None:
    """Open a task while more is promised than is reported (``excess`` above 0), and close it when that is over."""
    if excess > 0:
        tasks.open_once(change, TaskKind.OVERPROMISED, pool_id, facility_id)
    else:
        tasks.close(change, TaskKind.OVERPROMISED, pool_id, "room")
