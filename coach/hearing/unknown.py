"""Voices in a recording where nobody was enrolled: heard once through, then put into groups afterwards.

The recording is cut where it falls silent, each stretch is described by a Gaussian, and stretches are joined from the
bottom up by how much better two Gaussians explain them than one (Chen & Gopalakrishnan's BIC distance, 1998). What is
left is learnt as voices, and each stretch goes to the voice it suits best, a few times over. The voices found then
serve as if people had enrolled: the second hearing is the ordinary one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from coach.hearing.frames import FRAMES_A_SECOND
from coach.hearing.voices import Choir, Voice, apart, cepstra, learn

MOST_PEOPLE = 4  # who can be told apart
LONGEST = 3 * FRAMES_A_SECOND  # frames; a longer stretch may hold two people and is cut
SHORTEST = FRAMES_A_SECOND // 2  # frames; a shorter one says too little about whose it is
LEAST_VOICE = 3 * FRAMES_A_SECOND  # frames that a voice must have said in all to be a person
STRANGE = 4.0  # log likelihood a frame by which a known voice may explain a found one worse than that does itself
ENOUGH = 15 * FRAMES_A_SECOND  # frames of its surest speech from which a voice is learnt in the end
ROUNDS = 5  # times that stretches are given to voices and voices learnt anew
LEAST_VARIANCE = 0.01  # keeps a stretch of a few frames from looking infinitely alike
MOST_GROUPED = 300  # stretches that are grouped; of a longer recording an even selection, the rest follows the voices
APART = 1.5  # log likelihood a frame by which each of two voices must explain its own better than the other does


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Log mel energies of the active frames of one voice, shape (n, BANDS), and the first frame."""

    first: int
    bands: np.ndarray


def cut(first: int, bands: np.ndarray) -> list[Stretch]:
    """One voice as stretches of at most LONGEST frames."""
    parts = max(1, round(len(bands) / LONGEST))
    edges = np.linspace(0, len(bands), parts + 1).astype(int)
    return [Stretch(first + int(a), bands[a:b]) for a, b in pairwise(edges) if b > a]


def recognised(stretches: list[Stretch], found: Sequence[Voice], known: Mapping[str, Voice]) -> list[str | None]:
    """Which of `known` each of the `found` voices is, by what it says; None for a voice that is nobody's of them.

    Each person is at most one voice. A voice is theirs when theirs explains what it says nearly as well as itself does.
    """
    if not known or not found:
        return [None] * len(found)
    names = list(known)
    choir = Choir([*found, *(known[name] for name in names)])
    fit = np.array([choir.likelihood(cepstra(s.bands)).mean(axis=0) for s in stretches])
    own = fit[:, : len(found)].argmax(axis=1)
    out: list[str | None] = [None] * len(found)
    lost = {
        (i, name): float((fit[own == i, i] - fit[own == i, len(found) + k]).mean())
        for i in range(len(found))
        for k, name in enumerate(names)
        if (own == i).any()
    }
    for (i, name), less in sorted(lost.items(), key=lambda each: each[1]):
        if less < STRANGE and out[i] is None and name not in out:
            out[i] = name
    return out


def find_voices(stretches: list[Stretch], people: int | None) -> list[Voice]:
    """At most `people` voices, in the order in which they first speak; one when all sounds like one person.

    Fewer than LEAST_VOICE frames in all give no voice.
    """
    usable = [s for s in stretches if len(s.bands) >= SHORTEST]
    if sum(len(s.bands) for s in usable) < LEAST_VOICE:
        return []
    groups = _grouped([cepstra(s.bands) for s in usable], people or 2)
    for _ in range(ROUNDS):
        voices = [learn(_together(usable, group)) for group in groups]
        fit = np.array([[v.likelihood(cepstra(s.bands)).mean() for v in voices] for s in usable])
        best = fit.argmax(axis=1)
        groups = [g for g in ([i for i in range(len(usable)) if best[i] == k] for k in range(len(voices))) if g]
    groups = [g for g in groups if sum(len(usable[i].bands) for i in g) >= LEAST_VOICE]
    if len(groups) > 1:
        first, second = sorted(groups, key=len, reverse=True)[:2]
        if apart(_together(usable, first), _together(usable, second)) < APART:
            groups = [[i for g in groups for i in g]]
    groups.sort(key=lambda g: min(usable[i].first for i in g))
    return [learn(_together(usable, _surest(usable, g, groups))) for g in groups]


def _surest(stretches: list[Stretch], group: list[int], groups: list[list[int]]) -> list[int]:
    """The stretches of a group that are least like any other group's, ENOUGH in all.

    Where two spoke at once, or a tail of one lies under the other, a stretch is a bit of both: a voice learnt from such
    stretches no longer hears that there are two.
    """
    if len(groups) == 1:
        return group
    voices = Choir([learn(_together(stretches, g)) for g in groups])
    own = groups.index(group)
    margin = {}
    for i in group:
        fit = voices.likelihood(cepstra(stretches[i].bands)).mean(axis=0)
        margin[i] = fit[own] - np.delete(fit, own).max()
    taken: list[int] = []
    for i in sorted(group, key=lambda i: -margin[i]):
        if sum(len(stretches[k].bands) for k in taken) < ENOUGH:
            taken.append(i)
    return taken


def _together(stretches: list[Stretch], group: list[int]) -> np.ndarray:
    return np.concatenate([stretches[i].bands for i in sorted(group)])


@dataclass(slots=True, eq=False)
class _Group:
    """Stretches taken as one Gaussian: their indices, and count, sum and sum of squares of their cepstra."""

    members: list[int]
    count: int
    total: np.ndarray
    squares: np.ndarray

    def __add__(self, other: _Group) -> _Group:
        return _Group(
            self.members + other.members,
            self.count + other.count,
            self.total + other.total,
            self.squares + other.squares,
        )

    @property
    def cost(self) -> float:
        """What it costs to describe the group: half n log of the determinant of its diagonal Gaussian."""
        variance = self.squares / self.count - (self.total / self.count) ** 2
        return float(0.5 * self.count * np.log(variance + LEAST_VARIANCE).sum())


def _grouped(pieces: list[np.ndarray], people: int) -> list[list[int]]:
    """Agglomeration by the least rise in cost until `people` groups are left, each a list of indices."""
    every = -(-len(pieces) // MOST_GROUPED)
    groups = {i: _Group([i], len(x), x.sum(axis=0), (x**2).sum(axis=0)) for i, x in enumerate(pieces) if i % every == 0}

    def rise(a: int, b: int) -> float:
        return (groups[a] + groups[b]).cost - groups[a].cost - groups[b].cost

    dearer = {(a, b): rise(a, b) for a in groups for b in groups if a < b}
    while len(groups) > people:
        a, b = min(dearer, key=lambda pair: dearer[pair])
        groups[a] += groups.pop(b)
        dearer = {pair: r for pair, r in dearer.items() if not {a, b} & set(pair)}
        dearer |= {(min(a, c), max(a, c)): rise(a, c) for c in groups if c != a}
    return [sorted(group.members) for _, group in sorted(groups.items())]
