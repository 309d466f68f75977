"""What a page is made of: sections of numbers and figures, each with its definition, its count and a table.

    Page ─┬─ Section ─┬─ Number      a figure in digits, as "coach.analysis/1" has it
          │           └─ Figure ─┬─ spec      a Vega-Lite chart (`drawing` helps to make one)
          ├─ Section             ├─ about, n  what it shows and from how many observations, behind a small "i"
          └─ notes, sources      └─ Table     the same for whoever reads rather than looks

Everything here is text and plain values: `rendering.html` escapes every piece of it, so names, notes and words may
hold whatever people typed or said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PageTable:
    """Rows of text under `head`; all rows are as long as it. `when`: the moment of each row in seconds, to jump to.

    Of a very long table the page shows the beginning, and says so.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    when: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """`value` to the digit as the analysis has it under `name`, and `shown` as people read it."""

    name: str
    label: str
    value: Any
    shown: str
    n: int
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart. `id` is its place in the page, `label` says in a sentence what there is to see.

    `zooms`: along time; its spec then comes from `drawing.along_time`. `n` is None where nothing is counted.
    `empty` is told in place of the chart when there is nothing to draw.
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
    """`id` is its anchor. `text`: paragraphs before everything else; `table`: one that is shown openly."""

    id: str
    title: str
    text: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()
    figures: tuple[Figure, ...] = ()
    table: PageTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`title` is that of the window, too; `line` says what and when; `sentence` is the first thing to know."""

    title: str
    line: str
    sentence: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
