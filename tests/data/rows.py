"""Small tables for tests: each row states only the cells that matter, the others are blank or plain."""

from datetime import UTC, datetime

from data.columns import TABLES
from data.policy import policy

MONDAY_MORNING = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)
POLICY = policy(MONDAY_MORNING)
TODAY = int(POLICY["today"][0])

PLAIN = {
    "facilities.csv": {
        "facility_id": "f1",
        "name": "Harbor",
        "state": "IL",
        "zip": "60601",
        "latitude": "41.88",
        "longitude": "-87.63",
    },
    "openings.csv": {"opening_id": "o1", "facility_id": "f1", "level": "intensive-outpatient", "simulated": "no"},
    "medication_starts.csv": {
        "facility_id": "f1",
        "medication": "buprenorphine",
        "week": "2026-11-30",
        "starts": "2",
        "simulated": "no",
    },
    "vans.csv": {"van_id": "v1", "facility_id": "f1", "seats": "3", "simulated": "no"},
    "callers.csv": {"referral_id": "r1", "zip": "60601", "need": "intensive-outpatient", "simulated": "yes"},
}


def table(file: str, *rows: dict[str, str]) -> dict[str, list[str]]:
    return {name: [(PLAIN[file] | row).get(name, "") for row in rows] for name in TABLES[file]}


def facilities(*rows: dict[str, str]) -> dict[str, list[str]]:
    return table("facilities.csv", *(rows or ({},)))


def openings(*rows: dict[str, str]) -> dict[str, list[str]]:
    return table("openings.csv", *({"seats": "8"} | row for row in rows or ({},)))


def starts(*rows: dict[str, str]) -> dict[str, list[str]]:
    return table("medication_starts.csv", *(rows or ({},)))


def vans(*rows: dict[str, str]) -> dict[str, list[str]]:
    return table("vans.csv", *(rows or ({},)))


def callers(*rows: dict[str, str]) -> dict[str, list[str]]:
    return table("callers.csv", *(rows or ({},)))
