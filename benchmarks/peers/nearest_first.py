"""Peer: today's practice, a list of the openings that offer the level of care, nearest first, nothing else checked."""

import numpy as np

from matcher.problem import Directory
from matcher.records import Ints, Rows
from matcher.trip import unit_vector


class NearestFirst:
    """A directory as points on the sphere."""

    def __init__(self, directory: Directory) -> None:
        rows = directory.openings
        places = zip(rows["latitude"].tolist(), rows["longitude"].tolist(), strict=True)
        self.points = np.array([unit_vector(*place) for place in places])
        self.level = np.ascontiguousarray(rows["level"])

    def ranked(self, row: Rows, keep: int) -> Ints:
        """The ``keep`` nearest openings of one referral (one row), nearest first."""
        here = np.flatnonzero(int(row["levels"][0]) >> self.level & 1)
        apart = self.points[here] - np.array(unit_vector(int(row["latitude"][0]), int(row["longitude"][0])))
        far = (apart * apart).sum(axis=1)
        near = np.argpartition(far, keep)[:keep] if len(far) > keep else np.arange(len(far))
        order: Ints = here[near[np.argsort(far[near], kind="stable")]]
        return order
