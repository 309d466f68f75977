"""The parts of a page: sections with numbers and figures, each with its definition, its count and a table.

    Page ─┬─ Section ─┬─ Number      a figure in digits, as "coach.analysis/1" has it
          │           └─ Figure ─┬─ spec      a Vega-Lite chart, built with `drawing`
          ├─ Section             ├─ about, n  its explanation and number of observations, behind a small "i"
          └─ notes, sources      └─ Table     the same data as text

All values are plain text. `rendering.html` escapes them, so names, notes and words may contain anything that people
typed or said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageTable:
    """Rows of text, each as long as `head`. `when` holds the time of each row in seconds, as a link to the timeline.

    The page shows only the beginning of a very long table, and says so.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    when: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A figure: its exact `value` in the analysis under `name`, the text `shown` to people, and its `source`.

    The source says what it was observed in: "of 9 answers".
    """

    name: str
    label: str
    value: Any
    shown: str
    source: str
    n: int
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart. `id` is its anchor in the page, `label` one sentence that describes it.

    `zooms`: its spec comes from `drawing.along_time`, and it can be zoomed. `n` is the number of observations, or None.
    `key` pairs colours with their meanings. `empty` replaces the chart if there is nothing to draw.
    """

    id: str
    title: str
    label: str
    about: str
    spec: Spec | None
    table: PageTable
    n: int | None = None
    key: tuple[tuple[str, str], ...] = ()
    zooms: bool = False
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section. `id` is its anchor, `text` its first paragraphs, and `table` a table that is not folded away."""

    id: str
    title: str
    text: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    figures: tuple[Figure, ...] = ()
    table: PageTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page. `title` is also the window's; `line` is the subtitle; `sentence` is the summary."""

    title: str
    line: str
    sentence: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
