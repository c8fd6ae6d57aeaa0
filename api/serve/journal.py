"""The access log: one line a request, written by the hundred, for to write each by itself takes longer than to rank."""

import asyncio
import sys
import time
from collections.abc import Callable

DELAY = 0.2
"""Seconds after which a line is written."""


def to_stderr(text: str) -> None:
    """Write lines to standard error."""
    sys.stderr.write(text)
    sys.stderr.flush()


class Journal:
    """Lines that wait to be written, each with its moment in UTC."""

    __slots__ = ("_lines", "_second", "_stamp", "write")

    def __init__(self, write: Callable[[str], None] = to_stderr) -> None:
        self.write = write
        self._lines: list[str] = []
        self._second, self._stamp = 0, ""

    def note(self, line: str) -> None:
        """Keep a line; it is written soon."""
        second = int(time.time())
        if second != self._second:
            self._second, self._stamp = second, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        if not self._lines:
            asyncio.get_running_loop().call_later(DELAY, self.flush)
        self._lines.append(f"{self._stamp} {line}\n")

    def flush(self) -> None:
        """Write all lines that wait."""
        lines, self._lines = self._lines, []
        if lines:
            self.write("".join(lines))
