"""Seeded chance: every quantity that is made up draws from a stream of its own, named after it.

So asking for more callers, or for one more quantity, changes nothing else; and as one row draws one number of each
stream, the first rows of a longer table are the rows of a shorter one.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.records import Floats, Ints

Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

_GRID = np.linspace(-6.0, 6.0, 2401)
_BELOW = np.array([NormalDist().cdf(x) for x in _GRID.tolist()])


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance of one simulation. ``about`` tells apart simulations that share a seed."""

    seed: int
    about: str

    def stream(self, name: str) -> np.random.Generator:
        """The stream of this name. Raises ``ValueError`` when the seed is negative."""
        digest = hashlib.blake2b(f"{self.about}/{name}".encode(), digest_size=16).digest()
        words = np.frombuffer(digest, "<u4").tolist()
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *words])))

    def uniform(self, name: str, count: int) -> Floats:
        """Numbers evenly spread from 0 up to 1."""
        return self.stream(name).random(count)

    def normal(self, name: str, count: int) -> Floats:
        """Numbers of the standard normal distribution."""
        return self.stream(name).standard_normal(count)

    def yes(self, name: str, share: float | Floats, count: int) -> Bools:
        """True for this share, at random."""
        return self.uniform(name, count) < share

    def pick(self, name: str, shares: Sequence[float] | Floats, count: int) -> Ints:
        """Positions in ``shares``, each as often as its share of their sum."""
        return place_in(shares, self.uniform(name, count))

    def leaning(self, name: str, count: int, *pulls: tuple[float, Floats]) -> Floats:
        """Evenly spread numbers that lean on common causes: each pull is its weight and a standard normal cause.

        Rows with the same cause come out alike, and each number alone is as evenly spread as without (a Gaussian
        copula), so published shares hold whatever the weights.
        """
        left = 1.0 - sum(weight * weight for weight, _ in pulls)
        lean = np.sqrt(left) * self.normal(name, count)
        for weight, cause in pulls:
            lean = lean + weight * cause
        return np.asarray(np.interp(lean, _GRID, _BELOW), np.float64)


def place_in(shares: Sequence[float] | Floats, uniform: Floats) -> Ints:
    """Where evenly spread numbers fall among ``shares``."""
    edges = np.cumsum(np.asarray(shares, np.float64))
    found = np.searchsorted(edges, uniform * edges[-1], side="right")
    return np.asarray(np.minimum(found, len(edges) - 1), np.int64)


def free_of(capacity: Floats, utilization: float | Floats, uniform: Floats, rounding: Floats) -> Ints:
    """Free units: on average ``capacity x (1 - utilization)``; the larger the utilization, the more have none.

    The free fraction is ``uniform ** (utilization / (1 - utilization))``, whose mean is ``1 - utilization``; the whole
    number is rounded at random, which keeps the mean.
    """
    free = capacity * uniform ** (utilization / (1.0 - utilization))
    return np.floor(free + rounding).astype(np.int64)


def texts(values: Iterable[str]) -> Texts:
    """Texts as an array that is indexed fast and never cuts a text off."""
    listed = [str(value) for value in values]  # not the text type of numpy
    array = np.empty(len(listed), np.object_)
    array[:] = listed
    return array


def cells(names: Sequence[str], yes: Bools, no: Bools | None = None) -> Texts:
    """Cells of codes: in each row the names that are true, and ``!name`` where ``no`` is; one column a name."""
    marks = yes.astype(np.int64) + (2 * no if no is not None else 0)
    _, first, where = np.unique(marks @ 3 ** np.arange(len(names)), return_index=True, return_inverse=True)
    forms = [("", name, f"!{name}") for name in names]
    distinct = ([form[mark] for form, mark in zip(forms, row, strict=True)] for row in marks[first].tolist())
    return texts(";".join(filter(None, row)) for row in distinct)[where]


def as_text(values: npt.NDArray[Any], form: Callable[[Any], str] = str) -> Texts:
    """Numbers as texts, each distinct one formed once."""
    distinct, where = np.unique(values, return_inverse=True)
    return texts(form(value) for value in distinct.tolist())[where]
