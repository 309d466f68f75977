"""Whether the voice that was given to a person is theirs at all, or that of somebody who was never learnt.

Of the people who are known one is always the likeliest, also for a visitor's voice or the television's. So the place of
what one voice said so far (`discriminant`) is weighed once more: as this person's, off their place only by what few
glimpses and a mood leave open, or as that of anybody, off by as much as people differ (the likelihood ratio of
two-covariance PLDA). Half a second says little either way; two seconds tell most strangers.

    glimpses      1 .... 3 ........ 10 ...........
    a stranger   .99    .8          .1                likelihood that it is the person, so far (as it may go)
    the person   .99    .99         1
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coach.hearing.discriminant import DIRECTIONS, INDEPENDENT, REACH, between
from coach.hearing.frames import FRAMES_A_SECOND

GLIMPSE = 2 * REACH + 1  # frames that share their neighbours
MOOD = 0.1  # variance, where that within a person is 1: one speaks differently in different sentences
BENEFIT = 5.0  # log likelihood by which anybody must suit better than the person before it is even between the two
APART = round(0.3 * FRAMES_A_SECOND)  # frames of silence after which another voice may have begun


class Familiarity:
    """`hear` takes each frame in order: its point, or None without speech, and who it was given to."""

    def __init__(self, places: Mapping[str, np.ndarray]) -> None:
        self._places = places
        self._wide = 2 * between()
        self._begin(frozenset())

    def _begin(self, who: frozenset[str]) -> None:
        self._who = who
        self._sum = np.zeros(DIRECTIONS)
        self._count = 0
        self._silent = 0

    def hear(self, point: np.ndarray | None, who: frozenset[str]) -> float:
        """How likely what one person said in one go, up to this frame, is theirs, 0 to 1; 1 for two at once."""
        self._silent = 0 if point is not None else self._silent + 1
        if (point is not None and who != self._who) or self._silent >= APART:
            self._begin(who)
        if len(self._who) != 1:
            return 1.0
        if point is not None:
            self._sum += point
            self._count += 1
        return self._likely() if self._count else 1.0

    def _likely(self) -> float:
        (name,) = self._who
        off = (self._sum / self._count - self._places[name]) ** 2
        theirs = GLIMPSE / self._count + 1 / INDEPENDENT + MOOD
        anybody = theirs + self._wide
        ratio = 0.5 * (off / anybody - off / theirs + np.log(anybody / theirs)).sum()
        return float(1 / (1 + np.exp(-(ratio + BENEFIT))))
