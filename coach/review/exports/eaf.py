"""Export as tiers for ELAN, with pympi. The participant of a person's tiers is that person."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

from coach.review.exports.exported import Exported
from coach.review.exports.tiers import Tier, tiers

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MOMENT = 500  # ms; ELAN has no point annotations, and shorter ones are hard to click


def as_eaf(session: Exported) -> bytes:
    """An .eaf file without a recording; ELAN asks for one, or shows the tiers alone.

    The same session gives the same bytes, because the file carries the date of the session.
    """
    from pympi import Eaf

    document = Eaf(author="")
    document.tiers.clear()  # pympi adds a tier called "default"
    document.adocument["DATE"] = session.started.isoformat(timespec="seconds")
    for tier in tiers(session):
        document.add_tier(tier.name, part=tier.who)
        for start, end, label in _lasting(tier):
            document.add_annotation(tier.name, start, end, label)
    written = io.StringIO()
    with redirect_stdout(written):  # pympi writes to a file or to stdout only
        document.to_file("-")
    return f"{_HEAD}{written.getvalue()}\n".encode()


def _lasting(tier: Tier) -> list[tuple[int, int, str]]:
    """The intervals of a tier. Moments last half a second, or until the next one."""
    if not tier.moments:
        return list(tier.intervals)
    starts = [each.start for each in tier.intervals]
    following = [*starts[1:], starts[-1] + _MOMENT]
    return [
        (each.start, min(each.start + _MOMENT, after), each.label)
        for each, after in zip(tier.intervals, following, strict=True)
    ]
