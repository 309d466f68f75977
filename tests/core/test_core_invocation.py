"""The command in a hint works where it is printed."""

from __future__ import annotations

import pytest

from coach.core.invocation import as_called, command


@pytest.mark.parametrize(
    ("environment", "started", "typed"),
    [
        ({"COACH_COMMAND": "./scripts/run"}, "/home/ana/coach/coach/__main__.py", "./scripts/run"),
        ({}, "/home/ana/coach/coach/__main__.py", "python -m coach"),
        ({}, "/home/ana/.local/bin/coach", "coach"),
        ({}, "/usr/lib/python3/site-packages/pytest/__main__.py", "coach"),
    ],
)
def test_the_command_is_what_the_person_typed(environment, started, typed):
    assert command(environment, [started]) == typed
    told = as_called("no session; `coach listen` makes one, `coach doctor` looks", environment, [started])
    assert told == f"no session; `{typed} listen` makes one, `{typed} doctor` looks"


def test_text_that_is_not_a_hint_is_unchanged():
    text = "a listening coach; my coach said so, coach listen"
    assert as_called(text, {"COACH_COMMAND": "scripts/run"}) == text
