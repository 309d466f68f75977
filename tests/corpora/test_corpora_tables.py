"""The tables of a folder: pandas and DuckDB read them, and docs/corpora.md asks them its questions."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from coach.cli.main import main
from coach.review.exports import PARQUET_TABLES, TABLES, as_parquet, described
from coach.review.exports.parquet import ParquetTables, rows_of_analysis
from coach.review.figures import definitions
from tests.corpora.talks import talk
from tests.review.made_talk import long_export

PAGE = (Path(__file__).parents[2] / "docs" / "corpora.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that holds `results`, of five conversations."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CONFIG", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
        for n in range(5):
            talk(folder / "talks" / f"{n}.rttm", n)
        assert main(["analyze", str(folder / "talks"), "--out", str(folder / "results")]) == 0
        yield folder


def objects(results: Path) -> dict[str, Any]:
    found = sorted((results / "results").glob("*.json"))
    return {path.name.removesuffix(".json"): json.loads(path.read_text(encoding="utf-8")) for path in found}


@pytest.mark.parametrize("table", ["turns", "transfers", "pauses", "cues"])
def test_pandas_and_duckdb_read_what_the_objects_hold(table, results):
    path = results / "results" / f"{table}.parquet"
    expected = [(name, row) for name, each in objects(results).items() for row in each[table]]
    frame = pd.read_parquet(path)
    assert list(frame["recording"]) == [name for name, _ in expected]
    rows = duckdb.read_parquet(str(path)).fetchall()
    columns = duckdb.read_parquet(str(path)).columns
    assert [dict(zip(columns, row, strict=True)) for row in rows] == [{"recording": n, **row} for n, row in expected]


def test_every_statistic_has_its_definition(results):
    frame = pd.read_parquet(results / "results" / "statistics.parquet")
    assert set(frame["name"]) <= set(definitions())
    assert all(frame["definition"] == frame["name"].map(definitions()))
    one = objects(results)["0.rttm"]["statistics"]
    mine = frame[(frame["recording"] == "0.rttm") & (frame["name"] == "talk_s")].set_index("who")["value"]
    assert dict(mine) == {who: one[f"talk_s.{who}"]["value"] for who in ("Ana", "Ben")}


def test_a_recording_has_one_row(results):
    rows = pq.read_table(results / "results" / "recordings.parquet").to_pylist()
    assert [row["recording"] for row in rows] == [f"{n}.rttm" for n in range(5)]
    for row, each in zip(rows, objects(results).values(), strict=True):
        assert row["people"] == each["people"]
        assert row["duration_s"] == each["recording"]["duration_s"]
        assert row["fingerprint"] == each["recording"]["fingerprint"]


def test_every_column_has_its_meaning_in_the_file(results):
    for table in PARQUET_TABLES:
        schema = pq.read_schema(results / "results" / f"{table}.parquet")
        assert all(field.metadata and field.metadata[b"description"] for field in schema)


def test_duckdb_shows_the_meaning_of_every_column_too(results):
    for table in PARQUET_TABLES:
        path = results / "results" / f"{table}.parquet"
        shown = duckdb.sql(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{path}')").fetchall()
        columns = {name: says for each, name, _, says in described() if each == table}
        assert dict(shown).items() >= {f"column {name}": says for name, says in columns.items()}.items()


def test_the_page_lists_every_table_with_its_columns():
    for table in PARQUET_TABLES:
        names = [name for each, name, _, _ in described() if each == table]
        assert re.search(rf"^\| `{table}` \| .+ \| {', '.join(f'`{name}`' for name in names)} \|$", PAGE, re.MULTILINE)


def snippet(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


def test_the_first_question_of_the_page_is_answered(results, monkeypatch):
    monkeypatch.chdir(results)
    rows = duckdb.sql(snippet("sql").replace("HAVING count(*) >= 5", "HAVING count(*) >= 1")).fetchall()
    waits = [row[2] for row in rows]
    assert waits == sorted(waits)
    for recording, answers, wait, too_soon in rows:
        figures = objects(results)[recording]["statistics"]
        assert answers == figures["answering_pause_median_s"]["n"]
        assert wait == pytest.approx(figures["answering_pause_median_s"]["value"], abs=0.006)
        assert too_soon == pytest.approx(figures["too_soon_share"]["value"], abs=0.006)
    assert len(rows) == 5


def test_the_second_question_of_the_page_is_answered(results, monkeypatch, capsys):
    monkeypatch.chdir(results)
    exec(compile(snippet("python"), "docs/corpora.md", "exec"), {})
    people, correlation = capsys.readouterr().out.split()
    assert int(people) == 10
    assert -1 <= float(correlation) <= 1


def test_a_session_gives_the_same_tables_as_csv_does():
    exported = long_export(20)
    for table in TABLES:
        rows = pq.read_table(io.BytesIO(as_parquet(exported, table))).to_pylist()
        if table != "statistics":
            assert [row["start_s" if table == "turns" else "at_s"] for row in rows] == [
                each["start_s" if table == "turns" else "at_s"] for each in exported.analysis[table]
            ]
        assert {row["recording"] for row in rows} <= {"session 3"}


def test_rows_are_written_in_groups_and_a_failure_leaves_the_older_tables(tmp_path, monkeypatch):
    monkeypatch.setattr("coach.review.exports.parquet.ROW_GROUP", 10)
    analysis = long_export(20).analysis
    with ParquetTables(tmp_path) as tables:
        for n in range(3):
            tables.add(rows_of_analysis(analysis, f"talk {n}"))
    before = pq.read_table(tmp_path / "turns.parquet")
    assert before.num_rows == 3 * len(analysis["turns"])
    assert pq.ParquetFile(tmp_path / "turns.parquet").num_row_groups >= 3

    def broken_off() -> None:
        with ParquetTables(tmp_path) as tables:
            tables.add(rows_of_analysis(analysis, "again"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert pq.read_table(tmp_path / "turns.parquet").equals(before)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{each}.parquet" for each in PARQUET_TABLES)
