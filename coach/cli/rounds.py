"""Compares a rehearsal with the one before it."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from coach.coaching import Account, Catalogue, account, account_figures
from coach.review import date
from coach.runtime import ALONE
from coach.sessions import Store, StoredSession

Round = tuple[str, Account]  # column heading, figures


def rounds(store: Store) -> list[StoredSession]:
    """All rehearsals, oldest first."""
    return [session for session in store.sessions() if session.attribution == ALONE]


def round_before(store: Store, number: int | None = None) -> Round | None:
    """The latest rehearsal with speech, before session `number` if given; its heading is its date."""
    for session in reversed(rounds(store)):
        if number is None or session.id < number:
            held = account(store.events(session.id))
            if held.speech:
                return date(session.started), held
    return None


def figures_of_rounds(told: Account, before: Round | None, catalogue: Catalogue) -> Table:
    """The figures of a round, with those of the round `before` in a second column if there is one."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_header=before is not None, header_style="dim")
    for heading in ("", "this round", *([before[0]] if before else [])):
        table.add_column(Text(heading), overflow="fold")
    then = account_figures(before[1], catalogue) if before else {}
    for name, figure in account_figures(told, catalogue).items():
        table.add_row(Text(name, style="dim"), figure, *([then[name]] if then else []))
    return table
