"""Trends as an HTML page: one dot per session, with its interval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from coach.core.languages import FIRST
from coach.core.texts import Texts, texts
from coach.review.page.document import Figure, Page, PageTable, Section
from coach.review.page.drawing import FAINTEST, Spec, chart, ink, mark, person_inks
from coach.review.page.limits import SOURCES, notes
from coach.review.plot import axis_ends
from coach.review.titles import defined, title
from coach.review.trends import Line, Trends, breaths_told, headline, told_figure
from coach.review.wording import date, listed, ranged

MOST = 250  # sessions with intervals: one per week for five years. A longer history follows as small dots
HEIGHT = 190  # pixels
FEW = 14  # sessions, of which each has its number on the axis

_SECTIONS = (
    ("pauses", ("answering_pause_median_s", "too_soon_share")),
    ("told", ("inner_share",)),
    ("held", ("holding_s",)),
)
_NOTES = ("dots", "longest", "unsure", "depends")


def trends_page(course: Trends, language: str = FIRST) -> Page:
    """The page with the same trends as in the terminal, in `language`."""
    says = texts(language)
    recent = _latest(course, MOST)
    since = _since_the_beginning(course, says) if recent is not course else ()
    return Page(
        language=language,
        title=says["trends.title"].format(people=listed(course.people, says), n=len(course.numbers)),
        line=says["trends.line"].format(first=date(course.began[0], says), last=date(course.began[-1], says)),
        sentence=headline(course, says),
        aside=says["limits.score"],
        sections=(*_sections(recent, says), *since),
        notes=(breaths_told(course, says), *(says[f"trends.note_{each}"] for each in _NOTES), *notes(says)),
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


def _sections(course: Trends, says: Texts) -> Iterator[Section]:
    for name, lines in _SECTIONS:
        figures = tuple(_figure(line, course, says) for line in course.lines if line.name.partition(".")[0] in lines)
        yield Section(id=name, title=says[f"trends.{name}"], figures=figures)


def _figure(line: Line, course: Trends, says: Texts) -> Figure:
    rows = list(_rows(line, course, says))
    name = title(line.name, says)
    told = [
        (str(number), date(began, says), told_figure(line.name, figure, says))
        for number, began, figure in zip(course.numbers, course.began, line.figures, strict=True)
    ]
    latest = told_figure(line.name, line.figures[-1], says)
    label = says["trends.label"].format(title=name, n=len(rows), latest=latest)
    return Figure(
        id=_id(line, course),
        title=name,
        label=label,
        about=says["trends.about"].format(definition=defined(line.name, says)),
        n=len(rows),
        spec=_chart(rows, line, course, label, says) if rows else None,
        table=PageTable(head=(says["trends.session"], says["trends.began"], says["trends.figure"]), rows=tuple(told)),
        empty=says["trends.empty"],
    )


def _rows(line: Line, course: Trends, says: Texts) -> Iterator[dict[str, Any]]:
    for start, (number, began, figure) in enumerate(zip(course.numbers, course.began, line.figures, strict=True), 1):
        if figure and figure["value"] is not None:
            told = says["trends.row"].format(
                date=date(began, says), n=number, figure=told_figure(line.name, figure, says)
            )
            ends = {} if figure.get("low") is None else {"low": figure["low"], "high": figure["high"]}
            yield {"start": start, "value": figure["value"], "says": told, **ends}


def _chart(rows: list[dict[str, Any]], line: Line, course: Trends, label: str, says: Texts) -> Spec:
    colour = _ink(line, course)
    layers = [mark("point", filled=True, size=60 if len(rows) <= MOST // 2 else 25, color=colour, opacity=1)]
    if any("low" in row for row in rows):  # Vega warns about an empty layer
        ends = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
        look = {"clip": True, "color": colour, "opacity": FAINTEST, "strokeWidth": 1.5, "aria": False}
        layers.insert(0, mark("rule", only="isValid(datum.low)", encoding=ends, **look))
    breath = course.breath_of(line)
    if breath is not None:
        layers.insert(0, _across(breath))
    return chart(rows, *layers, label=label, height=HEIGHT, encoding=_axes(line, course, breath, says))


def _axes(line: Line, course: Trends, breath: float | None, says: Texts) -> Spec:
    """One step along for each session, however long ago the one before was: a month without talk is no figure."""
    share = line.unit == "share"
    ends = axis_ends(line.figures, line.unit, breath)
    few = len(course.numbers) <= FEW  # Vega would put ticks between them, too, with the numbers of their neighbours
    ticks = {"values": list(range(1, len(course.numbers) + 1))} if few else {"tickCount": {"expr": "width / 70"}}
    return {
        "x": {
            "field": "start", "type": "quantitative", "title": says["trends.axis"],
            "scale": {"domain": [1, max(2, len(course.numbers))], "nice": False, "zero": False, "padding": 12},
            "axis": {"grid": False, "format": "d", **ticks},
        },
        "y": {
            "field": "value", "type": "quantitative", "title": None if share else says["trends.seconds"],
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


def _since_the_beginning(course: Trends, says: Texts) -> Iterator[Section]:
    """A section with all sessions as small dots, and a table with the range of each year."""
    drawn = [line for line in course.lines if "." not in line.name]
    yield Section(
        id="since",
        title=says["trends.since"],
        text=(says["trends.since_text"].format(most=MOST, n=len(course.numbers)),),
        figures=tuple(_small(line, course, says) for line in drawn),
    )


def _small(line: Line, course: Trends, says: Texts) -> Figure:
    rows = [
        {"start": start, "value": figure["value"]}
        for start, figure in enumerate(line.figures, 1)
        if figure and figure["value"] is not None
    ]
    label = says["trends.small_label"].format(title=title(line.name, says), n=len(rows))
    dots = mark("point", filled=True, size=9, color=_ink(line, course), opacity=FAINTEST, aria=False, tooltip=None)
    years = tuple(
        (str(year), str(len(values)), ranged(min(values), max(values), line.unit, says))
        for year, values in _by_year(line, course)
    )
    return Figure(
        id=f"all-{_id(line, course)}",
        title=title(line.name, says),
        label=label,
        about=defined(line.name, says),
        n=len(rows),
        spec=chart(rows, dots, label=label, height=HEIGHT, encoding=_axes(line, course, None, says)) if rows else None,
        table=PageTable(
            head=(says["trends.year"], says["trends.sessions"], says["trends.lowest_to_highest"]), rows=years
        ),
        empty=says["trends.small_empty"],
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
