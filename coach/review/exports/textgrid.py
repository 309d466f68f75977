"""Export as tiers for Praat, with praatio, in Praat's long text format and UTF-8."""

from __future__ import annotations

from coach.review.exports.exported import Exported
from coach.review.exports.tiers import Tier, length, tiers


def as_textgrid(session: Exported) -> bytes:
    """A .TextGrid file. Empty intervals fill the gaps in a tier, as Praat requires."""
    from praatio.utilities.constants import INTERVAL_TIER, POINT_TIER
    from praatio.utilities.textgrid_io import getTextgridAsStr

    found = tiers(session)
    end = length(session, found) / 1000
    grid = {
        "xmin": 0,
        "xmax": end,
        "tiers": [
            {
                "class": POINT_TIER if tier.moments else INTERVAL_TIER,
                "name": tier.name,
                "xmin": 0,
                "xmax": end,
                "entries": _entries(tier),
            }
            for tier in found
        ],
    }
    return str(getTextgridAsStr(grid, "long_textgrid", includeBlankSpaces=True)).encode()


def _entries(tier: Tier) -> list[tuple[float | str, ...]]:
    """The entries of a tier: (start, end, label) in seconds, or (time, label) for moments."""
    if tier.moments:
        return [(each.start / 1000, each.label) for each in tier.intervals]
    return [(each.start / 1000, each.end / 1000, each.label) for each in tier.intervals]
