"""The commands that bring records in or make them up: read, simulate."""

from pathlib import Path
from typing import Annotated

import typer

from data.wording import counted

from .options import Json, Now, out, print_json, working


def read(
    file: Annotated[
        Path, typer.Argument(help="SAMHSA directory: CSV of 2015, annual Excel file, or the locator's JSON answer.")
    ],
    folder: Annotated[Path, typer.Option("--out", help="Folder for our tables.")],
    as_json: Json = False,
) -> None:
    """Read a SAMHSA directory into our tables and report all that was found in it."""
    from api import show
    from data.sources import directories
    from data.sources.tables import write_table

    with working(f"Reading {file}", as_json):
        facilities, openings, findings = directories.read(file)
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "facilities.csv", "facilities.csv", facilities)
        write_table(folder / "openings.csv", "openings.csv", openings)
    counts = {"facilities": len(facilities["facility_id"]), "openings": len(openings["opening_id"])}
    if as_json:
        print_json(counts | {"findings": findings.rows()})
        return
    out.print(
        f"{counted(counts['facilities'], 'facility')} and {counted(counts['openings'], 'opening')} written to {folder}."
    )
    show.findings(out, findings)


def simulate(
    folder: Annotated[Path, typer.Option("--out", help="Folder for the tables.")],
    directory: Annotated[Path | None, typer.Option(help="Put simulated seats on this directory's facilities.")] = None,
    facilities: Annotated[int, typer.Option(min=1, help="Made-up facilities, where no directory is given.")] = 2000,
    callers: Annotated[int, typer.Option(min=0, help="Made-up callers.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 1,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Make up openings, seats and callers from published figures; every seat number is marked simulated."""
    from api.load import moment
    from data import simulate as made_up
    from data.findings import Findings
    from data.sources.tables import read_table, write_table

    start = moment(now).date()
    with working("Simulating", as_json):
        if directory is None:
            tables = dict(made_up.simulate_directory(facilities, seed, start))
        else:
            given = [
                read_table(directory / name, name, Findings()).columns for name in ("facilities.csv", "openings.csv")
            ]
            tables = dict(made_up.simulate_seats(given[0], given[1], seed, start))
        tables["callers.csv"] = made_up.simulate_callers(callers, seed, start, tables)
        folder.mkdir(parents=True, exist_ok=True)
        for name, columns in tables.items():
            write_table(folder / name, name, columns)
    counts = {name: len(next(iter(columns.values()))) for name, columns in tables.items()}
    if as_json:
        print_json({"simulated": True, "rows": counts})
    else:
        rows = ", ".join(f"{counted(count, 'row')} of {name}" for name, count in counts.items())
        out.print(f"Simulated, seed {seed}: {rows}, in {folder}.")
