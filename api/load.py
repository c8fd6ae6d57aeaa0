"""What the commands read: a directory, its callers, or the one caller that the options describe."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from data import snapshot
from data.encode import Facilities
from data.encode_caller import CallerEncoder, CallerError
from data.findings import Findings, InputError, Severity
from data.policy import policy
from data.sources.samhsa_codes import unread
from data.sources.tables import read_callers
from matcher.problem import Directory, Problem, Referrals
from matcher.records import Rows, frozen

from .caller import Caller, flag


@dataclass(frozen=True, slots=True)
class Loaded:
    """A directory as the commands use it: what the engine is given, and what a person is shown."""

    folder: Path
    directory: Directory
    facilities: Facilities
    policy: Rows
    findings: Findings

    @property
    def simulated(self) -> bool:
        """Whether any number of free seats in it is made up."""
        return bool(self.directory.pools["simulated"].any())

    def opening(self, opening_id: str) -> int:
        """Return the row of an opening. Raises ``InputError`` when the directory has none of this id."""
        try:
            return self.directory.opening_ids.index(opening_id)
        except ValueError:
            raise InputError(f"{opening_id!r} is no opening of {self.folder}; its openings.csv lists them") from None


def also_says(loaded: Loaded, number: int) -> list[tuple[str, str]]:
    """Return what the facilities of an opening say of themselves that no rule reads: names with words of theirs."""
    shown, row = loaded.facilities, loaded.directory.openings[number]
    found = []
    for facility in (int(row["facility"]), int(row["program_facility"])):
        if facility >= 0:
            said = [*unread(shown.codes[facility].split(";")), *filter(None, [shown.notes[facility]])]
            found.append((shown.names[facility], "; ".join(said)))
    return [(name, said) for name, said in found if said]


def moment(text: str | None) -> datetime:
    """Return the moment the policy is asked: now, or an ISO 8601 date and time (UTC where it says no zone)."""
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--now {text!r} is no ISO 8601 date and time, such as 2026-11-24T08:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def load(folder: Path, now: str | None) -> Loaded:
    """Read a directory folder. Raises ``InputError`` when it is none."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; a directory is a folder with facilities.csv and openings.csv")
    numbers = policy(moment(now))
    directory, facilities, findings = snapshot.read_directory(folder, numbers)
    return Loaded(folder, directory, facilities, numbers, findings)


def problem(loaded: Loaded, callers: Path | None) -> tuple[Problem, Findings]:
    """Return the batch: the callers of a file (``callers.csv`` of the folder unless given) and the directory."""
    file = callers or loaded.folder / "callers.csv"
    if not file.is_file():
        raise InputError(f"{file} is not there; name a callers table with --callers")
    referrals, findings = read_callers(file, loaded.directory, loaded.policy)
    return Problem(referrals, loaded.directory, loaded.policy), findings


def referral(loaded: Loaded, caller: Caller) -> Rows:
    """Return the row of one caller: of a callers table, or as the options describe them.

    Raises ``InputError`` where no table has this caller, or an option holds what a table would refuse.
    """
    if caller.row is None:
        return _described(loaded, caller.cells)
    batch, _ = problem(loaded, caller.table)
    if caller.row not in batch.referrals.ids:
        raise InputError(f"{caller.row!r} is no caller of {caller.table or loaded.folder / 'callers.csv'}")
    return row_of(batch.referrals, batch.referrals.ids.index(caller.row))


def _described(loaded: Loaded, cells: dict[str, str]) -> Rows:
    try:
        row, _ = CallerEncoder(loaded.directory, loaded.policy)({name: text for name, text in cells.items() if text})
    except CallerError as error:
        wrong = error.wrong[0]
        allowed = f"; allowed: {wrong.allowed}" if wrong.allowed else ""
        raise InputError(f"{flag(wrong.column)} {wrong.value!r}: {wrong.problem}{allowed}") from None
    return row


def row_of(referrals: Referrals, number: int) -> Rows:
    """Return one referral as a read-only row."""
    return frozen(referrals.rows[number : number + 1].view(np.recarray))


def refused(findings: Findings) -> int:
    """Return how many rows could not be used."""
    return sum(finding.severity is Severity.REFUSED for finding in findings)
