import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from data.findings import InputError
from data.sources import samhsa, samhsa_annual
from data.sources.directories import read
from data.sources.samhsa_codes import meanings

from .test_samhsa import SHARED

SITE = {
    "name1": "Harbor",
    "street1": "1 Main Street",
    "city": "Chicago",
    "state": "IL",
    "zip": "60601",
    "phone": "312-555-0100",
    "service_code_info": "SA * OP ORT OIT * MD SF * FEM MALE * SP",
}

ROW = {
    "name1": "Harbor",
    "name2": None,
    "street1": "1 Main Street",
    "street2": "",
    "city": "Chicago",
    "state": "IL",
    "zip": "60601",
    "phone": "312-555-0100",
    "latitude": "41.8858",
    "longitude": "-87.6181",
    "website": "http://harbor.example",
    "services": [
        {"f1": "Type of Care", "f2": "TC", "f3": "Substance use treatment"},
        {
            "f1": "Service Setting",
            "f2": "SET",
            "f3": "Outpatient; Regular outpatient treatment; Intensive outpatient treatment",
        },
        {"f1": "Payment Accepted", "f2": "PAY", "f3": "Medicaid; Cash or self-payment"},
    ],
}


def excel(path: Path, *rows: dict[str, Any], legend: dict[str, str] | None = None, drop: str = "") -> Path:
    header = [name for name in samhsa_annual.HEADER if name != drop]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(header)
    for row in rows:
        sheet.append([row.get(name) for name in header])
    if legend:
        codes = book.create_sheet("codes")
        codes.append(["category_code", "category_name", "service_code", "service_name", "service_description"])
        for code, name in legend.items():
            codes.append(["X", "Category", code, name, ""])
    book.save(path / "annual.xlsx")
    return path / "annual.xlsx"


def locator(path: Path, answer: Any) -> Path:
    file = path / "locator.json"
    file.write_text(answer if isinstance(answer, str) else json.dumps(answer), encoding="utf-8")
    return file


def labels(codes: list[str]) -> list[dict[str, str]]:
    found: dict[str, list[str]] = {}
    for code in codes:
        found.setdefault(meanings()[code][0].category, []).append(meanings()[code][0].label)
    return [{"f1": name, "f2": "", "f3": "; ".join(said)} for name, said in found.items()]


def test_the_annual_file_is_read_and_every_site_is_placed_by_its_zip(tmp_path: Path) -> None:
    facilities, openings, findings = read(excel(tmp_path, SITE))
    assert facilities["located_by"] == ["zip"]
    assert facilities["latitude"][0].startswith("41.88")
    assert facilities["phone"] == ["312-555-0100"]
    assert facilities["payers"] == ["medicaid;self-pay"]
    assert facilities["languages"] == ["spanish"]
    assert openings["level"] == ["intensive-outpatient", "outpatient"]
    assert not len(findings)


def test_the_annual_file_names_the_codes_it_adds(tmp_path: Path) -> None:
    site = SITE | {"service_code_info": "SA * OP ORT * ZZQ", "intake1": "312-555-0199"}
    facilities, _, findings = read(excel(tmp_path, site, legend={"ZZQ": "Equine therapy"}))
    assert findings.counts() == {"unknown code": 1}
    assert "ZZQ" in facilities["codes"][0].split(";")
    assert facilities["note"] == ["Equine therapy; intake: 312-555-0199"]


def test_a_zip_that_is_a_number_gets_its_zeros_back(tmp_path: Path) -> None:
    facilities, _, findings = read(excel(tmp_path, SITE | {"zip": 2139.0, "city": "Cambridge", "state": "MA"}))
    assert facilities["zip"] == ["02139"]
    assert findings.counts() == {"lost its leading zeros": 1}


def test_an_unknown_zip_is_told_with_its_column(tmp_path: Path) -> None:
    _, _, findings = read(excel(tmp_path, SITE | {"zip": "00000"}))
    assert [(it["row"], it["column"], it["value"]) for it in findings.rows()] == [(2, "zip", "00000")]


def test_the_locator_s_answer_is_read_by_label_within_its_category(tmp_path: Path) -> None:
    facilities, openings, findings = read(locator(tmp_path, {"recordCount": 1, "rows": [ROW]}))
    assert facilities["located_by"] == ["address"]
    assert facilities["payers"] == ["medicaid;self-pay"]
    assert openings["level"] == ["intensive-outpatient", "outpatient"]
    assert facilities["phone"] == ["312-555-0100"]
    assert not len(findings)


def test_the_same_label_in_another_category_is_another_code(tmp_path: Path) -> None:
    label = "In-network prescribing entity"
    for category, code in (
        ("External Opioid Medications Source", "INPE"),
        ("External AUD Medications Source", "AUINPE"),
    ):
        row = ROW | {"services": [*ROW["services"], {"f1": category, "f2": "", "f3": label}]}  # type: ignore[misc]
        facilities, _, _ = read(locator(tmp_path, [{"rows": [row]}]))
        assert code in facilities["codes"][0].split(";")


def test_a_label_nobody_knows_is_told_and_kept_for_people_to_read(tmp_path: Path) -> None:
    row = ROW | {"services": [*ROW["services"], {"f1": "Payment Accepted", "f2": "PAY", "f3": "Barter"}]}  # type: ignore[misc]
    facilities, _, findings = read(locator(tmp_path, {"rows": [row]}))
    assert findings.counts() == {"unknown label": 1}
    assert "Payment Accepted: Barter" in facilities["note"][0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("{", "line 1"),
        ([1], "without rows"),
        ({"rows": [{"name1": "Harbor"}]}, "row 1: street1, city, state, zip, services missing"),
    ],
)
def test_what_is_no_answer_of_the_locator_is_refused(tmp_path: Path, answer: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(locator(tmp_path, answer))


def test_what_is_no_annual_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="column zip is missing"):
        read(excel(tmp_path, SITE, drop="zip"))
    (tmp_path / "text.xlsx").write_text("no zip file", encoding="utf-8")
    with pytest.raises(InputError, match=r"text\.xlsx is no Excel file"):
        read(tmp_path / "text.xlsx")
    for name in ("nowhere.xlsx", "nowhere.json", "nowhere.csv"):
        with pytest.raises(InputError, match=rf"{name} cannot be read: No such file"):
            read(tmp_path / name)
    with pytest.raises(InputError, match=r"unknown format '\.txt'"):
        read(tmp_path / "directory.txt")


def test_real_sites_say_the_same_in_every_format(tmp_path: Path) -> None:
    path = SHARED / "samhsa" / "directory-2015.csv"
    if not path.is_file():
        pytest.skip(f"the federal directory is not at {path}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["Name3"] and not row["Address3"] and not row["Note"]]
    rows = [row for row in rows if row["Keys"] and row["ZIP_Code"]][:300]
    one_code = [code for code, found in meanings().items() if found[0].category != "Prose"]
    by_label = {(meanings()[code][0].category, meanings()[code][0].label): code for code in one_code}
    sites, answers, kept = [], [], []
    for row in rows:
        codes = [code for code in row["Keys"].split("/") if code]
        if any(by_label.get((meanings()[c][0].category, meanings()[c][0].label)) != c for c in codes):
            continue
        kept.append(row)
        place = {
            "name1": row["Name1"],
            "name2": row["Name2"],
            "street1": row["Address1"],
            "street2": row["Address2"],
            "city": row["City"],
            "state": row["State"],
            "zip": row["ZIP_Code"],
        }
        sites.append(place | {"service_code_info": " * ".join(codes)})
        answers.append(place | {"latitude": row["Latitude"], "longitude": row["Longitude"], "services": labels(codes)})
    assert len(kept) > 100
    with (tmp_path / "few.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, samhsa.HEADER, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(kept)
    geocoded, annual, located = (
        read(tmp_path / "few.csv"),
        read(excel(tmp_path, *sites)),
        read(locator(tmp_path, {"rows": answers})),
    )
    for facilities, openings, _ in (annual, located):
        assert list(openings["opening_id"]) == list(geocoded[1]["opening_id"])
        for column in ("facility_id", "payers", "medications", "languages"):
            assert list(facilities[column]) == list(geocoded[0][column])
    assert set(annual[0]["located_by"]) == {"zip"}
