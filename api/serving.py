"""The command that serves the API."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.findings import InputError

from .options import err

if TYPE_CHECKING:
    from fastapi import FastAPI

    from data.store.change import Store

    from .settings import Settings


def serve(
    folder: Annotated[
        Path | None, typer.Argument(help="A directory folder; without one, the ledger is served.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen at; 0: any that is free.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes, where the ledger is in PostgreSQL.")] = 1,
) -> None:
    """Serve the API over the ledger of MATCHER_DATABASE_URL; over a folder, matches alone."""
    import uvicorn

    from .settings import settings

    if workers > 1 and (folder is not None or not settings().database_url.startswith("postgresql")):
        raise InputError(f"--workers {workers}: several workers share a ledger in PostgreSQL alone; allowed: 1")
    how: dict[str, Any] = {"host": host, "port": port, "access_log": False, "log_config": None, "server_header": False}
    how["proxy_headers"] = False  # the application asks its own settings whom to believe
    if workers > 1:
        opened(settings()).database.close()  # what is wrong is told here once, and not by every worker again and again
        uvicorn.run("api.serving:over_the_ledger", factory=True, workers=workers, **how)
        return
    with err.status("Making the directory ready"):
        app = over_the_ledger() if folder is None else _over(folder)
    uvicorn.run(app, **how)


def over_the_ledger() -> "FastAPI":
    """Return the application of one worker, over the ledger of the settings."""
    from .serve.app import create_app
    from .serve.followed import Followed
    from .serve.ledger import Ledger
    from .serve.working import jobs_of
    from .settings import settings

    _log()
    store = opened(settings())
    ledger, holder = Ledger(store), Followed(store)
    return create_app(holder, settings(), ledger=ledger, jobs=jobs_of(store, holder, settings()))


def _over(folder: Path) -> "FastAPI":
    from .serve.app import create_app
    from .serve.held import Holder, read
    from .settings import settings

    _log()
    return create_app(Holder(lambda moment: read(folder, moment)), settings())


def _log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")


def opened(found: "Settings") -> "Store":
    """Return the ledger that the settings name.

    Raises ``InputError`` without its own secret, and where the database is not of this release.
    """
    from data.store.change import Store
    from data.store.database import Database
    from data.store.upgrade import refusal

    from .settings import expect_own, keys

    store = Store(Database(found.database_url), keys(found))
    if (said := refusal(store.database)) is not None:
        raise InputError(said)
    expect_own(store.database, store.keys)
    return store
