"""Small points of care: what deletes asks first and says what is gone, consent in the terminal, keys that end."""

from __future__ import annotations

import io
import os
import pty
import select
from pathlib import Path

import pytest

from coach.cli import consent, keys, practice
from coach.cli.main import COMMANDS, main
from coach.core.events import Ended, Speech
from coach.core.settings import Settings, data_folder
from coach.core.span import RATE, Span
from coach.runtime import NAMELESS, Options, Plan
from coach.sessions import DATABASE_FILE, NotAgreed, SessionHeader, Store, answer
from tests.waiting import wait

PEOPLE = ("Ana", "Ben")


class Terminal(io.StringIO):
    """What somebody types, at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def session() -> int:
    with Store(data_folder() / DATABASE_FILE) as store:
        number = store.begin(SessionHeader(people=PEOPLE, keep="words"))
        speech = Speech(at=RATE, who="Ana", span=Span(0, RATE), confidence=1.0)
        store.write(number, [speech, Ended(at=RATE, reason="ended")])
    return number


def stored() -> list[int]:
    with Store(data_folder() / DATABASE_FILE) as store:
        return [each.id for each in store.sessions()]


# ------------------------------------------------------------------------------------------------------- forgetting


def test_forget_asks_in_a_terminal_and_a_no_deletes_nothing(session, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert main(["forget", str(session)]) == 130
    assert f"Delete session {session} for good?" in capsys.readouterr().err
    assert stored() == [session]


@pytest.mark.parametrize(("typed", "options"), [("y\n", []), ("", ["--yes"])])
def test_forget_says_what_is_gone(session, monkeypatch, capsys, typed, options):
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert main(["forget", str(session), *options]) == 0
    assert f"gone: session {session} of Ana and Ben" in capsys.readouterr().err
    assert stored() == []


@pytest.mark.parametrize("typed", ["forgt", "forgett", "forge", "forgot"])
def test_no_misspelt_command_is_taken_for_forget(typed, capsys):
    assert main([typed]) == 2
    err = capsys.readouterr().err
    assert "did you mean forget" not in err
    assert any(f"did you mean {name}?" in err for name in COMMANDS)


# ---------------------------------------------------------------------------------------------------------- consent


def asked(
    typed: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    keep: str = "stats",
    agreed: bool = False,
    file: bool = False,
    **settings: object,
):
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    chosen = Settings(keep=keep, **settings)  # type: ignore[arg-type]
    plan = Plan(people=PEOPLE, settings=chosen, version="0", played_back=file)
    return [(e.who, e.to, e.yes, e.how) for e in consent.asked_in_turn(plan, agreed)]


def test_each_person_is_asked_by_name_and_what_they_said_is_kept(monkeypatch, capsys):
    assert asked("y\ny\n", monkeypatch) == [("Ana", "listen", True, "key"), ("Ben", "listen", True, "key")]
    err = capsys.readouterr().err
    assert "Ana, may the coach listen" in err
    assert "Ben, may the coach listen" in err
    assert "recognise words" in err


def test_people_whom_nobody_named_are_asked_as_the_first_and_the_second(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", Terminal("y\ny\n"))
    said = consent.asked_in_turn(Plan(people=NAMELESS, settings=Settings(), version="0"), False)
    assert [each.who for each in said] == list(NAMELESS)
    err = capsys.readouterr().err
    assert "nobody was named, so you are One and Two here; `coach listen --people Ana,Ben` gives you" in err
    assert "The first of you, may the coach listen" in err
    assert "The second of you, may the coach listen" in err
    assert "One, may" not in err


def test_one_no_ends_it_before_the_next_is_asked(monkeypatch, capsys):
    with pytest.raises(NotAgreed, match="Ana said no"):
        asked("n\ny\n", monkeypatch)
    assert "Ben, may" not in capsys.readouterr().err


def test_keeping_is_asked_for_and_answered_with_the_rest(monkeypatch, capsys):
    said = asked("y\ny\n", monkeypatch, keep="audio")
    assert ("Ben", "audio", True, "key") in said
    assert "a recording of your voices" in capsys.readouterr().err


def test_answering_aloud_is_asked_for_by_itself_and_only_where_it_was_chosen(monkeypatch, capsys):
    said = asked("y\ny\ny\nn\n", monkeypatch, spoken_consent=True)
    assert [each[:3] for each in said] == [
        ("Ana", "listen", True),
        ("Ana", "aloud", True),
        ("Ben", "listen", True),
        ("Ben", "aloud", False),
    ]
    assert "Ana, may your answers be said aloud, too?" in capsys.readouterr().err
    asked("y\ny\n", monkeypatch)
    assert "aloud" not in capsys.readouterr().err


@pytest.mark.parametrize("deaf", [{"transcriber": "none"}, {"language": "fi"}])
def test_answering_aloud_is_not_offered_where_no_answer_would_be_understood(monkeypatch, deaf):
    said = asked("y\ny\n", monkeypatch, spoken_consent=True, **deaf)
    assert [each[1] for each in said] == ["listen", "listen"]


def test_no_answer_is_no_yes(monkeypatch):
    with pytest.raises(NotAgreed, match="nobody answered"):
        asked("", monkeypatch)


def test_nobody_is_asked_about_a_recording_or_when_all_have_agreed_already(monkeypatch):
    assert asked("", monkeypatch, file=True) == []
    said = asked("", monkeypatch, agreed=True, spoken_consent=True)
    assert [each[1:] for each in said] == [("listen", True, "beforehand"), ("aloud", True, "beforehand")] * 2


def at_the_terminal(monkeypatch: pytest.MonkeyPatch, *, keys: str = "", said: tuple[tuple[str, bool], ...] = ()):
    """Two who agreed to it earlier are asked aloud: `said` is answered, then `keys` are pressed while Ben is asked."""
    with Store(data_folder() / DATABASE_FILE) as store:
        number = store.begin(SessionHeader(people=PEOPLE))
        store.write(number, [e for who in PEOPLE for e in answer(who, "words", yes=True, how="key", aloud=True)])

    def ask(_: Options, *, waiting, answered, prompt):
        prompt("Ana")
        for who, yes in said:
            assert who in waiting()
            answered(who, yes)
        if not all(yes for _, yes in said):
            assert list(waiting()) == []  # nobody else is asked
            return
        prompt("Ben")
        os.write(master, keys.encode())
        if keys:
            wait("the key", lambda: "Ben" not in waiting())

    master, slave = pty.openpty()
    with os.fdopen(slave, "r") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        monkeypatch.setattr(consent, "ask_people_aloud", ask)
        try:
            chosen = Settings(people=PEOPLE, keep="words", spoken_consent=True)
            return consent.asked_aloud(Options(settings=chosen), everybody_agreed=False)
        finally:
            os.close(master)


def test_an_answer_is_said_aloud_or_given_with_a_key_meanwhile(monkeypatch, capsys):
    said = at_the_terminal(monkeypatch, said=(("Ana", True),), keys="xY")
    assert {(e.to, e.yes, e.how) for e in said["Ana"]} == {
        ("listen", True, "voice"),
        ("words", True, "voice"),
        ("aloud", True, "earlier"),
    }
    assert {e.how for e in said["Ben"]} == {"key", "earlier"}
    err = capsys.readouterr().err
    assert "Ana, may the coach listen? It keeps your words, too. Say yes or no, or press y or n." in err
    assert "Ana said yes, aloud" in err


@pytest.mark.parametrize(("said", "keys"), [([("Ana", False)], ""), ([("Ana", True)], "n")])
def test_one_no_aloud_or_with_a_key_means_that_nobody_is_listened_to(monkeypatch, said, keys):
    with pytest.raises(NotAgreed, match="said no"):
        at_the_terminal(monkeypatch, said=tuple(said), keys=keys)


def test_whoever_gave_no_clear_answer_aloud_is_asked_with_a_key(monkeypatch, capsys):
    already = at_the_terminal(monkeypatch, said=(("Ana", True),))
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", Terminal("y\nn\n"))
    plan = Plan(people=PEOPLE, settings=Settings(keep="words", spoken_consent=True), version="0")
    said = consent.asked_in_turn(plan, everybody_agreed=False, already=already)
    assert [(e.who, e.how) for e in said if e.to == "words"] == [("Ana", "voice"), ("Ben", "key")]
    assert "Ana, may" not in capsys.readouterr().err


def test_keys_that_nobody_looked_at_are_no_answer_to_the_next_question(monkeypatch):
    master, slave = pty.openpty()
    with os.fdopen(slave, "r") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        with keys.single_keys() as fd:
            os.write(master, b"y\n")
            wait("the keys", lambda: select.select([fd], [], [], 0)[0])
        assert not select.select([fd], [], [], 0)[0]
    os.close(master)


# --------------------------------------------------------------------------------------------------- practice, words


@pytest.mark.parametrize("key", ["q", "\n"])
def test_q_and_enter_end_the_practice_at_once(key, monkeypatch):
    master, slave = pty.openpty()
    with os.fdopen(slave, "r") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        with practice.asked_to_end() as enough:
            os.write(master, b"x")
            assert not enough.wait(0.1)
            os.write(master, key.encode())
            wait("the end", enough.is_set)
    os.close(master)


def test_a_transcript_is_sent_to_read(tmp_path, capsys):
    (tmp_path / "talk.vtt").write_text("WEBVTT\n")
    assert main(["analyze", str(tmp_path / "talk.vtt")]) == 1
    assert "coach read " in capsys.readouterr().err
