"""A server in a process of its own over a ledger, as an installation runs it; or without a guard, as a control."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

import httpx2

from ...store.ledgers import SECRET

UNGUARDED = """
from data.store import seats
from sqlalchemy import bindparam, update
from data.store.tables import pools
seats.CLAIM = seats.Hot(update(pools).where(pools.c.pool_id == bindparam("pool")).values(
    claims=pools.c.claims + bindparam("draws"), version=pools.c.version + 1, changed_at=bindparam("at")))
"""
"""Takes the guard away: a claim is made whether there is room or not."""

SERVE = "import sys; sys.argv = ['matcher', 'serve', '--port', '{port}']; from api.command import main; main()"


@contextmanager
def served(url: str, change: str = "", **settings: str) -> Iterator[str]:
    """Serve a ledger till the block ends; yields the base URL. ``change``: code run first; ``settings``: besides."""
    with serving(url, change, **settings) as (base, _):
        yield base


@contextmanager
def serving(url: str, change: str = "", **settings: str) -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """Do as ``served``; yields the base URL and the process."""
    port = _free_port()
    environment = os.environ | {
        "MATCHER_DATABASE_URL": url,
        "MATCHER_SECRET": SECRET,
        "MATCHER_RATE": "0",
        "PYTHONPATH": os.pathsep.join(sys.path),
        **settings,
    }
    code = change + SERVE.format(port=port)
    with TemporaryFile() as told:  # not a pipe: nobody reads it, and a full one would halt the server
        process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=told)
        try:
            base = f"http://127.0.0.1:{port}"
            _until_ready(base, process, told)
            yield base, process
        finally:
            process.terminate()
            process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def _until_ready(base: str, process: "subprocess.Popen[bytes]", told: IO[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            told.seek(0)
            raise RuntimeError(told.read().decode()[-2000:])
        try:
            if httpx2.get(f"{base}/readyz", timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server was not ready within a minute")


def write_headers(token: str) -> dict[str, str]:
    """The headers of a write of its own."""
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(12)}
