"""A histogram of the pauses before answering a share, with the target pause as one of the bin edges.

>>> [row for row in rows([-0.5, 0.3, 2.4], breath=2.0) if row[1]]
[('both at once', 1, False), ('0 to 0.5 s', 1, False), ('2 to 3 s', 1, True)]
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

EDGES = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)  # seconds; finer where most answers in everyday talk are


def rows(pauses: Sequence[float], breath: float) -> list[tuple[str, int, bool | None]]:
    """The bins in order as (label, count, whether after the breath), with a row (label, 0, None) at the breath itself.

    `pauses` and `breath` are in seconds. A pause on an edge belongs to the bin above it.
    """
    edges = sorted({*EDGES, breath})
    counts = [0] * (len(edges) + 1)
    for pause in pauses:
        counts[bisect_right(edges, pause)] += 1
    out: list[tuple[str, int, bool | None]] = [("both at once", counts[0], False)]
    for low, high, count in zip(edges, [*edges[1:], None], counts[1:], strict=True):
        if low == breath:
            out.append((f"your breath, {breath:g} s", 0, None))
        out.append((f"{low:g} to {high:g} s" if high else f"{low:g} s or more", count, low >= breath))
    return out
