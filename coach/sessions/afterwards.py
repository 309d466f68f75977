"""Notes that people make for themselves after a session: a step on a scale for each line, and a few words.

A note belongs to one person and is read for that person alone, whatever they are called since (`relabel`). It is closed
with a passphrase of theirs (`sealing`); only who noted something, when and about which session can be seen without it.
It is not an event, and it enters neither an analysis nor an export. It is deleted with its session. Notes of earlier
versions are open.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from coach.core.errors import BadInput
from coach.sessions.relabel import all_in_force, name_that_holds
from coach.sessions.sealing import WrongPassphrase, opened, sealed
from coach.sessions.store import Store


@dataclass(frozen=True, slots=True)
class Noted:
    """One person's note. `steps` holds the chosen step of each answered line, by the line's name; `note` may be ""."""

    who: str
    noted: datetime
    steps: Mapping[str, int]
    note: str


def note_afterwards(store: Store, session: int, noted: Noted, passphrase: str | None = None) -> None:
    """Store the note in place of this person's earlier one, closed with `passphrase` unless that is None.

    Raises BadInput if there is no such session, or if the passphrase is too short.
    """
    steps, note = json.dumps(dict(noted.steps)), noted.note
    if passphrase is not None:
        steps, note = json.dumps(sealed(json.dumps([dict(noted.steps), noted.note]), passphrase)), ""
    stored = _stored_names(store, session, noted.who)
    row = (stored[0], noted.noted.isoformat(timespec="seconds"), steps, note)
    with store.transaction() as db:
        written = db.execute(
            "INSERT OR REPLACE INTO afterwards (session, who, noted, steps, note) SELECT id, ?, ?, ?, ? FROM session "
            "WHERE id = ?",
            (*row, session),
        )
    if not written.rowcount:
        raise BadInput(f"session {session} was deleted meanwhile, so nothing was kept")


def noted_afterwards(store: Store, session: int, who: str, passphrase: Callable[[], str] | None = None) -> Noted | None:
    """The latest note of `who`, or None. Other people's notes are not read.

    `passphrase` is asked only if the note is closed. Raises WrongPassphrase if it does not open it, or is not there.
    """
    names = _stored_names(store, session, who)
    with store.connection() as db:
        row = db.execute(
            "SELECT noted, steps, note FROM afterwards WHERE session = ? "
            f"AND who IN ({', '.join('?' * len(names))}) ORDER BY noted DESC",
            (session, *names),
        ).fetchone()
    if row is None:
        return None
    noted, steps, note = datetime.fromisoformat(row[0]), json.loads(row[1]), row[2]
    if isinstance(steps, str):
        if passphrase is None:
            raise WrongPassphrase(f"the note of {who} opens only with their passphrase")
        steps, note = json.loads(opened(steps, passphrase()))
    return Noted(who, noted, steps, note)


def _stored_names(store: Store, session: int, who: str) -> list[str]:
    """The names under which notes of `who` may be stored, that of a new one first: those that events bear."""
    put_right = all_in_force(store, session).get(session, [])
    with store.connection() as db:
        row = db.execute("SELECT people FROM session WHERE id = ?", (session,)).fetchone()
        noted = db.execute("SELECT who FROM afterwards WHERE session = ?", (session,)).fetchall()
    people = [*(json.loads(row[0]) if row else []), *(each for (each,) in noted)]
    return [each for each in dict.fromkeys(people) if name_that_holds(each, put_right) == who] or [who]
