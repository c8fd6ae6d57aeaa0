"""What an operator asks: whether it lives, whether it is ready, what was counted; and the list of the rules."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field

from data.store.words import Role
from matcher.rules import RULES

from .ledger import ledger_of
from .problems import ProblemError, responses
from .waiting import TASKS

Check = Callable[[], Awaitable[bool]]
"""Asks one thing that a server needs, whether it is there."""


class Alive(BaseModel):
    """A server that answers at all."""

    alive: bool = True


class Ready(BaseModel):
    """What a server needs to answer a call, by name, and whether it is there."""

    checks: dict[str, bool] = Field(examples=[{"directory": True}])


class RuleTold(BaseModel):
    """A rule of the product, in the order in which reasons are read."""

    code: str
    kind: str
    title: str
    unit: str
    reads: list[str]
    unknown: str
    override: str
    says_en: str
    says_es: str


router = APIRouter(tags=["operations"])


@router.get("/v1/rules", operation_id="listRules", summary="List the rules", responses=responses(), tags=["matches"])
async def list_rules() -> list[RuleTold]:
    """List the rules in the order in which reasons are read."""
    return [RuleTold.model_validate(rule.public()) for rule in RULES]


@router.get("/healthz", operation_id="isAlive", summary="Is the server alive?", responses=responses())
async def is_alive() -> Alive:
    """Tell that the server answers."""
    return Alive()


@router.get("/readyz", operation_id="isReady", summary="Can it answer a call?", responses=responses(503))
async def is_ready(request: Request) -> Ready:
    """Tell whether all is there that a call needs; 503 where something is not."""
    checks: dict[str, Check] = request.app.state.checks
    found = {name: await check() for name, check in checks.items()}
    if not all(found.values()):
        raise ProblemError(503, "not-ready", "not all that a call needs is there", {"Retry-After": "1"}, checks=found)
    return Ready(checks=found)


@router.get(
    "/metrics",
    operation_id="readMetrics",
    summary="Read what was counted",
    response_class=Response,
    responses=responses(401, 503) | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def read_metrics(request: Request) -> Response:
    """Return what was counted of requests and what waits to be done, in Prometheus's text format.

    Open to all, but a count of fewer people than ``small_cell`` of the policy is told exactly to those alone who send
    the token of a role that may list tasks.
    """
    told, gauges = request.app.state.meter.text(), request.app.state.gauges
    if gauges is not None:
        await gauges.refresh()
        told += gauges.text(exact=gauges.anything and await _may_list(request))
    return Response(told, media_type=CONTENT_TYPE_LATEST)


async def _may_list(request: Request) -> bool:
    """Whether somebody who may list tasks asks. Raises ``ProblemError`` 401 where a token is sent that nobody has."""
    header = request.headers.get("authorization")
    return header is not None and (await ledger_of(request).asking(request, tuple(Role))).role in TASKS
