"""The options by which commands are told of one caller: a row of a callers table, or its cells one by one."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from data.columns import CALLERS
from data.encode_caller import USUAL

UNTOLD = ("referral_id", "latitude", "longitude", "placed", "simulated")
"""Columns of a callers table that are no option: a caller on the phone is known by ZIP and has no id yet."""

NAMES = {
    "payers": "payer",
    "medicaid_state": "state",
    "medications": "medication",
    "uses": "use",
    "substances": "substance",
    "modes": "mode",
    "ages": "age",
    "genders": "gender",
    "populations": "population",
    "languages": "speaks",
    "services": "wish",
    "excluded": "exclude",
}
"""What a person types for a column, where it is not its name."""

Row = Annotated[str | None, typer.Option("--caller", help="Referral id of a caller in the callers table.")]
Table = Annotated[Path | None, typer.Option("--callers", help="Callers table; callers.csv of the folder unless given.")]


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller as a command is told: a row of a table, or by column what its cells would hold."""

    row: str | None
    table: Path | None
    cells: dict[str, str]


def flag(column: str) -> str:
    """Return the option that fills a column of a callers table."""
    return "--" + NAMES.get(column, column).replace("_", "-")


def told_of_a_caller(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes ``caller`` the options by which a person tells of one, in its place."""
    columns = [column for column in CALLERS if column not in UNTOLD]
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name != "caller":
            parameters.append(parameter)
            continue
        options: dict[str, tuple[Any, str | None]] = {"row": (Row, None), "table": (Table, None)}
        options |= {f"of_{column}": (Annotated[str, _option(column)], "") for column in columns}
        parameters += [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (kind, default) in options.items()
        ]

    def run(**given: Any) -> None:
        cells = {column: given.pop(f"of_{column}") for column in columns}
        command(caller=Caller(given.pop("row"), given.pop("table"), cells), **given)

    run.__doc__, run.__name__ = command.__doc__, command.__name__
    keyword = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    run.__signature__ = inspect.Signature(keyword)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in keyword}
    return run


def _option(column: str) -> Any:
    """Return the option of a column; its help is what the table's own description says."""
    said, _, blank = CALLERS[column].partition("; blank: ")
    usual = "the policy's usual" if column in USUAL else blank
    text = said + ("" if usual in ("", "not known") else f"; unless given: {usual}")
    return typer.Option(flag(column), help=text[0].upper() + text[1:] + ".")
