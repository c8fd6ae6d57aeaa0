"""The command that serves the API."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.findings import InputError

from .options import err

if TYPE_CHECKING:
    from data.store.change import Store

    from .settings import Settings


def serve(
    folder: Annotated[
        Path | None, typer.Argument(help="A directory folder; without one, the ledger is served.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0: any that is free.")] = 8000,
) -> None:
    """Serve the API over the ledger of MATCHER_DATABASE_URL; over a folder, matches alone."""
    import uvicorn

    from .serve.app import create_app
    from .serve.followed import Followed
    from .serve.held import Holder, read
    from .serve.ledger import Ledger
    from .serve.working import jobs_of
    from .settings import settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    with err.status("Making the directory ready"):
        if folder is None:
            store = opened(settings())
            ledger, holder = Ledger(store), Followed(store)
            app = create_app(holder, settings(), ledger=ledger, jobs=jobs_of(store, holder, settings()))
        else:
            app = create_app(Holder(lambda moment: read(folder, moment)), settings())
    uvicorn.run(app, host=host, port=port, access_log=False, log_config=None, server_header=False)


def opened(found: "Settings") -> "Store":
    """Return the ledger that the settings name.

    Raises ``ValueError`` where the secret is none, and ``InputError`` where the database is not of this release.
    """
    from data.store.change import Store
    from data.store.database import Database
    from data.store.keys import Keys
    from data.store.upgrade import is_current

    store = Store(Database(found.database_url), Keys.of(found.secret.get_secret_value()))
    with store.database.read() as connection:
        if not is_current(connection):
            raise InputError("the database is not of this release; run `matcher store init`")
    return store
