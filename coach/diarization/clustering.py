"""The voices in a recording without enrolment: crops of speech, grouped by how near they are.

Crops in which one voice is alone are first merged bottom-up (average linkage) into groups that surely are one voice.
A second of sound places a voice only roughly: two crops of one person in a noisy room are hardly nearer than those of
two people elsewhere. Groups are therefore compared by their likeness, which takes this out: the mean cosine across
two groups over the geometric mean of those within each. The two likest are merged until no two are alike.

Groups with enough speech are people; the rest are laughs, coughs and mixtures. Every crop then goes to the nearest
person, and each voice is learnt again, a few times. The second pass over the recording uses these voices like enrolled
ones. If the number of people is given, merging goes on or stops where that many groups have enough speech.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coach.diarization.looks import Crop
from coach.diarization.voices import Voice, alike, learn_voice


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteringConfig:
    """How voices are grouped."""

    most_people: int = 6  # that are told apart
    alone: float = 0.6  # share of a crop in which one voice must be alone
    same: float = 0.5  # cosine distance up to which crops are merged at first
    fewest: int = 3  # crops of such a group
    alike: float = 0.6  # likeness of groups that are one person
    alike_if_said: float = 0.85  # the same if the number of people is given
    coherent: float = 0.3  # the least mean cosine within a group that is believed
    least: int = 5  # crops that make a person: about three seconds of speech
    share: float = 0.03  # of all crops, the same for long recordings
    most: int = 400  # crops that are grouped; an even selection of more
    rounds: int = 3  # times that crops are given to the nearest voice, and voices learnt again


CONFIG = ClusteringConfig()
MOST_PEOPLE = CONFIG.most_people


def find_voices(crops: Sequence[Crop], people: int | None = None, config: ClusteringConfig = CONFIG) -> list[Voice]:
    """The voices in the order in which they first speak: `people`, or as many as there seem to be.

    Fewer if there is too little speech to find them; none without any crop.
    """
    clear = [crop for crop in crops if crop.alone >= config.alone] or list(crops)
    if not clear:
        return []
    some = clear[:: -(-len(clear) // config.most)]
    points = np.array([crop.voice for crop in some])
    least = max(1, min(config.least, len(some) // 4), round(config.share * len(some)))
    groups = _grouped(points, people, least, config)
    every = np.array([crop.voice for crop in clear])
    centres = np.array([learn_voice(points[group]).centre for group in groups])
    for _ in range(config.rounds):
        nearest = (every @ centres.T).argmax(axis=1)
        centres = np.array(
            [learn_voice(every[nearest == i]).centre if (nearest == i).any() else c for i, c in enumerate(centres)]
        )
    nearest = (every @ centres.T).argmax(axis=1)
    first = [int(np.argmax(nearest == i)) if (nearest == i).any() else len(every) for i in range(len(centres))]
    return [Voice(centres[i]) for i in np.argsort(first, kind="stable")]


def recognised(found: Sequence[Voice], known: Mapping[str, Voice]) -> list[str | None]:
    """Which of the `known` people each of the `found` voices is, None for none. Each person is at most one voice."""
    nearness = sorted(
        ((float(v.centre @ k.centre), i, name) for i, v in enumerate(found) for name, k in known.items()), reverse=True
    )
    out: list[str | None] = [None] * len(found)
    for _, i, name in nearness:
        if out[i] is None and name not in out and alike(found[i], known[name]):
            out[i] = name
    return out


def _grouped(points: np.ndarray, people: int | None, least: int, config: ClusteringConfig) -> list[np.ndarray]:
    """The people: indices of `points` (n, 192), in groups of at least `least`, the largest first."""
    found: list[np.ndarray] = []
    if people != 1:
        for groups, likeness in _merged(points, min(least, config.fewest), config):
            large = [group for group in groups if len(group) >= least]
            if people is None:
                found = large
                if likeness < config.alike:
                    break
            elif len(large) == people and _likest(points, large, config) < config.alike_if_said:
                found = large
    return sorted(found, key=len, reverse=True)[: config.most_people] or [np.arange(len(points))]


def _merged(points: np.ndarray, fewest: int, config: ClusteringConfig) -> Iterator[tuple[list[np.ndarray], float]]:
    """Groups of `points` as they are merged, and how like the two are that will be merged next."""
    if len(points) == 1:
        return
    from scipy.cluster.hierarchy import fcluster, linkage  # takes half a second, and a session needs none of it

    labels = fcluster(linkage(points, method="average", metric="cosine"), config.same, criterion="distance")
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    groups = [group for group in groups if len(group) >= fewest]
    while groups:
        likeness = _likeness(points, groups, config)
        a, b = np.unravel_index(likeness.argmax(), likeness.shape)
        yield groups, float(likeness[a, b])
        if len(groups) == 1:
            return
        both = np.concatenate([groups[a], groups[b]])
        groups = [group for n, group in enumerate(groups) if n not in (a, b)] + [both]


def _likest(points: np.ndarray, groups: list[np.ndarray], config: ClusteringConfig) -> float:
    return float(_likeness(points, groups, config).max())


def _likeness(points: np.ndarray, groups: list[np.ndarray], config: ClusteringConfig) -> np.ndarray:
    """How like each two groups are, (groups, groups); -1 for a group and itself."""
    sizes = np.array([len(group) for group in groups])
    sums = np.array([points[group].sum(axis=0) for group in groups])
    products = sums @ sums.T
    within = (np.diag(products) - sizes) / np.maximum(sizes * (sizes - 1), 1)
    within = np.maximum(within, config.coherent)
    out = products / np.outer(sizes, sizes) / np.sqrt(np.outer(within, within))
    np.fill_diagonal(out, -1.0)
    return np.asarray(out)
