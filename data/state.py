"""A standing placement kept in a folder: its placements, its prices, the events heard, and the directory it belongs to.

Placements, prices and events are tables of their own; ``state.json`` names them by their hashes and is written last, so
that a folder half written is refused and not read.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.check import Claim
from matcher.placement import Placement
from matcher.problem import Directory, Problem
from matcher.proof import Certificate

from . import events, placements, prices
from .findings import InputError
from .sources.delimited import write_whole

PLACEMENTS, PRICES, EVENTS, STATE = "placements.csv", "prices.csv", "events.csv", "state.json"


@dataclass(frozen=True, slots=True)
class State:
    """Who is placed where, and the prices for the batch it was read for."""

    claims: dict[str, Claim]
    certificate: Certificate


def write(
    folder: Path,
    problem: Problem,
    placed: Sequence[Placement],
    certificate: Certificate,
    heard: Sequence[events.Event] = (),
) -> None:
    """Write a state; a reader sees a whole one or is told that it is none. ``heard``: events since the directory."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STATE).unlink(missing_ok=True)
    placements.write(folder / PLACEMENTS, placed)
    prices.write(folder / PRICES, problem, certificate)
    events.write(folder / EVENTS, heard)
    said = {"directory": key_of(problem.directory), **_hashes(folder)}
    write_whole(folder / STATE, (json.dumps(said, indent=2) + "\n").encode())


def read(folder: Path, problem: Problem) -> State:
    """Read a state for a batch; callers of the state who are not in the batch have left.

    Raises ``InputError`` as ``heard``.
    """
    heard(folder, problem.directory)
    claims = {claim.referral_id: claim for claim in placements.read(folder / PLACEMENTS)}
    return State(claims, prices.read(folder / PRICES, problem, strangers=True))


def heard(folder: Path, directory: Directory) -> Path:
    """Return the file of the events that a state has heard.

    Raises ``InputError`` where there is no state, it was changed, or it belongs to another directory.
    """
    try:
        said = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{folder} holds no whole state; matcher assign --state writes one") from error
    if not isinstance(said, dict) or said.get("directory") != key_of(directory):
        raise InputError(f"{folder} belongs to another directory: its openings and pools are others than these")
    for name, digest in _hashes(folder).items():
        if said.get(name) != digest:
            raise InputError(f"{folder / name} is not the file that {STATE} was written for")
    return folder / EVENTS


def key_of(directory: Directory) -> str:
    """Return what a directory's openings and pools are named, as 32 hexadecimal digits; free seats do not change it."""
    digest = hashlib.blake2b(digest_size=16)
    for name in (*directory.opening_ids, "", *directory.pool_ids):
        digest.update(name.encode() + b"\0")
    return digest.hexdigest()


def _hashes(folder: Path) -> dict[str, str]:
    try:
        content = {name: (folder / name).read_bytes() for name in (PLACEMENTS, PRICES, EVENTS)}
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}") from error
    return {name: hashlib.blake2b(text, digest_size=16).hexdigest() for name, text in content.items()}
