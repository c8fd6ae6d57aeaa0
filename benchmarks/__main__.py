"""Run the benchmarks: ``python -m benchmarks [--case NAME]``."""

import argparse
import sys

from rich.console import Console

from .registry import Case, chosen
from .results import Watch, append
from .show import show


def main(words: list[str] | None = None) -> int:
    """Run one case or all, append the figures to the ledger, print them; 2 when there is no such case."""
    parser = argparse.ArgumentParser("benchmarks", description="Run the registered benchmark cases.")
    parser.add_argument("--case", default="", help="name of one case; all of them unless given")
    try:
        wanted = chosen(parser.parse_args(words).case)
    except ValueError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    for case in wanted:
        for size in case.sizes:
            run(case, size)
    return 0


def run(case: Case, size: int) -> None:
    """Run a case at one size."""
    watch = Watch()
    figures = list(case.run(size))
    loaded = watch.loaded
    append(case, size, figures, loaded)
    show(Console(width=None if sys.stdout.isatty() else 130), case, size, figures, loaded)


if __name__ == "__main__":
    sys.exit(main())
