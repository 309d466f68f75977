"""What a person noted for themselves after a session: a step for each line they answered, and a few words of their own.

It belongs to one person and is read for that person alone. It is no event and enters neither an analysis nor an export;
it goes when its session is forgotten.
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
    """`steps` holds the step chosen for each line that was answered, by the line's name; `note` is "" without one."""

    who: str
    noted: datetime
    steps: Mapping[str, int]
    note: str


def note_afterwards(store: Store, session: int, noted: Noted) -> None:
    """Keep it, in place of what this person noted before. Raises BadInput when there is no such session."""
    row = (noted.who, noted.noted.isoformat(timespec="seconds"), json.dumps(dict(noted.steps)), noted.note)
    with store.writing() as db:
        written = db.execute(
            "INSERT OR REPLACE INTO afterwards (session, who, noted, steps, note) SELECT id, ?, ?, ?, ? FROM session "
            "WHERE id = ?",
            (*row, session),
        )
    if not written.rowcount:
        raise BadInput(f"session {session} was forgotten meanwhile, so nothing is kept of it")


def noted_afterwards(store: Store, session: int, who: str) -> Noted | None:
    """What `who` noted, None if nothing. Nobody else's is read."""
    with store.reading() as db:
        row = db.execute(
            "SELECT noted, steps, note FROM afterwards WHERE session = ? AND who = ?", (session, who)
        ).fetchone()
    if row is None:
        return None
    noted, steps, note = row
    return Noted(who, datetime.fromisoformat(noted), json.loads(steps), note)
