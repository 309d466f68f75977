"""`coach open`: the page on the table, served to this machine's browser alone."""

from __future__ import annotations

from contextlib import closing, suppress

import click

from coach.core.errors import NotWritable
from coach.core.invocation import as_called
from coach.core.settings import data_folder, load_settings
from coach.runtime import language_faults
from coach.sessions import DATABASE_FILE, DiskFull, Store
from coach.web.server import Wish, serve


@click.command("open")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, help="The port; a free one by default.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@click.option("--lan", is_flag=True, help="Show the live view to phones in this network: read only, no words.")
def open_page(port: int, no_browser: bool, lan: bool) -> None:
    """Open the page on the table, in the browser.

    Begin there, glance at it while you talk, and look back. Only browsers on this machine can use it. Sixty seconds
    after its last page was closed, a running session ends and is kept.
    """
    load_settings()  # a settings file that cannot be read is reported now
    for fault in language_faults():
        _say(fault)
    with closing(Store(data_folder() / DATABASE_FILE)) as store:
        with suppress(DiskFull, NotWritable):  # the session reports it and continues without storing
            store.open()
        serve(store, Wish(port=port, browser=not no_browser, lan=lan), _say)


def _say(text: str) -> None:
    click.echo(f"coach: {as_called(text)}", err=True)
