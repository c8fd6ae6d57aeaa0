"""What ``POST /v1/matches`` answers: models for the schema; the answer itself is made by ``written``."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from matcher.say import Verdict
from matcher.vocabulary import LevelOfCare, Medication, MedicationUse, Payer, PoolKind, TravelMode

from .answers import DangerTold
from .caller import OneOf, codes

CLOSED = ConfigDict(extra="forbid")


class WayTold(BaseModel):
    """How the caller would use the opening; null is not known, or none needed."""

    model_config = CLOSED

    mode: Annotated[str, codes(TravelMode)] | None
    minutes: int | None = Field(description="minutes one way")
    distance: int = Field(description="tenths of a mile, great circle")
    medication: Annotated[str, codes(Medication)] | None
    use: Annotated[str, codes(MedicationUse)] | None
    payer: Annotated[str, codes(Payer)] | None


class PoolTold(BaseModel):
    """A limited supply that the match would draw on."""

    model_config = CLOSED

    kind: Annotated[str, codes(PoolKind)] | None = Field(description="what is counted; null: nobody reports this pool")
    draws: int = Field(description="units this caller would take")
    free: int | None = Field(description="units free as reported; null: not reported, ask")
    age: int | None = Field(description="minutes since the report; null: not known")
    simulated: bool = Field(description="this number is made up")


class Verdicts(BaseModel):
    """How many reasons are against, full, to be asked of the facility, or cost minutes."""

    model_config = CLOSED

    against: int
    full: int
    ask: int
    cost: int


class ReasonSaid(BaseModel):
    """What one rule says; ``change``: the smallest change that lifts it, or the question to the facility."""

    model_config = CLOSED

    code: str = Field(description="as in /v1/rules")
    verdict: Annotated[str, OneOf([verdict.value for verdict in Verdict])]
    amount: int
    unit: str
    sentence: str
    change: str


class Shown(BaseModel):
    """What a person is shown of the facility and the unit."""

    model_config = CLOSED

    name: str
    street: str
    city: str
    state: str
    zip: str
    phone: str
    unit: str


class OpeningTold(BaseModel):
    """An opening and what is said of it; ``facility`` and ``reasons`` only with ``sentences`` or among the others."""

    model_config = CLOSED

    opening_id: str
    facility_id: str
    level: Annotated[str, codes(LevelOfCare)]
    start_date: str = Field(description="first day a new client can attend, ISO date; blank: not reported")
    way: WayTold
    cost: int = Field(description="minutes a week")
    verdicts: Verdicts
    pools: list[PoolTold]
    facility: Shown | None = None
    reasons: list[ReasonSaid] | None = None


class MatchTold(OpeningTold):
    """A match: ``group`` is the place of the first that it is tied with; ``reported``: all pools it needs are."""

    place: int = Field(ge=1)
    group: int = Field(ge=1)
    reported: bool


class InterimTold(BaseModel):
    """What could hold the caller until the level needed has room."""

    model_config = CLOSED

    level: Annotated[str, codes(LevelOfCare)]
    match: MatchTold


class NoticeTold(BaseModel):
    """What law and payer ask beyond the match; ``sentence`` only with ``sentences``."""

    model_config = CLOSED

    code: str
    source: str
    sentence: str | None = None


class TriedTold(BaseModel):
    """What one answer to the question would do to the openings listed now."""

    model_config = CLOSED

    answer: str
    share: float
    changed: int
    decided: int
    fitting: int


class QuestionTold(BaseModel):
    """The one question worth asking next; ``code`` is the field of the caller that its answer fills."""

    model_config = CLOSED

    code: str
    asks: str
    why: str
    changes: float
    decides: float
    listed: int
    answers: list[TriedTold]


class LegalTold(BaseModel):
    """An open question that decides the legal order of admission."""

    model_config = CLOSED

    code: str
    asks: str


class MatchesTold(BaseModel):
    """The answer for one caller: dangers first, then matches; where nothing matches, what comes nearest."""

    model_config = CLOSED

    dangers: list[DangerTold] = Field(description="told and acted on before anything else")
    simulated: bool = Field(description="whether any number of free seats in the directory is made up")
    notice: str = Field(description="what this answer is not")
    need: Annotated[str, codes(LevelOfCare)] = Field(description="the level asked for, or suggested by the answers")
    matches: list[MatchTold]
    misses: list[OpeningTold] = Field(description="where nothing matches: openings with least against them")
    full: list[OpeningTold] = Field(description="where nothing matches: openings against which only a full pool stands")
    interim: list[InterimTold] = Field(description="where nothing matches: steps until then")
    notices: list[NoticeTold]
    unfinished: list[str] = Field(description="parts asked for that could not be made; the list stands all the same")
    others: list[OpeningTold] | None = Field(default=None, description="with why_not: others nearby, with all reasons")
    question: QuestionTold | None = Field(
        default=None, description="with question: the one worth asking next, null: none is"
    )
    legal: list[LegalTold] | None = Field(
        default=None, description="with question: open questions that decide legal order"
    )
