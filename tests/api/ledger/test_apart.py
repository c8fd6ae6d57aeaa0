"""Work in a process of its own: how it ends is known here, and what it said is read by nobody."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from api.serve.apart import apart
from data.store.errors import Busy

from .jobbed import breaks, dies


def is_busy(*_: object) -> None:
    raise Busy("busy", "the database does not answer")


def writes(path: Path) -> None:
    path.write_text(str(os.getpid()))


def test_it_is_done_in_another_process(tmp_path: Path) -> None:
    path = tmp_path / "who"
    apart(writes, path)
    assert int(path.read_text()) != os.getpid()


@pytest.mark.parametrize(("work", "ended"), [(dies, "-9"), (breaks, "1")])
def test_a_process_that_dies_or_fails_is_told_of(
    work: Callable[..., None], ended: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RuntimeError, match=f"ended with {ended}"):
        apart(work)
    assert "planted" not in capfd.readouterr().err


def test_a_busy_ledger_is_busy_here_too() -> None:
    with pytest.raises(Busy):
        apart(is_busy)
