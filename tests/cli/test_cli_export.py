"""`coach export`: what it prints, writes and refuses."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from coach.cli.main import main
from coach.core.events import Ended, Speech, Words
from coach.core.settings import data_folder
from coach.core.span import RATE, Span
from coach.review.exports import TABLES
from coach.sessions import SessionHeader, Store
from coach.sessions.store import DATABASE_FILE

BEGINS = {
    "json": b'{"schema": "coach.analysis/1"',
    "csv": b"session,who,start_s",
    "textgrid": b'File type = "ooTextFile"',
    "eaf": b'<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT',
    "rttm": b"SPEAKER session_1 1 1.000 6.000",
    "vtt": b"WEBVTT\n",
    "srt": b"1\n00:00:01,000 --> 00:00:07,000\n",
    "md": b"# session 1\n\n**A",
    "parquet": b"PAR1",
}
TABULAR = ("csv", "parquet")
FORMS = pytest.mark.parametrize("form", BEGINS)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)


def stored(keep: str = "words") -> None:
    """Session 1: Ana shares for six seconds, Ben answers."""
    with Store(data_folder() / DATABASE_FILE) as store:
        number = store.begin(SessionHeader(people=("Ana", "Ben"), keep=keep))
        assert number == 1
        store.write(
            number,
            [
                Speech(at=8 * RATE, who="Ana", span=Span(RATE, 7 * RATE), confidence=1.0),
                Words(at=8 * RATE, who="Ana", span=Span(RATE, 7 * RATE), count=4, text="then we walked home"),
                Speech(at=12 * RATE, who="Ben", span=Span(8 * RATE, 11 * RATE), confidence=1.0),
                Ended(at=13 * RATE, reason="ended by hand"),
            ],
        )


def exported(capfdbinary, *options: str) -> bytes:
    """The output on stdout; any output on stderr is an error."""
    assert main(["export", "1", *options]) == 0
    out, err = capfdbinary.readouterr()
    assert not err
    return out


@FORMS
def test_every_format_is_printed_and_nothing_goes_to_stderr(form, capfdbinary):
    stored()
    out = exported(capfdbinary, "--format", form)
    assert out.startswith(BEGINS[form])
    assert out.endswith(b"PAR1" if form == "parquet" else b"\n")
    assert b"walked" not in out


@FORMS
def test_words_are_included_on_request(form, capfdbinary):
    stored()
    assert (b"then we walked home" in exported(capfdbinary, "--format", form, "--words")) == (form != "rttm")


@FORMS
def test_without_kept_words_export_says_so_and_goes_on(form, capfdbinary):
    stored(keep="stats")
    assert main(["export", "1", "--format", form, "--words"]) == 0
    out, err = capfdbinary.readouterr()
    assert out.startswith(BEGINS[form])
    assert err == b"coach: session 1 kept no words, so the export has none; `coach listen --keep words` keeps them\n"


@FORMS
def test_an_anonymous_export_is_a_session_of_a_and_b(form, capfdbinary):
    stored()
    out = exported(capfdbinary, "--format", form, "--anonymous")
    assert not [name for name in (b"Ana", b"Ben", b"walked") if name in out]


@FORMS
def test_out_writes_the_same_output_to_a_file_for_its_owner_alone(form, capfdbinary, tmp_path: Path):
    stored()
    options = ["--table", "turns"] if form in TABULAR else []
    printed = exported(capfdbinary, "--format", form, *options)
    assert exported(capfdbinary, "--format", form, "--out", "talk", *options) == b""
    assert Path("talk").read_bytes() == printed
    assert stat.S_IMODE(Path("talk").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "talk"]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_can_be_chosen(table, capfdbinary):
    stored()
    out = exported(capfdbinary, "--format", "csv", "--table", table)
    assert out.startswith(f"session,{TABLES[table][0]},".encode())


def test_all_tables_go_into_a_folder(capfdbinary):
    stored()
    exported(capfdbinary, "--format", "csv", "--out", "new/tables")
    assert sorted(path.name for path in Path("new/tables").iterdir()) == [
        "cues.csv",
        "statistics.csv",
        "transfers.csv",
        "turns.csv",
    ]
    assert Path("new/tables/transfers.csv").read_bytes() == exported(
        capfdbinary, "--format", "csv", "--table", "transfers"
    )


@FORMS
def test_an_existing_file_is_not_replaced_without_overwrite(form, capfdbinary):
    stored()
    Path("talk").write_text("marked by hand")
    options = ["export", "1", "--format", form, "--out", "talk", *(["--table", "turns"] if form in TABULAR else [])]
    assert main(options) == 1
    assert Path("talk").read_text() == "marked by hand"
    assert capfdbinary.readouterr().err == (
        b"coach: talk already exists and may contain your work; name another file, or add --overwrite\n"
    )
    assert main([*options, "--overwrite"]) == 0
    assert Path("talk").read_bytes().startswith(BEGINS[form])


def test_no_table_is_written_if_one_of_them_exists(capfdbinary):
    stored()
    Path("tables").mkdir()
    Path("tables/cues.csv").write_text("mine")
    assert main(["export", "1", "--format", "csv", "--out", "tables"]) == 1
    assert [path.name for path in Path("tables").iterdir()] == ["cues.csv"]
    assert main(["export", "1", "--format", "csv", "--out", "tables", "--overwrite"]) == 0
    assert len(list(Path("tables").iterdir())) == 4


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--table", "turns"], "--table works only with --format csv or parquet; json is one file"),
        (["--words", "--anonymous"], "--anonymous leaves out what was said"),
        (["--format", "docx"], "is not one of 'json'"),
        (["--format", "csv", "--table", "pauses"], "csv has the tables turns"),
        (["--format", "parquet", "--table", "words"], "is not one of 'recordings'"),
    ],
)
def test_options_that_exclude_each_other_are_wrong_usage(options, says, capsys):
    stored()
    assert main(["export", "1", *options]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--out", "."], "is a folder, but this export is one file"),
        (["--out", "nowhere/talk.json"], "cannot be written (no such file or directory)"),
        (["--format", "csv", "--out", "file"], "file cannot be created (file exists)"),
        (["--format", "csv", "--out", "file/in"], "cannot be created (not a directory)"),
    ],
)
def test_if_nothing_can_be_written_one_line_says_why(options, says, capsys):
    stored()
    Path("file").touch()
    assert main(["export", "1", *options]) == 1
    out, err = capsys.readouterr()
    assert not out
    assert says in err
    assert len(err.splitlines()) == 1


def test_a_full_disk_leaves_no_partial_file_and_keeps_the_old_one(capsys, monkeypatch):
    stored()
    Path("talk.json").write_text("the old one")

    def full(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("coach.core.files.os.replace", full)
    assert main(["export", "1", "--out", "talk.json", "--overwrite"]) == 1
    assert "talk.json cannot be written (the disk is full)" in capsys.readouterr().err
    assert Path("talk.json").read_text() == "the old one"
    assert sorted(path.name for path in Path().iterdir()) == ["data", "talk.json"]


def test_exporting_a_missing_session_is_an_error(capsys):
    stored()
    assert main(["export", "7", "--format", "eaf", "--out", "talk.eaf"]) == 1
    assert capsys.readouterr().err.startswith("coach: there is no session 7")
    assert not Path("talk.eaf").exists()


def test_an_export_can_be_analysed_again_with_the_same_numbers(capfdbinary):
    stored()
    printed = json.loads(exported(capfdbinary, "--words"))
    for form, name in (("textgrid", "talk.TextGrid"), ("eaf", "talk.eaf")):
        exported(capfdbinary, "--format", form, "--words", "--out", name)
        assert main(["analyze", "--json", "--words", name]) == 0
        again = json.loads(capfdbinary.readouterr().out)
        assert {key: again[key] for key in again if key not in ("recording", "settings")} == {
            key: printed[key] for key in printed if key not in ("recording", "settings")
        }
