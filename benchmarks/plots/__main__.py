"""Draw every case of several sizes: ``python -m benchmarks.plots``."""

import sys
from pathlib import Path

from ..registry import cases
from ..results import PATH
from .draw import draw
from .lines import UNITS, lines, newest

FOLDER = Path(__file__).parent


def main(ledger: Path = PATH, folder: Path = FOLDER) -> int:
    """Write one SVG a case and unit into the folder."""
    points = newest(ledger)
    for case in cases().values():
        for unit, (name, _) in UNITS.items():
            drawn = lines(points, case.name, unit)
            if any(len(line.sizes) > 1 for line in drawn):
                draw(case, unit, drawn, folder / f"{case.name}-{name}.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
