"""`coach review`: looking back, at one session, at two, or at all of the same people."""

from __future__ import annotations

from pathlib import Path

import click

from coach.cli.keeping import forget_old
from coach.cli.lookback import show_comparison, show_session, show_trends
from coach.core.settings import data_folder
from coach.sessions import DATABASE_FILE, Store


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
    with Store(data_folder() / DATABASE_FILE) as store:
        forget_old(store)
        if trends:
            show_trends(store, people, page, show)
        elif other is not None:
            show_comparison(store, session, other)
        else:
            show_session(store, store.session(session), who, page, show)
