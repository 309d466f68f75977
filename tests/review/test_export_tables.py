"""Sessions as CSV: every value of the JSON in a column, safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings

from coach.core.span import RATE
from coach.review.exports import TABLES, Exported, as_csv
from coach.review.exports.tables import rows_of
from tests.review.made_talk import ODD_NAMES, cue, ended, long_export, said, speech, talks, told


def rows(exported: Exported, table: str) -> list[dict[str, str]]:
    text = as_csv(exported, table).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("turns", [5, 1000])
@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_a_row_for_each_row_of_the_json_object_and_its_numbers(table: str, turns: int):
    exported = long_export(turns)
    found = rows(exported, table)
    wanted = rows_of(exported, table)
    assert len(found) == len(wanted) > 0
    assert all(row["session"] == "session 3" for row in found)
    for column in TABLES[table]:
        if column.endswith("_s"):
            told_s = [None if row[column] == "" else float(row[column]) for row in found]
            assert told_s == [row[column] for row in wanted]


def test_the_columns_are_the_keys_of_the_json_object():
    analysis = long_export(5).analysis
    assert {name: tuple(analysis[name][0]) for name in TABLES if name != "statistics"} | {
        "statistics": ("name", "who", "value", "n", "unit", "low", "high", "unsure")
    } == TABLES


def test_the_table_of_statistics_has_every_figure_with_its_person_apart():
    exported = long_export(5)
    found = rows(exported, "statistics")
    names = [f"{row['name']}.{row['who']}" if row["who"] else row["name"] for row in found]
    assert names == list(exported.analysis["statistics"])
    for row, figure in zip(found, exported.analysis["statistics"].values(), strict=True):
        value = figure["value"]
        many = value if isinstance(value, list) else [] if value is None else [value]
        assert [float(each) for each in row["value"].split(";") if each] == many
        assert (int(row["n"]), row["unit"], row["unsure"]) == (figure["n"], figure["unit"], "false")
        assert [row[end] for end in ("low", "high")] == [
            f"{figure[end]:.3f}" if end in figure else "" for end in ("low", "high")
        ]


def test_a_turn_a_transfer_and_a_cue_are_written_exactly_like_this():
    events = [
        speech("Ana", RATE, 7 * RATE),
        said("Ana", RATE, 7 * RATE, 'so I said "no",', level="2", kinds=("needs", "hopes")),
        speech("Ben", 7 * RATE + RATE // 2, 12 * RATE),
        cue(8 * RATE, "Ben", "budget", since_last_s=4.5),
    ]
    exported = told(ended(events))
    assert [as_csv(exported, table).decode().split("\r\n") for table in ("turns", "transfers", "cues")] == [
        [
            "session,who,start_s,end_s,kind,share,text,level,kinds,response",
            'session 3,Ana,1.000,7.000,turn,true,"so I said ""no"",",2,needs;hopes,',
            "session 3,Ben,7.500,12.000,turn,false,,,,",
            "",
        ],
        [
            "session,from,to,at_s,fto_s,after_share,too_soon,over,answer,silence_at_s,silence_s",
            "session 3,Ana,Ben,7.500,0.500,true,true,false,true,7.000,0.500",
            "",
        ],
        [
            "session,at_s,kind,form,text,given,held_back,because,to,failed",
            'session 3,8.000,too_soon,tone,,false,budget,"{""since_last_s"": 4.5}",Ben,false',
            "",
        ],
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe_and_numbers_do_not(begins: str):
    formula = f"{begins}2+5"
    events = [speech(formula, RATE, 2 * RATE), said(formula, RATE, 2 * RATE, formula), speech("Ben", 20_000, 80_000)]
    exported = told(ended(events), (formula, "Ben"))
    (turn, _) = rows(exported, "turns")
    assert (turn["who"], turn["text"]) == (f"'{formula}", f"'{formula}")
    (transfer,) = rows(exported, "transfers")
    assert transfer["fto_s"] == "-0.750"
    assert transfer["from"] == f"'{formula}"


def test_odd_names_come_out_of_the_table_as_they_went_in():
    events = ended([speech(who, n * RATE, (n + 1) * RATE) for n, who in enumerate(ODD_NAMES)])
    found = [row["who"].removeprefix("'") for row in rows(told(events, ODD_NAMES), "turns")]
    assert found == list(ODD_NAMES)


@pytest.mark.parametrize("table", ["turns", "transfers", "cues"])
def test_a_session_in_which_nothing_happened_is_a_line_of_column_names(table: str):
    assert as_csv(told([]), table).decode() == ",".join(("session", *TABLES[table])) + "\r\n"


@given(talks())
@settings(max_examples=40)
def test_only_numbers_may_begin_like_a_formula(talk):
    people, events = talk
    for table in TABLES:
        for row in rows(told(events, people), table):
            for column, value in row.items():
                numbers = column.endswith("_s") or re.fullmatch(r"-?\d+\.\d+(;-?\d+\.\d+)*", value)
                assert numbers or not value.startswith(("=", "+", "-", "@", "\t", "\r"))
