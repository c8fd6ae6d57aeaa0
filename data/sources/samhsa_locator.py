"""An answer of the federal treatment locator: JSON, with labels of services in the place of codes.

``rows`` holds the sites, each with ``services``: a list of category name (f1), category code (f2) and labels joined by
``; `` (f3). A label means a code only within its category.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..findings import Findings, InputError
from .delimited import text_of
from .points import Source, Spot
from .samhsa_codes import meanings
from .sites import Site, Tables, five_digits, known_codes, tables_of

CATEGORIES = Path(__file__).parent.parent / "tables" / "samhsa_categories.csv"
WANTED = ("name1", "street1", "city", "state", "zip", "services")
INTAKES = ("intake1", "intake2")
BETWEEN_LABELS = "; "


def read(path: Path) -> Tables:
    """Facilities, openings, and what was found. Raises ``InputError`` when the file is no such answer."""
    findings, source = Findings(), Source(path.name, "name1", "zip", "latitude", "services")
    try:
        answer = json.loads(text_of(path, findings))
    except json.JSONDecodeError as error:
        raise InputError(f"{path.name}, line {error.lineno}: {error.msg}; allowed: JSON") from error
    sites = [_site(source, row, given, findings) for row, given in _rows(path.name, answer)]
    return tables_of(source, sites, findings)


def _rows(file: str, answer: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield every row of one answer, or of a list of its pages, with its number."""
    pages = answer if isinstance(answer, list) else [answer]
    number = 0
    for page in pages:
        if not isinstance(page, dict) or not isinstance(page.get("rows"), list):
            raise InputError(f"{file}: an answer without rows; allowed: an object with rows, or a list of such")
        for given in page["rows"]:
            number += 1
            missing = [name for name in WANTED if not isinstance(given, dict) or name not in given]
            if missing:
                raise InputError(f"{file}, row {number}: {', '.join(missing)} missing; allowed: {', '.join(WANTED)}")
            yield number, given


def _site(source: Source, row: int, given: Mapping[str, Any], findings: Findings) -> Site:
    cells = {name: "" if value is None else str(value).strip() for name, value in given.items() if name != "services"}
    said, unread = _codes(source, row, given["services"], findings)
    codes, note = known_codes(source, row, said, "; ".join(unread), findings)
    intakes = [f"intake: {cells[name]}" for name in INTAKES if cells.get(name)]
    zip_code = five_digits(source, row, cells["zip"], findings)
    return Site(
        row=row,
        names=(cells["name1"], cells.get("name2", "")),
        streets=(cells["street1"], cells.get("street2", "")),
        city=cells["city"],
        state=cells["state"],
        zip=zip_code,
        phone=cells.get("phone", ""),
        note="; ".join(filter(None, [note, *intakes, cells.get("website", "")])),
        codes=codes,
        spot=Spot(row, zip_code, cells.get("latitude", ""), cells.get("longitude", ""), ""),
    )


def _codes(source: Source, row: int, services: Any, findings: Findings) -> tuple[list[str], list[str]]:
    """Return the codes that the labels mean, and the labels that mean none of ours, which the note keeps."""
    codes, unread = [], []
    for service in services if isinstance(services, list) else []:
        name, short, labels = (str(service.get(key) or "") for key in ("f1", "f2", "f3"))
        for label in filter(None, map(str.strip, labels.split(BETWEEN_LABELS))):
            code = _code(name, short, label)
            if code:
                codes.append(code)
            else:
                unread.append(f"{name}: {label}")
                allowed = "a label of samhsa_codes.csv in its category"
                findings.noted(
                    source.file, row, f"services/{short}", label, "unknown label", "moved to the note", allowed
                )
    return codes, unread


def _code(name: str, short: str, label: str) -> str:
    category = _categories().get(short, name)
    return _by_label().get((_plain(category), _plain(label)), "")


@cache
def _by_label() -> Mapping[tuple[str, str], str]:
    """Return the code of each label within its category; a label of several codes means none of them."""
    found: dict[tuple[str, str], set[str]] = {}
    for code, rows in meanings().items():
        found.setdefault((_plain(rows[0].category), _plain(rows[0].label)), set()).add(code)
    return {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1}


@cache
def _categories() -> Mapping[str, str]:
    """Return the category of each category code."""
    with CATEGORIES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["category"] for row in csv.DictReader(file)}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
