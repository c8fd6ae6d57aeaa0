"""The ledger of record on the command line: init, load, verify, backup, restore, move, erase, secret.

The ledger's secret is read from the environment alone, so that it stands in no list of processes and no history.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.findings import InputError
from data.wording import counted

from .options import Json, out, print_json

if TYPE_CHECKING:
    from data.store.change import Store
    from data.store.database import Database
    from data.store.keys import Keys

SHOWN = 20
"""Faults a person is shown; JSON has all."""

store = typer.Typer(help="The ledger of record: who was promised which seat.", no_args_is_help=True)

Url = Annotated[
    str, typer.Option("--database", envvar="MATCHER_DATABASE_URL", help="sqlite:///FILE or postgresql://...")
]
HeadsFile = Annotated[
    Path | None, typer.Option("--heads", envvar="MATCHER_HEADS", help="The file of signed heads, kept elsewhere.")
]
HERE = "sqlite:///ledger.db"
BY = "command-line"
"""Who acts, where a command writes."""


@store.command()
def init(url: Url = HERE) -> None:
    """Make a ledger, or bring one of an older release to this one."""
    from data.store.upgrade import newest, upgrade

    with _database(url, new=True) as database:
        upgrade(database)
    out.print(f"The ledger is at step {newest()}.", highlight=False)


@store.command()
def secret() -> None:
    """Print a fresh secret for MATCHER_SECRET; without it no ledger made with it can be read again."""
    from data.store.keys import fresh_secret

    typer.echo(fresh_secret())


@store.command()
def verify(url: Url = HERE, heads: HeadsFile = None, as_json: Json = False) -> None:
    """Verify every event, what was signed, and that the books agree; 1 where something is wrong."""
    from data.store.heads import Heads
    from data.store.verify import verify as verified

    with _database(url) as database:
        verdict = verified(database, Heads(heads, _keys().signing) if heads else None)
    if as_json:
        print_json(verdict._asdict() | {"faults": [fault._asdict() for fault in verdict.faults]})
    else:
        for fault in verdict.faults[:SHOWN]:
            out.print(str(fault), highlight=False, markup=False)
        signed = "compared with the signed heads" if heads else "no signed heads to compare with (--heads)"
        out.print(
            f"{counted(len(verdict.faults), 'fault')}; {counted(verdict.events, 'event')} in "
            f"{counted(verdict.chains, 'chain')}, {signed}; {counted(verdict.placements, 'placement')}.",
            highlight=False,
        )
    raise typer.Exit(1 if verdict.faults else 0)


@store.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Folder of the backups; the keys file in it serves all of them.")],
    url: Url = HERE,
) -> None:
    """Write a backup while writes go on; callers' keys apart, renewed with each, so that erasing reaches backups."""
    from data.store.copies import backup as backed_up

    with a_store(url) as ledger:
        made = backed_up(ledger, folder)
    out.print(f"{counted(made.rows, 'row')} in {made.ledger} with {made.keys}; signed in {made.heads}", highlight=False)


@store.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The backup; its keys file is taken from the same folder.")],
    url: Url = HERE,
) -> None:
    """Copy a backup into an empty database. Begin a new file of heads then: later ones were signed over more."""
    from data.store.copies import restore as restored

    with _database(url, new=True) as database:
        rows = restored(file, database)
    out.print(f"{counted(rows, 'row')} restored.", highlight=False)


@store.command()
def move(
    target: Annotated[str, typer.Argument(help="The empty PostgreSQL database: postgresql://...")],
    url: Url = HERE,
) -> None:
    """Move a ledger from SQLite to PostgreSQL, all or nothing, and verify it there. Stop the server first."""
    from data.store.copies import move as moved

    with _database(url) as source, _database(target, new=True) as other:
        verdict = moved(source, other)
    told = f"{counted(verdict.events, 'event')} and {counted(verdict.placements, 'placement')}"
    out.print(f"There: {told}.", highlight=False)
    for fault in verdict.faults[:SHOWN]:
        out.print(str(fault), highlight=False, markup=False)
    raise typer.Exit(1 if verdict.faults else 0)


@store.command()
def load(
    folder: Annotated[Path, typer.Argument(help="A folder with facilities.csv and openings.csv.")], url: Url = HERE
) -> None:
    """Bring a directory into the ledger."""
    from data.store.directory import load as loaded

    from . import show

    with a_store(url) as ledger:
        brought = loaded(ledger, folder)
    show.findings(out, brought.findings)
    told = (
        counted(brought.facilities, "facility"), counted(brought.openings, "opening"), counted(brought.pools, "pool"),
    )  # fmt: skip
    out.print(f"{', '.join(told)}.", highlight=False)


@store.command()
def erase(caller: Annotated[str, typer.Argument(metavar="CALLER", help="The caller's id.")], url: Url = HERE) -> None:
    """Erase a caller: their key goes, and all that was sealed by it with it; renew the backups' keys file then."""
    from data.store.erasure import erase as erased
    from data.store.errors import Erased

    with a_store(url) as ledger:
        try:
            ledger.write(BY, lambda change: erased(change, caller))
        except Erased:
            ledger.database.scrub()  # a run before may have been kept from it
            raise
        ledger.database.scrub()
    out.print("Erased. The next backup renews the keys file; until then older backups can still be read.")


def _keys() -> "Keys":
    from .settings import keys, read

    return keys(read())


@contextmanager
def _database(url: str, new: bool = False) -> Iterator["Database"]:
    """A database of this release; ``new``: or one to be made so. What it refuses is told in one sentence."""
    from data.store.database import Database
    from data.store.errors import Refused
    from data.store.upgrade import refusal

    path = url.removeprefix("sqlite:///")
    if not new and path != url and not Path(path).is_file():
        raise InputError(f"there is no ledger at {path}; `matcher store init` makes one")
    database = Database(url)
    try:
        if (said := refusal(database, new)) is not None:
            raise InputError(said)
        yield database
    except Refused as error:
        raise InputError(str(error)) from error
    finally:
        database.close()


@contextmanager
def a_store(url: str) -> Iterator["Store"]:
    """The ledger at this URL. Raises ``InputError``, in one sentence, also for what it refuses."""
    from data.store.change import Store

    from .settings import expect_own

    keys = _keys()
    with _database(url) as database:
        expect_own(database, keys)
        yield Store(database, keys)
