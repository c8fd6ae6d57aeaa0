import csv
import os
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from data.columns import OPTIONAL, TABLES
from data.describe import README, readme
from data.findings import COLUMNS, Findings, InputError, Severity
from data.sources.delimited import write_whole
from data.sources.tables import read_callers, read_directory, read_table, write_table

from data import snapshot

from . import rows
from .rows import POLICY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    directory = tmp_path / "directory"
    write_table(directory / "facilities.csv", "facilities.csv", rows.facilities({"name": 'Línea, "A"\nand B'}))
    write_table(directory / "openings.csv", "openings.csv", rows.openings({"van_id": "v1"}, {"opening_id": "o2"}))
    write_table(directory / "medication_starts.csv", "medication_starts.csv", rows.starts())
    write_table(directory / "vans.csv", "vans.csv", rows.vans())
    return directory


def edited(path: Path, old: bytes, new: bytes) -> Path:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    return path


def read(path: Path) -> Findings:
    findings = Findings()
    read_table(path, path.name, findings)
    return findings


def test_a_folder_of_tables_is_a_directory(folder: Path) -> None:
    directory, facilities, findings = read_directory(folder, POLICY)
    assert (directory.facility_ids, sorted(directory.opening_ids)) == (("f1",), ["o1", "o2"])
    assert "starts/f1/buprenorphine/2026-11-30" in directory.pool_ids
    assert "van/v1" in directory.pool_ids
    assert facilities.names == ('Línea, "A"\nand B',)
    assert not len(findings)


def test_starts_and_vans_may_be_missing(folder: Path) -> None:
    (folder / "medication_starts.csv").unlink()
    (folder / "vans.csv").unlink()
    directory, _, findings = read_directory(folder, POLICY)
    assert directory.pool_ids == ("seats/o1", "seats/o2")
    assert findings.counts() == {"no such van": 1}


@pytest.mark.parametrize("name", ["facilities.csv", "openings.csv"])
def test_a_folder_without_facilities_or_openings_is_no_directory(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"has no {name}"):
        read_directory(folder, POLICY)


@pytest.mark.parametrize("name", list(TABLES))
def test_reading_and_writing_a_table_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    first, second = tmp_path / name, tmp_path / "again" / name
    odd = {column: f'{column}; "quoted", é\n2' for column in TABLES[name]}
    write_table(first, name, rows.table(name, odd, {}, {next(iter(TABLES[name])): " blanks "}))
    write_table(second, name, read_table(first, name, Findings()).columns)
    assert first.read_bytes() == second.read_bytes()
    edited(first, b"blanks", b"Blanks")
    assert first.read_bytes() != second.read_bytes()


def test_columns_may_stand_in_any_order(folder: Path) -> None:
    path = folder / "vans.csv"
    before = read_table(path, path.name, Findings()).columns
    path.write_text("seats,simulated,van_id,reported_at,facility_id\n3,no,v1,,f1\n", encoding="utf-8")
    assert read_table(path, path.name, Findings()).columns == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"seats", b"beds", r"vans\.csv: column seats is missing; allowed: van_id,facility_id,seats"),
        (b"seats,", b"seats,seats,", r"vans\.csv: column seats stands twice"),
        (b"v1", b"v\x001", r"vans\.csv, line 2 holds a NUL byte"),
        (b"v1", b'"v1', r"vans\.csv, line 2: .*quotes in pairs"),
        (b"v1", b"\x81v1", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_one_sentence(
    folder: Path, old: bytes, new: bytes, said: str
) -> None:
    path = edited(folder / "vans.csv", old, new)
    with pytest.raises(InputError, match=said) as refused:
        read_directory(folder, POLICY)
    assert "\n" not in str(refused.value)
    assert path.name in str(refused.value)


def test_an_empty_file_is_refused_and_a_table_without_rows_is_not(folder: Path) -> None:
    path = folder / "vans.csv"
    header = path.read_bytes().splitlines(keepends=True)[0]
    path.write_bytes(b"")
    with pytest.raises(InputError, match=r"vans\.csv is empty"):
        read_directory(folder, POLICY)
    path.write_bytes(header)
    assert read_directory(folder, POLICY)[2].counts() == {"no such van": 1}


def test_utf_16_is_refused_as_no_utf_8(folder: Path) -> None:
    path = folder / "vans.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(InputError, match=r"NUL byte.*UTF-8"):
        read_directory(folder, POLICY)


def test_a_mark_before_utf_8_changes_nothing(folder: Path) -> None:
    path = folder / "facilities.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert not len(read(path))


def test_windows_1252_is_read_and_told(folder: Path) -> None:
    path = folder / "facilities.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    _, facilities, findings = read_directory(folder, POLICY)
    assert facilities.names[0].startswith("Línea")
    assert [(it.file, it.problem) for it in findings] == [("facilities.csv", "not UTF-8")]


def test_an_unknown_column_is_told_and_not_read(folder: Path) -> None:
    path = folder / "vans.csv"
    path.write_text("van_id,facility_id,seats,reported_at,simulated,driver\nv1,f1,3,,no,Ann\n", encoding="utf-8")
    assert [(it.row, it.column, it.problem) for it in read(path)] == [(1, "driver", "unknown column")]


@pytest.mark.parametrize(
    ("line", "severity", "rows_read"),
    [
        (b"v2,f1,3\n", Severity.REFUSED, 1),
        (b"v2,f1,3,,no,extra\n", Severity.REFUSED, 1),
        (b"v2,f1,3,,no,,\n", Severity.NOTED, 2),
        (b"\n", Severity.NOTED, 1),
        (b",,,,\n", Severity.NOTED, 1),
    ],
)
def test_a_line_with_cells_too_few_or_too_many_is_told_and_the_rows_after_it_keep_their_numbers(
    folder: Path, line: bytes, severity: Severity, rows_read: int
) -> None:
    path = folder / "vans.csv"
    header, first = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + line + first.replace(b"3", b"many"))
    told = list(read(path))
    assert [(it.row, it.severity) for it in told] == [(2, severity)]
    assert len(read_table(path, path.name, Findings()).rows) == rows_read
    found = [it for it in read_directory(folder, POLICY)[2] if it.value == "many"]
    assert [it.row for it in found] == [3]


def test_callers_are_read_from_a_file_of_any_name(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "monday.csv"
    write_table(path, "callers.csv", rows.callers({}, {"referral_id": "r2", "zip": "99999"}))
    directory, _, _ = read_directory(folder, POLICY)
    referrals, findings = read_callers(path, directory, POLICY)
    assert referrals.ids == ("r1",)
    assert findings.counts(Severity.REFUSED) == {"no place: neither coordinates nor ZIP can be used": 1}


def test_a_table_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vans.csv"
    write_table(path, "vans.csv", rows.vans())
    before = path.read_bytes()

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_table(path, "vans.csv", rows.vans({"seats": "9"}))
    assert path.read_bytes() == before
    assert [it.name for it in tmp_path.iterdir()] == ["vans.csv"]
    monkeypatch.undo()
    write_table(path, "vans.csv", rows.vans({"seats": "9"}))
    assert path.read_bytes() != before


def test_only_the_columns_of_a_table_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"allowed: van_id"):
        write_table(tmp_path / "vans.csv", "vans.csv", rows.vans() | {"driver": ["Ann"]})
    with pytest.raises(ValueError, match="argument"):
        write_table(tmp_path / "vans.csv", "vans.csv", rows.vans() | {"seats": []})


def test_a_finding_is_a_row_with_place_value_and_what_is_allowed(folder: Path) -> None:
    edited(folder / "openings.csv", b",8,", b",-8,")
    findings = read_directory(folder, POLICY)[2]
    first = findings.rows()[0]
    assert tuple(first) == COLUMNS
    assert (first["file"], first["row"], first["column"], first["value"]) == ("openings.csv", 2, "seats", "-8")
    assert first["allowed"] == "0 to 100000, or blank"
    assert len(findings) == 2


def test_a_snapshot_gives_what_reading_gives(folder: Path, tmp_path: Path) -> None:
    edited(folder / "openings.csv", b",8,", b",-8,")
    cache = tmp_path / "cache"
    plain = read_directory(folder, POLICY)
    made, kept = (snapshot.read_directory(folder, POLICY, cache=cache) for _ in range(2))
    for directory, facilities, findings in (made, kept):
        assert directory.openings.tobytes() == plain[0].openings.tobytes()
        assert directory.openings.dtype == plain[0].openings.dtype
        assert not directory.openings.flags.writeable
        assert directory.pools.tobytes() == plain[0].pools.tobytes()
        assert (directory.opening_ids, directory.pool_ids) == (plain[0].opening_ids, plain[0].pool_ids)
        assert (facilities, list(findings)) == (plain[1], list(plain[2]))
    assert len(list(cache.iterdir())) == 1
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_a_snapshot_is_what_is_read_the_second_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot.read_directory(folder, POLICY, cache=tmp_path / "cache")
    monkeypatch.delattr("data.sources.tables.read_directory")
    assert snapshot.read_directory(folder, POLICY, cache=tmp_path / "cache")[0].facility_ids == ("f1",)
    with pytest.raises(AttributeError):
        snapshot.read_directory(folder, POLICY, seed=1, cache=tmp_path / "cache")


def test_a_snapshot_is_never_stale(folder: Path) -> None:
    names = {snapshot.key_of(folder, POLICY, 0), snapshot.key_of(folder, POLICY, 0)}
    assert len(names) == 1
    names.add(snapshot.key_of(folder, POLICY, 1))
    tomorrow = POLICY.copy()
    tomorrow["today"] += 1
    names.add(snapshot.key_of(folder, tomorrow, 0))
    wider = POLICY.copy()
    wider["bundle_range"] += 1
    names.add(snapshot.key_of(folder, wider, 0))
    later = POLICY.copy()
    later["now"] += 1
    names.add(snapshot.key_of(folder, later, 0))
    edited(folder / "vans.csv", b"3", b"4")
    names.add(snapshot.key_of(folder, POLICY, 0))
    (folder / "vans.csv").unlink()
    names.add(snapshot.key_of(folder, POLICY, 0))
    assert len(names) == 6


def test_a_snapshot_depends_on_the_code_that_makes_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot.key_of(folder, POLICY, 0)
    (tmp_path / "encode.py").write_text("other code", encoding="utf-8")
    monkeypatch.setattr(snapshot, "CODE", (*snapshot.CODE, tmp_path))
    assert snapshot.key_of(folder, POLICY, 0) != before


@pytest.mark.parametrize("damage", [lambda content: content[: len(content) // 2], lambda content: b"", bytes.swapcase])
def test_a_damaged_snapshot_is_made_anew(folder: Path, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    cache = tmp_path / "cache"
    whole = snapshot.read_directory(folder, POLICY, cache=cache)[0]
    place = next(cache.iterdir())
    place.write_bytes(damage(place.read_bytes()))
    again = snapshot.read_directory(folder, POLICY, cache=cache)[0]
    assert again.openings.tobytes() == whole.openings.tobytes()
    assert again.pool_ids == whole.pool_ids


def test_a_cache_that_cannot_be_written_is_done_without(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder", encoding="utf-8")
    directory, _, _ = snapshot.read_directory(folder, POLICY, cache=tmp_path / "cache")
    assert directory.facility_ids == ("f1",)


def test_only_the_newest_snapshots_are_kept(folder: Path, tmp_path: Path) -> None:
    for seed in range(snapshot.KEPT + 2):
        snapshot.read_directory(folder, POLICY, seed, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == snapshot.KEPT


def test_the_readme_of_the_tables_is_current() -> None:
    assert README.read_text(encoding="utf-8") == readme()
    assert all(f"`{column}`" in readme() for columns in TABLES.values() for column in columns)


def test_a_file_put_in_place_is_its_owners_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "callers.csv", b"health")
    assert stat.S_IMODE((tmp_path / "callers.csv").stat().st_mode) == 0o600


def without(path: Path, column: str) -> None:
    """The same table as it was before it had this column."""
    found = read_table(path, path.name, Findings()).columns
    kept = [name for name in found if name != column]
    lines = [kept, *zip(*(found[name] for name in kept), strict=True)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


@pytest.mark.parametrize("file", list(OPTIONAL))
def test_a_file_made_before_a_column_was_is_read_and_reports_nothing_of_it(folder: Path, file: str) -> None:
    before = read_directory(folder, POLICY)
    (column,) = OPTIONAL[file]
    without(folder / file, column)
    assert column not in (folder / file).read_text(encoding="utf-8").splitlines()[0]
    assert set(read_table(folder / file, file, Findings()).columns[column]) == {""}
    after = read_directory(folder, POLICY)
    assert np.array_equal(after[0].openings, before[0].openings)
    assert not len(after[2])
    without(folder / file, "facility_id")  # the control
    with pytest.raises(InputError, match="column facility_id is missing"):
        read_directory(folder, POLICY)


def test_an_optional_column_stands_once_and_what_cannot_be_used_in_it_is_found(folder: Path) -> None:
    path = folder / "openings.csv"
    without(path, "capacity")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},capacity", *(f"{line},ten" for line in lines[1:])]), encoding="utf-8")
    findings = read_directory(folder, POLICY)[2]
    said = {(it.column, it.value, it.allowed) for it in findings}
    assert said == {("capacity", "ten", "1 to 100000, or blank")}
    path.write_text(path.read_text(encoding="utf-8").replace("capacity", "capacity,capacity", 1), encoding="utf-8")
    with pytest.raises(InputError, match="column capacity stands twice"):
        read_directory(folder, POLICY)
