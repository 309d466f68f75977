"""`coach review` over several sessions, and `coach afterwards`."""

from __future__ import annotations

import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli.main import main
from coach.core.events import Ended, Speech
from coach.core.settings import data_folder, settings_path
from coach.core.span import Span, as_samples
from coach.review.figure_cache import definitions
from coach.sessions import SessionHeader, Store
from coach.sessions.afterwards import noted_afterwards
from coach.sessions.figures import kept_figures
from coach.sessions.store import DATABASE_FILE
from tests.waiting import wait

SECRET = "the otter under the bridge"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("COLUMNS", "100")


def speech(who: str, start: float, end: float) -> Speech:
    return Speech(at=as_samples(end + 0.2), who=who, span=Span.seconds(start, end), confidence=1.0)


def stored(*people: str, pause: float = 1.0) -> int:
    first, second = people or ("Ana", "Ben")
    with Store(data_folder() / DATABASE_FILE) as store:
        number = store.begin(SessionHeader(people=(first, second)))
        talk = [speech(first, 0, 8), speech(second, 8 + pause, 14)]
        store.write(number, [*talk, Ended(at=as_samples(20), reason="ended by hand")])
    return number


@pytest.fixture
def three() -> None:
    for pause in (0.5, 1.0, 3.0):
        stored(pause=pause)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


# ------------------------------------------------------------------------------------------------------- trends


def test_trends_are_of_the_people_of_the_latest_session_unless_others_are_named(three, capsys):
    stored("Ana", "Ced")
    assert main(["review", "--trends"]) == 1
    assert "trends need 3 sessions" in capsys.readouterr().err
    assert main(["review", "--trends", "--people", "Ben, Ana"]) == 0
    out, err = capsys.readouterr()
    assert "Ana and Ben · 3 sessions" in out
    assert "in the 2 before it: 0.50 to 1.0 s" in " ".join(out.split())
    assert not err


def test_figures_are_cached_so_that_a_second_review_reads_no_events(three, capsys):
    main(["review", "--trends"])
    first = capsys.readouterr().out
    with Store(data_folder() / DATABASE_FILE) as store:
        assert set(kept_figures(store, definitions())) == {1, 2, 3}
    main(["review", "--trends"])
    assert capsys.readouterr().out == first


@pytest.mark.parametrize(
    "wrong",
    [
        ["review", "1", "--trends"],
        ["review", "--trends", "--compare", "1"],
        ["review", "--trends", "--for", "Ana"],
        ["review", "2", "--compare", "1", "--for", "Ana"],
        ["review", "1", "--people", "Ana,Ben"],
        ["review", "1", "--compare", "1"],
        ["review", "1", "--for", "Eve"],
        ["review", "1", "--open"],
        ["review", "1", "--language", "de"],
        ["review", "1", "--page", "page.html", "--language", "fr"],
        ["review", "1", "--compare", "2", "--page", "page.html"],
        ["afterwards", "1", "--who", "Eve"],
        ["afterwards", "1"],
    ],
)
def test_review_options_that_exclude_each_other_are_wrong_usage(wrong, three, capsys):
    assert main(wrong) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith("coach: ")
    assert err.count("\n") == 1


def test_trends_are_written_as_a_page_for_its_owner_alone(three, tmp_path, capsys):
    page = tmp_path / "course.html"
    assert main(["review", "--trends", "--page", str(page)]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"The page is in {page}")
    assert not err.strip()
    assert "Ana and Ben, 3 sessions" in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("options", "setting", "title"),
    [
        (["--trends", "--language", "de"], "en", "Ana und Ben, 3 Gespräche"),
        (["--trends"], "de", "Ana und Ben, 3 Gespräche"),
        (["--trends", "--language", "en"], "de", "Ana and Ben, 3 sessions"),
        (["--trends"], "fr", "Ana and Ben, 3 sessions"),
        (["1"], "de", "Was diese Zahlen sagen können"),
    ],
)
def test_a_page_is_in_the_language_that_is_asked_for_or_in_that_of_the_settings(
    options, setting, title, three, tmp_path
):
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text(f'language = "{setting}"')
    page = tmp_path / "page.html"
    assert main(["review", *options, "--page", str(page)]) == 0
    assert title in page.read_text(encoding="utf-8")


def test_a_page_is_opened_on_request(three, tmp_path, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda address: bool(opened.append(address)))
    page = tmp_path / "course.html"
    main(["review", "--trends", "--page", str(page), "--open", "--overwrite"])
    assert opened == [page.as_uri()]
    assert "no browser could be started" in capsys.readouterr().err
    main(["review", "--trends", "--page", str(page), "--overwrite"])
    assert len(opened) == 1


# ------------------------------------------------------------------------------------------------------ compare


def test_two_sessions_are_compared_side_by_side_the_earlier_one_first(three, capsys):
    assert main(["review", "1", "--compare", "3"]) == 0
    one = capsys.readouterr().out
    assert one.index("session 1:") < one.index("session 3:")
    assert "2.5 s longer" in one
    main(["review", "3", "--compare", "1"])
    assert capsys.readouterr().out == one


def test_without_a_number_the_latest_session_is_compared(three, capsys):
    main(["review", "--compare", "1"])
    assert "session 3:" in capsys.readouterr().out
    assert main(["review", "--compare", "9"]) == 1
    assert "there is no session 9" in capsys.readouterr().err


# --------------------------------------------------------------------------------------------------- afterwards


PASSPHRASE = "our boat, at dusk"


def noted(who: str, session: int = 1):
    with Store(data_folder() / DATABASE_FILE) as store:
        return noted_afterwards(store, session, who, lambda: PASSPHRASE)


def test_piped_answers_are_kept_for_that_person_line_by_line(monkeypatch, capsys):
    stored()
    typed(monkeypatch, f"4\n\nmostly\n1\n{SECRET}\n{PASSPHRASE}\n")
    assert main(["afterwards", "--who", "Ana"]) == 0
    out, err = capsys.readouterr()
    assert not out
    assert "kept for Ana alone" in err
    assert "--for Ana" in err
    found = noted("Ana")
    assert (dict(found.steps), found.note) == ({"acceptance": 4, "respect": 4, "room": 1}, SECRET)
    assert noted("Ben") is None


def test_notes_are_shown_to_that_person_and_to_nobody_else(three, monkeypatch, capsys):
    typed(monkeypatch, f"\nfully\n\n\n{SECRET}\n{PASSPHRASE}\n")
    main(["afterwards", "3", "--who", "Ana"])
    capsys.readouterr()
    typed(monkeypatch, f"{PASSPHRASE}\n")
    main(["review", "3", "--for", "Ana"])
    mine = capsys.readouterr().out
    assert SECRET in mine
    assert "fully" in mine
    assert "hardly" not in mine
    for others in (
        ["review", "3"], ["review", "3", "--for", "Ben"], ["review", "--trends"], ["review", "3", "--compare", "1"],
        ["export", "3"], ["export", "3", "--words"], ["sessions"], ["review", "2", "--for", "Ana"],
    ):  # fmt: skip
        assert main(others) == 0
        out, err = capsys.readouterr()
        assert SECRET not in out + err, others
        assert "fully" not in out + err, others


def test_notes_are_on_the_persons_own_page_and_on_no_other(three, monkeypatch, tmp_path, capsys):
    typed(monkeypatch, f"\nfully\n\n\n{SECRET} <script>alert(1)</script>\n{PASSPHRASE}\n")
    main(["afterwards", "3", "--who", "Ana"])
    pages = {}
    for number, options in enumerate((["3", "--for", "Ana"], ["3"], ["3", "--for", "Ben"], ["--trends"])):
        typed(monkeypatch, f"{PASSPHRASE}\n")
        page = tmp_path / f"{number}.html"
        assert main(["review", *options, "--page", str(page)]) == 0
        pages[" ".join(options)] = page.read_text(encoding="utf-8")
    mine = pages.pop("3 --for Ana")
    assert SECRET in mine
    assert ">fully<" in mine
    assert "<script>alert(1)" not in mine
    assert not any(SECRET in text or ">fully<" in text for text in pages.values())


def test_without_the_passphrase_notes_are_neither_shown_nor_replaced_nor_in_the_file(three, monkeypatch, capsys):
    typed(monkeypatch, f"5\n\n\n\n{SECRET}\n{PASSPHRASE}\n")
    main(["afterwards", "3", "--who", "Ana"])
    capsys.readouterr()
    assert not any(SECRET.encode() in path.read_bytes() for path in data_folder().rglob("*") if path.is_file())
    for wrong in ("", "\n", "our boat, at dawn\n"):
        for command in (["review", "3", "--for", "Ana"], ["afterwards", "3", "--who", "Ana"]):
            typed(monkeypatch, f"{wrong}1\n\n\n\nmine now\n")
            assert main(command) == 1
            out, err = capsys.readouterr()
            assert "not the passphrase" in err
            assert SECRET not in out + err
    assert noted("Ana", 3).note == SECRET
    typed(monkeypatch, f"{PASSPHRASE}\n\n\n\n\nand another day\n")
    assert main(["afterwards", "3", "--who", "Ana"]) == 0
    assert noted("Ana", 3).note == "and another day"


def test_a_short_passphrase_from_a_pipe_keeps_nothing(monkeypatch, capsys):
    stored()
    typed(monkeypatch, f"5\n\n\n\n{SECRET}\nshort\n")
    assert main(["afterwards", "--who", "Ana"]) == 1
    assert "fewer than 8 characters, so nothing was kept" in capsys.readouterr().err
    assert noted("Ana") is None


def test_notes_are_deleted_with_their_session(three, monkeypatch, capsys):
    typed(monkeypatch, f"\n\n\n\n{SECRET}\n{PASSPHRASE}\n")
    main(["afterwards", "2", "--who", "Ana"])
    main(["forget", "2"])
    assert not any(SECRET.encode() in path.read_bytes() for path in data_folder().rglob("*") if path.is_file())


@pytest.mark.parametrize("nothing", ["", "\n\n\n\n\n", "\n\n"])
def test_if_every_line_is_left_out_nothing_is_kept(nothing, monkeypatch, capsys):
    stored()
    typed(monkeypatch, nothing)
    assert main(["afterwards", "--who", "Ana"]) == 0
    assert "nothing was kept" in capsys.readouterr().err
    assert noted("Ana") is None


@pytest.mark.parametrize("wrong", ["3\n7\n", "3\nquite\n", "3\n0\n", "3\n-1\n"])
def test_a_wrong_answer_from_a_pipe_keeps_nothing_and_lists_valid_answers(wrong, monkeypatch, capsys):
    stored()
    typed(monkeypatch, wrong)
    assert main(["afterwards", "--who", "Ana"]) == 1
    assert "from 1 (hardly) to 5 (fully)" in capsys.readouterr().err
    assert noted("Ana") is None


def test_control_characters_are_not_kept(monkeypatch, capsys):
    stored()
    typed(monkeypatch, f"\n\n\n\n\x1b[31mred\x07 [b]note[/b]\n{PASSPHRASE}\n")
    main(["afterwards", "--who", "Ana"])
    assert noted("Ana").note == "[31mred [b]note[/b]"
    capsys.readouterr()
    typed(monkeypatch, f"{PASSPHRASE}\n")
    main(["review", "--for", "Ana"])
    assert "“[31mred [b]note[/b]”" in capsys.readouterr().out


def test_a_person_without_notes_is_told_how_to_make_some(capsys):
    stored()
    assert main(["review", "--for", "Ben"]) == 0
    out, err = capsys.readouterr()
    assert "Ana and Ben" in out
    assert err == "coach: Ben has noted nothing about session 1; `coach afterwards 1` asks\n"


class Terminal:
    """`coach afterwards` on a pseudo-terminal: its output, and the keys typed."""

    def __init__(self, *options: str) -> None:
        ours, theirs = pty.openpty()
        self._screen = ours
        self.child = subprocess.Popen(
            [sys.executable, "-m", "coach", "afterwards", *options], stdin=theirs, stdout=theirs, stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color"}, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.shown = ""
        self._seen = 0  # characters of `shown` up to the last text that was waited for

    def until(self, wanted: str) -> None:
        """Reads until `wanted` appears, after what was waited for before."""
        wait(f"{wanted!r} on the screen", lambda: wanted in self._read()[self._seen :], patience_s=60.0)
        self._seen = self.shown.index(wanted, self._seen) + len(wanted)

    def _read(self) -> str:
        if select.select([self._screen], [], [], 0.0)[0]:
            self.shown += os.read(self._screen, 4096).decode()
        return self.shown

    def type(self, text: str) -> None:
        os.write(self._screen, text.encode())

    def end(self) -> int:
        try:
            while chunk := os.read(self._screen, 4096):
                self.shown += chunk.decode()
        except OSError:  # Linux raises this when the other end is closed
            pass
        os.close(self._screen)
        return self.child.wait(60)


APART, BACK = "\x1b[?1049h", "\x1b[?1049l"


def test_on_a_terminal_afterwards_asks_again_and_leaves_no_answer_on_the_screen():
    stored()
    terminal = Terminal("--who", "Ana")
    terminal.until("> ")
    terminal.type("9\n")
    terminal.until("not on the scale")
    terminal.type(f"2\n\n\n\n{SECRET}\n")
    terminal.until("Passphrase: ")
    terminal.type("short\n")
    terminal.until("fewer than 8 characters")
    terminal.until("Passphrase: ")  # what is typed before a question for something hidden is thrown away
    terminal.type(f"{PASSPHRASE}\n")
    terminal.until("once more: ")
    terminal.type(f"{PASSPHRASE}\n")
    assert terminal.end() == 0
    assert PASSPHRASE not in terminal.shown
    found = noted("Ana")
    assert (dict(found.steps), found.note) == ({"acceptance": 2}, SECRET)
    before, _, rest = terminal.shown.partition(APART)
    asked, _, after = rest.partition(BACK)
    assert SECRET in asked
    assert SECRET not in before + after
    assert "kept for Ana alone" in after


def test_ctrl_c_keeps_nothing_and_restores_the_terminal():
    stored()
    terminal = Terminal("--who", "Ana", "--plain")
    terminal.until("> ")
    terminal.type("4\n5\n")
    terminal.until("eye to eye")
    os.killpg(terminal.child.pid, signal.SIGINT)
    assert terminal.end() == 130
    assert "nothing was kept" in terminal.shown
    assert APART not in terminal.shown
    assert noted("Ana") is None


def test_the_json_of_a_stored_session_contains_no_notes(three, monkeypatch):
    typed(monkeypatch, f"5\n\n\n\n{SECRET}\n{PASSPHRASE}\n")
    main(["afterwards", "3", "--who", "Ana"])
    main(["review", "--trends"])
    with Store(data_folder() / DATABASE_FILE) as store:
        assert SECRET not in json.dumps(kept_figures(store, definitions()))
