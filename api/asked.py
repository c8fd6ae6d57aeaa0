"""The command that names the one question worth asking next, and why."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from matcher.question import Question, Worth

from .caller import Caller, told_of_a_caller
from .options import Folder, Json, Language, Now, language_of, out, print_json

WHY = {
    "en": "It decides {decides:.0f} of the {listed} openings listed now, and changes {changes:.1f} of the best three.",
    "es": "Decide {decides:.0f} de los {listed} lugares de la lista, y cambia {changes:.1f} de los tres mejores.",
}
NONE = {
    "en": "No answer that is still open would change the best three.",
    "es": "Ninguna respuesta pendiente cambiaría los tres mejores.",
}
LEGAL = {"en": "It decides the legal order of admission: {asks}", "es": "Decide el orden legal de ingreso: {asks}"}
HEADINGS = {
    "en": ("answer", "callers who give it", "changed of the best three", "decided", "still fitting"),
    "es": ("respuesta", "personas que la dan", "cambian de los tres mejores", "decididos", "siguen"),
}


@told_of_a_caller
def ask(folder: Folder, caller: Caller, language: Language = "en", now: Now = None, as_json: Json = False) -> None:
    """Name the one question whose answer would change the best three openings most, and why."""
    from api import load, show
    from data.questions import questions
    from matcher.question import legal_questions, next_question
    from matcher.sweep import Sweep

    loaded, spoken = load.load(folder, now), language_of(language)
    row = load.referral(loaded, caller)
    listed = questions(loaded.directory, loaded.policy)
    worth = next_question(Sweep(loaded.directory, loaded.policy, compile_rules=False), row, listed)
    legal = legal_questions(row, listed)
    if as_json:
        print_json({"simulated": loaded.simulated, **json_of(worth, legal, spoken)})
        return
    show.notice(out, loaded)
    _show(worth, legal, spoken)


def json_of(worth: Worth | None, legal: list[Question], language: str) -> dict[str, Any]:
    """Return the question, why it is worth asking, and the questions that decide the legal order."""
    by_law = [{"code": one.code, "asks": one.asks[language]} for one in legal]
    if worth is None:
        return {"question": None, "legal": by_law}
    answers = [
        {"answer": one.answer.said[language], "share": one.answer.share, "changed": one.changed}
        | {"decided": one.decided, "fitting": one.fitting}
        for one in worth.tried
    ]
    question = {
        "code": worth.question.code,
        "asks": worth.question.asks[language],
        "why": _why(worth, language),
        "changes": worth.changes,
        "decides": worth.decides,
        "listed": worth.listed,
        "answers": answers,
    }
    return {"question": question, "legal": by_law}


def _why(worth: Worth, language: str) -> str:
    return WHY[language].format(decides=worth.decides, listed=worth.listed, changes=worth.changes)


def _show(worth: Worth | None, legal: list[Question], language: str) -> None:
    if worth is None:
        out.print(NONE[language])
    else:
        out.print(Text(worth.question.asks[language], style="bold"))
        out.print(_why(worth, language))
        table = Table(box=SIMPLE_HEAD)
        for number, heading in enumerate(HEADINGS[language]):
            table.add_column(heading, justify="right" if number else "left")
        for one in worth.tried:
            table.add_row(
                one.answer.said[language], f"{one.answer.share:.0%}", *map(str, (one.changed, one.decided, one.fitting))
            )
        out.print(table)
    for question in legal:
        out.print(LEGAL[language].format(asks=question.asks[language]))
