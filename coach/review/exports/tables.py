"""The analysis as tidy tables: one of turns, one of transfers, one of cues; a row for each, a column for each figure.

Three tables rather than one, for a turn and a cue have no columns in common. They are what RFC 4180 calls CSV, in UTF-8
without a byte order mark: `pandas.read_csv` and R's `read.csv` need no option. An empty field means that there is no
value. The first column names the session, so that the tables of many sessions can be put below one another.

A name or a sentence that begins with = + - or @ would be run as a formula by a spreadsheet, and whoever is called so
need not be whoever opens the table. So text (never a number) that begins with one of these is given an apostrophe in
front, which spreadsheets understand as "this is text"; other programs show it.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from coach.review.exports.account import Account

TABLES = {  # the columns of each, as the keys of the JSON object
    "turns": ("who", "start_s", "end_s", "kind", "share", "text", "level", "kinds", "response"),
    "transfers": ("from", "to", "at_s", "fto_s", "after_share", "too_soon", "over"),
    "cues": ("at_s", "kind", "form", "text", "given", "held_back", "because"),
}
_RUNS = ("=", "+", "-", "@", "\t", "\r")  # how a formula begins in one spreadsheet or another


def as_csv(told: Account, table: str) -> bytes:
    """The table of that name (one of `TABLES`) as a .csv file: a line of column names, then a row for each entry."""
    written = io.StringIO()
    rows = csv.writer(written)  # its own default is RFC 4180: commas, doubled quotes, CR LF
    rows.writerow(("session", *TABLES[table]))
    session = _field(told.analysis["recording"]["name"])
    rows.writerows([session, *(_field(row[column]) for column in TABLES[table])] for row in told.analysis[table])
    return written.getvalue().encode()


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
        case float():  # all of them are seconds
            return f"{value:.3f}"
        case list():
            return ";".join(value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return f"'{text}" if text.startswith(_RUNS) else text
