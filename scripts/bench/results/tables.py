"""Prints results as text tables or as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with `title` and `columns`, right-aligned figures. Every row has one cell per column."""
    widths = [max(len(row[i]) for row in [columns, *rows]) for i in range(len(columns))]
    lines = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [columns, *rows]
    ]
    return "\n".join([title, "-" * max(len(title), *map(len, lines)), *lines, ""])


def figure(value: float | None, digits: int = 3) -> str:
    """A number, or a dash for None."""
    return "-" if value is None else f"{value:.{digits}f}"


@dataclass(frozen=True)
class Row:
    """One figure and the project's target. `value` is None if it could not be measured."""

    what: str
    value: float | None
    unit: str
    target: str = ""
    note: str = ""


def tell(bench: str, where: dict[str, Any], rows: list[Row], more: dict[str, Any], *, as_json: bool) -> None:
    """Prints the results as a plain table or one JSON object."""
    if as_json:
        print(json.dumps({"bench": bench, "machine": where, "results": [asdict(row) for row in rows], **more}))
        return
    print(machine_lines(where))
    titles = ("what", "measured", "unit", "target", "")
    cells = [(row.what, _figure(row.value), row.unit, row.target, row.note) for row in rows]
    widths = [max(len(line[i]) for line in [titles, *cells]) for i in range(4)]
    for line in [titles, *cells]:
        what, value, unit, target, note = line
        text = f"{what:{widths[0]}}  {value:>{widths[1]}} {unit:{widths[2]}}  {target:>{widths[3]}}  {note}"
        print(text.rstrip())
    print()
    for name, value in more.items():
        print(f"{name.replace('_', ' ')}: {value}")


def machine_lines(where: dict[str, Any]) -> str:
    """`machine()` as lines of text."""
    lines = []
    for name, value in where.items():
        told = ", ".join(f"{key} {version}" for key, version in value.items()) if isinstance(value, dict) else value
        lines.append(f"{name.replace('_', ' '):13}{told}\n")
    return "".join(lines)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
