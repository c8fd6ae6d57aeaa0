"""The command that screens one call: dangers first, then the level of care that the answers suggest."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from data.findings import InputError
from matcher.screen import NO, QUESTIONS, YES, Answers, Screening, Sentence, screen
from matcher.vocabulary import UNKNOWN

from .options import Json, Language, Substances, language_of, out, print_json

MARKS = {YES: ("+", "green"), NO: ("-", "red"), UNKNOWN: ("?", "yellow")}
FLAGS = {"substances": "--substance"}
"""What a person types for an answer, where it is not its name."""

NOW = Sentence("Do this now:", "Haga esto ahora:")
SUGGESTED = Sentence("Suggested: {level}", "Se sugiere: {level}")
ASSESSED = Sentence("Assessed: {level}", "Evaluado: {level}")
SIGNS = Sentence("Signs that outpatient care is a good match", "Señales de que el tratamiento ambulatorio conviene")
OPEN = Sentence("Not known yet; ask in this order", "Todavía no se sabe; pregunte en este orden")


def _asked(field: str) -> Any:
    return typer.Option(help=QUESTIONS[field].asks.en)


def screening(
    overdose: Annotated[str, _asked("overdose")] = "",
    withdrawal_signs: Annotated[str, _asked("withdrawal_signs")] = "",
    suicidal: Annotated[str, _asked("suicidal")] = "",
    delirium: Annotated[str, _asked("delirium")] = "",
    stopping: Annotated[str, _asked("stopping")] = "",
    pregnant: Annotated[str, _asked("pregnant")] = "",
    willing: Annotated[str, _asked("willing")] = "",
    support: Annotated[str, _asked("support")] = "",
    near: Annotated[str, _asked("near")] = "",
    can_get_there: Annotated[str, _asked("can_get_there")] = "",
    mental_health: Annotated[str, _asked("mental_health")] = "",
    medical_health: Annotated[str, _asked("medical_health")] = "",
    therapist: Annotated[str, _asked("therapist")] = "",
    low_relapse_risk: Annotated[str, _asked("low_relapse_risk")] = "",
    withdrawal: Annotated[str, _asked("withdrawal")] = "",
    substance: Substances = "",
    home_safe: Annotated[str, _asked("home_safe")] = "",
    homeless: Annotated[str, _asked("homeless")] = "",
    unstable: Annotated[str, _asked("unstable")] = "",
    structure: Annotated[str, _asked("structure")] = "",
    returned: Annotated[str, _asked("returned")] = "",
    methadone: Annotated[str, _asked("methadone")] = "",
    finished: Annotated[str, _asked("finished")] = "",
    assessed: Annotated[
        str, typer.Option(help="Level of care that a clinician assessed: a code (IOP) or asam:2.1@3rd. It always wins.")
    ] = "",
    language: Language = "en",
    as_json: Json = False,
) -> None:
    """Screen a call by yes, no, or nothing where it is not known: dangers first, then a suggested level of care."""
    given = {"substances" if name == "substance" else name: value for name, value in locals().items()}
    found = screen(answers_of({name: given[name] for name in QUESTIONS}), language_of(language))
    if as_json:
        print_json(json_of(found))
    else:
        _show(found, language)


def answers_of(cells: dict[str, str]) -> Answers:
    """Return the answers that texts give, each as a callers table would write it; blank is not known.

    Raises ``InputError`` naming the option, the value, and what is allowed.
    """
    from data import cells as read
    from matcher.vocabulary import Substance, WithdrawalRisk

    kinds = {
        "withdrawal": read.one_of(WithdrawalRisk),
        "substances": read.codes(Substance, negatives=False),
        "assessed": read.NEED,
    }
    found = {}
    for name, text in cells.items():
        if text.strip():
            cell = kinds.get(name, read.YES)
            number, wrong = cell.read(text.strip())
            if wrong:
                flag = FLAGS.get(name, "--" + name.replace("_", "-"))
                raise InputError(f"{flag} {wrong!r}: {cell.problem}; allowed: {cell.allowed}")
            found[name] = number[0] if isinstance(number, tuple) else number
    return Answers(**found)


def json_of(found: Screening) -> dict[str, Any]:
    """Return a screening as what JSON can hold: the level by its code, a sign met true, false, or null."""
    signs = [{**asdict(sign), "met": {YES: True, NO: False}.get(sign.met)} for sign in found.signs]
    return {**asdict(found), "suggested": found.suggested.code, "signs": signs}


def _show(found: Screening, language: str) -> None:
    for danger in found.dangers:
        out.print(Text(danger.sentence, style="bold red"))
        out.print(Text(NOW.said(language), style="red"))
        for number, act in enumerate(danger.now, 1):
            _line(f"{number}. {act}", "red")
        _line(danger.source, "dim")
    _show_suggestion(found, language)
    if found.open_questions:
        out.print(Text(OPEN.said(language), style="bold"))
    for number, question in enumerate(found.open_questions, 1):
        _line(f"{number}. {question.sentence}", "yellow")
    out.print(Text(found.notice, style="yellow"))


def _show_suggestion(found: Screening, language: str) -> None:
    level = found.suggested.said(language)
    named = f"{level} ({found.suggested.short})" if found.suggested.short else level
    out.print(Text((ASSESSED if found.assessed else SUGGESTED).said(language, level=named), style="bold"))
    for reason in found.reasons:
        _line(f"- {reason.sentence}")
    out.print(Text(SIGNS.said(language), style="bold"))
    for sign in found.signs:
        mark, style = MARKS[sign.met]
        _line(f"{mark} {sign.sentence}", style)


def _line(text: str, style: str = "") -> None:
    out.print(Padding(Text(text, style=style), (0, 0, 0, 2), expand=False))
