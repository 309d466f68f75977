"""Export as tidy tables of turns, transfers, cues and statistics: one row per observation, one column per variable.

They have no columns in common, so they are separate tables. The format is CSV (RFC 4180) in UTF-8 without a byte
order mark, which `pandas.read_csv` and R's `read.csv` read without options. An empty field is a missing value. The
first column names the session, so that tables of many sessions can be concatenated.

A spreadsheet would run text that starts with = + - or @ as a formula (CSV injection). So such text, but never a number,
gets an apostrophe in front, which spreadsheets take as "this is text"; other programs show the apostrophe.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from coach.review.analysis import Analysis
from coach.review.exports.exported import Exported

TABLES = {  # the columns of each, as the keys of the JSON object
    "turns": ("who", "start_s", "end_s", "kind", "share", "text", "level", "kinds", "response"),
    "transfers": (
        "from", "to", "at_s", "fto_s", "after_share", "too_soon", "over", "answer", "silence_at_s", "silence_s",
    ),
    "cues": ("at_s", "kind", "form", "text", "given", "held_back", "because", "to", "failed"),
    "statistics": ("name", "who", "value", "n", "unit", "low", "high", "unsure"),
}  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # the first characters of a formula in common spreadsheets


def as_csv(session: Exported, table: str) -> bytes:
    """The table with this name (one of `TABLES`) as a .csv file with a header line."""
    written = io.StringIO()
    rows = csv.writer(written)  # the default dialect is RFC 4180: commas, doubled quotes, CR LF
    rows.writerow(("session", *TABLES[table]))
    name = _field(session.analysis["recording"]["name"])
    rows.writerows([name, *(_field(row[column]) for column in TABLES[table])] for row in rows_of(session, table))
    return written.getvalue().encode()


def rows_of(session: Exported, table: str) -> list[dict[str, Any]]:
    """The rows of a table, as in the JSON object."""
    if table != "statistics":
        rows: list[dict[str, Any]] = session.analysis[table]
        return rows
    return statistics_rows(session.analysis)


def statistics_rows(analysis: Analysis) -> list[dict[str, Any]]:
    """The statistics of an analysis as rows; that of one person has that person in a column of its own."""
    missing = {"low": None, "high": None, "unsure": False}
    named = [(name.partition("."), figure) for name, figure in analysis["statistics"].items()]
    return [{"name": name, "who": who or None, **missing, **figure} for (name, _, who), figure in named]


def _field(value: Any) -> str:
    """
    >>> [_field(value) for value in (None, True, -0.5, "-0.5", ["feelings", "needs"])]
    ['', 'true', '-0.500', "'-0.5", 'feelings;needs']
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.3f}"
        case list():
            return ";".join(each if isinstance(each, str) else _field(each) for each in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
