"""`coach sessions` and `coach forget`: listing, backup and deletion."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from coach.cli.main import main
from coach.core.events import Consented, Ended, Words
from coach.core.settings import Settings, data_folder, settings_path
from coach.core.span import RATE, Span
from coach.sessions import SessionHeader, Sound, Store, erase_words_and_sound
from coach.sessions.locks import SessionLock
from coach.sessions.store import DATABASE_FILE
from coach.sessions.voices import keep_voice, names_kept


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders in place of the user's sessions, voices and settings."""
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("COLUMNS", "80")


def stored(keep: str = "stats", *, days_ago: float = 0) -> int:
    """Stores a session of some minutes and returns its number."""
    with Store(data_folder() / DATABASE_FILE, now=lambda: datetime.now(UTC) - timedelta(days=days_ago)) as store:
        session = store.begin(SessionHeader(people=("Ana", "Ben"), keep=keep, settings=Settings(keep=keep).as_dict()))
        words = Words(at=180 * RATE, who="Ana", span=Span(0, RATE), count=2, text="hello there")
        store.write(session, [words, Ended(at=187 * RATE, reason="stopped")])
        if keep == "audio":
            with Sound(store.sound_file(session)) as sound:
                sound.write(0, np.zeros(RATE, np.float32))
    return session


def numbers() -> list[int]:
    with Store(data_folder() / DATABASE_FILE) as store:
        return [each.id for each in store.sessions()]


def set_to(text: str) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text(text)


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    """The command's output on stdout and stderr, with white space normalised."""
    assert main(list(arguments)) == status
    out, err = capsys.readouterr()
    return " ".join(out.split()), " ".join(err.split())


# ------------------------------------------------------------------------------------------------------ the list


def test_the_list_says_what_is_kept_for_how_long_and_how_large_it_is(capsys):
    stored()
    out, err = said(capsys, "sessions")
    assert "1 2" in out
    assert "Ana and Ben 3:07 stats stopped" in out
    assert "kB in all. New sessions keep times, counts and cues; no words, no sound." in out
    assert "Sessions are kept until you delete them." in out
    assert not err
    set_to('keep = "audio"\nkeep_days = 30\n')
    out, _ = said(capsys, "sessions")
    assert "New sessions keep times, counts, cues, words and sound. Sessions are deleted after 30 days." in out


@pytest.mark.parametrize("command", ["sessions", "review"])
def test_old_sessions_are_deleted_before_the_list_is_shown_and_that_is_reported(command, capsys):
    stored(days_ago=31)
    stays = stored(days_ago=29)
    set_to("keep_days = 30\n")
    _, err = said(capsys, command)
    assert err == "coach: deleted 1 session older than 30 days"
    assert numbers() == [stays]
    assert said(capsys, command)[1] == ""


def test_without_keep_days_no_session_is_too_old(capsys):
    stored(days_ago=4000)
    assert said(capsys, "sessions")[1] == ""
    assert len(numbers()) == 1


def test_a_failed_deletion_is_reported_and_the_list_is_still_shown(capsys):
    stored(days_ago=31)
    set_to("keep_days = 30\n")
    reader = sqlite3.connect(data_folder() / DATABASE_FILE)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM event").fetchone()
    out, err = said(capsys, "sessions")
    reader.close()
    assert err.startswith("coach: not all sessions older than 30 days could be deleted: the sessions are deleted, but")
    assert "No session is stored yet." in out


# ----------------------------------------------------------------------------------------------------- the places


def test_where_lists_every_place_with_its_size_and_contents(capsys):
    stored()
    stored("audio")
    keep_voice(data_folder(), "Ana", {"weights": np.ones(3)})
    set_to("pause = 3.0\n")
    out, err = said(capsys, "sessions", "--where")
    assert str(data_folder()) in out
    assert "2 sessions: names, times, counts, cues, notes; words of 1 session" in out
    assert "sound of session 2" in out
    assert "the voice of Ana, as averages; no sound" in out
    assert f"{settings_path().parent} settings.toml 12 bytes your settings" in out
    assert out.endswith("The coach keeps nothing anywhere else, and writes no log.")
    assert not err


def test_words_and_sound_that_were_erased_are_nowhere_said_to_be_kept(capsys, tmp_path):
    stored("words")
    erased = stored("audio")
    with Store(data_folder() / DATABASE_FILE) as store:
        store.write(erased, [Consented(at=187 * RATE, who="Ben", to="listen", yes=False, how="tap")])
        erase_words_and_sound(store, erased, None)
    out, _ = said(capsys, "sessions", "--where")
    assert "words of 1 session" in out
    assert "no sound" in out
    assert "3:07 stats" in said(capsys, "sessions")[0]
    out, _ = said(capsys, "review", str(erased))
    assert out.startswith("Stopped, because Ben asked for it. Words and sound of this talk are erased;")
    assert "and the words of 1 session" in said(capsys, "sessions", "--backup", str(tmp_path / "copy.db"))[1]
    assert "times, counts, cues, notes" in (err := said(capsys, "forget", str(erased), "--yes")[1])
    assert "words" not in err


def test_where_shows_every_file_that_the_coach_has_written(capsys):
    """A place added in the future must be shown as well; other files are listed as not the coach's own."""
    stored("audio")
    keep_voice(data_folder(), "Ana", {"weights": np.ones(3)})
    going_on = SessionLock(data_folder(), 1)
    assert "not made by the coach" not in said(capsys, "sessions", "--where")[0]
    going_on.release()
    (data_folder() / "holiday.jpg").write_bytes(b"x" * 5000)
    assert "5.0 kB not made by the coach: holiday.jpg" in said(capsys, "sessions", "--where")[0]


def test_where_says_if_there_is_nothing_yet_and_makes_no_folders(capsys):
    out, _ = said(capsys, "sessions", "--where")
    for place in ("audio/ – no sound", "voices/ – no kept voice", "models/ – no Whisper model", "settings.toml – not"):
        assert place in out
    assert [path.name for path in data_folder().iterdir()] == [DATABASE_FILE]


def test_an_invalid_settings_file_is_reported_and_the_places_are_shown(capsys):
    set_to("quiet_frist = 3\n")
    assert "quiet_frist is not a setting" in said(capsys, "sessions", "--where")[0]


# ------------------------------------------------------------------------------------------ backup and restoration


def test_backup_says_what_the_file_contains_and_what_it_does_not(tmp_path, capsys):
    stored()
    target = tmp_path / "copy"
    out, err = said(capsys, "sessions", "--backup", str(target))
    assert not out
    assert err.startswith(
        f"coach: 1 session in {target}, with names and notes and no words: as private as the original"
    )
    assert "sound" not in err
    assert "what you delete from now on stays in this backup" in err
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    stored("audio")
    _, err = said(capsys, "sessions", "--backup", str(target))
    assert "and the words of 1 session" in err
    assert f"the backup holds no sound; copy {data_folder() / 'audio'} as well" in err


def test_restore_says_what_it_did(tmp_path, capsys):
    stored()
    said(capsys, "sessions", "--backup", str(tmp_path / "copy"))
    _, err = said(capsys, "sessions", "--restore", str(tmp_path / "copy"))
    assert err == "coach: 0 sessions restored, 1 was there already; nothing else was changed"
    said(capsys, "forget", "--all")
    _, err = said(capsys, "sessions", "--restore", str(tmp_path / "copy"))
    assert err == "coach: 1 session restored, 0 were there already; nothing else was changed"
    assert numbers() == [1]


def test_a_restored_session_whose_number_is_taken_is_reported_with_both_numbers(tmp_path, monkeypatch, capsys):
    stored(days_ago=1)
    said(capsys, "sessions", "--backup", str(tmp_path / "copy"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "other"))
    stored()
    _, err = said(capsys, "sessions", "--restore", str(tmp_path / "copy"))
    assert err.endswith("coach: some numbers were taken: 1 is now 2")


def test_a_restored_session_that_is_too_old_to_keep_is_reported(tmp_path, capsys):
    stored(days_ago=31)
    stored()
    said(capsys, "sessions", "--backup", str(tmp_path / "copy"))
    said(capsys, "forget", "--all")
    set_to("keep_days = 30\n")
    _, err = said(capsys, "sessions", "--restore", str(tmp_path / "copy"))
    assert err.endswith("coach: 1 of them is older than 30 days and will be deleted; to keep it, raise keep_days")
    assert numbers() == [1, 2]


def test_a_failed_backup_or_restore_is_reported_in_one_line(tmp_path, capsys):
    (tmp_path / "letter").write_text("Dear Ben")
    _, err = said(capsys, "sessions", "--restore", str(tmp_path / "letter"), status=1)
    assert err == f"coach: {tmp_path / 'letter'} is not a backup of the coach; nothing was changed"
    _, err = said(capsys, "sessions", "--backup", str(tmp_path / "stick" / "copy"), status=1)
    assert "there is no folder" in err


def test_two_actions_in_one_command_are_refused(tmp_path, capsys):
    _, err = said(capsys, "sessions", "--where", "--backup", str(tmp_path / "copy"), status=2)
    assert "choose one of them" in err
    assert not (tmp_path / "copy").exists()


# ------------------------------------------------------------------------------------------------------ forgetting


def test_forget_all_deletes_rendered_names_too_but_keeps_the_persons_own_cues(capsys):
    stored()
    cache = data_folder() / "cues" / "cache"
    cache.mkdir(parents=True)
    (cache / "0123.wav").write_bytes(b"Ana, please say a sentence")
    (cache.parent / "inward-1.wav").write_bytes(b"my own")
    said(capsys, "forget", "--all")
    assert not cache.exists()
    assert (cache.parent / "inward-1.wav").exists()


@pytest.mark.parametrize("also", [("4",), ("voices",), ("--voice", "Ana")])
def test_forget_all_and_something_else_is_refused_and_deletes_nothing(also, capsys):
    stored()
    keep_voice(data_folder(), "Ana", {"weights": np.ones(3)})
    line = said(capsys, "forget", "--all", *also, "--yes", status=2)[1]
    assert line == f"coach: --all deletes everything; leave out --all, or leave out {also[-1]}"
    assert names_kept(data_folder()) == ["Ana"]
    with Store(data_folder() / DATABASE_FILE) as store:
        assert store.sessions()


def test_a_session_that_is_named_twice_is_deleted_once(capsys):
    number = stored()
    told = said(capsys, "forget", str(number), str(number), "--yes")[1]
    assert "deleted 1 session " in told
    assert told.count("gone:") == 1


def test_forget_deletes_one_persons_voice_by_name(capsys):
    for who in ("Ana", "Ben"):
        keep_voice(data_folder(), who, {"weights": np.ones(3)})
    assert said(capsys, "forget", "--voice", "Ana")[1] == "coach: deleted 1 kept voice"
    assert names_kept(data_folder()) == ["Ben"]
    assert "no voice of Anna is kept; kept are: Ben" in said(capsys, "forget", "--voice", "Anna", status=1)[1]


def test_kept_voices_are_deleted_even_if_a_session_cannot_be(capsys):
    keep_voice(data_folder(), "Ana", {"weights": np.ones(3)})
    said(capsys, "forget", "voices", "9", status=1)
    assert names_kept(data_folder()) == []
