"""Figures of whole sessions, kept beside their events so that looking back over thousands of them stays quick.

They are only ever a copy of what the events give: a row says by which definitions and from how many events it was
computed, and counts for nothing once either is different. Events are only added, never changed, so their number says
which ones they were. What the figures are is the caller's business; they hold no words.
"""

from __future__ import annotations

import json
from typing import Any

from coach.sessions.store import Store

Figures = dict[str, Any]


def kept_figures(store: Store, definitions: str) -> dict[int, Figures]:
    """By session, the figures that hold: computed by these `definitions`, from all the events stored now."""
    with store.reading() as db:
        rows = db.execute(_HOLDING, (definitions,)).fetchall()
    read = {session: _read(body) for session, body in rows}
    return {session: figures for session, figures in read.items() if figures is not None}


def keep_figures(store: Store, session: int, definitions: str, events: int, figures: Figures) -> None:
    """Keep what was computed by `definitions` from the first `events` events of a session.

    A session that was forgotten meanwhile keeps nothing. Raises CoachError when it cannot be written.
    """
    body = json.dumps(figures, ensure_ascii=False, separators=(",", ":"))
    with store.writing() as db:
        db.execute(
            "INSERT OR REPLACE INTO figures (session, definitions, events, body) SELECT id, ?, ?, ? FROM session "
            "WHERE id = ?",
            (definitions, events, body, session),
        )


_HOLDING = """
SELECT session, body FROM figures
WHERE definitions = ?
AND events = coalesce((SELECT n + 1 FROM event WHERE event.session = figures.session ORDER BY n DESC LIMIT 1), 0)
"""


def _read(body: str) -> Figures | None:
    """None for what is no JSON object: somebody changed the file by hand, and the events still know."""
    try:
        figures = json.loads(body)
    except ValueError:
        return None
    return figures if isinstance(figures, dict) else None
