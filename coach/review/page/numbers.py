"""The statistics of the analysis on the page, with count, interval and definition."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from coach.conversation.measures import OVERALL, PERSONAL
from coach.review.analysis import Analysis
from coach.review.page.document import Number, PageTable, Section
from coach.review.wording import called, in_unit, signed

_OTHERS = {
    "unheard_s": "How many seconds of sound were lost, in n gaps; pauses that touch a gap are not measured.",
    "unmeasured_transfers": "How often the floor changed hands while sound was lost; no other figure includes these.",
}


@cache
def definitions() -> dict[str, str]:
    """The definition of every statistic by name: the docstring of its measure."""
    docs = {one.name: one.measure.__doc__ for one in OVERALL} | {own.name: own.measure.__doc__ for own in PERSONAL}
    return {name: " ".join((doc or "").split()) for name, doc in docs.items()} | _OTHERS


def definition(name: str) -> str:
    """The definition of a statistic; that of `holding_s` for `holding_s.Ana`. Empty if there is none."""
    return definitions().get(name.partition(".")[0], "")


def number(analysis: Analysis, name: str, label: str) -> Number:
    """One statistic, with its interval in its definition."""
    figure = analysis["statistics"][name]
    between = _interval(figure)
    says = definition(name) + (f" 95% interval: {between}." if between else "")
    return Number(name=name, label=label, value=figure["value"], shown=shown(figure), n=figure["n"], definition=says)


def numbers(analysis: Analysis, *wanted: tuple[str, str]) -> tuple[Number, ...]:
    """The statistics that are `wanted` as (name, label), without those that have no value."""
    return tuple(
        number(analysis, name, label) for name, label in wanted if analysis["statistics"][name]["value"] is not None
    )


def each(analysis: Analysis, name: str, label: str) -> list[tuple[str, str]]:
    """The statistic `name` of every person as (name, label), for `numbers`."""
    return [(f"{name}.{who}", f"{label}, {called(who)}") for who in analysis["people"]]


def shown(figure: dict[str, Any]) -> str:
    """The value of a figure as text.

    >>> shown({"value": 0.333, "n": 3, "unit": "share"}), shown({"value": None, "n": 0, "unit": "s"})
    ('33%', 'none')
    """
    value = figure["value"]
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(map(signed, value))
    return in_unit(value, figure["unit"])


def all_numbers(analysis: Analysis) -> Section:
    """A section with the exact value of every statistic."""
    rows = tuple(
        (name, json.dumps(figure["value"]), figure["unit"], str(figure["n"]), _interval(figure), definition(name))
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
