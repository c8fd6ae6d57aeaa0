"""Answers as JSON: words by their codes, openings by their ids, everything else as it is."""

from dataclasses import fields, is_dataclass
from typing import Any

from matcher.explain import Explanation
from matcher.facts import Way
from matcher.records import fields as declared
from matcher.vocabulary import Word

from .load import Loaded, also_says


def json_of(loaded: Loaded, answer: Any) -> Any:
    """Return an answer as what JSON can hold."""
    if isinstance(answer, Way):
        return {name: _word(name, value) for name, value in answer._asdict().items()}
    if isinstance(answer, Explanation):
        opening_id = loaded.directory.opening_ids[answer.opening]
        facility = int(loaded.directory.openings["facility"][answer.opening])
        return {
            "opening_id": opening_id,
            "facility_id": loaded.directory.facility_ids[facility],
            "facility": loaded.facilities.names[facility],
            "fits": answer.fits,
            "way": json_of(loaded, answer.way),
            "cost": answer.cost,
            "reasons": json_of(loaded, answer.reasons),
            "also_says": [{"facility": name, "says": said} for name, said in also_says(loaded, answer.opening)],
        }
    if is_dataclass(answer):
        return {field.name: json_of(loaded, getattr(answer, field.name)) for field in fields(answer)}
    if isinstance(answer, Word):
        return answer.code
    return [json_of(loaded, one) for one in answer] if isinstance(answer, tuple) else answer


def _word(name: str, value: int) -> str | int | None:
    """Return a field of a way: its word's code, or its number; None where it is not known or none."""
    words = declared(Way)[name].words
    if value < 0:
        return None
    return value if words is None else words.at(value).code
