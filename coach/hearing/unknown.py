"""Voices in a recording where nobody was enrolled: heard once through, then put into groups afterwards.

The recording is cut where it falls silent, each stretch is described by a Gaussian, and stretches are joined from the
bottom up by how much better two Gaussians explain them than one (Chen & Gopalakrishnan's BIC distance, 1998). At each
level, from six groups down, the groups are learnt as voices and each stretch goes to the voice it suits best, a few
times over. The first level at which every two groups are two people is the answer:

    difference = how much better each explains what it never saw of itself (`voices.apart`)
                 + how unlike the two are in timbre, as learnt from many readers (`timbre`)

The first alone takes two ways of speaking for two people, the second alone two alike voices for one. The voices found
then serve as if people had enrolled: the second hearing is the ordinary one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from coach.hearing.frames import FRAMES_A_SECOND
from coach.hearing.timbre import timbre
from coach.hearing.voices import Choir, Voice, apart, cepstra, learn_voice

MOST_PEOPLE = 4  # who can be told apart
LONGEST = 3 * FRAMES_A_SECOND  # frames; a longer stretch may hold two people and is cut
SHORTEST = FRAMES_A_SECOND // 2  # frames; a shorter one says too little about whose it is
LEAST_VOICE = 3 * FRAMES_A_SECOND  # frames that a voice must have said in all to be a person
STRANGE = 4.0  # log likelihood a frame by which a known voice may explain a found one worse than that does itself
ENOUGH = 15 * FRAMES_A_SECOND  # frames of its surest speech from which a voice is learnt in the end
ROUNDS = 3  # times that stretches are given to voices and voices learnt anew
LEAST_VARIANCE = 0.01  # keeps a stretch of a few frames from looking infinitely alike
MOST_GROUPED = 300  # stretches that are grouped; of a longer recording an even selection, the rest follows the voices
MOST_LEARNT = 3000  # frames from which a voice is learnt on the way: half a minute
SPARE = 2  # groups to begin with, more than there may be people: a laugh or a cough makes one of its own
TIMBRE = 6.0  # log likelihood a frame that as much as one cosine of timbres counts
NEUTRAL = 0.6  # cosine of timbres that speaks neither for one person nor for two
DIFFERENT = 1.5  # log likelihood a frame and what timbre adds, from which two groups are two people
DIFFERENT_OF_MORE = 5.0  # the same for three and four: mostly there are two, and one of them may speak in two ways
DIFFERENT_IF_SAID = 0.5  # the same where it was said how many there are


@dataclass(frozen=True, slots=True, eq=False)
class VoicePiece:
    """Log mel energies of the active frames of one voice, shape (n, BANDS), and the first frame."""

    first: int
    bands: np.ndarray


def cut_pieces(first: int, bands: np.ndarray) -> list[VoicePiece]:
    """One voice as stretches of at most LONGEST frames."""
    parts = max(1, round(len(bands) / LONGEST))
    edges = np.linspace(0, len(bands), parts + 1).astype(int)
    return [VoicePiece(first + int(a), bands[a:b]) for a, b in pairwise(edges) if b > a]


def recognised(stretches: list[VoicePiece], found: Sequence[Voice], known: Mapping[str, Voice]) -> list[str | None]:
    """Which of `known` each of the `found` voices is, by what it says; None for a voice that is nobody's of them.

    Each person is at most one voice. A voice is theirs when theirs explains what it says nearly as well as itself does.
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
    """The voices, in the order in which they first speak; at most `people`, or MOST_PEOPLE where that is not known.

    One when all sounds like one person; none where there are fewer than LEAST_VOICE frames in all.
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
    """The same stretches, each with the voice that it suits best; a voice that says too little is nobody's."""
    for _ in range(ROUNDS):
        groups = _given(groups, groups)
    while len(groups) > 1 and _frames(fewest := min(groups, key=_frames)) < LEAST_VOICE:
        groups = _given([group for group in groups if group is not fewest], groups)
    return groups


def _given(voiced: list[list[VoicePiece]], groups: list[list[VoicePiece]]) -> list[list[VoicePiece]]:
    """All stretches of `groups`, given to the voices of `voiced`; voices that get none are left out."""
    choir = Choir([learn_voice(_together(group)) for group in voiced])
    given: list[list[VoicePiece]] = [[] for _ in voiced]
    for stretch in sorted((s for group in groups for s in group), key=lambda s: s.first):
        given[int(choir.likelihood(cepstra(stretch.bands)).mean(axis=0).argmax())].append(stretch)
    return [group for group in given if group]


def _are_people(groups: list[list[VoicePiece]], said: bool) -> bool:
    """Whether every two of the groups are two people; `said` is whether it was said how many there are."""
    least = DIFFERENT_IF_SAID if said else DIFFERENT if len(groups) == 2 else DIFFERENT_OF_MORE
    return all(_difference(a, b) >= least for a, b in combinations(groups, 2))


def _difference(a: list[VoicePiece], b: list[VoicePiece]) -> float:
    """How surely two groups are two people: how well each explains itself, and how unlike in timbre they are."""
    first, second = _together(a), _together(b)
    alike = float(timbre().place(first) @ timbre().place(second))
    return apart(first, second) + TIMBRE * (NEUTRAL - alike)


def _surest(group: list[VoicePiece], groups: list[list[VoicePiece]]) -> list[VoicePiece]:
    """The stretches of a group that are least like any other group's, ENOUGH in all.

    Where two spoke at once, or a tail of one lies under the other, a stretch is a bit of both: a voice learnt from such
    stretches no longer hears that there are two.
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
    """In the order of the first stretch of half a second that is most like each."""
    choir = Choir(voices)
    first: dict[int, int] = {}
    for stretch in sorted(stretches, key=lambda s: s.first):
        if len(stretch.bands) >= SHORTEST and len(first) < len(voices):
            first.setdefault(int(choir.likelihood(cepstra(stretch.bands)).mean(axis=0).argmax()), stretch.first)
    return [voices[i] for i in [*first, *(i for i in range(len(voices)) if i not in first)]]


def _frames(stretches: list[VoicePiece]) -> int:
    return sum(len(s.bands) for s in stretches)


def _together(stretches: list[VoicePiece]) -> np.ndarray:
    """The frames of the stretches, at most MOST_LEARNT of them, in whole stretches from all over."""
    every = max(1, round(_frames(stretches) / MOST_LEARNT))
    return np.concatenate([s.bands for s in stretches[::every]])


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


def _levels(pieces: list[np.ndarray], most: int) -> Iterator[list[list[int]]]:
    """Agglomeration by the least rise in cost: the groups, as indices, when `most` are left, one less, and so on."""
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
