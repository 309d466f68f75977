"""An analysed recording as a stored session, so that it can be looked back at like a talk."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from coach import __version__
from coach.core.settings import Settings
from coach.runtime.offline import Analysed
from coach.sessions import RECORDING, SessionHeader, Store, StoredSession


def save_analysed(store: Store, found: Analysed, settings: Settings, *, words: bool) -> int:
    """Stores `found` and returns the number of the session; with `words`, what was said as well. Raises CoachError."""
    number = store.begin(_header(found, settings, words=words))
    store.write(number, found.events)
    return number


def as_session(found: Analysed, settings: Settings, *, words: bool) -> StoredSession:
    """`found` as a session that is not stored, with the number 0."""
    header = _header(found, settings, words=words)
    facts = {spec.name: getattr(header, spec.name) for spec in fields(header)}
    return StoredSession(**facts, id=0, started=datetime.now().astimezone(), ended="", last=found.duration)


def _header(found: Analysed, settings: Settings, *, words: bool) -> SessionHeader:
    return SessionHeader(
        people=found.people,
        keep="words" if words else "stats",
        source=found.name,
        channels=found.channels,
        attribution=RECORDING,
        settings=settings.as_dict(),
        version=__version__,
    )
