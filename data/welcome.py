"""Made-up facilities: whom they are for, in what languages, and what they offer besides the level of care.

Each fact comes in its published share of facilities, or a stated assumption, independent of the others.
"""

import numpy as np

from matcher.vocabulary import Word

from .chance import Bools, Chance, Texts, cells, texts
from .columns import MASKS
from .figures import SUPPLY, figures, group

OFFERED = ("ages", "genders", "programs", "languages", "accessibility", "services")
"""Columns of facilities that hold codes, each word as often as its figure ``column/word``; without one, never."""

FLAGS = {
    "co_occurring": "mental_illness/treated",
    "telehealth": "telehealth/yes",
    "takes_children": "takes_children/yes",
    "assistance": "assistance/yes",
    "outside_therapist": "outside_therapist/yes",
}
"""Columns of facilities that are yes or no, with the figure of the share that says yes."""


def columns(chance: Chance, count: int, frank: Bools) -> dict[str, Texts]:
    """What each facility reports of itself. ``frank``: who also reports what it has not."""
    known = figures(*SUPPLY)
    told = {name: _codes(chance, name, MASKS[name], count, frank) for name in OFFERED}
    for name, figure in FLAGS.items():
        told[name] = texts(np.where(chance.yes(name, known[figure], count), "yes", "no"))
    silent = {name: chance.yes(f"silent/{name}", known["silent/welcome"], count) for name in told}
    reported = {name: texts(np.where(silent[name], "", column)) for name, column in told.items()}
    return reported | {"only": _only(chance, count), "refused": _refused(chance, count)}


def _codes(chance: Chance, name: str, kind: type[Word], count: int, frank: Bools) -> Texts:
    shares = group(figures(*SUPPLY), name)
    words = [word.code for word in kind if word.code in shares]
    has = np.stack([chance.yes(f"{name}/{code}", shares[code], count) for code in words], axis=1)
    return cells(words, has, ~has & frank[:, np.newaxis])


def _only(chance: Chance, count: int) -> Texts:
    """Programs that serve one population and nobody else; most serve everybody."""
    shares = group(figures(*SUPPLY), "only")
    picked = chance.pick("only", [1.0 - sum(shares.values()), *shares.values()], count)
    return texts(["", *shares])[picked]


def _refused(chance: Chance, count: int) -> Texts:
    shares = group(figures(*SUPPLY), "refused")
    no = np.stack([chance.yes(f"refused/{code}", share, count) for code, share in shares.items()], axis=1)
    return cells(list(shares), no)
