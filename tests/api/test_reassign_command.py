import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from .test_command import NOW, answer, run

WHEN = ("--now", NOW)


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A directory so small that callers compete, and the state of their placement."""
    folder = tmp_path_factory.mktemp("crowded")
    done = run("simulate", "--out", folder, "--facilities", 400, "--callers", 300, "--seed", 3, *WHEN)
    assert done.returncode == 0, done.stderr
    assert answer("assign", folder, "--state", folder / "state", *WHEN)["proof"]["status"] == "optimal"
    return folder, folder / "state"


def placements(state: Path) -> list[dict[str, str]]:
    with (state / "placements.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(path: Path, *events: tuple[str, str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("event", "id", "units"), *events])
    return path


def moved(placed: tuple[Path, Path], events: Path, *more: object) -> Any:
    return answer("reassign", placed[0], "--state", placed[1], "--events", events, *WHEN, *more)


def test_without_events_nothing_changes(placed: tuple[Path, Path], tmp_path: Path) -> None:
    plan = moved(placed, written(tmp_path / "events.csv"))
    assert plan["changes"] == []
    assert plan["proof"]["people"] == plan["proof"]["people_bound"]


def test_a_closed_opening_is_told_and_nothing_is_changed_until_it_is_applied(
    placed: tuple[Path, Path], tmp_path: Path
) -> None:
    one, other = placements(placed[1])[0], placements(placed[1])[1]
    closed = written(tmp_path / "events.csv", ("closed", one["opening_id"], ""))
    before = (placed[1] / "placements.csv").read_bytes()
    plan = moved(placed, closed)
    told = {change["referral_id"]: change for change in plan["changes"]}
    assert told[one["referral_id"]]["before"] == one["opening_id"]
    assert told[one["referral_id"]]["why"] == "its place is gone"
    assert plan["proof"]["people"] == plan["proof"]["people_bound"]
    assert (placed[1] / "placements.csv").read_bytes() == before
    state = tmp_path / "state"
    shutil.copytree(placed[1], state)
    assert moved((placed[0], state), closed, "--apply")["applied"] is True
    after = {row["referral_id"]: row["opening_id"] for row in placements(state)}
    assert after.get(one["referral_id"]) != one["opening_id"]
    still = {change["referral_id"] for change in plan["changes"]}
    assert other["referral_id"] in still or after[other["referral_id"]] == other["opening_id"]


def test_what_one_reassignment_heard_the_next_one_knows(placed: tuple[Path, Path], tmp_path: Path) -> None:
    """An opening closed stays closed, who left stays away and who is admitted stays, until another event says more."""
    state, nothing = tmp_path / "state", written(tmp_path / "nothing.csv")
    shutil.copytree(placed[1], state)
    one, left, stays, offered = placements(state)[:4]
    first = written(
        tmp_path / "first.csv",
        ("closed", one["opening_id"], ""), ("left", left["referral_id"], ""), ("admitted", stays["referral_id"], ""),
        ("offered", offered["referral_id"], ""),
    )  # fmt: skip
    moved((placed[0], state), first, "--apply")
    after = {row["referral_id"]: row["opening_id"] for row in placements(state)}
    plan = moved((placed[0], state), nothing, "--apply")
    assert plan["changes"] == []
    assert left["referral_id"] not in {it["referral_id"] for it in (*plan["waiting"], *plan["placements"])}
    assert {row["referral_id"]: row["opening_id"] for row in placements(state)} == after
    closed = [("closed", stays["opening_id"], ""), ("closed", offered["opening_id"], "")]
    for more, move in (((), False), ((("expired", offered["referral_id"], ""),), True)):
        told = moved((placed[0], state), written(tmp_path / "closed.csv", *closed, *more))
        changed = {it["referral_id"] for it in told["changes"]}
        assert told["overpromised"]
        assert (stays["referral_id"] in changed, offered["referral_id"] in changed) == (False, move)
    reopened = written(tmp_path / "reopened.csv", ("gained", one["opening_id"], "1"))
    assert one["opening_id"] in {it["after"] for it in moved((placed[0], state), reopened)["changes"]}


def test_who_is_admitted_stays_and_the_plan_is_read_by_a_person(placed: tuple[Path, Path], tmp_path: Path) -> None:
    one = placements(placed[1])[0]
    events = written(tmp_path / "events.csv", ("admitted", one["referral_id"], ""), ("closed", one["opening_id"], ""))
    plan = moved(placed, events)
    assert one["referral_id"] not in {change["referral_id"] for change in plan["changes"]}
    assert plan["overpromised"]
    shown = run("reassign", placed[0], "--state", placed[1], "--events", events, *WHEN).stdout
    assert "simulated" in shown
    assert "Overpromised" in shown
    assert "Nothing is changed yet" in shown


def test_a_state_that_was_changed_or_belongs_elsewhere_is_refused(placed: tuple[Path, Path], tmp_path: Path) -> None:
    events = written(tmp_path / "events.csv")
    state = tmp_path / "state"
    shutil.copytree(placed[1], state)
    lines = (state / "placements.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (state / "placements.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    torn = run("reassign", placed[0], "--state", state, "--events", events, *WHEN)
    assert (torn.returncode, "placements.csv is not the file" in torn.stderr) == (2, True)
    other = tmp_path / "other"
    assert run("simulate", "--out", other, "--facilities", 50, "--callers", 5, *WHEN).returncode == 0
    strange = run("reassign", other, "--state", placed[1], "--events", events, *WHEN)
    assert (strange.returncode, "belongs to another directory" in strange.stderr) == (2, True)
    nowhere = run("reassign", placed[0], "--state", tmp_path / "none", "--events", events, *WHEN)
    assert (nowhere.returncode, "holds no whole state" in nowhere.stderr) == (2, True)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (("burned", "x", ""), "column event: 'burned'"),
        (("lost", "no-such-pool", "1"), "column id: 'no-such-pool'"),
        (("closed", "no-such-opening", ""), "column id: 'no-such-opening'"),
        (("left", "nobody", ""), "column id: 'nobody'"),
        (("expired", "nobody", ""), "column id: 'nobody'"),
        (("lost", "{opening}", "-1"), "column units: '-1'"),
    ],
)
def test_an_event_that_is_not_understood_is_refused(
    placed: tuple[Path, Path], tmp_path: Path, event: tuple[str, str, str], said: str
) -> None:
    opening_id = placements(placed[1])[0]["opening_id"]
    kind, name, units = (cell.replace("{opening}", opening_id) for cell in event)
    events = written(tmp_path / "events.csv", (kind, name, units))
    done = run("reassign", placed[0], "--state", placed[1], "--events", events, *WHEN)
    assert done.returncode == 2
    assert f"events.csv, row 2, {said}" in done.stderr
