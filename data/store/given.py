"""What the engine was given when it decided: the openings it listed, their pools, the policy, the rules and release.

With the referral, which is sealed with the decision, this is all that a replay replays. It holds nothing of a caller,
so the placements of a batch share one.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from isal import isal_zlib
from sqlalchemy import Connection, insert, select

from matcher import facts
from matcher.facts import Opening, Policy, Pool
from matcher.problem import POOLS_OF, Directory
from matcher.records import Rows, dtype, frozen
from matcher.vocabulary import UNKNOWN, Medication

from .change import Change
from .errors import Missing, Unfit
from .hot import Hot
from .tables import given

ADD = Hot(insert(given))
FAST = 0
"""The level of compression: most of a row is the same as in the next, so that more gains little and takes as long."""
RECORDS = {"openings": Opening, "pools": Pool, "policy": Policy}
FIELDS = {
    name: hashlib.blake2b(repr(dtype(record).descr).encode(), digest_size=8).hexdigest()
    for name, record in RECORDS.items()
}
"""What tells one record's fields from another's."""


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
    pools = _drawn_on(openings)
    return Directory(
        _numbered_anew(openings, pools),
        tuple(directory.opening_ids[row] for row in kept),
        directory.facility_ids,
        frozen(directory.pools.view(np.ndarray)[pools].view(np.recarray)),
        tuple(directory.pool_ids[pool] for pool in pools),
        directory.plans,
    )


def _drawn_on(openings: Any) -> list[int]:
    """Return the numbers of all pools that openings draw on, each once."""
    found: dict[int, None] = {}
    for name in POOLS_OF:
        for first in openings[name].tolist():
            if first != UNKNOWN:
                found.update(dict.fromkeys(range(first, first + len(Medication)) if name == "starts" else (first,)))
    return list(found)


def _numbered_anew(openings: Any, pools: Iterable[int]) -> Rows:
    """Number the pools that openings draw on by their place among these."""
    number = {pool: place for place, pool in enumerate(pools)}
    for name in POOLS_OF:
        openings[name] = [number.get(first, UNKNOWN) for first in openings[name].tolist()]
    return frozen(openings.view(np.recarray))


def packed(found: Given, rows: Iterable[int] | None = None) -> bytes:
    """Return it as compressed bytes: a line of JSON that tells what follows, the rows of openings, pools and policy.

    ``rows``: of these openings and the pools they draw on alone, which keep the numbers they have in the whole: to
    number them anew takes longer than to keep them, and is left to whoever reads them.
    """
    directory = found.directory
    openings, pools = directory.openings.view(np.ndarray), directory.pools.view(np.ndarray)
    head: dict[str, Any] = {"fields": FIELDS, "opening_ids": directory.opening_ids, "pool_ids": directory.pool_ids}
    if rows is not None:
        kept = sorted(set(rows))
        openings = openings.take(kept)
        drawn_on = _drawn_on(openings)
        pools = pools.take(drawn_on)
        head["opening_ids"] = [directory.opening_ids[row] for row in kept]
        head |= {"pools": drawn_on, "pool_ids": [directory.pool_ids[pool] for pool in drawn_on]}
    content = b"".join((orjson.dumps(head), b"\n", *(one.tobytes() for one in (openings, pools, found.policy))))
    return isal_zlib.compress(content, FAST)


def unpacked(content: bytes) -> Given:
    """Return what was packed. Raises ``Unfit`` where this release has other fields."""
    line, _, rows = zlib.decompress(content).partition(b"\n")
    head = orjson.loads(line)
    if head["fields"] != FIELDS:
        raise Unfit("release", "it was decided by a release whose records had other fields")
    parts, start = [], 0
    for record, count in ((Opening, len(head["opening_ids"])), (Pool, len(head["pool_ids"])), (Policy, 1)):
        size = dtype(record).itemsize * count
        parts.append(np.frombuffer(rows[start : start + size], dtype(record)).copy().view(np.recarray))
        start += size
    openings, pools, policy = parts
    if "pools" in head:
        openings = _numbered_anew(openings, head["pools"])
    ids = tuple(head["opening_ids"]), tuple(head["pool_ids"])
    return Given(Directory(frozen(openings), ids[0], (), frozen(pools), ids[1], ()), frozen(policy))


def keep(change: Change, found: Given, rows: Iterable[int] | None = None) -> str:
    """Keep what the engine was given, ``rows`` as ``packed`` has them; return its id."""
    given_id = change.new_id()
    row = {"given_id": given_id, "content": packed(found, rows), "rules": rules_hash(), "release": release()}
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
