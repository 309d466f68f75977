"""Backup to one file during a session, and lossless restore."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from coach.core.errors import BadInput, CoachError
from coach.core.events import Ended, Marked, Words
from coach.core.span import Span
from coach.sessions import (
    Relabelling,
    SessionHeader,
    Store,
    forget_sessions,
    keep_figures,
    kept_figures,
    relabel,
)
from coach.sessions.afterwards import Noted, note_afterwards, noted_afterwards
from coach.sessions.backup import back_up, restore

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=timezone(timedelta(hours=2)))
SAID = "the boat came in without its sail"


def store_at(folder: Path, hours: float = 0) -> Store:
    return Store(folder / "coach.db", now=lambda: NOON + timedelta(hours=hours))


def evening(folder: Path, hours: float = 0, *, people: tuple[str, ...] = ("Ana", "Ben"), marks: int = 5) -> int:
    """Stores a complete session with words and a note of Ana's, and returns its number."""
    with store_at(folder, hours) as store:
        session = store.begin(SessionHeader(people=people, keep="words", source="microphone"))
        store.write(session, [Words(at=0, who="Ana", span=Span(0, 5), count=7, text=SAID)])
        store.write(session, [Marked(at=at, note=f"{hours}") for at in range(1, marks)])
        store.write(session, [Ended(at=marks, reason="key")])
        note_afterwards(store, session, Noted("Ana", NOON, {"care": 3}, "it was good"))
    return session


def everything(folder: Path) -> list[object]:
    with store_at(folder) as store:
        found = store.sessions()
        return [(each, list(store.events(each.id)), noted_afterwards(store, each.id, "Ana")) for each in found]


def backed_up(folder: Path) -> Path:
    target = folder.parent / f"{folder.name}.backup"
    with store_at(folder) as store:
        back_up(store, target)
    return target


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere"


# ---------------------------------------------------------------------------------------------------- the backup


def test_a_backup_is_one_self_contained_file_that_only_its_owner_can_read(home):
    evening(home)
    target = backed_up(home)
    assert sorted(path.name for path in target.parent.iterdir()) == ["home", "home.backup"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_bytes()[18:20] == b"\1\1"  # SQLite's file format; 2 would require a write-ahead log
    with sqlite3.connect(f"file:{target}?immutable=1", uri=True) as db:
        assert db.execute("SELECT count(*) FROM event").fetchone() == (6,)


def test_a_backup_includes_events_that_are_only_in_the_write_ahead_log(home, tmp_path):
    with store_at(home) as store:
        session = store.begin(SessionHeader(people=("Ana",)))
        store.write(session, [Marked(at=7, note="only in the log")])
        back_up(store, tmp_path / "backup")
        assert b"only in the log" not in store.path.read_bytes()
        assert b"only in the log" in (tmp_path / "backup").read_bytes()


WRITER = """
import sys
from pathlib import Path
from coach.core.events import Marked
from coach.sessions import SessionHeader, Store
with Store(Path(sys.argv[1])) as store:
    session = store.begin(SessionHeader(people=("Ana",)))
    for at in range(0, 1_000_000, 3):
        store.write(session, [Marked(at=at), Marked(at=at + 1), Marked(at=at + 2)])
        if at == 0:
            print(session, flush=True)
"""


def test_a_backup_of_a_running_session_has_complete_batches_and_does_not_stop_it(home, elsewhere, monkeypatch):
    """Another process writes as fast as it can. A backup that restarted at each write would never finish."""
    monkeypatch.setattr("coach.sessions.backup.STEP", 5)  # pages, so that there are writes between two steps
    evening(home, marks=5000)
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(home / "coach.db")], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        running = int(child.stdout.readline())
        other = store_at(home)
        with store_at(home) as store:
            for _ in range(3):
                before = other.session(running).last
                lasts, steps = [], []

                def watch(done: int, of: int, lasts: list[int] = lasts, steps: list[int] = steps) -> None:
                    steps.append(done)
                    while other.session(running).last in lasts:  # until there is another write
                        pass
                    lasts.append(other.session(running).last)

                back_up(store, elsewhere, watch)
                with Store(elsewhere) as copy:
                    marks = [event.at for event in copy.events(running)]
                assert len(steps) >= 10
                assert marks == list(range(len(marks)))
                assert len(marks) % 3 == 0
                assert before < len(marks) <= lasts[0] + 1
        other.close()
        assert child.poll() is None
    finally:
        child.kill()
        child.communicate()


def test_an_earlier_backup_is_replaced_but_no_other_file(home, tmp_path):
    evening(home)
    target = backed_up(home)
    evening(home, 1)
    assert backed_up(home) == target
    assert len(restored_into(tmp_path / "new", target).added) == 2
    letter = tmp_path / "letter"
    letter.write_text("Dear Ben")
    with store_at(home) as store, pytest.raises(BadInput, match="not a backup of the coach; choose another name"):
        back_up(store, letter)
    assert letter.read_text() == "Dear Ben"


def test_a_failed_backup_leaves_the_earlier_one_and_nothing_else(home, monkeypatch):
    evening(home)
    target = backed_up(home)
    before = target.read_bytes()

    def torn(_done: int, _of: int) -> None:
        raise OSError(28, "No space left on device")

    with store_at(home) as store, pytest.raises(CoachError, match="disk is full") as caught:
        back_up(store, target, torn)
    assert "\n" not in str(caught.value)
    assert target.read_bytes() == before
    assert sorted(path.name for path in target.parent.iterdir()) == ["home", "home.backup"]


def test_a_store_can_be_written_after_a_backup(home, tmp_path):
    with store_at(home) as store:
        back_up(store, tmp_path / "backup")
        store.write(store.begin(SessionHeader(people=("Ana",))), [Marked(at=1)])
        assert len(store.sessions()) == 1


def test_a_missing_folder_is_reported(home, tmp_path):
    with store_at(home) as store, pytest.raises(BadInput, match="there is no folder"):
        back_up(store, tmp_path / "usb-stick" / "backup")


# ------------------------------------------------------------------------------------------------ the restoration


def restored_into(folder: Path, source: Path):
    with store_at(folder) as store:
        return restore(store, source)


def test_an_empty_store_gets_everything_back_with_the_same_numbers(home, elsewhere):
    evening(home)
    gone = evening(home, 1)
    evening(home, 2)
    with store_at(home) as store:
        forget_sessions(store, gone)
    restored = restored_into(elsewhere, backed_up(home))
    assert restored.added == [1, 3]
    assert everything(elsewhere) == everything(home)
    assert evening(elsewhere, 9) == 4


def test_every_table_of_a_session_is_restored_except_cached_figures(home, elsewhere):
    """A table that is added in the future must be restored as well."""
    session = evening(home)
    with store_at(home) as store:
        relabel(store, session, Relabelling(renamed=(("Ana", "Anna"),)))
    restored_into(elsewhere, backed_up(home))

    def sizes(folder: Path) -> dict[str, int]:
        with store_at(folder) as store, store.connection() as db:
            tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}

    assert all(count for name, count in sizes(home).items() if name != "figures")
    assert sizes(elsewhere) == sizes(home)


def test_restoring_adds_only_what_is_missing(home):
    evening(home)
    evening(home, 1)
    before = everything(home)
    source = backed_up(home)
    with store_at(home) as store:
        forget_sessions(store, 1)
    evening(home, 5)
    restored = restored_into(home, source)
    assert (restored.added, restored.there, restored.renumbered) == ([1], [2], {})
    assert everything(home)[:2] == before
    assert len(everything(home)) == 3
    again = restored_into(home, source)
    assert (again.added, again.there) == ([], [1, 2])


def test_a_session_whose_number_is_taken_gets_a_new_one(home, elsewhere):
    evening(home)
    evening(elsewhere, 3, people=("Cleo", "Dan"))
    before = everything(elsewhere)
    restored = restored_into(elsewhere, backed_up(home))
    assert (restored.added, restored.renumbered) == ([2], {1: 2})
    (mine, (session, events, note)), ((_, told, noted),) = everything(elsewhere), everything(home)
    assert [mine] == before
    assert (session.people, events, note) == (("Ana", "Ben"), told, noted)
    assert restored_into(elsewhere, backed_up(home)).there == [2]


def test_two_sessions_that_began_in_the_same_second_are_distinguished_by_their_events(home, elsewhere):
    with store_at(home) as store:
        for note in ("one", "two"):
            store.write(store.begin(SessionHeader(people=("Ana",))), [Marked(at=1, note=note)])
    source = backed_up(home)
    with store_at(home) as store:
        forget_sessions(store, 2)
    assert restored_into(home, source).added == [2]
    assert restored_into(elsewhere, source).added == [1, 2]


def test_a_later_backup_completes_a_session_and_an_earlier_one_never_shortens_it(home, elsewhere):
    with store_at(home) as store:
        session = store.begin(SessionHeader(people=("Ana",)))
        store.write(session, [Marked(at=1), Marked(at=2)])
    early = backed_up(home).rename(home.with_name("early"))
    with store_at(home) as store:
        store.write(session, [Marked(at=3), Ended(at=4, reason="key")])
    assert restored_into(elsewhere, early).added == [1]
    assert restored_into(elsewhere, backed_up(home)).continued == [1]
    assert everything(elsewhere) == everything(home)
    assert restored_into(elsewhere, early).there == [1]
    assert everything(elsewhere) == everything(home)


def test_words_that_were_erased_stay_erased_if_the_backup_ends_with_them(home):
    """It was made while the session ran."""
    with store_at(home) as store:
        session = store.begin(SessionHeader(people=("Ana",), keep="words"))
        store.write(session, [Words(at=5, who="Ana", span=Span(0, 5), count=7, text=SAID)])
    early = backed_up(home)
    with store_at(home) as store:
        store.write(session, [Ended(at=9, reason="key")])
        store.erase_words(session, None)
    before = everything(home)
    assert restored_into(home, early).there == [1]
    assert everything(home) == before


def test_a_note_that_was_written_after_the_backup_stays(home):
    with store_at(home) as store:
        session = store.begin(SessionHeader(people=("Ana",)))
        store.write(session, [Marked(at=5)])
    early = backed_up(home)
    with store_at(home) as store:
        store.note_mark(session, 5, "about the boat")
    before = everything(home)
    assert restored_into(home, early).there == [1]
    assert everything(home) == before


def test_cached_figures_do_not_outlive_the_names_that_a_backup_corrects(home, elsewhere):
    evening(home)
    restored_into(elsewhere, backed_up(home))
    with store_at(elsewhere) as store:
        keep_figures(store, 1, "as now", 6, {"talk_s.Ana": 5.0})
    with store_at(home) as store:
        relabel(store, 1, Relabelling(renamed=(("Ana", "Anna"),)))
    restored_into(elsewhere, backed_up(home))
    with store_at(elsewhere) as store:
        assert kept_figures(store, "as now") == {}


def test_an_interrupted_restore_is_completed_by_another(home, elsewhere):
    evening(home)
    evening(home, 1)

    def cut(done: int, of: int) -> None:
        assert of == 2
        raise KeyboardInterrupt

    source = backed_up(home)
    with store_at(elsewhere) as store, pytest.raises(KeyboardInterrupt):
        restore(store, source, cut)
    assert restored_into(elsewhere, source).added == [2]
    assert everything(elsewhere) == everything(home)


FIRST_TABLES = """
CREATE TABLE session (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, started_utc TEXT NOT NULL,
  people TEXT NOT NULL, keep TEXT NOT NULL, source TEXT NOT NULL, channels INTEGER NOT NULL, attribution TEXT NOT NULL,
  transcriber TEXT NOT NULL, settings TEXT NOT NULL, version TEXT NOT NULL, ended TEXT);
CREATE TABLE event (session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE, n INTEGER NOT NULL,
  at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (session, n)) WITHOUT ROWID;
INSERT INTO session VALUES (4, '2026-05-03T12:00:00+02:00', '2026-05-03T10:00:00+00:00', '["Ana"]', 'stats', '', 1, '',
  '', '{}', '0.1', 'key');
INSERT INTO event VALUES (4, 0, 16000, 'Marked', '{"note":"here"}');
PRAGMA user_version = 1;
"""


def test_a_backup_from_before_the_newer_tables_is_restored_too(tmp_path, home):
    source = tmp_path / "old"
    with sqlite3.connect(source) as db:
        db.executescript(FIRST_TABLES)
    assert restored_into(home, source).added == [4]
    assert everything(home)[0][1] == [Marked(at=16000, note="here")]


def refused(folder: Path, source: Path, why: str) -> None:
    before = everything(folder)
    with pytest.raises(BadInput, match=why) as caught:
        restored_into(folder, source)
    assert "\n" not in str(caught.value)
    assert everything(folder) == before


def test_a_file_that_is_not_a_backup_is_refused_in_one_line_and_changes_nothing(home, tmp_path):
    evening(home)
    refused(home, tmp_path / "nowhere", "there is no file")
    letter = tmp_path / "letter"
    letter.write_text("Dear Ben")
    refused(home, letter, "is not a backup of the coach")
    foreign = tmp_path / "recipes"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE recipe (name TEXT)")
    refused(home, foreign, "is not a backup of the coach")


def test_a_damaged_backup_is_refused_before_anything_is_added(home, elsewhere):
    evening(home, marks=3000)
    source = backed_up(home)
    whole = source.read_bytes()
    source.write_bytes(whole[: len(whole) // 2])
    refused(elsewhere, source, "damaged")
    holed = bytearray(whole)
    holed[len(whole) // 2 : len(whole) // 2 + 8192] = b"\xff" * 8192
    source.write_bytes(holed)
    refused(elsewhere, source, "damaged")
    miscounted = bytearray(whole)
    miscounted[36:40] = (7).to_bytes(4, "big")  # the wrong number of free pages; every row can still be read
    source.write_bytes(miscounted)
    refused(elsewhere, source, "damaged")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("PRAGMA user_version = 99", "newer coach"),
        ("UPDATE session SET people = 'Ana and Ben'", "cannot read"),
        ("UPDATE session SET started = 'yesterday'", "cannot read"),
        ("INSERT INTO event VALUES (1, 99, 1, 'Marked', '{')", "contains 1 events that this coach cannot read"),
        ("INSERT INTO event VALUES (1, 99, 'soon', 'Marked', '{}')", "contains 1 events that this coach cannot read"),
        ("ALTER TABLE event RENAME COLUMN body TO content", "damaged"),
    ],
)
def test_a_backup_that_this_coach_cannot_read_is_refused_before_anything_is_added(home, elsewhere, change, why):
    evening(home)
    source = backed_up(home)
    with sqlite3.connect(source) as db:
        db.execute(change)
    refused(elsewhere, source, why)


def test_a_manual_copy_is_restored_with_its_write_ahead_log(home, elsewhere, tmp_path):
    with store_at(home) as store:
        store.write(store.begin(SessionHeader(people=("Ana",))), [Marked(at=7)])
        for name in ("coach.db", "coach.db-wal"):
            (tmp_path / name).write_bytes((home / name).read_bytes())
    assert restored_into(elsewhere, tmp_path / "coach.db").added == [1]
    assert everything(elsewhere)[0][1] == [Marked(at=7)]
