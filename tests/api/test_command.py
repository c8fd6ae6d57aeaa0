import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from api.caller import UNTOLD, flag
from data.columns import CALLERS
from matcher.rules import RULES

NOW = "2026-11-24T08:00"
CALLER = ["--zip", "98101", "--need", "IOP", "--payer", "medicaid", "--state", "WA", "--mode", "car", "--now", NOW]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api.command", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def answer(*arguments: object) -> Any:
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    done = run("simulate", "--out", folder, "--facilities", 2000, "--callers", 60, "--seed", 3, "--now", NOW)
    assert done.returncode == 0, done.stderr
    return folder


def test_rules_are_listed_with_code_kind_and_title() -> None:
    listed = answer("rules")
    assert [rule["code"] for rule in listed] == [rule.code for rule in RULES]
    assert all(rule["kind"] in ("requirement", "capacity", "preference") and rule["title"] for rule in listed)


def test_a_caller_is_ranked_with_reasons(directory: Path) -> None:
    ranked = answer("rank", directory, *CALLER)
    costs = [match["explanation"]["cost"] for match in ranked["matches"]]
    assert costs
    assert costs == sorted(costs)
    assert all(match["explanation"]["reasons"] for match in ranked["matches"])
    assert ranked["simulated"] is True


def test_what_is_simulated_says_so_to_a_person(directory: Path) -> None:
    done = run("rank", directory, *CALLER)
    assert "Seat numbers are simulated." in done.stdout
    assert "(simulated)" in done.stdout


def test_the_first_match_is_explained_as_fitting(directory: Path) -> None:
    first = answer("rank", directory, *CALLER)["matches"][0]["opening_id"]
    assert answer("explain", directory, first, *CALLER)["fits"] is True


def test_every_fact_of_a_caller_can_be_told_on_the_command_line(directory: Path) -> None:
    more = ["--persons", "2", "--speaks", "spanish", "--age", "30;34", "--gender", "female;male", "--wish", "yoga"]
    plain, told = (answer("rank", directory, *CALLER, *extra)["matches"][0] for extra in ([], more))
    assert "language" not in {reason["code"] for reason in plain["explanation"]["reasons"]}
    assert {"language", "services-wished"} & {reason["code"] for reason in told["explanation"]["reasons"]}
    assert told["explanation"]["cost"] > plain["explanation"]["cost"]


def test_options_of_a_caller_are_the_columns_of_the_table() -> None:
    help_text = run("rank", "--help").stdout
    assert all(flag(column) in help_text for column in CALLERS if column not in UNTOLD)


def test_a_batch_is_placed_and_judged_right(directory: Path, tmp_path: Path) -> None:
    placements = tmp_path / "placements.csv"
    placed = answer("assign", directory, "--out", placements, "--now", NOW)
    assert placed["proof"]["status"] == "optimal"
    verdict = answer("check", directory, placements, "--now", NOW)
    assert verdict["right"] is True
    assert verdict["placed"] == placed["proof"]["people"]


def test_an_answer_is_proven_by_its_prices_and_a_forged_one_is_not(directory: Path, tmp_path: Path) -> None:
    placements, proof = tmp_path / "placements.csv", tmp_path / "proof.csv"
    placed = answer("assign", directory, "--out", placements, "--proof", proof, "--now", NOW)
    proven = answer("check", directory, placements, "--proof", proof, "--now", NOW)["proven"]
    assert proven["people_bound"] == placed["proof"]["people_bound"]
    assert proven["gap_people"] == 0
    lines = proof.read_text(encoding="utf-8").splitlines(keepends=True)
    proof.write_text("".join(line for line in lines if not line.startswith("caller")), encoding="utf-8")
    forged = answer("check", directory, placements, "--proof", proof, "--now", NOW)["proven"]
    assert forged["gap_minutes"] > proven["gap_minutes"] == 0
    proof.write_text("".join(lines).replace("caller,", "pond,", 1), encoding="utf-8")
    refused = run("check", directory, placements, "--proof", proof, "--now", NOW)
    assert refused.returncode == 2
    row = 1 + next(number for number, line in enumerate(lines) if line.startswith("caller,"))
    assert f"proof.csv, row {row}, column kind: 'pond'" in refused.stderr


def test_a_batch_that_places_nobody_is_judged_wrong(directory: Path, tmp_path: Path) -> None:
    placements = tmp_path / "placements.csv"
    answer("assign", directory, "--out", placements, "--now", NOW)
    placements.write_text(placements.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    done = run("check", directory, placements, "--now", NOW)
    assert done.returncode == 1
    assert "passed over" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rank", "nowhere", "--zip", "98101"], "nowhere"),
        (["rank", "{}", "--zip", "98101", "--need", "IOPX"], "IOPX"),
        (["rank", "{}", "--zip", "00000", "--need", "IOP"], "00000"),
        (["rank", "{}", "--zip", "98101", "--need", "IOP", "--mode", "rocket"], "rocket"),
        (["rank", "{}", "--caller", "nobody"], "nobody"),
        (["rank", "{}", "--zip", "98101", "--need", "IOP", "--speaks", "Klingon"], "--speaks"),
        (["rank", "{}", "--zip", "98101", "--need", "IOP", "--free", "Mon 25:00"], "--free"),
        (["rank", "{}", "--zip", "98101", "--need", "IOP", "--exclude", "f0"], "--exclude"),
        (["rank", "{}", "--zip", "98101", "--need", "IOP", "--language", "xx"], "xx"),
        (["explain", "{}", "no-such-opening", "--zip", "98101", "--need", "IOP"], "no-such-opening"),
        (["check", "{}", "{}/callers.csv"], "callers.csv"),
        (["read", "no-such-file.csv", "--out", "{}"], "no-such-file.csv"),
        (["assign", "{}", "--callers", "no-such-callers.csv"], "no-such-callers.csv"),
    ],
)
def test_bad_input_gets_one_sentence_and_no_traceback(directory: Path, arguments: list[str], said: str) -> None:
    done = run(*(text.replace("{}", str(directory)) for text in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr + done.stdout


def test_the_next_question_is_told_with_why(directory: Path) -> None:
    told = answer("ask", directory, "--zip", "98101", "--need", "IOP", "--mode", "car", "--now", NOW)
    question = told["question"]
    assert question["code"] in CALLERS
    assert 0 < question["decides"] <= question["listed"]
    assert sum(one["share"] for one in question["answers"]) == pytest.approx(1.0)
    assert f"of the {question['listed']} openings" in question["why"]
    assert [one["code"] for one in told["legal"]] == ["pregnant", "injecting"]
    spanish = run("ask", directory, "--zip", "98101", "--need", "IOP", "--mode", "car", "--language", "es").stdout
    assert "¿" in spanish
