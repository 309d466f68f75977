"""Offline clustering: the voices in a recording without enrolment.

The recording is cut at silences, each stretch is modelled by a Gaussian, and stretches are clustered bottom-up by how
much better two Gaussians explain them than one (the BIC distance of Chen & Gopalakrishnan 1998). At each level, from
six clusters down, voices are learnt from the clusters and stretches are reassigned to the best voice, a few times. The
result is the first level at which every two clusters are two people:

    difference = how much better each voice explains its own held-out speech than the other does (`voices.apart`)
                 + how unlike the two are in timbre (`timbre`)

The first term alone takes two speaking styles for two people, the second alone takes two similar voices for one. The
second pass over the recording then uses these voices like enrolled ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from coach.hearing.frames import FRAMES_A_SECOND
from coach.hearing.timbre import timbre
from coach.hearing.voices import Choir, Voice, apart, cepstra, learn_voice

MOST_PEOPLE = 4  # the most people that can be distinguished
LONGEST = 3 * FRAMES_A_SECOND  # frames; a longer stretch may contain two people and is cut
SHORTEST = FRAMES_A_SECOND // 2  # frames; a shorter stretch says too little about its speaker
LEAST_VOICE = 3 * FRAMES_A_SECOND  # frames of speech that make a voice a person
STRANGE = 4.0  # log likelihood per frame by which an enrolled voice may fit worse than the found one itself
ENOUGH = 15 * FRAMES_A_SECOND  # frames of its most reliable speech from which the final voice is learnt
ROUNDS = 3  # times that stretches are reassigned and voices learnt again
LEAST_VARIANCE = 0.01  # keeps the determinant of a short stretch away from zero
MOST_GROUPED = 300  # stretches that are clustered; an even selection of more, and the rest is assigned afterwards
MOST_LEARNT = 3000  # frames (30 s) from which intermediate voices are learnt
SPARE = 2  # clusters at the start beyond the number of people: a laugh or a cough makes its own
TIMBRE = 6.0  # log likelihood per frame per unit of cosine
NEUTRAL = 0.6  # cosine of timbres that favours neither one person nor two
DIFFERENT = 1.5  # difference from which two clusters are two people
DIFFERENT_OF_MORE = 5.0  # the same for three and four clusters: mostly two people speak, one of them in two styles
DIFFERENT_IF_SAID = 0.5  # the same if the number of people is given


@dataclass(frozen=True, slots=True, eq=False)
class VoicePiece:
    """The log mel energies (n, BANDS) of the active frames of a stretch of speech, and its first frame."""

    first: int
    bands: np.ndarray


def cut_pieces(first: int, bands: np.ndarray) -> list[VoicePiece]:
    """Cut the bands (n, BANDS) of one voice from frame `first` on into stretches of about LONGEST frames."""
    parts = max(1, round(len(bands) / LONGEST))
    edges = np.linspace(0, len(bands), parts + 1).astype(int)
    return [VoicePiece(first + int(a), bands[a:b]) for a, b in pairwise(edges) if b > a]


def recognised(stretches: list[VoicePiece], found: Sequence[Voice], known: Mapping[str, Voice]) -> list[str | None]:
    """Return for each of the `found` voices which of the `known` people it is, or None if it is none of them.

    A voice is a person's if their enrolled voice explains its speech nearly as well as the found voice does. Each
    person is at most one voice.
    """
    if not known or not found:
        return [None] * len(found)
    names = list(known)
    choir = Choir([*found, *known.values()])
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


def find_voices(stretches: list[VoicePiece], people: int | None = None) -> list[Voice]:
    """Return the voices in the order in which they first speak; at most `people`, or MOST_PEOPLE if that is None.

    The result is empty if there are fewer than LEAST_VOICE usable frames.
    """
    usable = [s for s in stretches if len(s.bands) >= SHORTEST]
    usable = usable[:: -(-len(usable) // MOST_GROUPED)] if usable else []
    if _frames(usable) < LEAST_VOICE:
        return []
    most = people or MOST_PEOPLE
    groups = [usable]
    for found in _levels([cepstra(s.bands) for s in usable], most + SPARE if most > 1 else 1):
        told = _told_apart([[usable[i] for i in group] for group in found])
        if 1 < len(told) <= most and _are_people(told, people is not None):
            groups = told
            break
    voices = [learn_voice(_together(_surest(group, groups))) for group in groups]
    return _in_order(voices, stretches)


def _told_apart(groups: list[list[VoicePiece]]) -> list[list[VoicePiece]]:
    """Reassign the stretches to the best voices, and dissolve voices with too little speech."""
    for _ in range(ROUNDS):
        groups = _given(groups, groups)
    while len(groups) > 1 and _frames(fewest := min(groups, key=_frames)) < LEAST_VOICE:
        groups = _given([group for group in groups if group is not fewest], groups)
    return groups


def _given(voiced: list[list[VoicePiece]], groups: list[list[VoicePiece]]) -> list[list[VoicePiece]]:
    """Assign all stretches of `groups` to the voices of `voiced`; voices without stretches are dropped."""
    choir = Choir([learn_voice(_together(group)) for group in voiced])
    given: list[list[VoicePiece]] = [[] for _ in voiced]
    for stretch in sorted((s for group in groups for s in group), key=lambda s: s.first):
        given[int(choir.likelihood(cepstra(stretch.bands)).mean(axis=0).argmax())].append(stretch)
    return [group for group in given if group]


def _are_people(groups: list[list[VoicePiece]], said: bool) -> bool:
    """Whether every two of the groups are two people; `said` is whether the number of people is given."""
    least = DIFFERENT_IF_SAID if said else DIFFERENT if len(groups) == 2 else DIFFERENT_OF_MORE
    return all(_difference(a, b) >= least for a, b in combinations(groups, 2))


def _difference(a: list[VoicePiece], b: list[VoicePiece]) -> float:
    """The difference of two groups: how much better each explains itself, and how unlike they are in timbre."""
    first, second = _together(a), _together(b)
    alike = float(timbre().place(first) @ timbre().place(second))
    return apart(first, second) + TIMBRE * (NEUTRAL - alike)


def _surest(group: list[VoicePiece], groups: list[list[VoicePiece]]) -> list[VoicePiece]:
    """The stretches of a group that are least similar to any other group, ENOUGH frames in all.

    A stretch with overlap contains both voices, and a voice learnt from it would no longer detect overlap.
    """
    if len(groups) == 1:
        return group
    voices = Choir([learn_voice(_together(g)) for g in groups])
    own = groups.index(group)

    def margin(stretch: VoicePiece) -> float:
        fit = voices.likelihood(cepstra(stretch.bands)).mean(axis=0)
        return float(fit[own] - np.delete(fit, own).max())

    taken: list[VoicePiece] = []
    for stretch in sorted(group, key=margin, reverse=True):
        if _frames(taken) < ENOUGH:
            taken.append(stretch)
    return sorted(taken, key=lambda s: s.first)


def _in_order(voices: list[Voice], stretches: list[VoicePiece]) -> list[Voice]:
    """Sort `voices` by the first stretch of half a second that fits each of them best."""
    choir = Choir(voices)
    first: dict[int, int] = {}
    for stretch in sorted(stretches, key=lambda s: s.first):
        if len(stretch.bands) >= SHORTEST and len(first) < len(voices):
            first.setdefault(int(choir.likelihood(cepstra(stretch.bands)).mean(axis=0).argmax()), stretch.first)
    return [voices[i] for i in [*first, *(i for i in range(len(voices)) if i not in first)]]


def _frames(stretches: list[VoicePiece]) -> int:
    return sum(len(s.bands) for s in stretches)


def _together(stretches: list[VoicePiece]) -> np.ndarray:
    """The frames of the stretches, or an even selection of whole stretches with about MOST_LEARNT frames."""
    every = max(1, round(_frames(stretches) / MOST_LEARNT))
    return np.concatenate([s.bands for s in stretches[::every]])


@dataclass(slots=True, eq=False)
class _Group:
    """Stretches modelled by one Gaussian: their indices, and count, sum and sum of squares of their cepstra."""

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
        """The description length of the group: n/2 times the log determinant of its diagonal covariance."""
        variance = self.squares / self.count - (self.total / self.count) ** 2
        return float(0.5 * self.count * np.log(variance + LEAST_VARIANCE).sum())


def _levels(pieces: list[np.ndarray], most: int) -> Iterator[list[list[int]]]:
    """Agglomerative clustering by the least rise in cost: yield the groups of indices at `most`, `most` - 1, …"""
    groups = {i: _Group([i], len(x), x.sum(axis=0), (x**2).sum(axis=0)) for i, x in enumerate(pieces)}
    cost = {i: group.cost for i, group in groups.items()}

    def rise(a: int, b: int) -> float:
        return (groups[a] + groups[b]).cost - cost[a] - cost[b]

    dearer = {(a, b): rise(a, b) for a in groups for b in groups if a < b}
    while len(groups) > 1:
        if len(groups) <= most:
            yield [sorted(group.members) for group in groups.values()]
        a, b = min(dearer, key=lambda pair: dearer[pair])
        groups[a] += groups.pop(b)
        cost[a] = groups[a].cost
        dearer = {pair: r for pair, r in dearer.items() if not {a, b} & set(pair)}
        dearer |= {(min(a, c), max(a, c)): rise(a, c) for c in groups if c != a}
