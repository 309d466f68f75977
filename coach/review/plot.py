"""A small plot for the terminal: a series of figures, each as a dot with a line for its interval.

     3.0 s │ ↑
           │ │     │        `↑`: the interval reaches beyond the plot
2 s breath │┄●┄┄┄┄┄●┄       `○`: a figure without an interval
           │ │  │  │
       0 s │    ●
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from coach.review.wording import on_axis

HEIGHT = 6  # lines
MARGIN = 9  # columns for the labels, with the axis
WIDEST = 4  # columns between dots at most, so that a few sessions stay close together


@dataclass(frozen=True, slots=True)
class Plot:
    """`figures` are in order, each as in "coach.analysis/1" or None. If they are too many, the oldest are left out.

    The axis for the unit "share" is from 0 to 100%; others start at zero, or below, and end as the figures require.
    `rule` is the height of a horizontal line.
    """

    figures: Sequence[dict[str, Any] | None]
    unit: str
    rule: float | None = None

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(MARGIN + 1, options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.lines(options.max_width)

    def lines(self, width: int) -> list[Text]:
        """The plot, `HEIGHT` lines of at most `width` columns."""
        room = max(1, width - MARGIN)
        shown = list(self.figures)[-room:]
        step = max(1, min(WIDEST, room // max(1, len(shown))))
        low, high = axis_ends(shown, self.unit, self.rule)
        rows = [[" "] * min(room, step * len(shown)) for _ in range(HEIGHT)]

        def row(value: float) -> int:
            return round((high - min(max(value, low), high)) / (high - low) * (HEIGHT - 1))

        if self.rule is not None and low <= self.rule <= high:
            rows[row(self.rule)] = ["┄"] * len(rows[0])
        for place, figure in enumerate(shown):
            self._draw(rows, place * step + step // 2, figure, row, high)
        return [self._line(number, cells, low, high) for number, cells in enumerate(rows)]

    @staticmethod
    def _draw(
        rows: list[list[str]], column: int, figure: dict[str, Any] | None, row: Callable[[float], int], high: float
    ) -> None:
        if figure is None or figure["value"] is None:
            return
        if interval := _interval(figure):
            for number in range(row(interval[1]), row(interval[0]) + 1):
                rows[number][column] = "│"
            if interval[1] > high:
                rows[0][column] = "↑"
        rows[row(figure["value"])][column] = "●" if interval else "○"

    def _line(self, number: int, cells: list[str], low: float, high: float) -> Text:
        label = ""
        if number in (0, HEIGHT - 1):
            label = on_axis(low if number else high, self.unit)
        line = Text(f"{label:>{MARGIN - 2}} │", style="dim", no_wrap=True, overflow="crop")
        for cell in cells:
            line.append(cell, style="cyan" if cell in "●○" else "dim")
        return line


def axis_ends(figures: Sequence[dict[str, Any] | None], unit: str, rule: float | None = None) -> tuple[float, float]:
    """The ends of the axis. A very wide interval is cut off, so that it does not press the dots together."""
    if unit == "share":
        return 0.0, 1.0
    values = [each["value"] for each in figures if each and each["value"] is not None]
    intervals = [interval for each in figures if each and (interval := _interval(each))]
    most = max([*values, rule or 0.0], default=1.0)
    low = min([0.0, *values, *(interval[0] for interval in intervals)])
    high = max([most, *(interval[1] for interval in intervals)])
    return low, max(min(high, 1.5 * most), low + 0.1)


def _interval(figure: dict[str, Any]) -> tuple[float, float] | None:
    low, high = figure.get("low"), figure.get("high")
    return None if low is None or high is None else (low, high)
