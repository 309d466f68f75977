"""The command in a hint starts the coach, however the coach was started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coach.cli.main import main

HOME = str(Path(main.__code__.co_filename).parents[2])


@pytest.mark.parametrize(
    ("told", "typed"), [({"COACH_COMMAND": "scripts/run"}, "scripts/run"), ({}, "python -m coach")]
)
@pytest.mark.parametrize(
    "arguments", [["review"], ["--help"], ["review", "--help"], ["afterwards", "--help"], ["forget"]]
)
def test_hints_errors_and_help_name_the_command_that_was_typed(
    tmp_path: Path, told: dict[str, str], typed: str, arguments: list[str]
) -> None:
    folders = {"PYTHONPATH": HOME, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    environment = {name: value for name, value in os.environ.items() if name != "COACH_COMMAND"}
    done = subprocess.run(
        [sys.executable, "-m", "coach", *arguments],
        env=environment | folders | told,
        capture_output=True,
        text=True,
        check=False,
    )
    shown = done.stdout + done.stderr
    assert f"{typed} " in shown
    assert "`coach " not in shown


def test_the_script_that_starts_the_coach_says_what_was_typed(tmp_path: Path) -> None:
    script, python = tmp_path / "run", tmp_path / "python"
    script.write_text(Path(HOME, "scripts", "run").read_text(encoding="utf-8"), encoding="utf-8")
    script.chmod(0o755)
    python.write_text('#!/bin/sh\necho "$COACH_COMMAND"\n', encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "environment.sh").write_text(f'PYTHON="{python}"\nprepare() {{ :; }}\n', encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "COACH_COMMAND"}
    done = subprocess.run(["./run"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "./run\n"
