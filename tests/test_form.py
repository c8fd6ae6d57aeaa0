"""What compiled code writes is what orjson writes of the same numbers, byte by byte."""

from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matcher.brief import Brief, Drawn, listed
from matcher.form import Form, Wording
from matcher.sweep import Sweep
from matcher.vocabulary import PoolKind, TravelMode

from .worlds import CROWDED, WILD, World, row

MANY = settings(derandomize=True, deadline=None, max_examples=60)
ANY = st.one_of(WILD, CROWDED.filter(lambda made: bool(made.callers)))
WORDING = Wording(
    ',"mode":<mode>,"minutes":<minutes>,"cost":<cost>,"pools":[',
    '{"kind":<kind>,"free":<limit>,"age":<age>,"draws":<draws>}',
    ',"place":<place>,"reported":<reported>',
)
WORDS = {
    "mode": [f'"{mode.code}"' for mode in TravelMode],
    "kind": [f'"{kind.code}"' for kind in PoolKind],
    "reported": ["false", "true"],
}
LARGEST = (1 << 63) - 1


def head(number: int) -> dict[str, str]:
    return {"id": f"Casa número {number}"}


def form(count: int, compile_rules: bool = True) -> Form:
    return Form([orjson.dumps(head(number))[:-1] for number in range(count)], WORDING, WORDS, compile_rules)


def expected(one: Brief, in_list: bool) -> dict[str, Any]:
    pools = [Drawn._make(pool) for pool in one.drawn if pool[0]]
    told = {
        "mode": TravelMode.at(one.mode).code if one.mode >= 0 else None,
        "minutes": known(one.minutes),
        "cost": one.cost,
        "pools": [
            {
                "kind": PoolKind.at(pool.kind).code if pool.kind >= 0 else None,
                "free": known(pool.limit),
                "age": known(pool.age),
                "draws": pool.draws,
            }
            for pool in pools
        ],
    }
    return head(one.opening) | told | ({"place": one.place, "reported": one.reported == 1} if in_list else {})


def known(number: int) -> int | None:
    return number if number >= 0 else None


def arrays(found: list[Brief]) -> tuple[Any, Any]:
    return np.array([one[:-1] for one in found]), np.array([one.drawn for one in found])


@MANY
@given(ANY, st.booleans())
def test_a_list_is_written_as_orjson_writes_it(made: World, compile_rules: bool) -> None:
    problem = made.problem()
    found = listed(Sweep(problem.directory, problem.policy, compile_rules), row(problem), 10)
    filled = form(len(made.places), compile_rules)
    if not found:
        assert filled.whole(np.empty((0, 16), np.int64), np.empty((0, 5, 6), np.int64)) == b"[]"
        return
    assert filled.whole(*arrays(found)) == orjson.dumps([expected(one, True) for one in found])
    for in_list in (True, False):
        each = filled.each(*arrays(found), in_list)
        assert [one + b"}" for one in each] == [orjson.dumps(expected(one, in_list)) for one in found]


@MANY
@given(ANY, st.booleans(), st.sampled_from([1, 2, 10, 200]))
def test_ranked_and_written_in_one_is_the_same_as_one_after_the_other(
    made: World, compile_rules: bool, keep: int
) -> None:
    problem = made.problem()
    sweep, filled = Sweep(problem.directory, problem.policy, compile_rules), form(len(made.places), compile_rules)
    found, text = filled.ranked(sweep, row(problem), keep)
    alone = sweep.ranked(row(problem), keep)
    for name in ("ends", "opening", "way", "cost"):
        assert getattr(found, name).tolist() == getattr(alone, name).tolist()
    assert text == filled.whole(*sweep.briefed(row(problem), alone))
    assert isinstance(orjson.loads(text), list)


@pytest.mark.parametrize("compile_rules", [True, False])
@pytest.mark.parametrize("number", [0, 9, 10, 99, 100, 1 << 40, LARGEST])
def test_every_number_has_room(number: int, compile_rules: bool) -> None:
    pool = [number or 1, 0, 0, number, number, 1]
    one = Brief(0, 0, number, 0, number, 1, 0, 0, 0, 0, 0, number, 0, -1, -1, -1, [pool] * 5)
    filled = form(1, compile_rules)
    many = arrays([one] * 200)
    assert filled.whole(*many) == orjson.dumps([expected(one, True)] * 200)


def test_another_number_gives_other_bytes() -> None:
    """The control: of two numbers that differ by one, one is not written as the other."""
    one = Brief(0, 0, 1, 1, 99, 1, 0, 0, 0, 0, 0, 5, 0, -1, -1, -1, [[0, -1, -1, -1, -1, 0]] * 5)
    filled = form(1)
    assert filled.whole(*arrays([one])) != filled.whole(*arrays([one._replace(cost=100)]))
    assert filled.whole(*arrays([one])) != orjson.dumps([expected(one._replace(minutes=-1), True)])
