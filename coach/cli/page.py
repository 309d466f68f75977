"""`coach review --page FILE.html --open`: write the page of a session and open it."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from coach.cli.console import Console
from coach.cli.saying import say
from coach.core.names import one_line
from coach.review.page import Page, html, write_page


def put_page(page: Page, path: Path, *, show: bool) -> None:
    """Writes `page` to `path`, reports it, and with `show` opens it in the browser. Raises CoachError."""
    with Console(stderr=True).status("drawing the page"):
        write_page(path, html(page))
    print(f"The page is in {one_line(str(path))}; it works offline, and only you can read it.")
    if show and not webbrowser.open(path.resolve().as_uri()):
        say(f"no browser could be started; open {path} in one yourself")
