"""A timeline of a conversation in the terminal: one lane per person, whose height is the probable depth of sharing.

    Ana   ▄▄▄▄▆▆▆ ·  ▄▄████  ·  ▄▄▄        what happened, mixed, experience; `·` is an “mm-hm”
    Ben      ·   ━━━      ▄▄▄ ▂▂           `━` speaks where nothing was understood
    cues        ♪              ♪
          0:00             12:30             25:00

A column is a stretch of time, and shows what the person did for most of it. A height is a level of the codebook, never
a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from coach.review.analysis import Analysis, begins
from coach.review.transcript import BANDS
from coach.review.wording import called, clock

HEIGHTS = {None: "━", "N": "▂", "1": "▄", "2": "▆", "3": "█"}
MM_HM = "·"
CUE, MARK = "♪", "◆"
WIDEST = 100  # columns of time; a wider lane is hard to take in
LONGEST_NAME = 12  # columns


@dataclass(frozen=True, slots=True)
class Lanes:
    """The timeline of a "coach.analysis/1" object. `marks` are the moments that people marked, in seconds."""

    analysis: Analysis
    marks: Sequence[float] = ()

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(LONGEST_NAME + 10, options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.lines(options.max_width)

    def lines(self, width: int) -> list[Text]:
        """The timeline in lines of at most `width` columns."""
        people = list(dict.fromkeys([*self.analysis["people"], *(turn["who"] for turn in self.analysis["turns"])]))
        names = {who: _shortened(called(who)) for who in people}
        margin = max([*map(len, names.values()), len("cues")]) + 2
        columns = max(10, min(WIDEST, width - margin))
        rows = [(names[who], self._lane(who, columns)) for who in people]
        if above := self._moments(columns):
            rows.append(("cues" if CUE in above.plain else "marks", above))
        rows.append(("", self._axis(columns)))
        lines = []
        for label, cells in rows:
            line = Text(f"{label:<{margin}}", no_wrap=True, overflow="crop")
            lines.append(line.append_text(cells))
        return lines

    def legend(self) -> Text:
        """The meaning of the heights, if any words were recognised."""
        levels = {turn["level"] for turn in self.analysis["turns"]}
        if levels <= {None}:
            return Text("━ speaks", style="dim")
        read = [f"{HEIGHTS[level]} {BANDS[level][2]}" for level in "N123"]
        return Text("   ".join(read) + ", probably", style="dim")

    def _lane(self, who: str, columns: int) -> Text:
        """For each column what `who` did longest; a turn wins over an “mm-hm”."""
        spent: list[dict[str, float]] = [{} for _ in range(columns)]
        styles = {MM_HM: "dim", HEIGHTS[None]: "cyan"} | {HEIGHTS[level]: BANDS[level][1] for level in "N123"}
        for turn in self.analysis["turns"]:
            if turn["who"] != who:
                continue
            glyph = MM_HM if turn["kind"] == "backchannel" else HEIGHTS[turn["level"]]
            first, last = self._column(turn["start_s"], columns), self._column(turn["end_s"], columns)
            for column in range(first, last + 1):
                if time := self._inside(turn, column, columns):
                    spent[column][glyph] = spent[column].get(glyph, 0.0) + time
        text = Text()
        for times in spent:
            shown = {glyph: time for glyph, time in times.items() if glyph != MM_HM} or times
            glyph = max(shown, key=lambda each: shown[each], default=" ")
            text.append(glyph, style=styles.get(glyph, ""))
        return text

    def _moments(self, columns: int) -> Text | None:
        """The given cues and the marks of the time that is shown; None if there are none."""
        cells = [" "] * columns
        cues = [cue["at_s"] for cue in self.analysis["cues"] if cue["given"] and not cue["failed"]]
        for at, sign in [*((cue, CUE) for cue in cues), *((mark, MARK) for mark in self.marks)]:
            if at >= begins(self.analysis):
                cells[self._column(at, columns)] = sign
        text = "".join(cells)
        return Text(text, style="yellow") if text.strip() else None

    def _axis(self, columns: int) -> Text:
        """The time at the beginning, the middle and the end."""
        first, length = begins(self.analysis), self._length()
        begin, middle, end = clock(first), clock(first + length / 2), clock(first + length)
        before = max(1, columns // 2 - len(middle) // 2 - len(begin))
        after = max(1, columns - len(begin) - before - len(middle) - len(end))
        return Text(begin + " " * before + middle + " " * after + end, style="dim")

    def _length(self) -> float:
        """The seconds that are shown, at least one."""
        ends: list[float] = [self.analysis["recording"]["duration_s"], *(e["end_s"] for e in self.analysis["turns"])]
        return max(1.0, max(ends) - begins(self.analysis))

    def _column(self, time: float, columns: int) -> int:
        since = time - begins(self.analysis)
        return min(columns - 1, max(0, int(since / self._length() * columns)))

    def _inside(self, turn: dict[str, Any], column: int, columns: int) -> float:
        """The seconds of the turn that are within the column."""
        first, wide = begins(self.analysis), self._length() / columns
        start: float = max(turn["start_s"], first + column * wide)
        end: float = min(turn["end_s"], first + (column + 1) * wide)
        return max(0.0, end - start)


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
