"""What somebody put right of who spoke, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coach.core.events import UNKNOWN
from coach.core.times import exact_clock
from coach.sessions import Relabelling


def put_right_told(change: Relabelling, says: Mapping[str, str]) -> tuple[str, ...]:
    """The change as short sentences in the language of the texts `says`, in the order in which it was made."""
    return tuple(_told(change, says))


def _told(change: Relabelling, says: Mapping[str, str]) -> Iterator[str]:
    for old, new in change.renamed:
        yield says["relabel.renamed"].format(old=old, new=new)
    for stays, gone in change.merged:
        yield says["relabel.merged_unknown" if gone == UNKNOWN else "relabel.merged"].format(stays=stays, gone=gone)
    for start, end, one, other in change.swapped:
        yield says["relabel.swapped"].format(one=one, other=other, start=exact_clock(start), end=exact_clock(end))
    for start, end, who in change.given:
        yield says["relabel.given"].format(who=who, start=exact_clock(start), end=exact_clock(end))
