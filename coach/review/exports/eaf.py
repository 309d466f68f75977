"""The tiers for ELAN, written by pympi. Each tier of a person has that person as participant."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

from coach.review.exports.account import Account
from coach.review.exports.tiers import Tier, tiers

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MOMENT = 500  # ms; ELAN knows no moments, and an annotation shorter than this is hard to hit with the mouse


def as_eaf(told: Account) -> bytes:
    """An .eaf file without a recording; ELAN asks for one, or shows the tiers alone.

    The same session gives the same bytes: the file is dated with the day of the session.
    """
    from pympi import Eaf

    document = Eaf(author="")
    document.tiers.clear()  # it begins with one called default
    document.adocument["DATE"] = told.started.isoformat(timespec="seconds")
    for tier in tiers(told):
        document.add_tier(tier.name, part=tier.who)
        for start, end, label in _lasting(tier):
            document.add_annotation(tier.name, start, end, label)
    written = io.StringIO()
    with redirect_stdout(written):  # the library's way to write anything but a file
        document.to_file("-")
    return f"{_HEAD}{written.getvalue()}\n".encode()


def _lasting(tier: Tier) -> list[tuple[int, int, str]]:
    """Intervals as they are; moments for half a second, or up to the next."""
    if not tier.moments:
        return list(tier.intervals)
    starts = [each.start for each in tier.intervals]
    following = [*starts[1:], starts[-1] + _MOMENT]
    return [
        (each.start, min(each.start + _MOMENT, after), each.label)
        for each, after in zip(tier.intervals, following, strict=True)
    ]
