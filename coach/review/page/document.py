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

from coach.core.languages import FIRST

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

    The source says what it was observed in: "of 9 answers". `label` names the figure, for `who` if it is of one person;
    `between` is its 95% interval, if it has one.
    """

    name: str
    label: str
    who: str = ""
    value: Any
    shown: str
    source: str
    n: int
    definition: str
    between: str = ""


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

    @property
    def single(self) -> tuple[Number, ...]:
        """The numbers that stand alone: of everybody, or of the only person of whom there are any."""
        return tuple(number for number in self.numbers if not number.who or len(self.people) < 2)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody of whom there is a number, in order: a column each, if there are two or more."""
        return tuple(dict.fromkeys(number.who for number in self.numbers if number.who))

    @property
    def rows(self) -> tuple[tuple[Number | None, ...], ...]:
        """The numbers of two people or more, side by side: a row for each figure, a place for each of `people`."""
        if len(self.people) < 2:
            return ()
        of = {(number.label, number.who): number for number in self.numbers if number.who}
        labels = dict.fromkeys(label for label, _ in of)
        return tuple(tuple(of.get((label, who)) for who in self.people) for label in labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A paragraph, or several, under a `title` that may be empty; `quote` is what somebody said."""

    title: str = ""
    text: tuple[str, ...] = ()
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page. `title` is also the window's; `line` is the subtitle; `sentence` is the summary, `aside` a note to it.

    `links` lead elsewhere, each as (address, text): a page that is kept as a file has none. `lead` comes before
    everything else, as paragraphs (or as cards with a title), in plain words. `language` is that of all texts, and of
    what the page says around them.
    """

    title: str
    line: str
    sentence: str
    sections: tuple[Section, ...]
    aside: str = ""
    links: tuple[tuple[str, str], ...] = ()
    lead: tuple[Lead, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    language: str = FIRST
