"""The few figures of a session that trends are drawn from, kept so that a look back over thousands is quick.

    events ─► analysis ─► session_figures ─► store      when a session ends, or the first time it is looked back on
                                              └─► figures_of ─► trends

What is kept is never believed for longer than it is true: beside it stand the number of events that it was computed
from, and a fingerprint of the code that computed it. Whenever either is different, the events are asked again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib.abc import Traversable
from importlib.resources import files
from typing import Any

import coach
from coach.conversation.measures import of_share
from coach.core.errors import CoachError
from coach.review.analysis import session_analysis
from coach.sessions import Figures, Store, StoredSession, keep_figures, kept_figures

Analysis = dict[str, Any]
Along = Callable[[Sequence[StoredSession]], Iterable[StoredSession]]

INNER = "Of the turns that shared anything, the part in which experience was probably told (mixed, or experience)."
OF_BOTH = ("answering_pause_median_s", "too_soon_share")  # the names of statistics
OF_EACH = ("holding_s",)
KEPT = {"breath_s", "figures"}
DEFINED_IN = (
    "core/span.py",
    "core/events.py",
    "core/settings.py",
    "conversation",
    "review/analysis.py",
    "review/figures.py",
)


def session_figures(analysis: Analysis) -> Figures:
    """What is kept of one session: figures as in "statistics" of its analysis, the inner share, and the breath in s."""
    statistics = analysis["statistics"]
    names = [*OF_BOTH, *(f"{name}.{who}" for name in OF_EACH for who in analysis["people"])]
    return {
        "breath_s": analysis["settings"]["pause"],
        "figures": {name: statistics[name] for name in names if name in statistics}
        | {"inner_share": inner_share(analysis)},
    }


def inner_share(analysis: Analysis) -> dict[str, Any]:
    """The part of the sharing turns that told inner experience, as a figure with Wilson's interval.

    A turn shares when its level is 1, 2 or 3, and tells inner experience at 2 or 3; None where no turn did. It is of
    the conversation, never of a person: it depends on who was asked what.
    """
    levels = [
        turn["level"] for turn in analysis["turns"] if turn["kind"] == "turn" and turn["level"] in ("1", "2", "3")
    ]
    inner = sum(level != "1" for level in levels)
    interval = of_share(inner, len(levels))
    ends = {} if interval is None else {"low": round(interval[0], 3), "high": round(interval[1], 3)}
    return {"value": round(inner / len(levels), 3) if levels else None, "n": len(levels), "unit": "share", **ends}


def figures_of(store: Store, sessions: Sequence[StoredSession], along: Along = iter) -> dict[int, Figures]:
    """The figures of `sessions` by number; those that are not kept, or hold no longer, are computed and kept.

    along: goes through the sessions that have to be computed, to show how far it is.
    """
    kept = {number: row for number, row in kept_figures(store, definitions()).items() if row.keys() == KEPT}
    missing = [session for session in sessions if session.id not in kept]
    for session in along(missing) if missing else ():
        kept[session.id] = session_figures(remembered(store, session))
    return {session.id: kept[session.id] for session in sessions}


def remembered(store: Store, session: StoredSession) -> Analysis:
    """The analysis of a session, without words; its figures are kept from then on, if the store takes them."""
    events = list(store.events(session.id))
    looked_at = session_analysis(session, events)
    with suppress(CoachError):  # a full disk, or another one writes
        keep_figures(store, session.id, definitions(), len(events), session_figures(looked_at))
    return looked_at


@cache
def definitions() -> str:
    """A fingerprint of the code that the figures come from: nobody has to remember that a definition changed."""
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
