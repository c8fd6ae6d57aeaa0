"""What the engine was given when it decided: the openings it listed, their pools, the policy, the rules and release.

With the referral, which is sealed with the decision, this is all that a replay replays. It holds nothing of a caller,
so the placements of a batch share one.
"""

import hashlib
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from sqlalchemy import Connection, insert, select

from matcher import facts
from matcher.facts import Opening, Policy, Pool
from matcher.problem import POOLS_OF, Directory
from matcher.records import Rows, dtype, frozen
from matcher.vocabulary import UNKNOWN, Medication

from .change import Change, fresh_id
from .errors import Missing, Unfit
from .hot import Hot
from .tables import given

ADD = Hot(insert(given))
FAST = 1
"""The level of compression: most of a row is the same as in the next, so that more gains little."""
RECORDS = {"openings": Opening, "pools": Pool, "policy": Policy}


class Given(NamedTuple):
    """A part of the directory, and the policy (one row). Openings stand in the directory's own order."""

    directory: Directory
    policy: Rows


def part(directory: Directory, rows: Sequence[int]) -> Directory:
    """Return the directory of these openings (rows) and the pools they draw on, all else left out.

    Facilities keep their numbers, by which a referral names those it excludes.
    """
    kept = sorted(set(rows))
    openings = directory.openings.view(np.ndarray).take(kept)
    number: dict[int, int] = {}
    for name in POOLS_OF:
        width = len(Medication) if name == "starts" else 1
        firsts = openings[name].tolist()
        for first in firsts:
            for pool in range(first, first + width) if first != UNKNOWN else ():
                number.setdefault(pool, len(number))
        openings[name] = [number.get(first, UNKNOWN) for first in firsts]
    pools = list(number)
    return Directory(
        frozen(openings.view(np.recarray)),
        tuple(directory.opening_ids[row] for row in kept),
        directory.facility_ids,
        frozen(directory.pools.view(np.ndarray)[pools].view(np.recarray)),
        tuple(directory.pool_ids[pool] for pool in pools),
        directory.plans,
    )


def packed(found: Given) -> bytes:
    """Return it as compressed bytes: a line of JSON that tells what follows, the rows of openings, pools and policy."""
    directory = found.directory
    head = {
        "opening_ids": directory.opening_ids,
        "pool_ids": directory.pool_ids,
        "fields": {name: _fields(record) for name, record in RECORDS.items()},
    }
    rows = b"".join(one.tobytes() for one in (directory.openings, directory.pools, found.policy))
    return zlib.compress(orjson.dumps(head) + b"\n" + rows, FAST)


def unpacked(content: bytes) -> Given:
    """Return what was packed. Raises ``Unfit`` where this release has other fields."""
    line, _, rows = zlib.decompress(content).partition(b"\n")
    head = orjson.loads(line)
    if head["fields"] != {name: _fields(record) for name, record in RECORDS.items()}:
        raise Unfit("release", "it was decided by a release whose records had other fields")
    parts, start = [], 0
    for record, count in ((Opening, len(head["opening_ids"])), (Pool, len(head["pool_ids"])), (Policy, 1)):
        size = dtype(record).itemsize * count
        parts.append(frozen(np.frombuffer(rows[start : start + size], dtype(record)).copy().view(np.recarray)))
        start += size
    directory = Directory(parts[0], tuple(head["opening_ids"]), (), parts[1], tuple(head["pool_ids"]), ())
    return Given(directory, parts[2])


def keep(change: Change, found: Given) -> str:
    """Keep what the engine was given; return its id."""
    given_id = fresh_id()
    row = {"given_id": given_id, "content": packed(found), "rules": rules_hash(), "release": release()}
    ADD(change.connection, row | {"made_at": change.now})
    change.passed("given")
    return given_id


def read(connection: Connection, given_id: str) -> tuple[Given, str, str]:
    """Return what the engine was given, the hash of its rules and its release. Raises ``Missing``, ``Unfit``."""
    row = connection.execute(select(given).where(given.c.given_id == given_id)).first()
    if row is None:
        raise Missing("given", f"nothing given is kept as {given_id}")
    return unpacked(row.content), row.rules, row.release


@cache
def rules_hash() -> str:
    """Return the BLAKE2b of all code that decides: the rules and what sweeps them."""
    digest = hashlib.blake2b(digest_size=16)
    folder = Path(facts.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)};".encode() + content)
    return digest.hexdigest()


@cache
def release() -> str:
    """Return the release of this product."""
    return version("placement-matcher")


@cache
def _fields(record: type[tuple[Any, ...]]) -> str:
    return hashlib.blake2b(repr(dtype(record).descr).encode(), digest_size=8).hexdigest()
