"""`coach relabel`: what it changes, says and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.cli.main import main
from coach.core.events import Ended, Speech
from coach.core.settings import data_folder
from coach.core.span import RATE, Span
from coach.sessions import DATABASE_FILE, SessionHeader, Store


@pytest.fixture(autouse=True)
def _stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Session 1: A, B and C speak for ten seconds each."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    with Store(data_folder() / DATABASE_FILE) as store:
        store.begin(SessionHeader(people=("A", "B", "C")))
        spans = {who: Span(n * 10 * RATE, (n * 10 + 9) * RATE) for n, who in enumerate("ABC")}
        speech = [Speech(at=span.end, who=who, span=span, confidence=1.0) for who, span in spans.items()]
        store.write(1, [*speech, Ended(at=30 * RATE, reason="key")])


def spoke(capfdbinary) -> list[str]:
    capfdbinary.readouterr()
    assert main(["export", "1"]) == 0
    return [each["who"] for each in json.loads(capfdbinary.readouterr().out)["speech"]]


def test_all_at_once_as_the_help_shows_it(capfdbinary):
    change = ["--rename", "A=Ana,B=Ben", "--merge", "Ana,C", "--swap", "0:09-0:20"]
    with Store(data_folder() / DATABASE_FILE):
        assert main(["relabel", "1", "--rename", "C=Cleo"]) == 0
    assert main(["relabel", "1", "--undo"]) == 0
    assert main(["relabel", "1", *change[:4]]) == 0
    assert spoke(capfdbinary) == ["Ana", "Ben", "Ana"]
    assert main(["relabel", "1", *change[4:]]) == 0
    assert spoke(capfdbinary) == ["Ana", "Ana", "Ana"]
    assert main(["relabel", "1", "--undo"]) == 0
    assert spoke(capfdbinary) == ["Ana", "Ben", "Ana"]
    assert main(["relabel", "1"]) == 0
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert len(lines) == 3
    assert "C is called Cleo (taken back " in lines[0]
    assert "A is called Ana; B is called Ben; C is Ana" in lines[1]
    assert "Ana and Ben were mixed up from 0:09 to 0:20 (taken back " in lines[2]


def test_what_is_said_at_a_time_is_given_to_a_person(capfdbinary):
    assert main(["relabel", "1", "--give", "10-20=A"]) == 0
    assert b"A spoke from 0:10 to 0:20; in it are A, B and C" in capfdbinary.readouterr().err
    assert spoke(capfdbinary) == ["A", "A", "C"]


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (["--rename", "A"], 2, "write it like A=Ana"),
        (["--rename", "A=Ana,"], 2, "write it like A=Ana"),
        (["--merge", "A"], 2, "write it like Ana,C"),
        (["--swap", "0:10-0:20"], 2, "does not say which two"),
        (["--swap", "soon=A,B"], 2, "write it like 12:30-14:00"),
        (["--swap", "20-10=A,B"], 2, "ends before it begins"),
        (["--give", "10-20"], 2, "does not say whose it is"),
        (["--undo", "--rename", "A=Ana"], 2, "--undo stands alone"),
        (["--undo"], 1, "nothing to undo"),
        (["--rename", "Z=Ana"], 1, "Z is not in this session"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(options, status, says, capsys):
    assert main(["relabel", "1", *options]) == status
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_a_session_that_is_not_there_and_a_history_that_is_empty_are_told(capsys):
    assert main(["relabel", "9"]) == 1
    assert "there is no session 9" in capsys.readouterr().err
    assert main(["relabel", "1"]) == 0
    assert "nothing of session 1 was relabelled" in capsys.readouterr().err
