"""The tiers for Praat, written by praatio in Praat's long form, as UTF-8."""

from __future__ import annotations

from coach.review.exports.account import Account
from coach.review.exports.tiers import Tier, length, tiers


def as_textgrid(told: Account) -> bytes:
    """A .TextGrid file; between the intervals of a tier lie empty ones, as Praat wants it."""
    from praatio.utilities.constants import INTERVAL_TIER, POINT_TIER
    from praatio.utilities.textgrid_io import getTextgridAsStr

    found = tiers(told)
    end = length(told, found) / 1000
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
    """(start, end, label) in seconds, (time, label) for moments."""
    if tier.moments:
        return [(each.start / 1000, each.label) for each in tier.intervals]
    return [(each.start / 1000, each.end / 1000, each.label) for each in tier.intervals]
