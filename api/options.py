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
Substances = Annotated[str, typer.Option("--substance", help="Substances used, joined by ;.")]
Language = Annotated[str, typer.Option(help="Language of the reasons: en or es.")]


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
