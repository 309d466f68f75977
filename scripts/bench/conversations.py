"""The made conversations that a bench uses, by whose voices are in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from scripts.progress import watched
from scripts.simulate import mixtures
from scripts.simulate.mixtures import Plan
from scripts.simulate.readers import HALVES, HELD_BACK
from scripts.simulate.truth import Take
from scripts.workers import workers

ALL = "all"
READERS = (ALL, *HALVES)  # the values of --readers


def conversations(data: Path, readers: str, every: int, jobs: int) -> list[Take]:
    """Every Nth made conversation, each on one microphone and with channels.

    With all readers, the first set counts in every figure and the second in those on too-soon transfers. With one half
    of the readers, the conversations of either set between two of them count in every figure.
    """
    first, second = mixtures.plans(data)[::every], mixtures.more_plans(data)[::every]
    takes = [(plan in second, take) for plan, pair in _made(data, [*first, *second], jobs) for take in pair]
    if readers == ALL:
        return [replace(take, only_too_soon=more) for more, take in takes]
    return [take for _, take in takes if take.conditions["readers"] == readers]


def first_set(data: Path, readers: str, jobs: int) -> list[Take]:
    """The first set on one microphone; with one half of the readers, those between two of them."""
    takes = [pair[0] for _, pair in _made(data, mixtures.plans(data), jobs)]
    return [take for take in takes if readers in (ALL, take.conditions["readers"])]


def whose_voices(takes: Iterable[Take], readers: str) -> str:
    """A line that says how many conversations are held back from tuning."""
    names = {take.name: take.conditions["readers"] for take in takes}
    counts = Counter(names.values())
    told = ", ".join(f"{counts[each]} {each}" for each in sorted(counts))
    return f"readers of the made conversations ({readers}): {told}; not tuned on: those {HELD_BACK}"


def _made(data: Path, plans: Sequence[Plan], jobs: int) -> list[tuple[Plan, list[Take]]]:
    with workers(jobs) as pool:
        pairs = pool.map(mixtures.made, [data] * len(plans), plans)
        return list(zip(plans, watched(pairs, len(plans), "making conversations"), strict=True))
