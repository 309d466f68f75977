"""Notes that people make for themselves after a session: a step on a scale for each line, and a few words.

A note belongs to one person and is read for that person alone. It is not an event, and it enters neither an analysis
nor an export. It is deleted with its session.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from coach.core.errors import BadInput
from coach.sessions.store import Store


@dataclass(frozen=True, slots=True)
class Noted:
    """One person's note. `steps` holds the chosen step of each answered line, by the line's name; `note` may be ""."""

    who: str
    noted: datetime
    steps: Mapping[str, int]
    note: str


def note_afterwards(store: Store, session: int, noted: Noted) -> None:
    """Store the note in place of this person's earlier one. Raises BadInput if there is no such session."""
    row = (noted.who, noted.noted.isoformat(timespec="seconds"), json.dumps(dict(noted.steps)), noted.note)
    with store.transaction() as db:
        written = db.execute(
            "INSERT OR REPLACE INTO afterwards (session, who, noted, steps, note) SELECT id, ?, ?, ?, ? FROM session "
            "WHERE id = ?",
            (*row, session),
        )
    if not written.rowcount:
        raise BadInput(f"session {session} was deleted meanwhile, so nothing was kept")


def noted_afterwards(store: Store, session: int, who: str) -> Noted | None:
    """The note of `who`, or None. Other people's notes are not read."""
    with store.connection() as db:
        row = db.execute(
            "SELECT noted, steps, note FROM afterwards WHERE session = ? AND who = ?", (session, who)
        ).fetchone()
    if row is None:
        return None
    noted, steps, note = row
    return Noted(who, datetime.fromisoformat(noted), json.loads(steps), note)
