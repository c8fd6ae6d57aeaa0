"""The signed head over all chains, kept outside the database: what stood before it can no longer be cut off unseen.

A file of JSON lines that only grows, one line a minute in which something happened. A line holds the moment, the
number of all events, the root over all chains, where each chain stands that moved since the line before, that line's
hash, and an Ed25519 signature over all this. The first line of a file names every chain, so a new file may be begun
at any time; who verifies needs the newest alone.
"""

import fcntl
import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, select

from .chain import START, Head, written
from .change import Store
from .tables import chains


class Forged(ValueError):  # noqa: N818
    """A line of the heads that is not as it was signed, or a database that has lost what was signed."""


class Heads:
    """The heads in one file. ``signed``: where each chain stood, the newest; ``at``: when, in seconds UTC."""

    def __init__(self, path: Path, key: Ed25519PrivateKey) -> None:
        self.path, self.signed, self.at, self.lines = path, dict[str, Head](), 0, 0
        self._key, self._public, self._before, self._read = key, key.public_key(), "", 0

    def follow(self) -> "Heads":
        """Read what was written since. Raises ``Forged`` at the first bad line; the lines before it count.

        A last line without its end was never finished, and does not count.
        """
        with self.path.open("rb") as file:
            if file.seek(0, os.SEEK_END) < self._read:
                raise Forged(f"{self.path} is shorter than it was")
            file.seek(self._read)
            root = None
            for raw in file:
                if raw.endswith(b"\n"):
                    root = self._taken(raw)
        if root is not None and root != root_of(self.signed):
            raise self._forged("the root is not that of its chains")
        return self

    def write(self, store: Store) -> bool:
        """Sign where the chains stand, and return once the disk has it; False where nothing happened since.

        Raises ``Forged`` where the file is not ours, or the database has lost events that were signed before.
        """
        made = not self.path.exists()
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.follow()
            with store.database.read() as connection:
                now = standing(connection)
            changed = self._changed(now)
            if changed:
                file.truncate(self._read)
                raw = self._line(store.clock(), now, changed)
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
                self._taken(raw)
        if made:
            keep_name(self.path)
        return bool(changed)

    def _changed(self, now: Mapping[str, Head]) -> dict[str, Head]:
        for chain, head in self.signed.items():
            if now.get(chain, Head(0, START)).seq < head.seq:
                raise Forged(f"chain {chain} ends before event {head.seq}, which was signed; nothing is signed over it")
        return {chain: head for chain, head in now.items() if self.signed.get(chain) != head}

    def _line(self, at: int, now: Mapping[str, Head], changed: Mapping[str, Head]) -> bytes:
        body = {
            "at": at,
            "before": self._before,
            "changed": {chain: [head.seq, head.hash.hex()] for chain, head in changed.items()},
            "count": sum(head.seq for head in now.values()),
            "root": root_of(now),
        }
        signature = b64encode(self._key.sign(written(body).encode())).decode()
        return written(body | {"signature": signature}).encode() + b"\n"

    def _taken(self, raw: bytes) -> str:
        """Check a line, and keep what it says; its root is returned."""
        try:
            body = json.loads(raw)
            self._public.verify(b64decode(body.pop("signature")), written(body).encode())
        except (InvalidSignature, ValueError, TypeError, KeyError, AttributeError):
            raise self._forged("the signature is not ours") from None
        if body["before"] != self._before:
            raise self._forged("the line before it is not the one it was written after")
        self._keep(body)
        self._before = hashlib.blake2b(raw, digest_size=32).hexdigest()
        self._read += len(raw)
        self.lines += 1
        return str(body["root"])

    def _keep(self, body: Mapping[str, Any]) -> None:
        self.at = body["at"]
        for chain, (seq, digest) in body["changed"].items():
            self.signed[chain] = Head(seq, bytes.fromhex(digest))

    def _forged(self, problem: str) -> Forged:
        return Forged(f"{self.path}, line {self.lines + 1}: {problem}")


def write_head(store: Store, path: Path) -> bool:
    """Write one head to a file; who writes every minute keeps ``Heads``, and reads the file once."""
    return Heads(path, store.keys.signing).write(store)


def standing(connection: Connection) -> dict[str, Head]:
    """Return where every chain with an event stands."""
    found = connection.execute(select(chains).where(chains.c.seq > 0))
    return {row.chain: Head(row.seq, row.hash) for row in found}


def root_of(now: Mapping[str, Head]) -> str:
    """Return the one hash over all chains, in the order of their names: BLAKE2b-256 of name, number and hash."""
    digest = hashlib.blake2b(digest_size=32)
    for chain, head in sorted(now.items()):
        raw = chain.encode()
        digest.update(b"%d:%b%d:%b" % (len(raw), raw, head.seq, head.hash))
    return digest.hexdigest()


def keep_name(path: Path) -> None:
    """Let the disk have the new file's name too."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
