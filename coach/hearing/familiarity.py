"""Open-set speaker verification: whether speech attributed to a person is theirs or a stranger's.

One of the enrolled people is always the likeliest, even for a visitor or the television. So the mean projection of the
speech so far (`discriminant`) is tested again: does it differ from the person's place only by sampling error and mood,
or as much as two people differ? The score is the likelihood ratio of two-covariance PLDA. Half a second says little
either way; two seconds reveal most strangers.

    contexts      1 .... 3 ........ 10 ...........
    a stranger   .99    .8          .1                probability that it is the person (an example)
    the person   .99    .99         1
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coach.hearing.discriminant import DIRECTIONS, INDEPENDENT, REACH, between
from coach.hearing.frames import FRAMES_A_SECOND

GLIMPSE = 2 * REACH + 1  # frames of one context of the discriminant
MOOD = 0.1  # variance, relative to that within a person: people speak differently in different sentences
BENEFIT = 5.0  # prior log odds for the person
APART = round(0.3 * FRAMES_A_SECOND)  # frames of silence after which the speech may be another voice's


class Familiarity:
    """`hear` takes each frame in order: its projection, or None without speech, and its attributed speakers."""

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
        """Return the probability that the current speech of one person is theirs, 0 to 1; 1 for overlap."""
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
