"""Trends as an HTML page: one dot per session, with its interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from coach.review.page.document import Figure, Page, PageTable, Section
from coach.review.page.drawing import FAINTEST, Spec, chart, ink, mark, person_inks
from coach.review.page.limits import NOTES, SOURCES
from coach.review.plot import axis_ends
from coach.review.trends import Line, Trends, breaths_told, headline, told_figure
from coach.review.wording import date, listed, ranged

MOST = 250  # sessions with intervals: one per week for five years. A longer history follows as small dots
HEIGHT = 190  # pixels

_SECTIONS = (
    ("pauses", "Before answering", ("answering_pause_median_s", "too_soon_share")),
    ("told", "What was told", ("inner_share",)),
    ("held", "Silences held", ("holding_s",)),
)
_NOTES = (
    "A dot is one session. The line through it contains the true value 95 times in 100 if answers are independent; "
    "they are only roughly so, which makes the value a little less certain. Dots without a line come from too few "
    "answers. A line that leaves the chart at the top reaches further; the table says how far.",
    "The longest silence of a session has no interval: it is what happened. A longer session has a longer one by "
    "chance alone.",
    "~ stands before a figure if it was unsure who spoke in more than a tenth of that session's speech.",
    "These numbers also depend on what you talked about, when and where. No trend line is drawn: none is known.",
)


def trends_page(course: Trends) -> Page:
    """The page with the same trends as in the terminal."""
    recent = _latest(course, MOST)
    return Page(
        title=f"{listed(course.people)}, {len(course.numbers)} sessions",
        line=f"{date(course.began[0])} to {date(course.began[-1])}",
        sentence=headline(course),
        sections=(*_sections(recent), *(_since_the_beginning(course) if recent is not course else ())),
        notes=(breaths_told(course), *_NOTES, *NOTES),
        sources=SOURCES,
    )


def _latest(course: Trends, most: int) -> Trends:
    if len(course.numbers) <= most:
        return course
    return replace(
        course,
        numbers=course.numbers[-most:],
        began=course.began[-most:],
        breaths=course.breaths[-most:],
        lines=tuple(replace(line, figures=line.figures[-most:]) for line in course.lines),
    )


def _sections(course: Trends) -> Iterator[Section]:
    for name, title, lines in _SECTIONS:
        figures = tuple(_figure(line, course) for line in course.lines if line.name.partition(".")[0] in lines)
        yield Section(id=name, title=title, figures=figures)


def _figure(line: Line, course: Trends) -> Figure:
    rows = list(_rows(line, course))
    told = [
        (str(number), date(began), told_figure(line.name, figure))
        for number, began, figure in zip(course.numbers, course.began, line.figures, strict=True)
    ]
    label = f"{line.title}, {len(rows)} sessions, one dot each. The latest: {told_figure(line.name, line.figures[-1])}."
    about = f"{line.definition} One value per session, with its 95% interval if it has one."
    return Figure(
        id=_id(line, course),
        title=line.title,
        label=label,
        about=about,
        n=len(rows),
        spec=_chart(rows, line, course, label) if rows else None,
        table=PageTable(head=("session", "began", "figure"), rows=tuple(told)),
        empty="No session has this figure: nothing of the kind was heard, or no words were recognised.",
    )


def _rows(line: Line, course: Trends) -> Iterator[dict[str, Any]]:
    for start, (number, began, figure) in enumerate(zip(course.numbers, course.began, line.figures, strict=True), 1):
        if figure and figure["value"] is not None:
            says = f"{date(began)}, session {number}: {told_figure(line.name, figure)}"
            ends = {} if figure.get("low") is None else {"low": figure["low"], "high": figure["high"]}
            yield {"start": start, "value": figure["value"], "says": says, **ends}


def _chart(rows: list[dict[str, Any]], line: Line, course: Trends, label: str) -> Spec:
    colour = _ink(line, course)
    layers = [mark("point", filled=True, size=60 if len(rows) <= MOST // 2 else 25, color=colour, opacity=1)]
    if any("low" in row for row in rows):  # Vega warns about an empty layer
        ends = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
        look = {"clip": True, "color": colour, "opacity": FAINTEST, "strokeWidth": 1.5, "aria": False}
        layers.insert(0, mark("rule", only="isValid(datum.low)", encoding=ends, **look))
    breath = course.breath_of(line)
    if breath is not None:
        layers.insert(0, _across(breath))
    return chart(rows, *layers, label=label, height=HEIGHT, encoding=_axes(line, course, breath))


def _axes(line: Line, course: Trends, breath: float | None) -> Spec:
    """One step along for each session, however long ago the one before was: a month without talk is no figure."""
    share = line.unit == "share"
    ends = axis_ends(line.figures, line.unit, breath)
    return {
        "x": {
            "field": "start", "type": "quantitative", "title": "sessions, the earliest first",
            "scale": {"domain": [1, max(2, len(course.numbers))], "nice": False, "zero": False, "padding": 12},
            "axis": {"grid": False, "format": "d", "tickMinStep": 1, "tickCount": {"expr": "width / 70"}},
        },
        "y": {
            "field": "value", "type": "quantitative", "title": None if share else "seconds",
            "scale": {"domain": list(ends), "nice": not share},
            "axis": {"tickCount": 5, "gridOpacity": 0.6} | ({"format": "%"} if share else {}),
        },
    }  # fmt: skip


def _across(breath: float) -> Spec:
    """A horizontal line at the target pause."""
    return {
        "data": {"values": [{"at": breath}]},
        "mark": {"type": "rule", "color": ink("mark"), "strokeDash": [4, 3], "strokeWidth": 1.5, "aria": False},
        "encoding": {"x": {"value": 0}, "x2": {"value": "width"}, "y": {"field": "at", "type": "quantitative"}},
    }


# ------------------------------------------------------------------------------------------------ many sessions


def _since_the_beginning(course: Trends) -> Iterator[Section]:
    """A section with all sessions as small dots, and a table with the range of each year."""
    drawn = [line for line in course.lines if "." not in line.name]
    yield Section(
        id="since",
        title="Since the beginning",
        text=(
            f"Above are the latest {MOST} sessions; these charts show all {len(course.numbers)}, without intervals.",
        ),
        figures=tuple(_small(line, course) for line in drawn),
    )


def _small(line: Line, course: Trends) -> Figure:
    rows = [
        {"start": start, "value": figure["value"]}
        for start, figure in enumerate(line.figures, 1)
        if figure and figure["value"] is not None
    ]
    label = f"{line.title} in all {len(rows)} sessions."
    dots = mark("point", filled=True, size=9, color=_ink(line, course), opacity=FAINTEST, aria=False, tooltip=None)
    years = tuple(
        (str(year), str(len(values)), ranged(min(values), max(values), line.unit))
        for year, values in _by_year(line, course)
    )
    return Figure(
        id=f"all-{_id(line, course)}",
        title=line.title,
        label=label,
        about=line.definition,
        n=len(rows),
        spec=chart(rows, dots, label=label, height=HEIGHT, encoding=_axes(line, course, None)) if rows else None,
        table=PageTable(head=("year", "sessions", "from lowest to highest"), rows=years),
        empty="No session has this figure.",
    )


def _by_year(line: Line, course: Trends) -> Iterator[tuple[int, list[float]]]:
    for year, pairs in groupby(zip(course.began, line.figures, strict=True), key=lambda pair: pair[0].year):
        values = [figure["value"] for _, figure in pairs if figure and figure["value"] is not None]
        if values:
            yield year, values


# ------------------------------------------------------------------------------------------------------- details


def _id(line: Line, course: Trends) -> str:
    """An anchor that contains no name of a person."""
    name, _, who = line.name.partition(".")
    return f"{name}-{course.people.index(who) + 1}" if who else name


def _ink(line: Line, course: Trends) -> str:
    """The person's colour for a figure of one person."""
    who = line.name.partition(".")[2]
    return person_inks(course.people)[course.people.index(who)] if who else ink("past")
