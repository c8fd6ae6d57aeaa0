"""A directory encoded once is kept in the user's cache folder, so that ranking one caller does not wait for reading.

A snapshot is found by the BLAKE2b of all that decides it: every byte of the tables and of the code that reads them
and encodes them, the versions of NumPy and of the ZIP list, the day, and the seed. So a stale one is never found. A
snapshot holds numbers and text only, no code, and one that cannot be read is made anew.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from matcher.problem import Directory
from matcher.records import Rows, frozen

from .encode import Facilities
from .findings import COLUMNS, Finding, Findings, Severity
from .sources import tables
from .sources.delimited import write_whole

KEPT = 3
"""Snapshots that stay in the folder: the newest ones."""

BETWEEN = "\0"
"""What stands between texts: no table may hold it."""

HERE = Path(__file__).parent
CODE = (HERE, HERE / "sources", HERE.parent / "matcher")
PACKAGES = ("numpy", "zipcodes")

Answer = tuple[Directory, Facilities, Findings]


def read_directory(folder: Path, policy: Rows, seed: int = 0, cache: Path | None = None) -> Answer:
    """As ``tables.read_directory``, from a snapshot where there is one; ``cache`` is the user's own unless given.

    A cache that cannot be written is done without. Raises ``InputError`` as reading the tables does.
    """
    key = key_of(folder, policy, seed)
    with suppress(OSError):
        place = _private(cache or _usual()) / f"{key}.npz"
        kept = _load(place)
        if kept is not None:
            return kept
        answer = tables.read_directory(folder, policy, seed)
        if key_of(folder, policy, seed) == key:  # else a table changed while it was read
            _keep(place, answer)
        return answer
    return tables.read_directory(folder, policy, seed)


def key_of(folder: Path, policy: Rows, seed: int) -> str:
    """The name of a snapshot: all that decides it, as 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    code = [path for part in CODE for path in sorted(part.glob("*.py"))]
    data = [folder / name for name in (*tables.REQUIRED, *tables.OPTIONAL) if (folder / name).is_file()]
    for path in (*code, *data):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)};".encode() + content)
    rules = [policy[name][0].item() for name in policy.dtype.names or () if name != "now"]
    said = (*rules, seed, *(version(name) for name in PACKAGES))
    digest.update(repr(said).encode())
    return digest.hexdigest()


def _usual() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("placement-matcher") / "directories"


def _private(cache: Path) -> Path:
    """The folder, open to nobody else. Raises ``OSError`` when it is somebody else's."""
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    cache.chmod(0o700)
    return cache


def _keep(place: Path, answer: Answer) -> None:
    directory, facilities, findings = answer
    numbers: dict[str, Any] = {"openings": directory.openings, "pools": directory.pools}
    for owner in (directory, facilities):
        numbers |= {f"text_{name}": _packed(getattr(owner, name)) for name in _texts(type(owner))}
    for name in COLUMNS:
        numbers[f"finding_{name}"] = _packed([str(getattr(finding, name)) for finding in findings])
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **numbers)
    write_whole(place, content.getvalue())
    old = sorted(place.parent.glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-KEPT]
    for path in old:
        path.unlink(missing_ok=True)


def _load(place: Path) -> Answer | None:
    """The snapshot at this place; ``None`` where there is none, or it is damaged."""
    try:
        with np.load(io.BytesIO(place.read_bytes()), allow_pickle=False) as kept:
            held = {name: kept[name] for name in kept.files}
        text = {name: _unpacked(held[f"text_{name}"]) for kind in (Directory, Facilities) for name in _texts(kind)}
        numbers = {name: frozen(held[name].view(np.recarray)) for name in ("openings", "pools")}
        words = {name: text[name] for name in _texts(Directory)}
        directory = Directory(openings=numbers["openings"], pools=numbers["pools"], **words)
        return directory, Facilities(**{name: text[name] for name in _texts(Facilities)}), _findings(held)
    except (FileNotFoundError, KeyError, TypeError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def _findings(held: dict[str, Any]) -> Findings:
    columns = {name: _unpacked(held[f"finding_{name}"]) for name in COLUMNS}
    kinds: dict[str, Callable[[str], Any]] = {"severity": Severity, "row": int}
    found = Findings()
    for cells in zip(*columns.values(), strict=True):
        named = zip(COLUMNS, cells, strict=True)
        found.add(Finding(**{name: kinds.get(name, str)(cell) for name, cell in named}))
    return found


def _texts(kind: type[Directory | Facilities]) -> list[str]:
    return [field.name for field in fields(kind) if field.type == tuple[str, ...]]


def _packed(texts: Sequence[str]) -> Any:
    return np.frombuffer("".join(text + BETWEEN for text in texts).encode(), np.uint8)


def _unpacked(content: Any) -> tuple[str, ...]:
    return tuple(content.tobytes().decode().split(BETWEEN)[:-1])
