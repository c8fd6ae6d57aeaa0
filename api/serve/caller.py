"""A caller as a request tells of one: the columns of the callers table, with lists instead of cells joined by ``;``.

A value is checked by the model where its words are known, and else by the cell that the tables are read with.
"""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from data.cells import OLDEST
from data.columns import CALLERS
from data.encode_callers import LONGEST, MOST_PERSONS
from matcher.facts import EXCLUDED
from matcher.vocabulary import (
    Access,
    Gender,
    Language,
    Medication,
    MedicationUse,
    Payer,
    Population,
    Service,
    State,
    Substance,
    TravelMode,
    WithdrawalRisk,
)

STRICT = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
HOURS = r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([0-9]|[01][0-9]|2[0-4]):(00|30)-([0-9]|[01][0-9]|2[0-4]):(00|30)$"
NEED_EXAMPLES = ["intensive-outpatient", "IOP", "asam:2.1@4th"]


class OneOf:
    """One of some codes: the model refuses any other, and the schema lists them."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the check of one code."""
        return core_schema.literal_schema(self.codes)


def codes(words: Any) -> OneOf:
    """Return one of the codes of these words."""
    return OneOf([word.code for word in words])


def told(column: str, **limits: Any) -> Any:
    """Return a field that says of itself what the table's column says, and is not known unless given."""
    text = CALLERS[column].replace(" joined by ;", "").replace("; blank:", "; if not given:")
    return Field(default=None, description=text, **limits)


def many(column: str, most: int) -> Any:
    """Return a field of up to so many values."""
    return told(column, max_length=most)


class Caller(BaseModel):
    """One caller, without identity: what a place needs to know to be found. What is not known is left out."""

    model_config = STRICT

    zip: str | None = told("zip", pattern=r"^[0-9]{5}(-[0-9]{4})?$", examples=["98101"])
    latitude: float | None = told("latitude", ge=-90, le=90)
    longitude: float | None = told("longitude", ge=-180, le=180)
    need: str | None = told("need", min_length=1, max_length=60, examples=NEED_EXAMPLES)
    payers: list[Annotated[str, codes(Payer)]] | None = many("payers", len(Payer))
    medicaid_state: Annotated[str, OneOf(list(State.__members__))] | None = told("medicaid_state")
    plan: str | None = told("plan", max_length=200)
    medications: list[Annotated[str, codes(Medication)]] | None = many("medications", len(Medication))
    uses: list[Annotated[str, codes(MedicationUse)]] | None = many("uses", len(MedicationUse))
    substances: list[Annotated[str, codes(Substance)]] | None = many("substances", len(Substance))
    modes: list[Annotated[str, codes(TravelMode)]] | None = many("modes", len(TravelMode))
    daily_limit: int | None = told("daily_limit", ge=0, le=LONGEST)
    admission_limit: int | None = told("admission_limit", ge=0, le=LONGEST)
    pregnant: bool | None = told("pregnant")
    injecting: bool | None = told("injecting")
    persons: int | None = told("persons", ge=1, le=MOST_PERSONS)
    children: int | None = told("children", ge=0, le=MOST_PERSONS)
    ages: list[Annotated[int, Field(ge=0, le=OLDEST)]] | None = many("ages", MOST_PERSONS)
    genders: list[Annotated[str, codes(Gender)]] | None = many("genders", len(Gender))
    populations: list[Annotated[str, codes(Population)]] | None = many("populations", len(Population))
    languages: list[Annotated[str, codes(Language)]] | None = many("languages", len(Language))
    accessibility: list[Annotated[str, codes(Access)]] | None = many("accessibility", len(Access))
    services: list[Annotated[str, codes(Service)]] | None = many("services", len(Service))
    withdrawal: Annotated[str, codes(WithdrawalRisk)] | None = told("withdrawal")
    co_occurring: bool | None = told("co_occurring")
    own_therapist: bool | None = told("own_therapist")
    excluded: list[Annotated[str, Field(max_length=200)]] | None = many("excluded", EXCLUDED)
    placed: str | None = told("placed", max_length=300)
    free: list[Annotated[str, Field(pattern=HOURS)]] | None = told(
        "free", max_length=100, examples=[["Mon 17:00-21:00"]]
    )

    def cells(self) -> dict[str, str]:
        """Return what is known as cells of the callers table, by column; a column that holds the usual is left out."""
        return {name: SAID[type(value)](value) for name, value in self.__dict__.items() if value is not None}

    def changes(self) -> dict[str, str]:
        """Return what was sent as cells, blank what was sent as null: it is known no more."""
        return dict.fromkeys(self.model_fields_set, "") | self.cells()


SAID: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "yes" if value else "no",
    list: lambda value: ";".join(map(str, value)),
    float: "{:.6f}".format,
    int: str,
}
