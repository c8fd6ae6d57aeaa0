"""The prices that prove a batch's answer as a CSV table, in and out: a row for each pool or caller that has one."""

import csv
import io
from pathlib import Path

from matcher.problem import Problem
from matcher.proof import Certificate
from matcher.vocabulary import Tier

from .findings import InputError
from .sources.delimited import told_exactly, write_whole

POOL, CALLER = "pool", "caller"
COLUMNS = ("kind", "id", "minutes", *(f"people:{tier.code}" for tier in Tier))
"""A pool's price of a unit, in minutes a week and in thousandths of a person; what it counts to leave a caller out."""

LARGEST = 1 << 60


def write(path: Path, problem: Problem, certificate: Certificate) -> None:
    """Write the prices; a reader sees the whole file or the one before."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    people = certificate.people.T.tolist()
    for name, minutes, worth in zip(problem.directory.pool_ids, certificate.minutes.tolist(), people, strict=True):
        if minutes or any(worth):
            writer.writerow([POOL, name, minutes, *worth])
    for name, out in zip(problem.referrals.ids, certificate.out.tolist(), strict=True):
        if out:
            writer.writerow([CALLER, name, out, *[""] * len(Tier)])
    write_whole(path, text.getvalue().encode())


def read(path: Path, problem: Problem, strangers: bool = False) -> Certificate:
    """Read the prices of a problem; with ``strangers``, pools and callers it does not have are passed over.

    Raises ``InputError`` naming file, row, column and value where something is not as it must be.
    """
    found = Certificate.blank(len(problem.directory.pools), len(problem.referrals.ids))
    places = {POOL: _places(problem.directory.pool_ids), CALLER: _places(problem.referrals.ids)}
    for row, cells in told_exactly(path, COLUMNS):
        if cells["kind"] not in places:
            raise InputError.at(path.name, row, "kind", cells["kind"], ", ".join(places))
        at = places[cells["kind"]].get(cells["id"])
        if at is None:
            if strangers:
                continue
            raise InputError.at(path.name, row, "id", cells["id"], f"a {cells['kind']} of this batch")
        numbers = [_number(path.name, row, name, cells[name]) for name in COLUMNS[2:]]
        if cells["kind"] == CALLER:
            found.out[at] = numbers[0]
        else:
            found.minutes[at], found.people[:, at] = numbers[0], numbers[1:]
    return found


def _places(ids: tuple[str, ...]) -> dict[str, int]:
    return {name: row for row, name in enumerate(ids)}


def _number(file: str, row: int, column: str, text: str) -> int:
    if not text:
        return 0
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number < LARGEST:
        raise InputError.at(file, row, column, text, "a whole number, 0 or more")
    return number
