"""``POST /v1/matches``: one caller in, dangers first, ranked matches out. Nothing of it is kept."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from matcher.screen import screen
from matcher.vocabulary import LANGUAGES

from .answers import ScreeningAnswers, ScreeningTold
from .asking import Asking
from .caller import Caller, OneOf
from .direct import Direct
from .examples import ANSWER, BODY
from .held import held_by
from .problems import responses
from .told import MatchesTold

JSON = "application/json"
Language = Annotated[str, OneOf(list(LANGUAGES))]
QUERY = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class MatchesBody(BaseModel):
    """A caller, and where known the answers of the call, which tell dangers and suggest a level where none is named."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [BODY]})

    caller: Caller
    answers: ScreeningAnswers | None = None


class Wanted(BaseModel):
    """What the answer should hold beside the matches in codes and numbers."""

    model_config = QUERY

    keep: int = Field(default=10, ge=1, le=200, description="matches")
    sentences: bool = Field(default=False, description="reasons in words, and the facility as a person knows it")
    why_not: int = Field(default=0, ge=0, le=200, description="others nearby, with all reasons")
    question: bool = Field(
        default=False, description="the next best question, and the open ones that decide legal order"
    )
    language: Language = Field(default="en", description="language of what is said in words")


class Spoken(BaseModel):
    """In which language an answer speaks."""

    model_config = QUERY

    language: Language = Field(default="en", description="language of what is said in words")


router = APIRouter(route_class=Direct, tags=["matches"])


@router.post(
    "/v1/matches",
    operation_id="matchCaller",
    summary="Rank the openings for one caller",
    response_model=MatchesTold,
    response_model_exclude_none=True,
    responses=responses(415) | {200: {"content": {JSON: {"example": ANSWER}}}},
)
async def match_caller(request: Request, body: MatchesBody, wanted: Annotated[Wanted, Query()]) -> bytes:
    """Rank the openings for one caller: dangers first, then matches, and never an empty answer."""
    held = held_by(request)
    asking = Asking(held, body.caller.cells(), body.answers, wanted.language)
    return orjson.dumps(await asking.answer(wanted))


@router.post(
    "/v1/screenings",
    operation_id="screenCall",
    summary="Screen the answers of one call",
    response_model=ScreeningTold,
    responses=responses(415),
)
async def screen_call(request: Request, body: ScreeningAnswers, wanted: Annotated[Spoken, Query()]) -> bytes:
    """Screen the answers of one call: dangers first, then the level of care they suggest. It never diagnoses."""
    from api.intake import json_of

    return orjson.dumps(json_of(screen(body.answers(), wanted.language)))
