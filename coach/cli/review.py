"""`coach review`: looking back."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from coach.cli.keeping import forget_old
from coach.cli.page import put_page
from coach.review.analysis import session_analysis
from coach.review.page import session_page
from coach.review.terminal import summary
from coach.sessions import Store
from coach.sessions.store import FILE
from coach.settings import data_folder


@click.command()
@click.argument("session", type=int, required=False)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="Write a page to look at.",
)
@click.option("--open", "show", is_flag=True, help="Open that page in the browser.")
def review(session: int | None, page: Path | None, show: bool) -> None:
    """How the pauses went in SESSION (its number), or in the latest one."""
    if show and page is None:
        raise click.UsageError("--open shows the page that --page FILE.html writes; give that, too")
    with Store(data_folder() / FILE) as store:
        forget_old(store)
        found = store.session(session)
        if page is not None:
            put_page(session_page(found, store.events(found.id)), page, show=show)
            return
        when = found.started.strftime("%-d %B %Y, %H:%M")
        Console().print(summary(session_analysis(found, store.events(found.id)), when=when))
