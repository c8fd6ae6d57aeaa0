"""The command line from nothing: the first ranking of a new installation, and the second."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from data.sources.tables import write_table

from ..instance import MOMENT, facilities_of, tables
from ..measure import seconds
from ..registry import Case, Figure, register

ASKED = ["--zip", "98101", "--need", "iop", "--payer", "medicaid", "--state", "WA", "--mode", "car"]


def run(size: int) -> Iterator[Figure]:
    """Seconds of one ranking over ``size`` openings, with an empty cache of the compiled sweep and with a full one."""
    with tempfile.TemporaryDirectory() as folder:
        for name, columns in tables(facilities_of(size)).items():
            write_table(Path(folder) / name, name, columns)
        with tempfile.TemporaryDirectory() as cache:
            yield Figure("cold", seconds(lambda: ranked(folder, cache))[0], "s")
            yield Figure("warm", seconds(lambda: ranked(folder, cache))[0], "s")


def ranked(folder: str, cache: str) -> str:
    """What ``matcher rank`` printed, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    root = str(Path(__file__).parents[2])
    env = kept | {"XDG_CACHE_HOME": cache, "PYTHONPATH": root}
    command = [sys.executable, "-m", "api.command", "rank", folder, *ASKED, "--now", MOMENT.isoformat()]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"matcher rank ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


register(Case("cold-start", "matcher rank on the command line, cold and warm", (55_000,), run))
