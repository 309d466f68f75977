"""Applies the setting `keep_days`: deletes old sessions before a command reads the store."""

from __future__ import annotations

from coach.cli.saying import say
from coach.core.errors import CoachError
from coach.core.settings import load_settings
from coach.sessions import Store, forget_old_sessions


def forget_old(store: Store) -> None:
    """Deletes sessions older than the setting `keep_days` and reports the count on stderr."""
    days = load_settings().keep_days
    try:
        count = forget_old_sessions(store, days)
    except CoachError as error:  # a failed deletion must not stop the command
        say(f"not all sessions older than {days} days could be deleted: {error}")
        return
    if count:
        say(f"deleted {count} session{'' if count == 1 else 's'} older than {days} days")
