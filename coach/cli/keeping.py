"""`keep_days`, kept: what has become too old is forgotten before anything is looked at."""

from __future__ import annotations

import sys

from coach.core.errors import CoachError
from coach.core.settings import load_settings
from coach.sessions import Store, forget_old_sessions


def forget_old(store: Store) -> None:
    """Forgets the sessions that are older than the setting keep_days says, and tells it on stderr."""
    days = load_settings().keep_days
    try:
        count = forget_old_sessions(store, days)
    except CoachError as error:  # that something is too old is no reason not to look at the rest
        print(f"coach: not all sessions older than {days} days could be deleted: {error}", file=sys.stderr)
        return
    if count:
        print(f"coach: deleted {count} session{'' if count == 1 else 's'} older than {days} days", file=sys.stderr)
