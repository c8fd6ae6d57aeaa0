"""The ledger's API in a process of its own, and beside it bare endpoints that commit one row.

``python -m benchmarks.holding FACILITIES CALLERS FOLDER`` loads the made-up nation into a ledger in SQLite, keeps the
callers, signs an advisor in, and writes the bodies of their holds into the folder, ten turns ``0`` to ``9``, each with
its headers. Then it prints the port it listens at. Every pool has room for all, so every hold is kept.
"""

import secrets
import sys
from base64 import b64encode
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from threading import Lock

import orjson
from fastapi import FastAPI, Request, Response

from api.serve.app import create_app
from api.serve.followed import Followed
from api.serve.held import Held
from api.serve.ledger import Ledger, ledger_of
from api.serve.placed import HoldBody
from data.simulate import simulate_callers
from data.sources.tables import write_table
from data.store import callers, directory, referrals
from data.store.change import Change, Store
from data.store.database import Database
from data.store.keys import SIZE, Keys
from data.store.upgrade import upgrade
from data.store.users import add_user, sign_in
from data.store.words import Role
from matcher.brief import listed

from .instance import MOMENT, SEED, tables
from .server import BARE, SETTINGS, serve

PASSWORD = "of a benchmark, no secret"
MAKE_ROOM = "UPDATE pools SET reported = 100000 WHERE reported >= 0"
ADD = "INSERT INTO meta (name, value) VALUES (?, ?)"
BARE_GROUPED = f"{BARE}-grouped"
TOLD = 420
"""Bytes of the bare endpoint's answer: as long as a placement told."""
PARTS = 10
"""Turns that the holds are parted into."""


def ledger(folder: Path, facilities: int) -> Store:
    """Return a ledger of the nation, in which every pool that is reported has room."""
    for name, columns in tables(facilities).items():
        write_table(folder / name, name, columns)
    database = Database(f"sqlite:///{folder / 'ledger.db'}")
    upgrade(database)
    store = Store(database, Keys.of(b64encode(secrets.token_bytes(SIZE)).decode()))
    directory.load(store, folder)
    database.write(lambda found: found.exec_driver_sql(MAKE_ROOM))
    return store


def wants(store: Store, nation: Held, facilities: int, count: int) -> list[tuple[str, str]]:
    """Keep so many callers; return referral and best opening of each who has one."""
    made = simulate_callers(count, SEED, MOMENT.date(), tables(facilities))
    rows = [dict(zip(made, cells, strict=True)) for cells in zip(*made.values(), strict=True)]
    found = []
    for row in rows:
        cells = {name: text for name, text in row.items() if text and name in callers.ATTRIBUTES}
        best = [one for one in listed(nation.sweep, nation.encoder(cells)[0], 1) if one.reported]
        if best:
            found.append((cells, nation.loaded.directory.opening_ids[best[0].opening]))

    def keep(change: Change) -> list[tuple[str, str]]:
        kept = [callers.create(change, cells).caller_id for cells, _ in found]
        names = [referrals.refer(change, caller_id, {}).referral_id for caller_id in kept]
        return list(zip(names, [opening for _, opening in found], strict=True))

    return store.write("benchmark", keep)


def bare(store: Store) -> FastAPI:
    """Return an application that reads a hold and commits one row: by itself, or with those that come together."""
    app, one = FastAPI(), Lock()

    def alone(row: tuple[str, str]) -> None:
        with one, store.database.writing.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql(ADD, row)

    def grouped(row: tuple[str, str]) -> None:
        store.database.write(lambda connection: connection.exec_driver_sql(ADD, row))

    def committing(commit: Callable[[tuple[str, str]], None]) -> Callable[..., Awaitable[Response]]:
        async def answer(request: Request, body: HoldBody) -> Response:
            row = (secrets.token_hex(16), body.referral_id)
            await ledger_of(request).work(partial(commit, row))
            return Response(b" " * TOLD, 201, media_type="application/json")

        return answer

    for path, commit in ((BARE, alone), (BARE_GROUPED, grouped)):
        app.add_api_route(path, committing(commit), methods=["POST"], status_code=201)
    return app


def written(folder: Path, wanted: list[tuple[str, str]], token: str) -> None:
    """Write the bodies of holds and their headers, a file a turn."""
    for turn in range(PARTS):
        part = wanted[turn::PARTS]
        file = folder / str(turn)
        file.write_bytes(b"\n".join(orjson.dumps({"referral_id": who, "opening_id": where}) for who, where in part))
        heads = [f"authorization: Bearer {token}|idempotency-key: {secrets.token_hex(12)}" for _ in part]
        file.with_suffix(".heads").write_text("\n".join(heads))


def main(facilities: int, count: int, folder: Path) -> None:
    """Serve until the process is ended."""
    store = ledger(folder, facilities)
    holder = Followed(store)
    add = partial(add_user, login="benchmark", password=PASSWORD, role=Role.ADVISOR)
    store.write("benchmark", add)
    wanted = wants(store, holder.held, facilities, count)
    written(folder, wanted, sign_in(store, "benchmark", PASSWORD).token)
    app, other = create_app(holder, SETTINGS, ledger=Ledger(store)), bare(store)
    other.state.ledger = app.state.ledger
    serve(app, other)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
