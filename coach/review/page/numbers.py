"""The figures of the analysis on the page, with count, interval and definition."""

from __future__ import annotations

import json
from typing import Any

from coach.core.events import UNKNOWN
from coach.review.analysis import Analysis
from coach.review.figures import definition
from coach.review.page.document import Number, PageTable, Section
from coach.review.titles import TITLES, value_and_source
from coach.review.wording import called, counted, in_unit


def number(analysis: Analysis, name: str) -> Number:
    """One figure of the analysis."""
    figure = analysis["statistics"][name]
    value, source = value_and_source(name, figure)
    of, _, who = name.partition(".")
    return Number(
        name=name,
        label=TITLES[of].text,
        who=called(who) if who else "",
        value=figure["value"],
        shown=value,
        source=source,
        n=figure["n"],
        definition=definition(name),
        between=_interval(figure),
    )


def numbers(analysis: Analysis, *wanted: str) -> tuple[Number, ...]:
    """The figures with these names, without those that have no value."""
    return tuple(number(analysis, name) for name in wanted if analysis["statistics"][name]["value"] is not None)


def each(analysis: Analysis, name: str) -> list[str]:
    """The names of a figure of every person, and of the unknown voice if one was heard."""
    return [f"{name}.{who}" for who in [*analysis["people"], UNKNOWN] if f"{name}.{who}" in analysis["statistics"]]


def all_numbers(analysis: Analysis) -> Section:
    """A section with the exact value of every figure."""
    rows = tuple(
        (name, json.dumps(figure["value"]), figure["unit"], str(figure["n"]), _between(name, figure), definition(name))
        for name, figure in analysis["statistics"].items()
    )
    return Section(
        id="numbers",
        title="Every number",
        text=("As in `coach analyze --json`, with the number of observations behind each.",),
        table=PageTable(("name", "value", "unit", "n", "95% interval", "definition"), rows),
    )


def _interval(figure: dict[str, Any]) -> str:
    if figure.get("low") is None:
        return ""
    return f"{in_unit(figure['low'], figure['unit'])} to {in_unit(figure['high'], figure['unit'])}"


def _between(name: str, figure: dict[str, Any]) -> str:
    """The interval, or why there is no median; and whether it is unsure who spoke."""
    known = TITLES[name.partition(".")[0]]
    few = figure["n"] == 1 and known.form in ("median", "mean", "place")
    parts = [f"just {counted(1, known.noun)}" if few else _interval(figure)]
    parts += ["unsure who spoke"] if figure.get("unsure") else []
    return "; ".join(filter(None, parts))
