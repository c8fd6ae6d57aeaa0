import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from data.findings import InputError
from data.policy import PATH, policy

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def changed(folder: Path, old: str, new: str) -> Path:
    text = PATH.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = folder / "policy.csv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_policy_in_force_is_one_row_with_every_number() -> None:
    row = policy(NOON)
    assert len(row) == 1
    assert (row["ask_minutes"][0], row["car_power"][0], row["tiers"][0]) == (60, 0.8, 1)
    assert not row.flags.writeable


def test_now_is_in_utc_and_today_in_the_time_zone_of_the_moment() -> None:
    late = datetime(2026, 12, 1, 22, 30, tzinfo=timezone(timedelta(hours=-6)))
    row = policy(late)
    assert row["now"][0] == int(late.timestamp()) // 60
    assert row["today"][0] == (late.date() - datetime(1970, 1, 1).date()).days
    assert policy(late.astimezone(UTC))["today"][0] == row["today"][0] + 1


def test_the_clock_is_read_only_where_no_moment_is_given() -> None:
    assert abs(int(policy()["now"][0]) - int(datetime.now(UTC).timestamp()) // 60) <= 1
    assert policy(NOON).tobytes() == policy(NOON).tobytes()


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        policy(NOON.replace(tzinfo=None))


def test_a_change_counts_from_its_day_on(tmp_path: Path) -> None:
    path = changed(tmp_path, "price_cap,", "ask_minutes,90,minutes a week,2026-12-02,a later judgment\nprice_cap,")
    assert policy(NOON, path)["ask_minutes"][0] == 60
    assert policy(NOON + timedelta(days=1), path)["ask_minutes"][0] == 90


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ask_minutes,60,", "ask_minute,60,", "row 3, column code: 'ask_minute' cannot be used; allowed: tiers, "),
        ("ask_minutes,60,", "ask_minutes,sixty,", "row 3, column number: 'sixty' .* a whole number, 0 or more"),
        ("ask_minutes,60,", "ask_minutes,-1,", "column number: '-1'"),
        ("ask_minutes,60,", "ask_minutes,1.5,", "column number: '1.5'"),
        ("ask_minutes,60,", "ask_minutes,inf,", "column number: 'inf'"),
        ("tiers,1,", "tiers,2,", "row 2, column number: '2' .* 1 or 0"),
        (
            "ask_minutes,60,minutes a week,2026-11-24",
            "ask_minutes,60,minutes a week,24.11.2026",
            "row 3, column in_force_since: '24.11.2026'",
        ),
        ("code,number,", "code,value,", "row 1, column all"),
        ("See transit_wait", "", "row 22, column source: ''"),
        ("ask_minutes,60,minutes a week,2026-11-24", "ask_minutes,60,minutes a week,2027-01-01", "ask_minutes is in"),
        ("price_cap,", "ask_minutes,90,minutes a week,2026-11-24,again\nprice_cap,", "one ask_minutes a day"),
        ("price_cap,", "ask_minutes,1,hours a week,2026-12-24,hours\nprice_cap,", "row 4, column unit: 'hours a week'"),
    ],
)
def test_an_unclear_policy_is_refused_by_row_column_value_and_what_is_allowed(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(InputError, match=f"policy.csv.*{said}"):
        policy(NOON, changed(tmp_path, old, new))


def test_a_policy_that_is_missing_is_one_sentence_and_no_traceback_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv cannot be read"):
        policy(NOON, tmp_path / "nowhere.csv")


@pytest.mark.parametrize("module", ["data.policy", "data.encode", "data.sources.tables", "data.snapshot"])
def test_the_way_to_a_ranking_does_not_wait_for_pandas(module: str) -> None:
    code = f"import sys, {module}; sys.exit('pandas' in sys.modules or 'ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert subprocess.run([sys.executable, "-c", f"import pandas\n{code}"], check=False).returncode == 1
