"""Placements of a batch as a CSV table, in and out: who goes where, by which way."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from matcher.check import Claim
from matcher.placement import Placement
from matcher.vocabulary import UNKNOWN, Medication, MedicationUse, Payer, TravelMode, Word

from .findings import InputError
from .sources.delimited import told_exactly, write_whole

WAY: tuple[tuple[str, type[Word]], ...] = (
    ("mode", TravelMode),
    ("medication", Medication),
    ("use", MedicationUse),
    ("payer", Payer),
)
COLUMNS = ("referral_id", "opening_id", *(name for name, _ in WAY), "minutes", "cost")
"""Ids, the way by codes (blank: not known or none), minutes one way, and cost in minutes a week."""


def write(path: Path, placements: Sequence[Placement]) -> None:
    """Write the placements; a reader sees the whole file or the one before."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in placements:
        codes = [_code(kind, getattr(one.way, name)) for name, kind in WAY]
        writer.writerow([one.referral_id, one.opening_id, *codes, one.way.minutes, one.cost])
    write_whole(path, text.getvalue().encode())


def read(path: Path) -> list[Claim]:
    """Read placements as claims to be judged.

    Raises ``InputError`` naming file, row, column and value where something is not as it must be.
    """
    return [_claim(path.name, row, cells) for row, cells in told_exactly(path, COLUMNS)]


def _claim(file: str, row: int, cells: dict[str, str]) -> Claim:
    numbers = []
    for name, kind in WAY:
        try:
            numbers.append(kind.of(cells[name]).value if cells[name] else UNKNOWN)
        except ValueError as error:
            raise InputError.at(file, row, name, cells[name], ", ".join(word.code for word in kind)) from error
    return Claim(cells["referral_id"], cells["opening_id"], *numbers)


def _code(kind: type[Word], number: int) -> str:
    return kind.at(number).code if number >= 0 else ""
