"""Bring a database to the tables of this release, and say whether it is there."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from .database import Database
from .tables import metadata

HERE = Path(__file__).parent / "migrations"


def upgrade(database: Database) -> None:
    """Take every step that is missing, all or none."""
    database.write(lambda connection: command.upgrade(_config(connection), "head"))


def is_current(connection: Connection) -> bool:
    """Whether the database has taken every step of this release, and no later one."""
    return MigrationContext.configure(connection).get_current_revision() == newest()


def refusal(database: Database, new: bool = False) -> str | None:
    """Return why this release cannot use a database, or None; ``new``: one that is older or empty will be upgraded."""
    if not new and database.is_missing():  # to read a file that is not there would make it
        return f"there is no ledger at {database.url.removeprefix('sqlite:///')}; `matcher store init` makes one"
    with database.read() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    if at == newest() or (new and (at is None or at in _steps())):
        return None
    if at is None:
        return "the database holds no ledger; `matcher store init` makes one"
    if at in _steps():
        return f"the ledger is of an older release (step {at}, not {newest()}); `matcher store init` upgrades it"
    return f"the ledger is of a later release than this one (step {at}; known up to {newest()}); use that release"


def _steps() -> set[str]:
    return {step.revision for step in ScriptDirectory(str(HERE)).walk_revisions()}


def newest() -> str | None:
    """Return the last step of this release."""
    return ScriptDirectory(str(HERE)).get_current_head()


def differences(connection: Connection) -> list[str]:
    """Return how the database differs from the tables of this release; empty where it does not."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(one) for one in compare_metadata(context, metadata)]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
