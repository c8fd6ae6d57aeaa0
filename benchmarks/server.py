"""The API over the made-up nation in a process of its own, and beside it a bare endpoint of the same request model.

``python -m benchmarks.server FACILITIES CALLERS FOLDER`` writes the bodies of callers with ten matches to ``hits`` in
the folder, of all callers to ``all``, and prints the port it listens at. The bare endpoint, an application of its own
without a gate, answers with constant bytes, as long as one of our answers.
"""

import asyncio
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median_low

import orjson
import uvicorn
from fastapi import FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.load import Loaded
from api.serve.app import create_app
from api.serve.asking import Asking
from api.serve.held import Held, Holder, hold
from api.serve.matches import MatchesBody, Wanted
from api.settings import Settings
from data.encode import encode_directory
from data.simulate import simulate_callers

from .bodies import bodies
from .instance import MOMENT, SEED, in_force, tables

TEN = 10
BARE = "/bare"
SETTINGS = Settings(rate=1e9, burst=1_000_000_000)
"""Requests are counted for each client, as ever, but none is one too many: a load is one client."""


def held(facilities: int) -> Held:
    """Return the nation as a server holds it."""
    made, policy = tables(facilities), in_force()
    directory, shown, findings = encode_directory(
        made["facilities.csv"], made["openings.csv"], policy, made["medication_starts.csv"], made["vans.csv"]
    )
    return hold(Loaded(Path(), directory, shown, policy, findings))


async def answered(nation: Held, every: Sequence[bytes]) -> list[bytes]:
    """Return what callers are answered, without HTTP."""
    asked = [MatchesBody.model_validate_json(body) for body in every]
    asking = [Asking(nation, one.caller.cells(), one.answers, "en") for one in asked]
    return [orjson.dumps(await one.answer(Wanted())) for one in asking]


def bare(content: bytes) -> FastAPI:
    """Return an application that reads the same request and answers with constant bytes."""
    app = FastAPI()

    @app.post(BARE)
    async def answer(body: MatchesBody) -> Response:
        return Response(content, media_type="application/json")

    return app


def beside(ours: ASGIApp, other: ASGIApp) -> ASGIApp:
    """Return both applications as one."""

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        await (other if scope.get("path", "").startswith(BARE) else ours)(scope, receive, send)

    return both


def serve(ours: FastAPI, other: FastAPI) -> None:
    """Serve both at a free port, which is printed, until the process is ended; our log is written to nowhere."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(beside(ours, other), access_log=False, log_config=None, server_header=False)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        ours.state.journal.write = nowhere.write
        print(listening.getsockname()[1], flush=True)
        uvicorn.Server(config).run([listening])


def main(facilities: int, callers: int, folder: Path) -> None:
    """Serve until the process is ended."""
    nation = held(facilities)
    every = bodies(simulate_callers(callers, SEED, MOMENT.date(), tables(facilities)))
    answers = asyncio.run(answered(nation, every))
    hits = [at for at, answer in enumerate(answers) if len(orjson.loads(answer)["matches"]) == TEN]
    (folder / "hits").write_bytes(b"\n".join(every[at] for at in hits))
    (folder / "all").write_bytes(b"\n".join(every))
    typical = median_low(sorted((answers[at] for at in hits), key=len))
    app = create_app(Holder(lambda _: nation, lambda: MOMENT), SETTINGS)
    serve(app, bare(typical))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
