"""The directory that a server holds: one immutable object, and the holder whose reference is swapped for a newer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import numpy as np
from fastapi import Request

from api.load import Loaded
from data import places, snapshot
from data.encode_caller import CallerEncoder
from data.findings import InputError
from data.policy import minute_of, policy
from data.questions import questions
from matcher.facts import Policy
from matcher.form import Form
from matcher.question import Question
from matcher.rank import rank
from matcher.records import Ints, Rows, plain
from matcher.sweep import Sweep

from .problems import ProblemError
from .wording import form_of

ANYBODY = {"zip": "10001", "need": "outpatient"}
"""Who is ranked before anybody asks, so that nobody waits until all is compiled."""


@dataclass(frozen=True, slots=True)
class Held:
    """All that a request reads. ``simulated``: whether any number of free seats is made up.

    ``numbers``: the row of each opening, ``pools`` of each pool, by id. ``form``: how openings are written.
    """

    loaded: Loaded
    sweep: Sweep
    encoder: CallerEncoder
    questions: tuple[Question, ...]
    numbers: Mapping[str, int]
    pools: Mapping[str, int]
    form: Form
    policy: Policy
    simulated: bool

    def at(self, numbers: Rows) -> "Held":
        """Return the same directory under another policy (one row), as a rule a later moment of the same one."""
        loaded = replace(self.loaded, policy=numbers)
        encoder = (
            CallerEncoder(loaded.directory, numbers)
            if _but_moment(numbers) != _but_moment(self.loaded.policy)
            else self.encoder
        )
        return replace(
            self, loaded=loaded, sweep=self.sweep.at(numbers), encoder=encoder, policy=plain(Policy, numbers[0])
        )

    def with_pools(self, pools: Rows, reported: Ints | None = None) -> "Held":
        """Return the same directory with other numbers in its pools; ``reported`` as ``Sweep.with_pools`` takes it."""
        sweep = self.sweep.with_pools(pools, reported)
        loaded = replace(self.loaded, directory=sweep.directory)
        return replace(self, loaded=loaded, sweep=sweep, simulated=loaded.simulated)


def hold(loaded: Loaded, compile_rules: bool = True) -> Held:
    """Make a directory ready to be asked: compiled, with its encoder and questions, and asked once."""
    directory, numbers = loaded.directory, loaded.policy
    sweep, encoder = Sweep(directory, numbers, compile_rules), CallerEncoder(directory, numbers)
    places.list_all()
    row, _ = encoder(ANYBODY)
    rank(sweep, row, 1, 1)
    form = form_of(loaded, compile_rules)
    found, _ = form.ranked(sweep, row, 1)
    form.whole(*sweep.briefed(row, found))
    return Held(
        loaded,
        sweep,
        encoder,
        questions(directory, numbers),
        {name: number for number, name in enumerate(directory.opening_ids)},
        {name: number for number, name in enumerate(directory.pool_ids)},
        form,
        plain(Policy, numbers[0]),
        loaded.simulated,
    )


def read(folder: Path, moment: datetime) -> Held:
    """Read a directory folder. Raises ``InputError`` when it is none."""
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; a directory is a folder with facilities.csv and openings.csv")
    numbers = policy(moment)
    directory, facilities, findings = snapshot.read_directory(folder, numbers)
    return hold(Loaded(folder, directory, facilities, numbers, findings))


def clock() -> datetime:
    """Return the moment it is."""
    return datetime.now(UTC)


class Holder:
    """Where a server keeps what it holds. Requests read ``held`` once; who has newer numbers swaps it whole.

    ``load`` makes it anew for a moment: done first, and on every new day, since weeks and policy may be others then.
    """

    __slots__ = ("_changing", "_load", "_moment", "held")

    def __init__(self, load: Callable[[datetime], Held], moment: Callable[[], datetime] = clock) -> None:
        self._load, self._moment, self._changing = load, moment, Lock()
        self.held = load(moment())

    def swap(self, held: Held) -> None:
        """Let every request from now on read this."""
        with self._changing:
            self.held = held

    def change(self, make: Callable[[Held], Held]) -> None:
        """Let every request from now on read what is made of what is held; two changes at once lose neither."""
        with self._changing:
            self.held = make(self.held)

    def renew(self) -> None:
        """Follow the clock: each minute the policy's moment, each day the whole directory."""
        now, before = self._moment(), self.held.loaded.policy
        if before["now"][0] == minute_of(now):
            return
        numbers = policy(now)
        if numbers["today"][0] != before["today"][0]:
            self.swap(self._load(now))
        else:
            self.change(lambda held: held.at(numbers))


def _but_moment(numbers: Rows) -> bytes:
    names = [name for name in numbers.dtype.names or () if name not in ("now", "today")]
    return np.array(numbers[0][names].tolist(), np.float64).tobytes()


def held_by(request: Request) -> Held:
    """Return what the server of this request holds now; read once a request. Raises ``ProblemError`` 503 without."""
    holder: Holder | None = request.app.state.holder
    if holder is None:
        raise ProblemError(503, "not-ready", "no directory is loaded yet; try again", {"Retry-After": "1"})
    return holder.held
