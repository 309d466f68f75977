"""The example conversation in docs/statistics.md has the documented figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.conversation import Ipu, Stat, converse, statistics
from coach.core.events import Words
from coach.core.span import Span

PAGE = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| `(?P<name>\S+)` \| (?P<says>.+?) \| .+? \| (?P<value>[^|]+) \| (?P<n>\d+) \| [^|]* \|$", re.MULTILINE
)
ROWS = {row["name"]: row for row in ROW.finditer(PAGE)}


def numbers() -> dict[str, Stat]:
    units, words = [], []
    for line in PAGE.split("```")[1].splitlines()[2:]:
        who, start, end, *count = line.split()
        units.append(Ipu(who, Span.seconds(float(start), float(end))))
        words += [Words(at=0, who=who, span=units[-1].span, count=int(each)) for each in count]
    return statistics(converse(units, words), ("Ana", "Ben"), words=words)


NUMBERS = numbers()


def plain(value: float | list[float] | None) -> str:
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    return "none" if value is None else f"{value:g}".replace("-", "−")


@pytest.mark.parametrize("name", ROWS)
def test_values_counts_and_definitions_on_the_page_are_those_of_the_code(name: str) -> None:
    row, stat = ROWS[name], NUMBERS[name]
    assert (row["value"], int(row["n"]), row["says"]) == (plain(stat.value), stat.n, stat.definition)


def test_every_number_is_on_the_page() -> None:
    assert {name.partition(".")[0] for name in ROWS} == {name.partition(".")[0] for name in NUMBERS}


@pytest.mark.parametrize("name", ["fto_below_zero", "backchannels_per_minute.Ben"])
def test_the_intervals_worked_out_on_the_page_are_those_of_the_code(name: str) -> None:
    (row,) = (line for line in PAGE.splitlines() if f"`{name}`, " in line)
    interval = NUMBERS[name].interval
    assert interval is not None
    assert f"{interval[0]:g} to {interval[1]:g}" in row
