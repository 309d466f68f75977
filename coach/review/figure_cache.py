"""The figures of a session that trends use, cached in the store so that trends over thousands of sessions are fast.

    events ─► analysis ─► session_figures ─► store      when a session ends, or when it is first reviewed
                                              └─► figures_of ─► trends

The cache also holds the number of events that the figures were computed from, and a fingerprint of the code that
computed them. If either differs, the figures are computed again from the events.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib.abc import Traversable
from importlib.resources import files

import coach
from coach.core.errors import CoachError
from coach.review.analysis import Analysis, last_breath, session_analysis
from coach.sessions import Figures, Store, StoredSession, keep_figures, kept_figures

Along = Callable[[Sequence[StoredSession]], Iterable[StoredSession]]

OF_BOTH = ("answering_pause_median_s", "too_soon_share", "inner_share")  # the names of figures
OF_EACH = ("holding_s",)
KEPT = {"breath_s", "figures"}
DEFINED_IN = (
    "core/span.py",
    "core/events.py",
    "core/names.py",
    "core/settings.py",
    "conversation",
    "review/analysis.py",
    "review/figure_cache.py",
    "review/figures.py",
    "review/readings.py",
)


def session_figures(analysis: Analysis) -> Figures:
    """The cached figures of one session: some statistics of its analysis, and the breath (s)."""
    statistics = analysis["statistics"]
    names = [*OF_BOTH, *(f"{name}.{who}" for name in OF_EACH for who in analysis["people"])]
    return {
        "breath_s": last_breath(analysis),
        "figures": {name: statistics[name] for name in names if name in statistics},
    }


def figures_of(store: Store, sessions: Sequence[StoredSession], along: Along = iter) -> dict[int, Figures]:
    """The figures of `sessions` by number, from the cache or computed and then cached.

    `along` iterates over the sessions that have to be computed, so that a caller can show the progress.
    """
    kept = {number: row for number, row in kept_figures(store, definitions()).items() if row.keys() == KEPT}
    missing = [session for session in sessions if session.id not in kept]
    for session in along(missing) if missing else ():
        kept[session.id] = session_figures(remembered(store, session))
    return {session.id: kept[session.id] for session in sessions}


def remembered(store: Store, session: StoredSession) -> Analysis:
    """The analysis of a session, without words. Its figures are cached, if the store accepts them."""
    events = list(store.events(session.id))
    analysis = session_analysis(session, events)
    with suppress(CoachError):  # the disk is full, or another process is writing
        keep_figures(store, session.id, definitions(), len(events), session_figures(analysis))
    return analysis


@cache
def definitions() -> str:
    """A fingerprint of the code in DEFINED_IN, so that a changed definition invalidates the cache automatically."""
    digest = hashlib.sha256()
    for name in DEFINED_IN:
        for source in _sources(files(coach) / name):
            digest.update(source)
    return digest.hexdigest()[:16]


def _sources(place: Traversable) -> Iterator[bytes]:
    if place.is_file():
        yield place.read_bytes()
    else:
        for each in sorted(place.iterdir(), key=lambda each: each.name):
            if each.is_dir() or each.name.endswith(".py"):
                yield from _sources(each)
