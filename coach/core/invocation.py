"""How the person called the program, so that a hint names a command that works where it is printed.

Code writes a hint as `coach …` in backticks, and pages in the quotation marks of their language. `as_called` replaces
`coach` when the hint is shown:

>>> as_called("there is no session 7; `coach sessions` lists those that are stored", {"COACH_COMMAND": "scripts/run"})
'there is no session 7; `scripts/run sessions` lists those that are stored'
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

QUOTES = "`“„"
COMMAND = "COACH_COMMAND"  # the variable in which a script that starts the coach says what the person typed


def command(environment: Mapping[str, str] = os.environ, arguments: Sequence[str] | None = None) -> str:
    """The command that starts the coach: a script of this project, `python -m coach`, or an installed `coach`.

    `arguments` are those of the process (`sys.argv`), with the program first.
    """
    if told := environment.get(COMMAND):
        return told
    started = Path((sys.argv if arguments is None else arguments)[0])
    return "python -m coach" if (started.parent.name, started.name) == ("coach", "__main__.py") else "coach"


def as_called(text: str, environment: Mapping[str, str] = os.environ, arguments: Sequence[str] | None = None) -> str:
    """`text` with every hint in the form that the person has to type."""
    called = command(environment, arguments)
    for quote in QUOTES:
        text = text.replace(f"{quote}coach ", f"{quote}{called} ")
    return text
