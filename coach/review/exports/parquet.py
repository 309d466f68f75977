"""Export as Parquet: the tidy tables of one session or of a whole corpus, with the meaning of every column inside.

The columns are the keys of the JSON object, as in CSV; here they have types, lists stay lists, and a statistic carries
its definition. The meaning of a column, from the schema of the JSON object, is its field metadata ("description"), and
once more in the file's own metadata ("column NAME"): DuckDB and R's arrow before 25 show no metadata of fields.
pandas, DuckDB and R's arrow read the files without options.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.review.analysis import Analysis
from coach.review.exports.exported import Exported
from coach.review.exports.tables import TABLES, statistics_rows
from coach.review.figures import definition

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 50_000  # rows that are held until they are written
RECORDING = "The recording that the row is of: its path below the folder that was analysed, or the session."
_OWN = {
    "recordings": {
        "recording": RECORDING,
        "file": "Its name, as in the JSON object.",
        "duration_s": "Its duration in seconds.",
        "channels": "The number of its sound channels; 0 for a file of segments.",
        "counted_from_s": "From when speech counts, in seconds.",
        "people": "The people known to have taken part.",
        "pause_s": "The target breath in seconds.",
        "language": "The spoken language that was set.",
        "fingerprint": "A hash of its content, the options and the version; the same for two copies of one recording.",
        "failed": "Why it could not be analysed; null if it was.",
    },
    "statistics": {
        "name": "The statistic, without the person.",
        "who": "The person whose it is; null if it is of all.",
        "value": "The number; null if there was nothing to observe, or if it is a list.",
        "values": "The numbers, if it is a list; null otherwise.",
        "n": "The number of observations.",
        "unit": "Its unit.",
        "low": "The lower end of its 95% interval, if it has one.",
        "high": "The upper end of that interval.",
        "unsure": "Whether it depends on who spoke, and that is unsure for more than a tenth of the speech.",
        "definition": "What it means.",
    },
}
_FROM_SCHEMA = ("turns", "transfers", "pauses", "cues")
PARQUET_TABLES = ("recordings", *_FROM_SCHEMA, "statistics")
_NUMBERS, _TIMES = ("channels", "n"), ("_s", "value", "low", "high")
_FLAGS = ("share", "after_share", "too_soon", "over", "answer", "given", "failed", "unsure")
_LISTS = {"people": "string", "kinds": "string", "values": "float64"}


@cache
def columns(table: str) -> Mapping[str, str]:
    """The columns of a table, each with its meaning."""
    if table in _OWN:
        return {"recording": RECORDING, **_OWN[table]}
    text = files("coach.review").joinpath("analysis.schema.json").read_text(encoding="utf-8")
    promised = json.loads(text)["properties"][table]["items"]["properties"]
    names = TABLES.get(table, tuple(promised))
    return {"recording": RECORDING, **{name: promised[name]["description"] for name in names}}


@cache
def schema(table: str) -> pa.Schema:
    """The types of a table's columns; each field's metadata has its meaning, and so has the schema's."""
    import pyarrow as pa

    def kind(name: str) -> pa.DataType:
        if name in _LISTS:
            return pa.list_(pa.type_for_alias(_LISTS[name]))
        if name in _NUMBERS:
            return pa.int64()
        if name in _FLAGS and not (table == "recordings" and name == "failed"):
            return pa.bool_()
        return pa.float64() if name.endswith(_TIMES) else pa.string()

    return pa.schema(
        [pa.field(name, kind(name), metadata={"description": says}) for name, says in columns(table).items()],
        metadata={
            "written by": "listening-coach",
            "table": table,
            **{f"column {name}": says for name, says in columns(table).items()},
        },
    )


def rows_of_analysis(analysis: Analysis, recording: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that an analysis gives; `recording` names it in the first column."""
    about, set_up = analysis["recording"], analysis["settings"]
    rows: dict[str, list[dict[str, Any]]] = {
        "recordings": [
            {
                "file": about["name"],
                **{name: about.get(name) for name in ("duration_s", "channels", "counted_from_s", "fingerprint")},
                "people": analysis["people"],
                "pause_s": set_up["pause"],
                "language": set_up["language"],
                "failed": None,
            }
        ],
        "statistics": [_statistic(row) for row in statistics_rows(analysis)],
    }
    for table in _FROM_SCHEMA:
        rows[table] = [{name: _plain(name, value) for name, value in row.items()} for row in analysis[table]]
    return {table: [{"recording": recording, **row} for row in found] for table, found in rows.items()}


def _statistic(row: Mapping[str, Any]) -> dict[str, Any]:
    several = isinstance(row["value"], list)
    return {
        **row,
        "value": None if several else row["value"],
        "values": row["value"] if several else None,
        "definition": definition(row["name"]),
    }


def _plain(name: str, value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if name == "because" else value


def as_parquet(session: Exported, table: str) -> bytes:
    """The table with this name (one of `PARQUET_TABLES`) as a .parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = rows_of_analysis(session.analysis, session.analysis["recording"]["name"])[table]
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema(table)), written)
    return written.getvalue()


class ParquetTables:
    """Writes all tables into a folder, some rows at a time. Use it in a `with`; a failure leaves the older tables."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._waiting: dict[str, list[dict[str, Any]]] = {table: [] for table in PARQUET_TABLES}
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> ParquetTables:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            for table in PARQUET_TABLES:
                self._write(table)
        for writer in self._writers.values():
            writer.close()
        for table in self._writers:
            if kind is None:
                self._part(table).replace(self._folder / f"{table}.parquet")
            else:
                self._part(table).unlink(missing_ok=True)

    def add(self, rows: Mapping[str, Iterable[dict[str, Any]]]) -> None:
        """Append rows to the tables that they are of."""
        for table, more in rows.items():
            self._waiting[table] += more
            if len(self._waiting[table]) >= ROW_GROUP:
                self._write(table)

    def _write(self, table: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if table not in self._writers:
            self._part(table).touch(mode=0o600)
            self._writers[table] = pq.ParquetWriter(self._part(table), schema(table))
        self._writers[table].write_table(pa.Table.from_pylist(self._waiting[table], schema(table)))
        self._waiting[table].clear()

    def _part(self, table: str) -> Path:
        return self._folder / f".{table}.parquet.part"


def described(tables: Sequence[str] = PARQUET_TABLES) -> Iterable[tuple[str, str, str, str]]:
    """Every column: its table, name, type and meaning."""
    for table in tables:
        for name, says in columns(table).items():
            yield table, name, str(schema(table).field(name).type), says
