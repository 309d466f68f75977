"""`coach review --page FILE.html --open`: write the page of a session and open it."""

from __future__ import annotations

import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coach.cli.console import Console
from coach.cli.saying import say
from coach.core.names import one_line

if TYPE_CHECKING:
    from coach.review.page import Page


@dataclass(frozen=True, slots=True)
class PageFile:
    """Where a page is to be written, in which language, and whether it is opened in the browser afterwards."""

    path: Path
    language: str
    show: bool


def put_page(page: Page, to: PageFile) -> None:
    """Writes `page`, reports it, and opens it in the browser if that is wanted. Raises CoachError."""
    from coach.review.page import html, write_page  # imported here because the charting library is slow to load

    path = to.path
    with Console(stderr=True).status("drawing the page"):
        write_page(path, html(page))
    print(f"The page is in {one_line(str(path))}; it works offline, and only you can read it.")
    if to.show and not webbrowser.open(path.resolve().as_uri()):
        say(f"no browser could be started; open {path} in one yourself")
