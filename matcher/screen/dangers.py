"""Dangers first: each with when it is told, what it is, what to do now, and where that is written.

The words are our own; the facts are those of public federal sources. The Spanish awaits review by a human translator.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ..vocabulary import WithdrawalRisk
from .answers import YES, Answers, Sentence
from .needs import may_be_dangerous


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger that the answers tell of. ``now``: what to do at once, in order."""

    code: str
    sentence: str
    now: tuple[str, ...]
    source: str


class Alarm(NamedTuple):
    """A danger that is watched for. ``asks``: the fields that tell of it."""

    code: str
    asks: tuple[str, ...]
    when: Callable[[Answers], bool]
    says: Sentence
    now: tuple[Sentence, ...]
    source: str


_CALL_911 = Sentence(
    "Call 911 now, and stay on the line until help is there.",
    "Llame al 911 ahora y no cuelgue hasta que llegue la ayuda.",
)

ALARMS: tuple[Alarm, ...] = (
    Alarm(
        "overdose",
        ("overdose",),
        lambda told: told.overdose == YES,
        Sentence(
            "This may be an overdose: it comes before everything else.",
            "Puede ser una sobredosis: va antes que todo lo demás.",
        ),
        (
            _CALL_911,
            Sentence(
                "Give naloxone if it is at hand, whatever was taken; if nothing changes in 3 minutes, another dose.",
                "Dé naloxona si la tiene, sin importar qué se consumió; si en 3 minutos no hay cambio, otra dosis.",
            ),
            Sentence(
                "Where breathing is slow or has stopped, give rescue breaths, one every 5 seconds.",
                "Si respira despacio o no respira, dé respiración de rescate, un soplo cada 5 segundos.",
            ),
            Sentence(
                "Once they breathe, lay them on their side; do not leave them alone.",
                "Cuando respire, póngala de lado; no la deje sola.",
            ),
        ),
        "SAMHSA Overdose Prevention and Response Toolkit; CDC, overdose response",
    ),
    Alarm(
        "severe-withdrawal",
        ("withdrawal_signs",),
        lambda told: told.withdrawal_signs == YES,
        Sentence(
            "Seizures, confusion or hallucinations in withdrawal can kill: this is an emergency.",
            "Las convulsiones, la confusión o las alucinaciones de la abstinencia pueden matar: es una emergencia.",
        ),
        (
            _CALL_911,
            Sentence(
                "Tell them what was used, how much, and when it was last taken.",
                "Diga qué se consumió, cuánto y cuándo fue la última vez.",
            ),
            Sentence(
                "Do not leave the person alone; clear away what could hurt them in a seizure.",
                "No deje sola a la persona; retire lo que pueda lastimarla en una convulsión.",
            ),
        ),
        "SAMHSA TIP 45, chapter 4",
    ),
    Alarm(
        "suicide",
        ("suicidal",),
        lambda told: told.suicidal == YES,
        Sentence(
            "There are thoughts of suicide or self-harm.",
            "Hay pensamientos de suicidio o de hacerse daño.",
        ),
        (
            Sentence(
                "An attempt, or one about to be made: call 911 now.",
                "Si hubo un intento o está por haberlo: llame al 911 ahora.",
            ),
            Sentence(
                "Call or text 988, at any hour; in Spanish, press 2 or text AYUDA.",
                "Llame o envíe un mensaje de texto al 988, a cualquier hora; en español, oprima 2 o escriba AYUDA.",
            ),
            Sentence(
                "Stay on the line until they are with somebody; keep medicines and weapons out of reach.",
                "No cuelgue hasta que esté acompañada; mantenga medicinas y armas fuera de su alcance.",
            ),
        ),
        "988lifeline.org",
    ),
    Alarm(
        "withdrawal-at-risk",
        ("delirium", "stopping", "withdrawal"),
        lambda told: YES in (told.delirium, told.stopping) or told.withdrawal == WithdrawalRisk.SEVERE,
        Sentence(
            "Withdrawal may become dangerous within hours or days: it needs medical care.",
            "La abstinencia puede volverse peligrosa en horas o días: necesita atención médica.",
        ),
        (
            Sentence(
                "Do not stop alcohol or benzodiazepines suddenly on one's own: a doctor sets the pace.",
                "No deje de golpe y por su cuenta el alcohol ni las benzodiacepinas: el médico marca el ritmo.",
            ),
            Sentence(
                "Already stopped: to an emergency department today.",
                "Si ya lo dejó: acuda hoy a una sala de emergencias.",
            ),
            Sentence(
                "A seizure, confusion, fever, or seeing or hearing things that are not there: call 911.",
                "Si hay convulsión, confusión, fiebre, o ve u oye cosas que no existen: llame al 911.",
            ),
        ),
        "SAMHSA TIP 45, chapter 4",
    ),
    Alarm(
        "pregnancy-withdrawal",
        ("pregnant", "substances"),
        lambda told: told.pregnant == YES and may_be_dangerous(told),
        Sentence(
            "In pregnancy, withdrawal without medical care endangers both.",
            "En el embarazo, la abstinencia sin atención médica pone en peligro a los dos.",
        ),
        (
            Sentence(
                "Do not stop opioids, alcohol or benzodiazepines suddenly.",
                "No deje de golpe los opioides, el alcohol ni las benzodiacepinas.",
            ),
            Sentence(
                "For opioids: ask for a place that starts or continues buprenorphine or methadone in pregnancy.",
                "Para opioides: pida un lugar que inicie o continúe buprenorfina o metadona en el embarazo.",
            ),
            Sentence(
                "Bleeding, strong belly pain, or withdrawal that gets worse: emergency department, or 911.",
                "Si hay sangrado, dolor fuerte de vientre o empeora la abstinencia: sala de emergencias o 911.",
            ),
        ),
        "SAMHSA TIP 63; SAMHSA Clinical Guidance for Treating Pregnant and Parenting Women With Opioid Use Disorder",
    ),
    Alarm(
        "pregnancy-priority",
        ("pregnant",),
        lambda told: told.pregnant == YES,
        Sentence(
            "A pregnant caller has legal priority for admission.",
            "Una persona embarazada tiene por ley prioridad de admisión.",
        ),
        (
            Sentence(
                "With her consent, tell the program: with federal block-grant funds it must put her first.",
                "Con su consentimiento, dígalo al programa: si recibe fondos federales en bloque, le da prioridad.",
            ),
            Sentence(
                "Where it is full, the State must find her a place, or interim care within 48 hours.",
                "Si está lleno, el estado debe encontrarle lugar, o atención provisional en 48 horas.",
            ),
        ),
        "45 CFR 96.131; 42 USC 300x-27",
    ),
)
"""All dangers, in the order in which they are told."""

ASKED_FIRST = tuple(dict.fromkeys(name for alarm in ALARMS for name in alarm.asks))
"""The fields that tell of a danger, in the order in which they are asked."""


def dangers(answers: Answers, language: str) -> tuple[Danger, ...]:
    """The dangers that the answers tell of, the most urgent first."""
    return tuple(
        Danger(alarm.code, alarm.says.said(language), tuple(one.said(language) for one in alarm.now), alarm.source)
        for alarm in ALARMS
        if alarm.when(answers)
    )
