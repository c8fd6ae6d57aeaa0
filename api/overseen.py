"""Long work is ended soon after it is interrupted or its time is over, also where it hears nothing of it.

Inside a compiled solver no exception of Python's is raised: it may go on for minutes. Whoever waits has waited enough.
"""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic

GRACE = 1.0
"""Seconds in which work may end by itself."""


class OutOfTimeError(Exception):
    """The seconds that were given are over."""


@contextmanager
def overseen(seconds: float | None, end: Callable[[type[BaseException]], None]) -> Iterator[None]:
    """Let work go on in the main thread; where it does not end when it should, call ``end`` from another one.

    ``end`` hears why, and ends the process: nothing else can.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    overseer = Thread(target=_oversee, args=(heard, seconds, end), daemon=True)
    overseer.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        told.close()
        overseer.join()
        heard.close()


def _oversee(heard: socket.socket, seconds: float | None, end: Callable[[type[BaseException]], None]) -> None:
    """Wait till the work is done, or should be and is not."""
    why = _woken(heard, None if seconds is None else monotonic() + seconds, signal.SIGINT)
    if why is not None and _woken(heard, monotonic() + GRACE, None) is not None:
        end(why)


def _woken(heard: socket.socket, until: float | None, by: int | None) -> type[BaseException] | None:
    """Wait for a signal or a moment, and return which: interrupted, or out of time; None once the work is done."""
    while True:
        try:
            heard.settimeout(None if until is None else max(1e-3, until - monotonic()))
            numbers = heard.recv(64)
        except TimeoutError:
            return OutOfTimeError
        if not numbers:
            return None
        if by is not None and by in numbers:
            return KeyboardInterrupt
