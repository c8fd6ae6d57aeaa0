"""All options of a large batch of callers."""

from collections.abc import Iterator

from matcher.sweep import Sweep

from ..instance import nation
from ..measure import median_seconds, used
from ..registry import Case, Figure, register


def run(size: int) -> Iterator[Figure]:
    """Seconds and memory to find every option of ``size`` callers; how many options one has on average."""
    problem = nation(size)
    sweep = Sweep(problem.directory, problem.policy)
    sweep.candidates(nation(10).referrals)
    yield Figure("peak_memory", used(lambda: sweep.candidates(problem.referrals))[1], "MB")
    yield Figure("seconds", median_seconds(lambda: sweep.candidates(problem.referrals)), "s")
    yield Figure("options", len(sweep.candidates(problem.referrals).opening) / size, "options a referral")


register(Case("candidates", "every option of a batch of callers", (100_000,), run))
