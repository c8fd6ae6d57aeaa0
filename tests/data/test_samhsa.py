import csv
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from data.columns import FACILITIES, FLAGS, MASKS, OPENINGS, Columns
from data.encode import encode_directory
from data.findings import Findings, InputError
from data.sources.samhsa import HEADER, read
from data.sources.samhsa_codes import PATH, SPOKEN, levels, meanings, spoken, unread
from matcher.vocabulary import LevelOfCare, Population, Word

from .rows import POLICY

SHARED = Path(os.environ.get("MATCHER_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))

PLAIN = {
    "Name1": "Harbor",
    "Address1": "1 Main Street",
    "City": "Chicago",
    "State": "IL",
    "ZIP_Code": "60601",
    "Keys": "SAF/SA/OP/ORT/SF/",
    "Longitude": "-87.6181",
    "Latitude": "41.8858",
    "Match Score": "100.0",
}

Read = Callable[..., tuple[Columns, Columns, Findings]]


@pytest.fixture
def told(tmp_path: Path) -> Read:
    """Reads rows given as changes to a plain one."""

    def reading(*rows: dict[str, str], encoding: str = "utf-8") -> tuple[Columns, Columns, Findings]:
        path = tmp_path / "directory.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, HEADER, restval="")
            writer.writeheader()
            writer.writerows(PLAIN | row for row in rows or ({},))
        return read(path)

    return reading


@pytest.fixture(scope="session")
def federal() -> Path:
    path = SHARED / "samhsa"
    if not path.is_dir():
        pytest.skip(f"the federal directory is not at {path}; set MATCHER_SHARED_DATA to the folder that holds samhsa/")
    return path


@pytest.fixture(scope="session")
def real(federal: Path) -> tuple[Columns, Columns, Findings]:
    return read(federal / "directory-2015.csv")


def one(column: str, codes: str) -> str:
    return spoken(codes.split("/"))[0][column]


def levels_of(codes: str) -> list[str]:
    return [level.code for level in levels(tuple(codes.split("/")))[0]]


def test_the_mapping_table_speaks_only_our_words() -> None:
    words: dict[str, type[Word]] = {**MASKS, "only": Population}
    for found in meanings().values():
        for meaning in found:
            parts = [part for part in meaning.means.split(";") if part]
            if meaning.column in words:
                known = {word.code for word in words[meaning.column]}
                assert parts
                assert {part.removeprefix("!") for part in parts} <= known
            elif meaning.column in ("level", "setting"):
                assert ":" not in parts[-1]
                assert {part.rpartition(":")[2] for part in parts} <= {level.code for level in LevelOfCare}
                assert {part.rpartition(":")[0] for part in parts[:-1]} <= set(meanings())
            elif meaning.column in ("block_grant", *FLAGS):
                assert parts in (["yes"], ["no"])
            else:
                assert (meaning.column in ("prose", "none"), parts) == (True, [])
            assert meaning.source
            assert meaning.label


def test_the_mapping_table_holds_each_code_once_a_column() -> None:
    with PATH.open(encoding="utf-8", newline="") as file:
        rows = [(row["code"], row["column"]) for row in csv.DictReader(file)]
    assert len(rows) == len(set(rows)) == 295
    assert len(meanings()) == 223 + 65


def test_every_federal_code_is_mapped_with_its_own_label(federal: Path) -> None:
    with (federal / "service-codes.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["code"]: (row["category"], row["label"]) for row in csv.DictReader(file)}
    assert len(listed) == 223
    assert {code: (meanings()[code][0].category, meanings()[code][0].label) for code in listed} == listed


def test_every_token_of_the_directory_is_mapped(real: tuple[Columns, Columns, Findings]) -> None:
    assert "unknown code" not in real[2].counts()


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("OD", ["outpatient-withdrawal-management"]),
        ("RD", ["residential-withdrawal-management"]),
        ("HID", ["inpatient-withdrawal-management"]),
        ("HIT", ["hospital-inpatient"]),
        ("RS/RL", ["residential-short", "residential-long"]),
        ("ODT/OIT/ORT", ["partial-hospitalization", "intensive-outpatient", "outpatient"]),
        ("OMB", ["outpatient"]),
        ("OMB/BU", ["outpatient"]),
        ("OMB/MM", ["opioid-treatment-program"]),
        ("OMB/OTP/ORT", ["outpatient", "opioid-treatment-program"]),
        ("OMB/OTPA", ["opioid-treatment-program"]),
        ("MM", []),
        ("HH", ["recovery-residence"]),
        ("ACC", ["aftercare"]),
        ("SA", []),
        ("OP", ["outpatient"]),
        ("OP/OIT", ["intensive-outpatient"]),
        ("OP/OD", ["outpatient-withdrawal-management"]),
        ("RES", ["residential-long"]),
        ("RES/HH", ["recovery-residence"]),
        ("RES/RD", ["residential-withdrawal-management"]),
        ("HI", ["hospital-inpatient"]),
        ("DT", ["outpatient-withdrawal-management"]),
        ("DT/RES/RS", ["residential-withdrawal-management", "residential-short"]),
        ("DT/HI/HIT", ["inpatient-withdrawal-management", "hospital-inpatient"]),
        ("DT/OP/ORT", ["outpatient-withdrawal-management", "outpatient"]),
        ("DT/RES/RD", ["residential-withdrawal-management"]),
    ],
)
def test_codes_give_their_levels_of_care(codes: str, expected: list[str]) -> None:
    assert levels_of(codes) == expected


@pytest.mark.parametrize(
    ("column", "codes", "cell"),
    [
        ("payers", "MD/PI/SF/SS", "medicaid;private;self-pay;sliding-fee"),
        ("payers", "NP", "no-charge"),
        ("payers", "ITU/IHS", "tribal"),
        ("payers", "IH/PA/ATR", ""),
        ("medications", "MM", "methadone"),
        ("medications", "NXN/VTRL/RPN", "naltrexone"),
        ("medications", "NX", ""),
        ("medications", "DB/PMAT/PAIN", ""),
        ("medications", "DSF/ACM/BU", "acamprosate;buprenorphine;disulfiram"),
        ("medications", "NMOA", "!buprenorphine;!methadone"),
        ("elsewhere", "NMOA", "!buprenorphine;!methadone"),
        ("elsewhere", "MOA", "buprenorphine;methadone;naltrexone"),
        ("elsewhere", "ACMA", "acamprosate;disulfiram;naltrexone"),
        ("elsewhere", "NMAUT", "!acamprosate;!disulfiram"),
        ("elsewhere", "NAUT", ""),
        ("medications", "NMAUT/NXN", "!acamprosate;!disulfiram;naltrexone"),
        ("otp", "MM", "yes"),
        ("otp", "DM", "yes"),
        ("otp", "OTP", "yes"),
        ("otp", "OTPA", "yes"),
        ("otp", "BU/OMB/METH", ""),
        ("otp", "NOOP", "no"),
        ("otp", "SA", ""),
    ],
)
def test_codes_speak_to_columns_and_what_is_absent_says_nothing(column: str, codes: str, cell: str) -> None:
    assert one(column, codes) == cell


def test_codes_that_contradict_each_other_leave_the_fact_unknown(told: Read) -> None:
    facilities, _, findings = told({"Keys": "SA/OP/ORT/MM/NMOA/BU/NXN"})
    assert (facilities["otp"][0], facilities["medications"][0]) == ("", "naltrexone")
    assert facilities["elsewhere"][0] == "!buprenorphine;!methadone"
    assert sorted(it.value for it in findings) == ["medications: buprenorphine", "medications: methadone", "otp: yes"]


def test_a_site_becomes_a_facility_and_an_opening_at_each_level(told: Read) -> None:
    facilities, openings, findings = told({"Name2": "East", "Keys": "SAF/SA/OP/OIT/ORT/MD/SF/"})
    assert (set(facilities), set(openings)) == (set(FACILITIES), set(OPENINGS))
    ident = facilities["facility_id"][0]
    assert re.fullmatch("f[0-9a-f]{16}", ident)
    assert (facilities["name"][0], facilities["located_by"][0]) == ("Harbor, East", "address")
    assert (facilities["payers"][0], facilities["codes"][0]) == ("medicaid;self-pay", "SAF;SA;OP;OIT;ORT;MD;SF")
    assert openings["opening_id"] == [f"{ident}/intensive-outpatient/program/open", f"{ident}/outpatient/program/open"]
    assert [openings[name] for name in ("seats", "start_date", "sessions", "simulated")] == [
        ["", ""],
        ["", ""],
        ["", ""],
        ["no", "no"],
    ]
    assert not len(findings)


def test_what_the_directory_does_not_report_is_blank(told: Read) -> None:
    facilities, _, _ = told({"Keys": "SA/OP/ORT"})
    names = ("accepting", "otp", "payers", "medications", "elsewhere", "van_range", "plans", "phone")
    assert [facilities[name][0] for name in names] == [""] * len(names)


def test_an_id_depends_on_the_site_alone_and_not_on_capitals_blanks_or_rows(told: Read) -> None:
    other = {"Name1": "Other"}
    ids = told({}, other)[0]["facility_id"]
    assert told(other, {"Name1": "HARBOR ", "Keys": "SA/RES/RL", "Match Score": "80"})[0]["facility_id"] == ids[::-1]
    for column, value in (("Name3", "B"), ("Address2", "Suite 2"), ("City", "Cicero"), ("ZIP_Code", "60602")):
        assert told({column: value})[0]["facility_id"] != ids[:1]


@pytest.mark.parametrize(
    ("cells", "problem", "located"),
    [
        ({"Latitude": "0", "Longitude": "0"}, "at 0, 0", ("41.885800", "-87.618100", "zip")),
        (
            {"Latitude": "-87.6", "Longitude": "41.9"},
            "latitude and longitude are swapped",
            ("41.900000", "-87.600000", "address"),
        ),
        ({"Latitude": "17.5", "Longitude": "-94.7"}, "outside the United States", ("41.885800", "-87.618100", "zip")),
        ({"Latitude": "", "Longitude": ""}, "no coordinates", ("41.885800", "-87.618100", "zip")),
        ({"Latitude": "north"}, "no coordinates", ("41.885800", "-87.618100", "zip")),
        ({"Latitude": "43.0"}, "far from its ZIP", ("43.000000", "-87.618100", "address")),
        (
            {"Latitude": "43.0", "Match Score": "89.99"},
            "far from its ZIP, and poorly matched",
            ("41.885800", "-87.618100", "zip"),
        ),
        ({"ZIP_Code": "99999"}, "unknown ZIP", ("41.885800", "-87.618100", "address")),
    ],
)
def test_a_doubtful_place_is_told_and_settled(
    told: Read, cells: dict[str, str], problem: str, located: tuple[str, str, str]
) -> None:
    facilities, _, findings = told({}, cells | {"Name1": "Doubtful"})
    assert tuple(facilities[name][1] for name in ("latitude", "longitude", "located_by")) == located
    assert [(it.row, it.problem, bool(it.allowed)) for it in findings] == [(3, problem, True)]


def test_a_site_near_its_zip_is_believed_however_poorly_it_was_matched(told: Read) -> None:
    facilities, _, findings = told({"Latitude": "41.99", "Match Score": "76"})
    assert (facilities["latitude"], facilities["located_by"], len(findings)) == (["41.990000"], ["address"], 0)


def test_rows_of_one_site_are_one_facility_with_the_codes_of_all(told: Read) -> None:
    twice = [{"Keys": "SA/OP/ORT", "Match Score": "80"}, {"Keys": "SA/RES/RL", "Name1": "harbor"}]
    facilities, openings, findings = told(*twice, {"Name2": "West"})
    assert (facilities["name"], facilities["codes"][0]) == (["harbor", "Harbor, West"], "OP;ORT;RES;RL;SA")
    assert openings["level"] == ["residential-long", "outpatient", "outpatient"]
    assert [(it.row, it.problem) for it in findings] == [(2, "the same site twice")]
    turned = told(*twice[::-1], {"Name2": "West"})
    assert (turned[0], turned[1]) == (facilities, openings)


def test_a_setting_without_a_kind_of_care_gives_its_plainest_level_and_is_told(told: Read) -> None:
    _, openings, findings = told({"Keys": "SA/OP/RES/ORT"})
    assert openings["level"] == ["residential-long", "outpatient"]
    assert [(it.value, it.problem) for it in findings] == [("RES", "a setting without a kind of care")]


def test_a_site_without_a_level_of_care_is_kept_and_told(told: Read) -> None:
    facilities, openings, findings = told({"Keys": "SA/SF"})
    assert (len(facilities["name"]), openings["level"]) == (1, [])
    assert [it.problem for it in findings] == ["no level of care"]


def test_an_unknown_code_is_told_and_kept(told: Read) -> None:
    facilities, _, findings = told({"Keys": "SA/ZZZ/OP/ORT"})
    assert facilities["codes"] == ["SA;ZZZ;OP;ORT"]
    assert [(it.row, it.column, it.value) for it in findings] == [(2, "Keys", "ZZZ")]


def test_words_among_the_codes_become_a_note(told: Read) -> None:
    facilities, _, findings = told({"Keys": "Methadone/Clients/Only/SA/OP/ORT", "Note": "12"})
    assert (facilities["note"], facilities["codes"]) == (["Methadone Clients Only 12"], ["SA;OP;ORT"])
    assert [it.problem for it in findings] == ["words among the codes"]


def test_letters_that_were_encoded_twice_are_repaired_and_true_letters_are_left(told: Read) -> None:
    facilities, _, findings = told({"Address2": "Avenida BarcÃ©lo", "Name2": "Peña\u2019s Ârea"})
    assert (facilities["street"], facilities["name"]) == (
        ["1 Main Street, Avenida Barcélo"],
        ["Harbor, Peña\u2019s Ârea"],
    )
    assert [(it.column, it.value) for it in findings] == [("Address2", "Avenida BarcÃ©lo")]


def test_windows_1252_is_read_and_told(told: Read) -> None:
    facilities, _, findings = told({"Name2": "Peña\u2019s"}, encoding="cp1252")
    assert facilities["name"] == ["Harbor, Peña\u2019s"]
    assert [it.problem for it in findings] == ["not UTF-8"]


def test_a_zip_that_lost_its_zeros_gets_them_back(told: Read) -> None:
    facilities, _, findings = told({"ZIP_Code": "907", "State": "PR", "Latitude": "18.45", "Longitude": "-66.07"})
    assert facilities["zip"] == ["00907"]
    assert [(it.value, it.problem) for it in findings] == [("907", "lost its leading zeros")]


def test_a_file_without_the_columns_of_the_directory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("name,zip\nHarbor,60601\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"list\.csv: column Name1 is missing"):
        read(path)


def test_the_whole_federal_directory_is_read_and_every_doubt_counted(real: tuple[Columns, Columns, Findings]) -> None:
    facilities, openings, findings = real
    assert len(facilities["name"]) + findings.counts()["the same site twice"] == 11_928
    assert findings.counts() == {
        "lost its leading zeros": 1210,
        "a setting without a kind of care": 22,
        "far from its ZIP": 11,
        "the same site twice": 5,
        "words among the codes": 2,
        "outside the United States": 2,
        "encoded twice": 1,
        "unknown ZIP": 1,
    }
    assert len(set(facilities["facility_id"])) == len(facilities["facility_id"])
    assert len(set(openings["opening_id"])) == len(openings["opening_id"])
    assert set(openings["facility_id"]) == set(facilities["facility_id"])


def test_the_shares_of_the_federal_directory_are_those_of_its_codes(real: tuple[Columns, Columns, Findings]) -> None:
    facilities, openings, _ = real
    count = len(facilities["name"])
    level = Counter(openings["level"])
    assert round(level["intensive-outpatient"] / count, 3) == 0.468
    assert round(level["residential-short"] / count, 3) == 0.126
    assert round(sum("medicaid" in cell.split(";") for cell in facilities["payers"]) / count, 3) == 0.596
    assert Counter(facilities["otp"])["yes"] == 1243
    silent = {column for column in SPOKEN if set(facilities[column]) == {""}}
    assert silent == {"elsewhere", "only", "services", "telehealth", "block_grant"}
    share = {
        (column, word): sum(word in cell.split(";") for cell in facilities[column]) / count
        for column, word in (
            *(("ages", "adults"), ("ages", "adolescents"), ("genders", "female"), ("co_occurring", "yes")),
            *(("takes_children", "yes"), ("assistance", "yes"), ("programs", "pregnant-or-postpartum")),
        )
    }
    assert [round(it, 3) for it in share.values()] == [0.95, 0.421, 0.93, 0.44, 0.033, 0.221, 0.206]


def test_the_federal_directory_encodes_with_one_site_refused(real: tuple[Columns, Columns, Findings]) -> None:
    facilities, openings, _ = real
    directory, _, findings = encode_directory(facilities, openings, POLICY)
    refused = facilities["facility_id"][facilities["latitude"].index("")]
    lost = sum(owner == refused for owner in openings["facility_id"])
    assert findings.counts() == {
        "no place: neither coordinates nor ZIP can be used": 1,
        "no such facility, or it was refused": lost,
    }
    programs = [name for name in directory.opening_ids if "+" not in name]
    assert len(programs) == len(openings["level"]) - lost
    assert (directory.pools["limit"] == -1).all()  # it reports no seats, nor when any were free
    assert (directory.openings["reported"] == -1).all()


def test_reading_the_federal_directory_in_another_order_gives_the_same_ids(
    federal: Path, real: tuple[Columns, Columns, Findings], tmp_path: Path
) -> None:
    header, *lines = (federal / "directory-2015.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    shuffled = tmp_path / "directory-2015.csv"
    shuffled.write_text(header + "".join(lines), encoding="utf-8")
    facilities, openings, _ = read(shuffled)
    assert facilities["facility_id"] != real[0]["facility_id"]
    assert sorted(zip(*facilities.values(), strict=True)) == sorted(zip(*real[0].values(), strict=True))
    assert sorted(openings["opening_id"]) == sorted(real[1]["opening_id"])


def test_what_no_rule_reads_is_said_in_the_federal_words() -> None:
    assert unread(["OP", "STU", "MD", "ZZQ", "EIH"]) == [
        "Screening for tobacco use",
        "ZZQ",
        "Early intervention for HIV",
    ]


def test_a_site_that_takes_samhsa_funding_has_the_duties_of_the_block_grant() -> None:
    assert (one("block_grant", "SA/SAMF"), one("block_grant", "SA/MD")) == ("yes", "")
