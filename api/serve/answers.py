"""The answers of an intake call as a request tells them, and what they add up to."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from data import cells
from matcher.screen import NO, QUESTIONS, YES, Answers, Screening
from matcher.vocabulary import Substance, WithdrawalRisk

from .caller import NEED_EXAMPLES, STRICT, codes
from .problems import FieldProblem, invalid


def asked(name: str, **limits: Any) -> Any:
    """Return a field that says of itself the question that is asked for it, and is not known unless given."""
    return Field(default=None, description=QUESTIONS[name].asks.en, **limits)


class ScreeningAnswers(BaseModel):
    """What is known of a caller from the call: yes true, no false; what is not known is left out."""

    model_config = STRICT

    overdose: bool | None = asked("overdose")
    withdrawal_signs: bool | None = asked("withdrawal_signs")
    suicidal: bool | None = asked("suicidal")
    delirium: bool | None = asked("delirium")
    stopping: bool | None = asked("stopping")
    pregnant: bool | None = asked("pregnant")
    willing: bool | None = asked("willing")
    support: bool | None = asked("support")
    near: bool | None = asked("near")
    can_get_there: bool | None = asked("can_get_there")
    mental_health: bool | None = asked("mental_health")
    medical_health: bool | None = asked("medical_health")
    therapist: bool | None = asked("therapist")
    low_relapse_risk: bool | None = asked("low_relapse_risk")
    withdrawal: Annotated[str, codes(WithdrawalRisk)] | None = asked("withdrawal")
    substances: list[Annotated[str, codes(Substance)]] | None = asked("substances", max_length=len(Substance))
    home_safe: bool | None = asked("home_safe")
    homeless: bool | None = asked("homeless")
    unstable: bool | None = asked("unstable")
    structure: bool | None = asked("structure")
    returned: bool | None = asked("returned")
    methadone: bool | None = asked("methadone")
    finished: bool | None = asked("finished")
    assessed: str | None = asked("assessed", min_length=1, max_length=60, examples=NEED_EXAMPLES)

    def answers(self) -> Answers:
        """Return the answers as screening takes them. Raises ``ProblemError`` where the level assessed is none."""
        found: dict[str, int] = {}
        for name, value in self.__dict__.items():
            if value is not None:
                found[name] = self._number(name, value)
        return Answers(**found)

    def _number(self, name: str, value: Any) -> int:
        if isinstance(value, bool):
            return YES if value else NO
        if name == "withdrawal":
            return int(WithdrawalRisk.of(value))
        if name == "substances":
            return sum({Substance.of(code).bit for code in value})
        number, wrong = cells.NEED.read(value)
        if wrong:
            raise invalid(
                [FieldProblem(field="answers.assessed", problem=cells.NEED.problem, allowed=cells.NEED.allowed)]
            )
        return int(number) if isinstance(number, int) else 0


class DangerTold(BaseModel):
    """A danger that the answers tell of; ``now``: what to do at once, in order."""

    code: str
    sentence: str
    now: list[str]
    source: str


class SignTold(BaseModel):
    """A sign that outpatient care is a good match: met, not met, or not known."""

    code: str
    sentence: str
    met: bool | None


class ReasonTold(BaseModel):
    """One reason for the level suggested."""

    code: str
    sentence: str


class OpenTold(BaseModel):
    """A question that is still open; ``danger``: it tells of a danger."""

    field: str
    sentence: str
    danger: bool


class ScreeningTold(BaseModel):
    """What the answers of one call add up to; dangers come first. It suggests and never diagnoses."""

    dangers: list[DangerTold]
    signs: list[SignTold]
    suggested: str
    reasons: list[ReasonTold]
    open_questions: list[OpenTold]
    assessed: bool
    notice: str


def dangers_of(found: Screening) -> list[dict[str, Any]]:
    """Return the dangers as what JSON can hold."""
    return [
        {"code": one.code, "sentence": one.sentence, "now": list(one.now), "source": one.source}
        for one in found.dangers
    ]
