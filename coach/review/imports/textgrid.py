"""Reading Praat's TextGrids, with praatio. Point tiers contain no speech."""

from __future__ import annotations

from pathlib import Path

from coach.core.errors import BadInput
from coach.review.imports.model import Segments, checked_span, decoded
from coach.review.imports.tiers import LabelledTier, conversation


def from_textgrid(path: Path) -> list[Segments]:
    """The conversation in a .TextGrid file. Raises BadInput for a file without an interval tier."""
    from praatio.utilities.constants import INTERVAL_TIER
    from praatio.utilities.textgrid_io import parseTextgridStr

    lines = decoded(path).splitlines()
    grid = parseTextgridStr("".join(f"{line}\n" for line in lines))  # praatio drops an interval without a final newline
    tiers = [
        LabelledTier(
            tier["name"],
            tier["name"],
            [
                (checked_span(float(start), float(end), f"{path.name}, tier {tier['name']},"), label)
                for start, end, label in tier["entries"]
                if label.strip()
            ],
        )
        for tier in grid["tiers"]
        if tier["class"] == INTERVAL_TIER
    ]
    if not tiers:
        raise BadInput(f"{path.name} has no interval tier, so it does not say who spoke when")
    whole = checked_span(grid["xmin"], grid["xmax"], path.name)
    return [conversation(path.name, tiers, whole.end)]
