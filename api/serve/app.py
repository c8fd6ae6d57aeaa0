"""The application: routes, problems and the gate over one holder of the directory."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.telemetry import TelemetryConfig

from api.notice import NOTICE
from api.settings import Settings
from data.store.jobs import Jobs

from . import (
    audited,
    consenting,
    contacts,
    emergencies,
    excluding,
    matches,
    openings,
    operations,
    people,
    placements,
    problems,
    reassignments,
    records,
    waiting,
    working,
)
from .gate import Gate
from .gauges import Gauges
from .held import Holder
from .journal import Journal
from .ledger import Ledger
from .meter import Meter
from .problems import FieldProblem, ProblemDetails
from .proxies import Proxies

ERRORS = logging.getLogger("matcher.errors")
ROUTERS: tuple[APIRouter, ...] = (operations.router,)
LEDGER: tuple[APIRouter, ...] = (
    placements.holding,
    placements.router,
    people.router,
    records.router,
    consenting.router,
    contacts.router,
    excluding.router,
    emergencies.router,
    openings.router,
    waiting.router,
    reassignments.router,
    audited.router,
)
"""What is there where a ledger is served."""
UNTRACED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
TAGS = [
    {"name": "matches", "description": "One caller in, ranked matches out; nothing is kept."},
    {"name": "people", "description": "Sign in; callers, whose records are opened one by one."},
    {"name": "placements", "description": "A seat is promised here, once, and followed till somebody is admitted."},
    {"name": "seats", "description": "What facilities report, and what is free of it."},
    {"name": "waitlist and tasks", "description": "Who waits, in legal order; what is to be done by when."},
    {"name": "reassignments", "description": "Who should be moved when seats change: proposed, read, carried out."},
    {"name": "operations", "description": "For whoever runs the server."},
]


def create_app(
    holder: Holder | None,
    settings: Settings,
    routers: Sequence[APIRouter] = ROUTERS,
    ledger: Ledger | None = None,
    jobs: Jobs | None = None,
) -> FastAPI:
    """Return the application. Other rooms add routers, and to ``app.state.checks`` what readiness asks besides."""
    app = FastAPI(
        title="Referral placement matching",
        description=f"Finds a place that can really take the caller. {NOTICE['en']}",
        version=version("placement-matcher"),
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        # Whoever collects traces would collect callers.
        telemetry=UNTRACED,
        redirect_slashes=False,
    )
    app.state.holder, app.state.settings, app.state.meter = holder, settings, Meter()
    app.state.ledger, app.state.jobs = ledger, jobs
    app.state.gauges = None if ledger is None else Gauges(ledger.store)
    app.state.journal = Journal()
    app.state.checks = {"directory": lambda: _loaded(app)}
    if ledger is not None:
        app.state.checks["ledger"] = ledger.is_there
    if jobs is not None:
        jobs.heard = app.state.meter.job
        app.state.checks["jobs"] = lambda: working.are_running(jobs)
    problems.install(app)
    # Not included but taken over: an included route is matched twice, and its own way of answering is passed by.
    for router in (matches.router, *(LEDGER if ledger is not None else ()), *routers):
        app.router.routes += router.routes
    app.add_middleware(
        Gate, settings=settings, meter=app.state.meter, journal=app.state.journal, routes=app.router.routes,
        known=_nobody if ledger is None else ledger.known_in,
    )  # fmt: skip
    app.add_middleware(Proxies, trusted=settings.trusted_proxies)
    app.openapi = lambda: schema(app)  # type: ignore[method-assign]
    return app


def schema(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI schema, made once, with the models of problems."""
    if not app.openapi_schema:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
        )
        models = made.setdefault("components", {}).setdefault("schemas", {})
        for model in (FieldProblem, ProblemDetails):
            found = model.model_json_schema(ref_template="#/components/schemas/{model}")
            found.pop("$defs", None)
            models[model.__name__] = found
        app.openapi_schema = made
    return app.openapi_schema


def _nobody(_: bytes) -> None:
    """Where no ledger is served no token is known."""


async def _loaded(app: FastAPI) -> bool:
    return app.state.holder is not None


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """While the server runs, what it holds follows the clock, and jobs are done."""
    jobs: Jobs | None = app.state.jobs
    if jobs is not None:
        jobs.start()
    # What is held lives as long as the server: to look through it for garbage takes longer than the requests.
    gc.collect()
    gc.freeze()
    following = asyncio.create_task(_follow(app.state.holder, app.state.settings.renew_seconds))
    yield
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    if jobs is not None:
        await asyncio.to_thread(jobs.stop)
    app.state.journal.flush()
    gc.unfreeze()


async def _follow(holder: Holder | None, seconds: float) -> None:
    while holder is not None:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(holder.renew)
        except Exception as error:
            ERRORS.error("what is held could not be renewed: %s", type(error).__name__)
