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
ANSWER: dict[str, Any] = {}
