"""What `coach review` shows beside one session: another one, all of the same people, what somebody noted."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click
from rich.console import Console, RenderableType
from rich.progress import track
from rich.text import Text

from coach.cli.afterwards import one_of
from coach.cli.options import settings_for
from coach.review.afterwards import Questions, noted_view
from coach.review.analysis import session_analysis
from coach.review.compare import comparison
from coach.review.figures import figures_of
from coach.review.trends import Trends, of_same_people, trends, trends_view
from coach.sessions import Session, Store
from coach.sessions.afterwards import noted_afterwards


def print_trends(store: Store, people: str | None) -> None:
    """The course of the sessions of `people` (as typed; None: of those of the latest session)."""
    console = Console()
    console.print(trends_view(_course(store, people), console.width))


def print_comparison(store: Store, session: int | None, other: int) -> None:
    """Two sessions beside each other, the earlier one first; the latest, where `session` is None."""
    one, two = sorted((store.session(session), store.session(other)), key=lambda each: each.id)
    if one.id == two.id:
        raise click.UsageError(f"--compare needs another session than {one.id}; `coach sessions` lists them")
    looked_at = [session_analysis(each, store.events(each.id)) for each in (one, two)]
    Console().print(comparison(looked_at[0], looked_at[1], (_began(one), _began(two))))


def noted_for(store: Store, session: Session, who: str) -> RenderableType:
    """What `who` noted after a session, and what nobody else did."""
    person = one_of(session, who, "--for")
    noted = noted_afterwards(store, session.id, person)
    if noted is None:
        return Text(f"\n{person} noted nothing afterwards; `coach afterwards {session.id}` asks.", style="dim")
    return noted_view(noted, Questions.load())


def _course(store: Store, people: str | None) -> Trends:
    """Figures that are not kept yet are computed, with a bar, since that takes a while for an hour of talk."""
    wanted = settings_for(people, {}).people if people is not None else ()
    sessions = of_same_people(store.sessions(), wanted)
    return trends(sessions, figures_of(store, sessions, _with_a_bar))


def _with_a_bar(sessions: Sequence[Session]) -> Iterable[Session]:
    return track(
        sessions,
        description="sessions seen for the first time",
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def _began(session: Session) -> str:
    return session.started.strftime("%-d %B %Y, %H:%M")
