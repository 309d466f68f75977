"""Draws the two recordings of a session: talk above, coach below, one row per minute."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from coach.audio.source import Samples
from coach.core.span import RATE

ROW_S = 60.0  # seconds of a row
WIDTH, LEFT, ROW = 960, 44, 116  # SVG units: width of a row's waveform, margin, row height
HALF = 24  # units from a recording's zero line to its edge
TALK_AT, COACH_AT = 28, 80  # units from a row's top to the zero lines
EDGE = 0.4  # amplitude at the edge
COLUMN = 2  # units per stroke
LETTER = 5.2  # units per letter
STYLE = (
    "text{font:11px sans-serif;fill:#444} .talk{stroke:#8a94a6} .coach{stroke:#b3541e} .zero{stroke:#ddd}"
    " .name{fill:#b3541e;font-size:10px}"
)


def drawn(talk: Samples, coach: Samples, named: Sequence[tuple[float, str]], title: str) -> str:
    """The picture as SVG. `named` lists the coach's sounds: second and label."""
    rows = range(int(np.ceil(len(coach) / RATE / ROW_S)))
    height = 30 + ROW * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 12} {height}">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{LEFT}" y="16">{escape(title)}</text>',
    ]
    for row in rows:
        start = row * ROW_S
        parts.append(f'<g transform="translate({LEFT} {26 + row * ROW})">')
        parts.append(f'<text x="-36" y="{TALK_AT + 4}">{row}:00</text>')
        parts += [_wave(talk, start, TALK_AT, "talk"), _wave(coach, start, COACH_AT, "coach")]
        parts += _names(named, start)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>\n"])


def _wave(sound: Samples, start: float, middle: int, name: str) -> str:
    step = round(ROW_S * RATE * COLUMN / WIDTH)
    piece = sound[round(start * RATE) : round((start + ROW_S) * RATE)]
    columns = piece[: len(piece) // step * step].reshape(-1, step)
    strokes = []
    for n, (low, high) in enumerate(zip(columns.min(1), columns.max(1), strict=True)):
        up, down = (round(float(np.clip(each / EDGE, -1, 1)) * HALF, 1) for each in (high, low))
        if up - down >= 0.2:
            strokes.append(f"M{n * COLUMN} {middle - up:g}V{middle - down:g}")
    return (
        f'<path class="zero" d="M0 {middle}H{WIDTH}"/>'
        f'<path class="{name}" stroke-width="{COLUMN * 0.7}" d="{"".join(strokes)}"/>'
    )


def _names(named: Sequence[tuple[float, str]], start: float) -> list[str]:
    """Labels of the coach's sounds in the row, each truncated to fit before the next."""
    here = [((at - start) / ROW_S * WIDTH, what) for at, what in named if start <= at < start + ROW_S]
    ends = [x for x, _ in [*here[1:], (WIDTH, "")]]
    y = COACH_AT + HALF + 4
    return [
        f'<text class="name" x="{x:.0f}" y="{y}">{escape(_shortened(what, int((end - x) / LETTER) - 1))}</text>'
        for (x, what), end in zip(here, ends, strict=False)
    ]


def _shortened(what: str, letters: int) -> str:
    return what if len(what) <= letters else what[: max(0, letters - 1)].rsplit(" ", 1)[0] + "…"
