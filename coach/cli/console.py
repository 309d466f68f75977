"""What all commands print through: text from outside is shown as it is, and cannot control the terminal.

Names of people, devices and files may hold brackets, which rich would take for markup, and control characters, which
could colour the terminal or move its cursor.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable

from rich.console import Console as RichConsole
from rich.console import ConsoleOptions, RenderableType
from rich.segment import Segment

NARROWEST = 20  # columns; COLUMNS may say less, even 0, and then nothing would be left of a table
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # without tab and newline


class Console(RichConsole):
    """rich's console without markup and emoji codes in strings, and without control characters from outside."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, markup=False, emoji=False, width=_width())

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """rich's segments, without the control characters that came in with the text; rich's own codes stay."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=_CONTROLS.sub("", segment.text))

    def on_broken_pipe(self) -> None:
        """Leaves a closed pipe to `coach.cli.main`; rich would exit with status 1."""
        raise BrokenPipeError


def _width() -> int | None:
    """The width where the variable COLUMNS says one that is too small; None leaves it to rich."""
    said = os.environ.get("COLUMNS", "")
    if not said.isdecimal() or int(said) >= NARROWEST:
        return None
    return NARROWEST if int(said) else shutil.get_terminal_size().columns
