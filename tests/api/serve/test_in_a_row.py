"""What requests ask for at the same moment is done in a row, each for itself."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from api.serve.in_a_row import in_a_row


async def ranked(number: int, done: list[str]) -> int:
    def work() -> int:
        done.append(f"ranked {number}")
        return number

    done.append(f"read {number}")
    found = await in_a_row(work)
    done.append(f"told {number}")
    return found


async def together(count: int, done: list[str]) -> list[int]:
    return await asyncio.gather(*(ranked(number, done) for number in range(count)))


def test_what_came_together_is_done_in_a_row_behind_what_else_there_is() -> None:
    done = list[str]()
    assert asyncio.run(together(3, done)) == [0, 1, 2]
    assert done == [f"{what} {number}" for what in ("read", "ranked", "told") for number in range(3)]


def test_one_that_fails_or_has_gone_fails_no_other() -> None:
    done = list[str]()

    def fails() -> None:
        raise LookupError

    async def asked() -> list[object]:
        tasks = [asyncio.ensure_future(one) for one in (in_a_row(fails), ranked(1, done), ranked(2, done))]
        await asyncio.sleep(0)
        tasks[1].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(one).__name__ for one in asyncio.run(asked())] == ["LookupError", "CancelledError", "int"]
    assert done == ["read 1", "read 2", "ranked 2", "told 2"]


def test_every_loop_has_a_row_of_its_own() -> None:
    both, rounds = Barrier(2), 200

    def looped(_: int) -> list[list[int]]:
        both.wait()
        return [asyncio.run(together(3, [])) for _ in range(rounds)]

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(looped, range(2))) == [[[0, 1, 2]] * rounds] * 2
