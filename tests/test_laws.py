import inspect
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pytest
from api.caller import NAMES
from data.columns import TABLES
from matcher import vocabulary
from matcher.facts import Opening, Policy, Pool, Referral, Way
from matcher.records import dtype, fields
from matcher.rule import Rule, Sentence, names_in
from matcher.rules import CAPACITIES, PREFERENCES, REQUIREMENTS, RULES
from matcher.trip import MODES, minutes_there
from matcher.vocabulary import LANGUAGES, Word

from . import facts
from .laws import (
    LISTS,
    ORDER,
    PARTS,
    ROOT,
    Law,
    broken,
    foreign_globals,
    handed_on,
    house,
    impure,
    misplaced_peers,
    names_a_rule,
    sibling_rules,
    sold,
    too_long,
    upward,
)

RECORDS: tuple[type[tuple[object, ...]], ...] = (Referral, Opening, Pool, Policy, Way)
TRIP_CONSTANTS = {
    "car_floor",
    "car_factor",
    "car_power",
    "traffic_factor",
    "walk_pace",
    "transit_wait",
    "transit_pace",
}
CODES = [rule.code for rule in RULES]
ORDINARY = (
    {name for record in RECORDS for name in fields(record)}
    | {name for table in TABLES.values() for name in table}
    | {word.code for kind in Word.__subclasses__() for word in list(kind)}
    | set(NAMES.values())
)
NO_RULE_NAMED = names_a_rule(CODES, ORDINARY)
LIMIT = 5


def test_the_house_is_read_at_all() -> None:
    paths = {path for path, _ in house()}
    assert {"matcher/rule.py", "matcher/rules/reach.py", "data/columns.py"} <= paths
    assert len(paths) > 20


@pytest.mark.parametrize(
    "law",
    [upward, misplaced_peers, impure, sibling_rules, handed_on, NO_RULE_NAMED, too_long],
    ids=lambda law: law.__name__,
)
def test_no_file_of_the_house_breaks_the_law(law: Law) -> None:
    assert broken(law) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("matcher/trip.py", "from .rules import RULES"),
        ("matcher/trip.py", "from . import sweep"),
        ("matcher/trip.py", "import matcher.rank"),
        ("matcher/trip.py", "def lazy():\n    from .explain import Explainer"),
        ("matcher/trip.py", "if TYPE_CHECKING:\n    from .solve import assign"),
        ("matcher/trip.py", "from .rule import Rule"),
        ("matcher/check.py", "from .sweep import Sweep"),
        ("matcher/check.py", "from .loop import dominated"),
        ("matcher/unchosen.py", "import importlib\nimportlib.import_module('matcher.sweep')"),
        ("matcher/sweep.py", "from matcher import check"),
        ("matcher/solve/flow.py", "from ..shortage import shortages"),
        ("matcher/rules/reach.py", "from ..explain import explain"),
        ("matcher/rank.py", "from data.policy import policy"),
        ("matcher/rank.py", "import api"),
        ("data/policy.py", "from benchmarks import cases"),
        ("api/desk.py", "import benchmarks.cases"),
        ("matcher/__init__.py", "from .rank import rank"),
        ("matcher/cellar.py", ""),
        ("matcher/rank.py", "from .cellar import wine"),
    ],
)
def test_an_import_upward_sideways_or_of_no_room_is_found(path: str, text: str) -> None:
    assert upward(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("matcher/rank.py", "from .sweep import Sweep\nfrom .explain import explain\nimport numpy as np"),
        ("matcher/rules/reach.py", "from ..vocabulary import UNKNOWN"),
        ("matcher/sweep.py", "from . import loop"),
        ("data/sources/findtreatment.py", "from ..columns import FACILITIES\nfrom matcher.problem import Opening"),
        ("api/desk.py", "from matcher.solve import assign\nfrom data.store import ledger"),
    ],
)
def test_an_import_downward_or_of_the_same_room_is_lawful(path: str, text: str) -> None:
    assert upward(path, text) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("matcher/rank.py", "def lazy():\n    from ortools.sat.python import cp_model"),
        ("matcher/solve/flow.py", "import networkx as nx"),
        ("matcher/explain.py", "from numba import njit"),
        ("matcher/records.py", "import pandas as pd"),
        ("data/policy.py", "import sqlalchemy"),
        ("data/store/ledger.py", "import fastapi"),
        ("benchmarks/runner.py", "import ortools"),
    ],
)
def test_a_library_outside_its_rooms_is_found(path: str, text: str) -> None:
    assert misplaced_peers(path, text)


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "from random import choice",
        "import numpy as np\nnp.random.default_rng()",
        "from numpy.random import default_rng",
        "from datetime import datetime\ndatetime.now()",
        "from datetime import date\ndate.today()",
        "open('policy.csv')",
        "from pathlib import Path",
        "import sqlite3",
        "def lazy():\n    import urllib.request",
    ],
)
def test_files_web_clock_and_chance_in_the_engine_are_found(text: str) -> None:
    assert impure("matcher/rank.py", text)
    assert impure("data/places.py", text) == []


@pytest.mark.parametrize(
    "text",
    ["from .walking import walking", "from . import walking", "from matcher.rules import RULES", "import numpy as np"],
)
def test_a_rule_that_imports_a_rule_or_a_library_is_found(text: str) -> None:
    assert sibling_rules("matcher/rules/reach.py", text)
    assert sibling_rules("matcher/rules/__init__.py", text) == []


@pytest.mark.parametrize("text", ["late(way)", "minutes = way\nminutes.minutes", "getattr(way, 'minutes')", "way[1]"])
def test_a_rule_that_hands_its_way_on_is_found(text: str) -> None:
    assert handed_on("matcher/rules/reach.py", text)
    assert handed_on("matcher/rank.py", text) == []
    assert handed_on("matcher/rules/reach.py", "way.minutes + way.distance") == []


def test_what_reads_the_trip_is_known() -> None:
    """For who asks the others before the trip is worked out: they answer the same whatever it is."""
    found = {rule.code for rule in RULES if rule.reads_trip}
    assert found == {
        rule.code for rule in RULES if re.search(r"\bway\.(minutes|distance)\b", inspect.getsource(rule.function))
    }
    assert len(found) > 3


def test_no_preference_costs_less_on_a_longer_way() -> None:
    """For an opening is passed by where the straight line there costs more than the best do; the control costs less."""
    of_trip = [rule for rule in PREFERENCES if rule.reads_trip]
    assert of_trip
    assert all(grows(lambda given, rule=rule: rule.function(*map(given.get, rule.reads))) for rule in of_trip)  # type: ignore[misc]
    assert not grows(lambda given: max(0, 100 - given["way"].minutes))
    for mode in range(MODES):
        minutes = [minutes_there(mode, tenths, facts.policy()) for tenths in range(3000)]
        assert minutes == sorted(minutes)


def grows(cost: Callable[[dict[str, Any]], int]) -> bool:
    """Whether a cost is never below 0, nor less where a way is longer, its minutes known or not."""
    given: dict[str, Any] = {"referral": facts.referral(), "policy": facts.policy()}
    known = [facts.way(minutes=minutes, distance=3 * minutes) for minutes in range(300)]
    unknown = [facts.way(minutes=-1, distance=tenths) for tenths in range(300)]
    beds = [facts.opening(bed=1, weeks=weeks, commute=7, visits=3) for weeks in (1, 4, 9)]
    for place in (facts.opening(visits=5), *beds):
        for ways in (known, unknown):
            found = [cost({**given, "opening": place, "way": one}) for one in ways]
            if found != sorted(found) or found[0] < 0:
                return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "from .rules.reach import reach",
        "from .rules import reach",
        "import matcher.rules.reach",
        "SPECIAL = 'weekly-travel'",
        "def refused(rule):\n    return rule.code == 'payer'",
        "def refused(rule):\n    return rule.code in ('payer', 'reach')",
        "def refused(rule):\n    return 'van' != rule.code",
    ],
)
def test_a_module_that_names_a_rule_is_found(text: str) -> None:
    assert NO_RULE_NAMED("matcher/rank.py", text)


def test_the_lists_of_rules_and_words_of_the_field_name_no_rule() -> None:
    text = f"from .rules import {', '.join(sorted(LISTS))}\ncolumn = 'payer'\nkind.code == 'walk'"
    assert NO_RULE_NAMED("matcher/rank.py", text) == []


def test_a_file_of_more_than_250_lines_is_found() -> None:
    assert too_long("matcher/rank.py", "pass\n" * 251)
    assert too_long("matcher/rank.py", "pass\n" * 250) == []


def test_every_room_stands_on_one_floor() -> None:
    rooms = [room for floor in ORDER for room in floor]
    assert len(set(rooms)) == len(rooms)
    assert set(PARTS.values()) <= set(rooms)
    assert not set(PARTS) & set(rooms)


def test_every_file_of_the_rules_holds_one_rule_of_the_list() -> None:
    files = {PurePosixPath(path).stem for path, _ in house() if path.startswith("matcher/rules/")} - {"__init__"}
    modules = [rule.function.__module__.rpartition(".")[2] for rule in RULES]
    assert sorted(modules) == sorted(files)


def test_every_rule_has_a_test_file() -> None:
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "rules").glob("test_*.py")}
    assert tests == {rule.function.__module__.rpartition(".")[2] for rule in RULES}


def test_codes_are_unique_and_kebab_case() -> None:
    assert len(set(CODES)) == len(CODES)
    assert [code for code in CODES if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []


def test_every_rule_is_of_one_kind() -> None:
    assert sorted(CODES) == sorted(rule.code for rule in (*REQUIREMENTS, *CAPACITIES, *PREFERENCES))


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_a_rule_has_a_title_that_a_person_can_read(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z][^\n]{10,120}[^.]", rule.title)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_a_rule_reads_its_arguments_and_the_vocabulary_alone(rule: Rule) -> None:
    assert foreign_globals(rule.function) == []


def test_a_rule_that_reads_anything_else_is_found() -> None:
    captured = len(CODES)

    def reads_a_global(way: Way) -> int:
        return way.minutes - LIMIT

    def calls_a_function(way: Way) -> bool:
        return any(re.match("a", name) for name in way._fields)

    def closes_over(way: Way) -> int:
        return way.minutes - captured

    def imports(way: Way) -> float:
        import math

        return math.sqrt(way.minutes)

    assert foreign_globals(reads_a_global) == ["reads LIMIT"]
    assert foreign_globals(calls_a_function) == ["reads re"]
    assert foreign_globals(closes_over) == ["closes over captured"]
    assert foreign_globals(imports) == ["imports math"]


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_every_sentence_names_the_same_in_every_language(rule: Rule) -> None:
    assert [sentence for sentence in spoken(rule) if differs(sentence)] == []
    assert spoken(rule)


def spoken(rule: Rule) -> list[Sentence]:
    return [sentence for sentence in (rule.says, rule.meets, rule.asks, rule.lifts) if sentence]


def differs(sentence: Sentence) -> bool:
    return len({frozenset(names_in(sentence.get(language, ""))) for language in LANGUAGES}) > 1


def test_a_sentence_that_drops_a_number_in_one_language_is_found() -> None:
    assert differs({"en": "{minutes} over", "es": "demasiado lejos"})
    assert not differs({"en": "{left} of {limit}", "es": "de {limit}, {left}"})


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_every_sentence_is_written_in_every_language(rule: Rule) -> None:
    assert all(sentence[language].strip() for sentence in spoken(rule) for language in LANGUAGES)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_is_a_whole_number_but_the_constants_of_the_trip(record: type[tuple[object, ...]]) -> None:
    kinds = {name: dtype(record)[name].base for name in fields(record)}
    assert {name for name, kind in kinds.items() if kind != np.int64} == (TRIP_CONSTANTS if record is Policy else set())


def test_the_constants_of_the_trip_are_read_by_the_trip_alone() -> None:
    readers = {path for path, text in house() if any(f".{name}" in text for name in TRIP_CONSTANTS)}
    assert readers == {"matcher/trip.py"}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_states_its_unit_and_what_unknown_means(record: type[tuple[object, ...]]) -> None:
    assert [name for name, field in fields(record).items() if not (field.unit and field.unknown)] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_no_record_says_who_pays_whom(record: type[tuple[object, ...]]) -> None:
    assert sold(fields(record)) == []


def test_no_table_says_who_pays_whom() -> None:
    assert sold(name for table in TABLES.values() for name in table) == []


@pytest.mark.parametrize("name", ["sponsor", "referral_fee", "paid_rank", "Boost", "partner_tier", "bid"])
def test_a_field_of_sponsorship_is_found(name: str) -> None:
    assert sold(["payers", "price", name]) == [name]


def test_the_vocabulary_stands_on_nothing_of_the_house() -> None:
    own = {path: text for path, text in house() if path.startswith("matcher/vocabulary/")}
    assert len(own) > 1
    for path, text in own.items():
        assert upward(path, text) == []
        assert upward(path, text + "\nfrom ..records import Ints\n")
    assert vocabulary.UNKNOWN == -1
