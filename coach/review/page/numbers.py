"""The figures of the analysis on the page, with count, interval and definition."""

from __future__ import annotations

import json
from typing import Any

from coach.core.events import UNKNOWN
from coach.core.texts import Texts
from coach.review.analysis import Analysis
from coach.review.page.document import Number, PageTable, Section
from coach.review.titles import OBSERVED, defined, title, value_and_source
from coach.review.wording import called, in_unit, number_of


def number(analysis: Analysis, says: Texts, name: str) -> Number:
    """One figure of the analysis."""
    figure = analysis["statistics"][name]
    value, source = value_and_source(name, figure, says)
    of, _, who = name.partition(".")
    return Number(
        name=name,
        label=title(of, says),
        who=called(who, says) if who else "",
        value=figure["value"],
        shown=value,
        source=source,
        n=figure["n"],
        definition=defined(name, says),
        between=_interval(figure, says),
    )


def numbers(analysis: Analysis, says: Texts, *wanted: str) -> tuple[Number, ...]:
    """The figures with these names, without those that have no value or count something of nothing: 0 of 0 answers."""
    return tuple(number(analysis, says, name) for name in wanted if _says_something(analysis, name))


def _says_something(analysis: Analysis, name: str) -> bool:
    figure = analysis["statistics"][name]
    of_nothing = OBSERVED[name.partition(".")[0]].form == "of" and not figure["n"]
    return figure["value"] is not None and not of_nothing


def each(analysis: Analysis, name: str) -> list[str]:
    """The names of a figure of every person, and of the unknown voice if one was heard."""
    return [f"{name}.{who}" for who in [*analysis["people"], UNKNOWN] if f"{name}.{who}" in analysis["statistics"]]


def all_numbers(analysis: Analysis, says: Texts) -> Section:
    """A section with the exact value of every figure."""
    rows = tuple(
        (
            name,
            "–" if figure["value"] is None else json.dumps(figure["value"]),
            figure["unit"],
            str(figure["n"]),
            _between(name, figure, says),
            defined(name, says),
        )
        for name, figure in analysis["statistics"].items()
    )
    return Section(
        id="numbers",
        title=says["numbers.title"],
        text=(says["numbers.text"],),
        table=PageTable(
            (
                says["numbers.name"],
                says["numbers.value"],
                says["numbers.unit"],
                "n",
                says["numbers.interval"],
                says["numbers.definition"],
            ),
            rows,
        ),
    )


def _interval(figure: dict[str, Any], says: Texts) -> str:
    if figure.get("low") is None:
        return ""
    low, high = (in_unit(figure[end], figure["unit"], says) for end in ("low", "high"))
    return says["range"].format(low=low, high=high)


def _between(name: str, figure: dict[str, Any], says: Texts) -> str:
    """The interval, or why there is no median; and whether it is unsure who spoke."""
    known = OBSERVED[name.partition(".")[0]]
    few = figure["n"] == 1 and known.form in ("median", "mean", "place")
    just = says["numbers.just"].format(of=number_of(1, known.noun, says))
    parts = [just if few else _interval(figure, says)]
    parts += [says["numbers.unsure"]] if figure.get("unsure") else []
    return "; ".join(filter(None, parts))
