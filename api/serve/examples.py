"""A worked example of the schema: a caller, and what the server answered of a made-up directory."""

from typing import Any

BODY: dict[str, Any] = {
    "caller": {
        "zip": "98101",
        "need": "IOP",
        "payers": ["medicaid"],
        "medicaid_state": "WA",
        "modes": ["car"],
        "ages": [34],
        "injecting": False,
    },
    "answers": {"overdose": False, "suicidal": False},
}
ANSWER: dict[str, Any] = {
    "dangers": [],
    "simulated": True,
    "notice": "Not clinical advice. The facility decides on admission.",
    "need": "intensive-outpatient",
    "matches": [
        {
            "opening_id": "sim-7b14435f9991/intensive-outpatient/Group A/2026-11-30",
            "facility_id": "sim-7b14435f9991",
            "level": "intensive-outpatient",
            "start_date": "2026-11-30",
            "way": {"mode": "car", "minutes": 11, "distance": 39, "medication": None, "use": None, "payer": "medicaid"},
            "cost": 216,
            "verdicts": {"against": 0, "full": 0, "ask": 1, "cost": 2},
            "pools": [{"kind": "seats", "draws": 1, "free": 8, "age": 1218, "simulated": True}],
            "place": 1,
            "group": 1,
            "reported": True,
        },
        {
            "opening_id": "sim-25e9c8df1d9e/intensive-outpatient/Group A/2026-11-30",
            "facility_id": "sim-25e9c8df1d9e",
            "level": "intensive-outpatient",
            "start_date": "2026-11-30",
            "way": {"mode": "car", "minutes": 11, "distance": 41, "medication": None, "use": None, "payer": "medicaid"},
            "cost": 216,
            "verdicts": {"against": 0, "full": 0, "ask": 1, "cost": 2},
            "pools": [{"kind": "seats", "draws": 1, "free": 17, "age": 488, "simulated": True}],
            "place": 2,
            "group": 1,
            "reported": True,
        },
    ],
    "misses": [],
    "full": [],
    "interim": [],
    "notices": [],
    "unfinished": [],
}
