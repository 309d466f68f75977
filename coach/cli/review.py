"""`coach sessions`, `coach review`, `coach export`: looking back."""

from __future__ import annotations

import json

import click
from rich.console import Console

from coach.cli.lookback import noted_for, print_comparison, print_trends
from coach.events import Marked
from coach.review.analysis import session_analysis
from coach.review.rttm import rttm
from coach.review.terminal import sessions_table, summary
from coach.sessions import Store
from coach.sessions.store import FILE
from coach.settings import data_folder
from coach.span import as_seconds


@click.command()
def sessions() -> None:
    """List the sessions that are stored."""
    with Store(data_folder() / FILE) as store:
        Console().print(sessions_table(store.sessions()))


@click.command()
@click.argument("session", type=int, required=False)
@click.option("--compare", "other", type=int, metavar="SESSION", help="Set it beside another session.")
@click.option("--trends", is_flag=True, help="Show the course of all sessions of the same people.")
@click.option("--people", metavar="Ana,Ben", help="Whose course; without it, that of the people of the latest session.")
@click.option("--for", "who", metavar="Ana", help="With what Ana noted for herself by `coach afterwards`.")
def review(session: int | None, other: int | None, trends: bool, people: str | None, who: str | None) -> None:
    """How the pauses went in SESSION (its number), or in the latest one."""
    if trends and (session, other) != (None, None):
        raise click.UsageError("--trends is of all sessions: it goes neither with one of them nor with --compare")
    if who is not None and (trends or other is not None):
        raise click.UsageError(
            "--for shows what was noted after one session: it goes neither with --trends nor --compare"
        )
    if people is not None and not trends:
        raise click.UsageError("--people says whose --trends are wanted; it goes only with it")
    with Store(data_folder() / FILE) as store:
        if trends:
            print_trends(store, people)
            return
        if other is not None:
            print_comparison(store, session, other)
            return
        found = store.session(session)
        when = found.started.strftime("%-d %B %Y, %H:%M")
        noted = [] if who is None else [noted_for(store, found, who)]
        events = list(store.events(found.id))
        marks = [as_seconds(event.at) for event in events if isinstance(event, Marked)]
        Console().print(summary(session_analysis(found, events), when=when, marks=marks), *noted)


@click.command()
@click.argument("session", type=int)
@click.option("--format", "form", type=click.Choice(["json", "rttm"]), default="json", show_default=True)
@click.option("--words", is_flag=True, help="With what was said, if words were kept.")
def export(session: int, form: str, words: bool) -> None:
    """Print SESSION in a form that other programs read."""
    with Store(data_folder() / FILE) as store:
        found = store.session(session)
        result = session_analysis(found, store.events(found.id), words=words)
    print(
        rttm(result) if form == "rttm" else json.dumps(result, ensure_ascii=False), end="" if form == "rttm" else "\n"
    )
