"""The options that commands share, and how they print."""

import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from data.findings import InputError

out, err = Console(width=None if sys.stdout.isatty() else 110), Console(stderr=True)

app = typer.Typer(
    help="Referral placement matching for addiction treatment. Not clinical advice.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Folder = Annotated[Path, typer.Argument(help="Directory: a folder with facilities.csv and openings.csv.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Now = Annotated[str | None, typer.Option(help="The moment it is asked, ISO 8601; the clock's unless given.")]
Callers = Annotated[Path | None, typer.Option(help="Callers table; callers.csv of the folder unless given.")]
Caller = Annotated[str | None, typer.Option(help="Referral id of a caller in the callers table.")]
Zip = Annotated[str, typer.Option("--zip", help="Five digits: where the caller is.")]
Need = Annotated[str, typer.Option(help="Level of care needed: a code (intensive-outpatient, IOP) or asam:2.1@3rd.")]
Pays = Annotated[str, typer.Option("--payer", help="Ways to pay, joined by ;, such as medicaid.")]
State = Annotated[str, typer.Option("--state", help="State whose Medicaid the caller has.")]
Plan = Annotated[str, typer.Option(help="Name of the private plan.")]
Meds = Annotated[str, typer.Option("--medication", help="Medications wanted, any one of them, joined by ;.")]
Uses = Annotated[str, typer.Option("--use", help="start, continue, elsewhere, joined by ;.")]
Substances = Annotated[str, typer.Option("--substance", help="Substances used, joined by ;.")]
Modes = Annotated[
    str, typer.Option("--mode", help="Means of travel, joined by ;: walk, car, transit, van, ride-benefit.")
]
Daily = Annotated[
    str, typer.Option(help="Minutes one way for a trip made every visit; the policy's usual unless given.")
]
Once = Annotated[str, typer.Option(help="Minutes one way for the one trip to a bed; the policy's usual unless given.")]
Yes = Annotated[str, typer.Option(help="yes, no, or nothing where it is not known.")]
Language = Annotated[str, typer.Option(help="Language of the reasons: en or es.")]

CELLS = {
    "zip_code": "zip",
    "need": "need",
    "payer": "payers",
    "state": "medicaid_state",
    "plan": "plan",
    "medication": "medications",
    "use": "uses",
    "substance": "substances",
    "mode": "modes",
    "daily_limit": "daily_limit",
    "admission_limit": "admission_limit",
    "pregnant": "pregnant",
    "injecting": "injecting",
}
"""Which column of a callers table each option fills."""

FLAGS = {"zip": "--zip", "payers": "--payer", "medicaid_state": "--state", "medications": "--medication"} | {
    "uses": "--use",
    "substances": "--substance",
    "modes": "--mode",
    "daily_limit": "--daily-limit",
    "admission_limit": "--admission-limit",
}
"""What a person types for a column, where it is not its name."""


def said_by(options: dict[str, Any]) -> dict[str, str]:
    """Return the cells of a callers table that a command's options fill."""
    return {"referral_id": "caller"} | {column: options[name] for name, column in CELLS.items()}


def language_of(code: str) -> str:
    """Return the language of the reasons. Raises ``InputError`` where it is not spoken."""
    from matcher.vocabulary import LANGUAGES

    if code not in LANGUAGES:
        raise InputError(f"--language {code!r} is not spoken; allowed: {', '.join(LANGUAGES)}")
    return code


def working(text: str, quiet: bool) -> AbstractContextManager[object]:
    """Show that work goes on, on standard error; not where JSON is wanted."""
    return err.status(text, spinner="dots") if not quiet else Console(quiet=True).status(text)


def print_json(answer: object) -> None:
    """Print an answer as JSON."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)
