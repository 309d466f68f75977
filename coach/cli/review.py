"""`coach review`, `coach export`: looking back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from coach.cli.keeping import forget_old
from coach.cli.lookback import show_comparison, show_session, show_trends
from coach.review.analysis import session_analysis
from coach.review.rttm import rttm
from coach.sessions import Store
from coach.sessions.store import FILE
from coach.settings import data_folder


@click.command()
@click.argument("session", type=int, required=False)
@click.option("--compare", "other", type=int, metavar="SESSION", help="Set it beside another session.")
@click.option("--trends", is_flag=True, help="Show the course of all sessions of the same people.")
@click.option("--people", metavar="Ana,Ben", help="Whose course; without it, that of the people of the latest session.")
@click.option("--for", "who", metavar="Ana", help="With what Ana noted for herself by `coach afterwards`.")
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.html", help="Write a page to look at."
)
@click.option("--open", "show", is_flag=True, help="Open that page in the browser.")
def review(
    session: int | None,
    other: int | None,
    trends: bool,
    people: str | None,
    who: str | None,
    page: Path | None,
    show: bool,
) -> None:
    """How the pauses went in SESSION (its number), or in the latest one."""
    wrong = (
        (trends and (session, other) != (None, None), "--trends is of all sessions: name none, and no --compare"),
        (people is not None and not trends, "--people says whose --trends are wanted; it goes only with it"),
        (
            who is not None and (trends or other is not None),
            "--for goes with one session, not with --trends or --compare",
        ),
        (page is not None and other is not None, "--page is of one session, or of --trends; --compare has none"),
        (show and page is None, "--open shows the page that --page FILE.html writes; give that, too"),
    )
    for is_so, why in wrong:
        if is_so:
            raise click.UsageError(why)
    with Store(data_folder() / FILE) as store:
        forget_old(store)
        if trends:
            show_trends(store, people, page, show)
        elif other is not None:
            show_comparison(store, session, other)
        else:
            show_session(store, store.session(session), who, page, show)


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
