import json
import os
import subprocess
import sys
from typing import Any

import pytest
from matcher.screen import QUESTIONS

NOTICE = "It suggests and never diagnoses. Not clinical advice."
SIGNS = [
    "willing",
    "support",
    "near",
    "can-get-there",
    "mental-health",
    "medical-health",
    "therapist",
    "low-relapse-risk",
]
EVERY_SIGN = [part for name in SIGNS for part in (f"--{name}", "yes")]
STEADY = [*EVERY_SIGN, "--home-safe", "yes", "--withdrawal", "low"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api.command", "screen", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, **environment}
    )


def said(*arguments: str) -> str:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def answer(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_dangers_are_printed_before_the_suggestion_and_in_red() -> None:
    done = run("--overdose", "yes", FORCE_COLOR="1", TERM="xterm-256color")
    first = done.stdout.splitlines()[0]
    assert "This may be an overdose" in first
    assert "\x1b[1;31m" in first
    assert done.stdout.index("naloxone") < done.stdout.index("Suggested:")


def test_a_call_without_danger_begins_with_the_suggestion() -> None:
    text = said(*STEADY)
    assert text.startswith("Suggested: outpatient (OP)")
    assert "All 8 signs" in text
    assert text.endswith(NOTICE)


def test_what_is_not_known_is_asked_in_order() -> None:
    text = said("--suicidal", "no")
    assert "Not known yet; ask in this order 1. Is this an overdose" in text
    assert "thoughts of suicide" not in text


def test_the_screening_is_told_in_spanish() -> None:
    text = said("--suicidal", "YES", "--language", "es")
    assert text.startswith("Hay pensamientos de suicidio")
    assert "Se sugiere: tratamiento hospitalario" in text or "Se sugiere: manejo hospitalario" in text
    assert text.endswith("Sugiere y nunca diagnostica. No es consejo clínico.")


@pytest.mark.parametrize("assessed", ["IOP", "intensive-outpatient", "asam:2.1@3rd"])
def test_an_assessed_level_is_read_by_code_abbreviation_or_asam_number(assessed: str) -> None:
    found = answer("--assessed", assessed, "--stopping", "yes")
    assert (found["suggested"], found["assessed"]) == ("intensive-outpatient", True)
    assert [danger["code"] for danger in found["dangers"]] == ["withdrawal-at-risk"]
    assert "Assessed: intensive outpatient (IOP)" in said("--assessed", assessed)


def test_json_says_yes_no_and_not_known_apart() -> None:
    found = answer("--willing", "yes", "--near", "no", "--substance", "opioids;alcohol")
    met = {sign["code"]: sign["met"] for sign in found["signs"]}
    assert (met["willing"], met["near"], met["support"]) == (True, False, None)
    assert found["suggested"] == "residential-withdrawal-management"
    assert found["notice"] == NOTICE
    assert {"code", "sentence"} == set(found["reasons"][0])


def test_every_answer_has_an_option_that_fills_it() -> None:
    words = {"withdrawal": "low", "substances": "cannabis"}
    given = [
        part
        for name in QUESTIONS
        if name != "assessed"
        for part in ("--substance" if name == "substances" else "--" + name.replace("_", "-"), words.get(name, "no"))
    ]
    assert answer(*given)["open_questions"] == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--overdose", "maybe"], "--overdose 'maybe'"),
        (["--can-get-there", "x"], "--can-get-there 'x'"),
        (["--withdrawal", "bad"], "--withdrawal 'bad'"),
        (["--substance", "opioids;beer"], "--substance 'beer'"),
        (["--assessed", "IOPX"], "--assessed 'IOPX'"),
        (["--assessed", "asam:3.7@3rd"], "--assessed 'asam:3.7@3rd'"),
        (["--language", "fr"], "--language 'fr'"),
    ],
)
def test_bad_input_gets_one_sentence_with_what_is_allowed(arguments: list[str], named: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert named in done.stderr
    assert "allowed" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
