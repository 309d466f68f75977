"""`coach review`, `coach export`: looking back."""

from __future__ import annotations

import json

import click
from rich.console import Console

from coach.cli.keeping import forget_old
from coach.review.analysis import session_analysis
from coach.review.rttm import rttm
from coach.review.terminal import summary
from coach.sessions import Store
from coach.sessions.store import FILE
from coach.settings import data_folder


@click.command()
@click.argument("session", type=int, required=False)
def review(session: int | None) -> None:
    """How the pauses went in SESSION (its number), or in the latest one."""
    with Store(data_folder() / FILE) as store:
        forget_old(store)
        found = store.session(session)
        when = found.started.strftime("%-d %B %Y, %H:%M")
        Console().print(summary(session_analysis(found, store.events(found.id)), when=when))


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
