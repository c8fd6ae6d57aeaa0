"""The cases by name: what each measures, at which sizes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

OURS = "ours"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number measured; ``variant`` is ``ours`` or the name of a peer."""

    metric: str
    value: float
    unit: str
    variant: str = OURS


@dataclass(frozen=True, slots=True)
class Case:
    """One benchmark: ``run`` takes one of ``sizes`` (whole numbers) and yields figures, input not counted."""

    name: str
    title: str
    sizes: tuple[int, ...]
    run: Callable[[int], Iterable[Figure]]


_CASES: dict[str, Case] = {}


def register(case: Case) -> Case:
    """Add a case. Raises ``ValueError`` when its name is taken, or a size is no whole number above 0."""
    if case.name in _CASES:
        raise ValueError(f"benchmark case {case.name!r} is registered twice")
    if not case.sizes or not all(type(size) is int and size > 0 for size in case.sizes):
        raise ValueError(f"benchmark case {case.name!r}: sizes {case.sizes}; allowed: whole numbers above 0")
    _CASES[case.name] = case
    return case


def cases() -> dict[str, Case]:
    """Every case by name, in the order of the names."""
    import_module("benchmarks.cases")  # registers them
    return dict(sorted(_CASES.items()))


def chosen(name: str) -> list[Case]:
    """The case of this name; all of them without a name. Raises ``ValueError`` when there is no such case."""
    known = cases()
    if name and name not in known:
        raise ValueError(f"no benchmark case is named {name!r}; there are {', '.join(known)}")
    return [known[name]] if name else list(known.values())
