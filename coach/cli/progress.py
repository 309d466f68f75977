"""A progress bar on stderr for slow steps; nothing if stderr is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from coach.cli.console import Console


@contextmanager
def bar(says: str) -> Iterator[Callable[[int, int], None]]:
    """Yields a callback (done, total). Until its first call the bar only shows activity."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    shown = sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=not shown, transient=True) as progress:
        task = progress.add_task(says, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
