"""The pictures of the ledger: the newest figures, names that do not overlap, the same bytes every time."""

from pathlib import Path

import pytest
from benchmarks.plots.__main__ import FOLDER, main
from benchmarks.plots.draw import claim
from benchmarks.plots.lines import Line, free, lines, newest, passing, rival
from benchmarks.registry import Case, Figure, cases
from benchmarks.results import append


def ledger(path: Path, *runs: tuple[int, list[Figure]], case: str = "assign-tight") -> Path:
    for size, figures in runs:
        append(Case(case, "a title", (size,), lambda _: []), size, figures, False, path)
    return path


def figures(seconds: float, variant: str = "ours", placed: float = 100.0) -> list[Figure]:
    return [Figure("seconds", seconds, "s", variant), Figure("placed", placed, "people", variant)]


def line(variant: str, *values: float, fewer: float = 0.0) -> Line:
    return Line(variant, "seconds", (10, 100, 1000)[: len(values)], values, fewer, False)


def test_the_newest_run_of_each_point_is_drawn(tmp_path: Path) -> None:
    kept = ledger(tmp_path / "results.csv", (10, figures(9.0)), (100, figures(2.0)), (10, figures(1.0)))
    (drawn,) = lines(newest(kept), "assign-tight", "s")
    assert (drawn.sizes, drawn.values) == ((10, 100), (1.0, 2.0))


def test_who_places_fewer_says_so_and_is_no_rival(tmp_path: Path) -> None:
    run = [*figures(2.0), *figures(1.0, "first-come", 93.0), *figures(5.0, "scipy")]
    drawn = lines(newest(ledger(tmp_path / "results.csv", (10, run))), "assign-tight", "s")
    assert [one.name for one in drawn] == ["first-come, 7% fewer placed", "scipy", "ours"]
    pair = rival(drawn)
    assert pair is not None
    assert pair[1].variant == "scipy"


def test_the_title_claims_what_was_measured_at_the_largest_size_of_both() -> None:
    drawn = [line("scipy", 4.0, 50.0), line("highs", 9.0), line("ours", 1.0, 2.0, 3.0)]
    assert claim(drawn, "s") == "100 callers take 2 s; the nearest rival, scipy, 50 s"
    assert claim(drawn[-1:], "s") == "1,000 callers take 3 s"


def test_a_name_goes_to_the_nearest_free_height() -> None:
    assert free(0.5, [], 0.1) == 0.5
    assert free(0.5, [(0.52, 0.9)], 0.1) == pytest.approx(0.47)
    assert free(0.5, [(0.52, 0.9), (0.4, 0.46)], 0.1) == pytest.approx(0.35)


def test_a_name_keeps_clear_of_the_lines_that_go_on() -> None:
    drawn = [line("scipy", 1.0, 10.0), line("ours", 1.0, 10.0, 1000.0)]
    (beyond,) = passing(drawn, 100, 1000)
    assert beyond == pytest.approx((10.0, 1000.0))
    assert passing(drawn, 1000, 2000) == []


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    kept = ledger(tmp_path / "results.csv", (10, figures(1.0)), (100, figures(2.0)))
    once, twice = tmp_path / "once", tmp_path / "twice"
    for folder in (once, twice):
        folder.mkdir()
        assert main(kept, folder) == 0
    (drawn,) = once.iterdir()
    assert drawn.name == "assign-tight-seconds.svg"
    text = drawn.read_text(encoding="utf-8")
    assert text == (twice / drawn.name).read_text(encoding="utf-8")
    assert "date" not in text.partition("<defs>")[0]


def test_a_case_of_one_size_has_no_picture(tmp_path: Path) -> None:
    assert main(ledger(tmp_path / "results.csv", (10, figures(1.0))), tmp_path) == 0
    assert list(tmp_path.glob("*.svg")) == []


def test_every_picture_that_is_kept_is_of_a_case() -> None:
    kept = {path.stem.rpartition("-")[0] for path in FOLDER.glob("*.svg")}
    assert {"assign-tight", "assign-slack", "reassign"} <= kept <= set(cases())
