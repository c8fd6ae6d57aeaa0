"""Federal directories by the format they come in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from ..findings import InputError
from . import samhsa, samhsa_annual, samhsa_locator
from .sites import Tables

READERS: Mapping[str, Callable[[Path], Tables]] = MappingProxyType(
    {".csv": samhsa.read, ".xlsx": samhsa_annual.read, ".json": samhsa_locator.read}
)
"""The geocoded directory of 2015, the annual Excel file, an answer of the locator."""


def read(path: Path) -> Tables:
    """Facilities, openings, and what was found. Raises ``InputError`` when the file is no federal directory."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{path.name}: unknown format {path.suffix!r}; allowed: {', '.join(READERS)}")
    return reader(path)
