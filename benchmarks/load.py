"""A load generator in a process of its own: so many connections, each sends its next request when it has its answer.

``python -m benchmarks.load PORT PATH CONNECTIONS SECONDS BODIES`` reads bodies from a file, one a line, and prints what
it measured as JSON. Connections are kept alive; nothing is pipelined. Where ``BODIES.heads`` stands beside it, its
lines are the headers of each request, joined by ``|``, and every request is sent once: a write is done once.
"""

import asyncio
import json
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
import uvloop

HEAD_END, LENGTH, OK = b"\r\n\r\n", b"content-length: ", b"HTTP/1.1 20"
WARM = 0.3
"""Of the time, this fraction more is spent before anything is counted, where requests are sent again and again."""


class Measured(NamedTuple):
    """What one load was answered with: requests a second, and seconds to the whole answer."""

    requests_per_second: float
    p50: float
    p99: float
    bytes: float
    """Length of an answer's body on average."""


class Connection(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, sends the next."""

    def __init__(self, load: "Load") -> None:
        self._load, self._held = load, b""
        self._begin = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; where it is whole, count it and go on."""
        self._held = self._held + data if self._held else data
        head = self._held.find(HEAD_END)
        if head < 0:
            return
        at = self._held.find(LENGTH, 0, head) + len(LENGTH)
        length = int(self._held[at : self._held.find(b"\r\n", at)])
        if len(self._held) < head + len(HEAD_END) + length:
            return
        self._load.answered(time.perf_counter() - self._begin, self._held, length)
        self._held = b""
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        """Tell that the server hung up."""
        self._load.lost()

    def _send(self) -> None:
        request = self._load.next()
        if request:
            self._begin = time.perf_counter()
            self._transport.write(request)


class Load:
    """All connections together, and what they were answered."""

    def __init__(self, port: int, path: str, bodies: list[bytes], heads: list[str], seconds: float) -> None:
        head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"
        self._requests = [
            f"{head}{more}content-length: {len(body)}\r\n\r\n".encode() + body
            for body, more in zip(bodies, heads or [""] * len(bodies), strict=True)
        ]
        self._once, self._number, self._taken, self._bytes = bool(heads), count(), list[float](), 0
        self._from = time.perf_counter() + (0 if heads else WARM * seconds)
        self._until = self._from + seconds
        self.done = asyncio.Event()

    def next(self) -> bytes:
        """Return the next request; nothing where the time is over."""
        number, now = next(self._number), time.perf_counter()
        if now >= self._until or (self._once and number >= len(self._requests)):
            self._until = min(self._until, now)
            self.done.set()
        return b"" if self.done.is_set() else self._requests[number % len(self._requests)]

    def answered(self, seconds: float, answer: bytes, length: int) -> None:
        """Count one answer. Raises ``RuntimeError`` where it is an error."""
        if not answer.startswith(OK):
            raise RuntimeError(answer[:1000].decode("utf-8", "replace"))
        if time.perf_counter() >= self._from:
            self._taken.append(seconds)
            self._bytes += length

    def lost(self) -> None:
        """End where a connection is lost before the time is over."""
        if not self.done.is_set():
            self.done.set()
            raise RuntimeError("the server hung up")

    def measured(self) -> Measured:
        """Return what was counted. Raises ``RuntimeError`` where that is nothing."""
        if not self._taken:
            raise RuntimeError("nothing was answered")
        taken = np.array(self._taken)
        p50, p99 = np.percentile(taken, [50, 99])
        span = self._until - self._from
        return Measured(len(taken) / span, float(p50), float(p99), self._bytes / len(taken))


async def run(port: int, path: str, connections: int, seconds: float, file: Path) -> Measured:
    """Load a server with so many connections for so long, or till every request is sent that is sent once."""
    bodies, beside = file.read_bytes().splitlines(), file.with_suffix(".heads")
    heads = [line.replace("|", "\r\n") + "\r\n" for line in beside.read_text().splitlines()] if beside.is_file() else []
    load, loop = Load(port, path, bodies, heads, seconds), asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: failed.append(context.get("exception")) or load.done.set())  # type: ignore[func-returns-value]
    failed: list[BaseException | None] = []
    made = [await loop.create_connection(lambda: Connection(load), "127.0.0.1", port) for _ in range(connections)]
    await asyncio.wait_for(load.done.wait(), 10 * seconds + 30)
    for transport, _ in made:
        transport.abort()
    if failed:
        raise RuntimeError(str(failed[0]))
    return load.measured()


def loaded(port: int, path: str, connections: int, seconds: float, bodies: Path) -> Measured:
    """Run a load in a process of its own. Raises ``RuntimeError`` where an answer was an error."""
    words = [str(port), path, str(connections), str(seconds), str(bodies)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return Measured(**json.loads(done.stdout))


if __name__ == "__main__":
    _, PORT, PATH, CONNECTIONS, SECONDS, BODIES = sys.argv
    FOUND = uvloop.run(run(int(PORT), PATH, int(CONNECTIONS), float(SECONDS), Path(BODIES)))
    print(json.dumps(FOUND._asdict()))
