"""A cache of figures per session, stored beside the events, so that trends over thousands of sessions stay fast.

A row records the fingerprint of the definitions, and the number of events, that it was computed from; it is ignored
once either has changed. Events are only ever added, and words that are erased, or notes, change no figure, so their
number identifies them; whoever changes the names deletes the row. The caller decides what the figures are. They contain
no words.
"""

from __future__ import annotations

import json
from typing import Any

from coach.sessions.store import Store

Figures = dict[str, Any]


def kept_figures(store: Store, definitions: str) -> dict[int, Figures]:
    """The valid figures by session number: computed by these `definitions` from all events that are stored now.

    Raises CoachError when the file cannot be read.
    """
    with store.connection() as db:
        rows = db.execute(_VALID, (definitions,)).fetchall()
    read = {session: _read(body) for session, body in rows}
    return {session: figures for session, figures in read.items() if figures is not None}


def keep_figures(store: Store, session: int, definitions: str, events: int, figures: Figures) -> None:
    """Store the figures that `definitions` gave for the first `events` events of a session.

    Stores nothing if the session has been forgotten. Raises CoachError when the file cannot be written.
    """
    body = json.dumps(figures, ensure_ascii=False, separators=(",", ":"))
    with store.transaction() as db:
        db.execute(
            "INSERT OR REPLACE INTO figures (session, definitions, events, body) SELECT id, ?, ?, ? FROM session "
            "WHERE id = ?",
            (definitions, events, body, session),
        )


_VALID = """
SELECT session, body FROM figures
WHERE definitions = ?
AND events = coalesce((SELECT n + 1 FROM event WHERE event.session = figures.session ORDER BY n DESC LIMIT 1), 0)
"""


def _read(body: str) -> Figures | None:
    """The figures, or None if the text is not a JSON object: then they are computed again from the events."""
    try:
        figures = json.loads(body)
    except ValueError:
        return None
    return figures if isinstance(figures, dict) else None
