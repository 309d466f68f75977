"""`coach sessions`, `coach review`: looking back."""

from __future__ import annotations

import click
from rich.console import Console

from coach.review.analysis import session_analysis
from coach.review.terminal import sessions_table, summary
from coach.sessions import Store
from coach.sessions.store import FILE
from coach.settings import data_folder


@click.command()
def sessions() -> None:
    """List the sessions that are stored."""
    with Store(data_folder() / FILE) as store:
        Console().print(sessions_table(store.sessions()))


@click.command()
@click.argument("session", type=int, required=False)
def review(session: int | None) -> None:
    """How the pauses went in SESSION (its number), or in the latest one."""
    with Store(data_folder() / FILE) as store:
        found = store.session(session)
        when = found.started.strftime("%-d %B %Y, %H:%M")
        Console().print(summary(session_analysis(found, store.events(found.id)), when=when))
