"""`coach review`: looking back, at one session, at two, or at all of the same people."""

from __future__ import annotations

from pathlib import Path

import click

from coach.cli.keeping import forget_old
from coach.cli.lookback import show_comparison, show_session, show_trends
from coach.cli.options import overwrite_option, page_language, refuse_to_replace
from coach.cli.page import PageFile
from coach.core.settings import data_folder, load_settings
from coach.core.texts import language_for
from coach.sessions import DATABASE_FILE, Store


@click.command()
@click.argument("session", type=int, required=False)
@click.option("--compare", "other", type=int, metavar="SESSION", help="Compare with another session.")
@click.option("--trends", is_flag=True, help="Show all sessions of the same people over time.")
@click.option("--people", metavar="Ana,Ben", help="Whose trends; by default those of the people in the latest session.")
@click.option("--for", "who", metavar="Ana", help="Include what Ana noted for herself with `coach afterwards`.")
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.html", help="Write the review as a page."
)
@click.option(
    "--language",
    metavar="CODE",
    callback=lambda ctx, param, value: page_language(value),
    help="The language of that page; by default that of your settings, or else English.",
)
@overwrite_option
@click.option("--open", "show", is_flag=True, help="Open that page in the browser.")
def review(
    session: int | None,
    other: int | None,
    trends: bool,
    people: str | None,
    who: str | None,
    page: Path | None,
    language: str | None,
    overwrite: bool,
    show: bool,
) -> None:
    """Show how the pauses went in SESSION, or in the latest session.

    SESSION is the number of a session; `coach sessions` lists them.
    """
    wrong = (
        (
            trends and (session, other) != (None, None),
            "--trends covers all sessions; leave out the session number and --compare",
        ),
        (people is not None and not trends, "--people chooses whose --trends to show; it works only with --trends"),
        (
            who is not None and (trends or other is not None),
            "--for works with one session, not with --trends or --compare",
        ),
        (page is not None and other is not None, "--page works for one session or for --trends, not for --compare"),
        (language is not None and page is None, "--language is that of the page; add --page FILE.html"),
        (show and page is None, "--open shows the page that --page FILE.html writes; add --page FILE.html"),
    )
    for is_so, why in wrong:
        if is_so:
            raise click.UsageError(why)
    if page is not None and (page.is_file() or not page.exists()):
        refuse_to_replace([page], overwrite)
    in_language = language_for(language or load_settings().language, "")
    written = None if page is None else PageFile(page, in_language, show)
    with Store(data_folder() / DATABASE_FILE) as store:
        forget_old(store)
        if trends:
            show_trends(store, people, written)
        elif other is not None:
            show_comparison(store, session, other)
        else:
            show_session(store, store.session(session), who, written)
