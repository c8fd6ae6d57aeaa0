"""The answers of an intake call: each field is declared with the question that asks for it, in each language."""

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Annotated, NamedTuple, get_args, get_type_hints

from ..vocabulary import UNKNOWN, LevelOfCare, Substance, WithdrawalRisk, Word

YES, NO = 1, 0


class Sentence(NamedTuple):
    """One sentence in each language; names in braces are filled when it is said."""

    en: str
    es: str

    def said(self, language: str, **words: str) -> str:
        """The sentence in this language."""
        return (self.es if language == "es" else self.en).format(**words)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for one field, in each language.

    ``words``: what the answer is a word of, or, where ``many``, a mask of; None: the answer is yes 1 or no 0. Not known
    is -1, of a mask 0.
    """

    asks: Sentence
    words: type[Word] | None = None
    many: bool = False

    @property
    def unknown(self) -> int:
        """What stands where the answer is not known."""
        return 0 if self.many else UNKNOWN

    @property
    def possible(self) -> tuple[int, ...]:
        """The answers a caller may give; of a mask, each of its words alone."""
        if self.words is None:
            return (NO, YES)
        return tuple(word.bit if self.many else int(word) for word in self.words)

    def accepts(self, value: int) -> bool:
        """Whether a value is an answer to this question, or its "not known"."""
        return value == self.unknown or (0 < value <= sum(self.possible) if self.many else value in self.possible)


def _asks(en: str, es: str) -> Question:
    return Question(Sentence(en, es))


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of a caller: 1 yes, 0 no, -1 not known, unless the field's question says otherwise.

    First the dangers, then the eight signs that outpatient care is a good match, then what else decides. Raises
    ``ValueError`` naming the field and the value where it is no answer.
    """

    overdose: Annotated[
        int,
        _asks(
            "Is this an overdose: is somebody hard to wake, breathing slowly, or blue at the lips?",
            "¿Es una sobredosis: cuesta despertar a la persona, respira despacio o tiene los labios azules?",
        ),
    ] = UNKNOWN
    withdrawal_signs: Annotated[
        int,
        _asks(
            "Since stopping or cutting down: any seizure, confusion, or seeing or hearing things that are not there?",
            "Desde que dejó de consumir o consume menos: ¿convulsiones, confusión, o ve u oye cosas que no existen?",
        ),
    ] = UNKNOWN
    suicidal: Annotated[
        int, _asks("Are there thoughts of suicide or self-harm?", "¿Hay pensamientos de suicidio o de hacerse daño?")
    ] = UNKNOWN
    delirium: Annotated[
        int,
        _asks(
            "Is alcohol or a sedative used now, and did an earlier withdrawal bring delirium tremens or a seizure?",
            "¿Consume ahora alcohol o sedantes y tuvo en otra abstinencia delirium tremens o una convulsión?",
        ),
    ] = UNKNOWN
    stopping: Annotated[
        int,
        _asks(
            "Is the caller stopping alcohol or benzodiazepines, or has just stopped, after heavy daily use?",
            "¿Está dejando o acaba de dejar el alcohol o las benzodiacepinas tras un consumo diario y fuerte?",
        ),
    ] = UNKNOWN
    pregnant: Annotated[int, _asks("Is the caller pregnant?", "¿La persona está embarazada?")] = UNKNOWN
    willing: Annotated[
        int, _asks("Is the caller willing to attend every session?", "¿Está dispuesta la persona a ir a cada sesión?")
    ] = UNKNOWN
    support: Annotated[
        int,
        _asks(
            "Is there somebody at home who supports the recovery?", "¿Hay en casa alguien que apoye la recuperación?"
        ),
    ] = UNKNOWN
    near: Annotated[
        int,
        _asks(
            "Does the caller live near enough to go several times a week?",
            "¿Vive lo bastante cerca para ir varias veces por semana?",
        ),
    ] = UNKNOWN
    can_get_there: Annotated[
        int, _asks("Does the caller have a way to get there?", "¿Tiene la persona cómo llegar?")
    ] = UNKNOWN
    mental_health: Annotated[int, _asks("Is mental health stable?", "¿Es estable la salud mental?")] = UNKNOWN
    medical_health: Annotated[int, _asks("Is medical health stable?", "¿Es estable la salud física?")] = UNKNOWN
    therapist: Annotated[
        int, _asks("Does the caller have a therapist of their own?", "¿Tiene la persona su propio terapeuta?")
    ] = UNKNOWN
    low_relapse_risk: Annotated[
        int,
        _asks(
            "Is the risk of relapse low, with few cravings and few occasions to use?",
            "¿Es bajo el riesgo de recaída, con poco deseo y pocas ocasiones de consumir?",
        ),
    ] = UNKNOWN
    withdrawal: Annotated[
        int,
        Question(
            Sentence(
                "How dangerous may withdrawal become: low, moderate or severe?",
                "¿Qué tan peligrosa puede ser la abstinencia: riesgo bajo, moderado o grave?",
            ),
            WithdrawalRisk,
        ),
    ] = UNKNOWN
    substances: Annotated[
        int, Question(Sentence("Which substances are used?", "¿Qué sustancias consume?"), Substance, many=True)
    ] = 0
    home_safe: Annotated[
        int,
        _asks("Is the home safe, and free of people who use?", "¿Es seguro el hogar, sin personas que consuman en él?"),
    ] = UNKNOWN
    homeless: Annotated[int, _asks("Is the caller without a home?", "¿La persona está sin hogar?")] = UNKNOWN
    unstable: Annotated[
        int,
        _asks(
            "Does a medical or mental condition need a doctor or nurse at hand day and night?",
            "¿Alguna condición física o mental exige tener médico o enfermera a mano día y noche?",
        ),
    ] = UNKNOWN
    structure: Annotated[
        int,
        _asks("Does the caller need structure day and night?", "¿Necesita la persona una rutina guiada día y noche?"),
    ] = UNKNOWN
    returned: Annotated[
        int,
        _asks(
            "Did the caller recently return to use while in outpatient care?",
            "¿Volvió hace poco a consumir estando en tratamiento ambulatorio?",
        ),
    ] = UNKNOWN
    methadone: Annotated[
        int, _asks("Are opioids used, and is methadone wanted?", "¿Consume opioides y quiere metadona?")
    ] = UNKNOWN
    finished: Annotated[
        int,
        _asks(
            "Has the caller finished a treatment program and not returned to use since?",
            "¿Terminó un programa de tratamiento y no ha vuelto a consumir?",
        ),
    ] = UNKNOWN
    assessed: Annotated[
        int,
        Question(
            Sentence("Which level of care did a clinician assess?", "¿Qué nivel de atención evaluó un clínico?"),
            LevelOfCare,
        ),
    ] = UNKNOWN

    def __post_init__(self) -> None:
        """Refuse what is no answer."""
        for name, question in QUESTIONS.items():
            if not question.accepts(getattr(self, name)):
                allowed = ", ".join(map(str, (question.unknown, *question.possible)))
                raise ValueError(f"{name} {getattr(self, name)!r} is no answer; allowed are: {allowed}")


_HINTS = get_type_hints(Answers, include_extras=True)

QUESTIONS = MappingProxyType({field.name: get_args(_HINTS[field.name])[1] for field in fields(Answers)})
"""Field of ``Answers`` -> its question, in the order of the fields."""
