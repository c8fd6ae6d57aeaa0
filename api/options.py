"""The options that commands share, and how they print."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from data.findings import InputError
from matcher.records import Watch

from .overseen import OutOfTimeError, overseen

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
Seconds = Annotated[float | None, typer.Option(min=0, help="Give up, with nothing written, after this long.")]
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


ENDS: dict[type[BaseException], tuple[int, str]] = {
    KeyboardInterrupt: (130, "interrupted"),
    OutOfTimeError: (4, "out of time"),
    MemoryError: (3, "out of memory"),
}
"""How work ends that was not finished: exit code, and what is said of it."""


@contextmanager
def aside() -> Iterator[None]:
    """Send what compiled solvers print to standard error, for standard output is the answer's."""
    sys.stdout.flush()
    answers = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(answers, 1)
        os.close(answers)


@contextmanager
def watched(text: str, quiet: bool, seconds: float | None) -> Iterator[Watch]:
    """Show how far long work is; where it is interrupted, or time or memory is over, say so: nothing is half done."""
    begin = time.monotonic()
    with aside(), working(text, quiet) as status:

        def watch(at: str) -> None:
            if seconds is not None and time.monotonic() - begin > seconds:
                raise OutOfTimeError
            if hasattr(status, "update"):
                status.update(f"{text}: {at}")

        def said(why: type[BaseException]) -> int:
            code, how = next(end for kind, end in ENDS.items() if issubclass(why, kind))
            typer.echo(f"matcher: {how} after {time.monotonic() - begin:.1f} s; nothing was written", err=True)
            return code

        def end(why: type[BaseException]) -> None:
            err.show_cursor()
            code = said(why)
            sys.stderr.flush()
            os._exit(code)

        try:
            with overseen(seconds, end):
                yield watch
        except tuple(ENDS) as error:
            raise typer.Exit(said(type(error))) from error


def print_json(answer: object) -> None:
    """Print an answer as JSON."""
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)
