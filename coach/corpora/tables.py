"""The results of a folder as Parquet tables: one row a recording, a turn, a transfer, a pause, a cue, a statistic.

They are made anew from the results at the end of each run, a recording at a time, so that memory does not grow with
their number. A recording that failed has a row in `recordings` that says why.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coach.core.errors import CoachError, reason_of
from coach.corpora.items import Item
from coach.corpora.record import Record
from coach.review.exports import ParquetTables, rows_of_analysis


def write_tables(out: Path, items: Sequence[Item]) -> None:
    """Writes the tables of `items`, whose results are in `out`. Raises CoachError if they cannot be written."""
    done = Record(out).done
    try:
        with ParquetTables(out) as tables:
            for item in items:
                said = done.get(item.name)
                for result in said.results if said else ():
                    tables.add(_rows(out / result, item.name, several=len(said.results) > 1 if said else False))
                for why in said.failed if said else ():
                    tables.add({"recordings": [{"recording": item.name, "file": item.path.name, "failed": why}]})
    except OSError as error:
        raise CoachError(f"the tables in {out} cannot be written: {reason_of(error)}") from error


def _rows(path: Path, name: str, several: bool) -> dict[str, list[dict[str, Any]]]:
    """The rows of one result; each of several in one file has its own name."""
    analysis = json.loads(path.read_bytes())
    return rows_of_analysis(analysis, f"{name}: {analysis['recording']['name']}" if several else name)
