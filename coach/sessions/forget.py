"""Deleting sessions, so that nothing of them is left in the bytes of the file.

SQLite overwrites deleted rows with zeros (secure_delete), VACUUM rebuilds the file without them (in memory: it leaves
no temporary copy on disk), and a checkpoint empties the write-ahead log. Kept sound is removed. A program cannot
control what the firmware of a disk keeps of freed blocks.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from coach.core.errors import BadInput, CoachError
from coach.core.events import Speech
from coach.sessions.store import Store

CLOCK_WAS_SET = datetime(2020, 1, 1, tzinfo=UTC)  # a machine that lost its clock starts in 1970, 2000 or 2010


def forget_sessions(store: Store, *sessions: int) -> None:
    """Delete these sessions and their sound, and clear their bytes from the file.

    Raises BadInput if one of them is not stored, and then deletes none. Raises CoachError if another process is reading
    or writing: the sessions are deleted then, but their bytes are not cleared yet.
    """
    known = {each.id for each in store.sessions()}
    for session in sessions:
        if session not in known:
            raise BadInput(f"there is no session {session}; `coach sessions` lists those that are stored")
    with store.transaction() as db:
        db.executemany("DELETE FROM session WHERE id = ?", [(session,) for session in sessions])
    with store.connection():
        for session in sessions:
            store.sound_file(session).unlink(missing_ok=True)
    clear_bytes(store)


def forget_all_sessions(store: Store) -> int:
    """Delete all sessions, and sound that lost its session. Returns the number of sessions; raises CoachError."""
    sessions = [each.id for each in store.sessions()]
    with store.connection(), suppress(FileNotFoundError):
        shutil.rmtree(store.sound_folder)
    forget_sessions(store, *sessions)
    return len(sessions)


def forget_old_sessions(store: Store, days: int) -> int:
    """Delete the `old_sessions` of `days`. Returns their number; raises CoachError."""
    old = old_sessions(store, days)
    if old:
        forget_sessions(store, *old)
    return len(old)


def forget_if_nobody_spoke(store: Store, session: int) -> bool:
    """Delete a session that holds no speech: nobody needs a row about a quiet room. Returns whether it was deleted."""
    if any(isinstance(event, Speech) for event in store.events(session)):
        return False
    forget_sessions(store, session)
    return True


def old_sessions(store: Store, days: int) -> list[int]:
    """The numbers of the sessions that began more than `days` days ago; none for 0 days, which means "keep for ever".

    A session that is still running is not old. Neither is one that began before `CLOCK_WAS_SET`: the clock was wrong
    then, so its age is unknown.
    """
    if days <= 0:
        return []
    limit = store.now() - timedelta(days=days)
    return [
        each.id for each in store.sessions() if CLOCK_WAS_SET <= each.started < limit and not store.running(each.id)
    ]


def clear_bytes(store: Store) -> None:
    """Overwrite deleted rows in place, rebuild the file without them, and leave the write-ahead log empty."""
    with store.connection() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # writes the zeros into the file before VACUUM shortens it
        db.execute("VACUUM")
        (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise CoachError(
            "the sessions are deleted, but another coach is reading the file, so their bytes are not cleared yet; "
            "that happens when it ends"
        )
