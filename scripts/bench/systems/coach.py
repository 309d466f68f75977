"""Runs `coach analyze --json` in this process.

No recogniser runs, because the benches measure hearing. An empty home folder keeps out the user's settings and voices.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from coach.conversation import Ipu
from coach.core.span import Span
from scripts.simulate.truth import Take

LETTERS = "ABCDEFGH"  # names when only the number of people is given


def enrolled(take: Take, *more: str) -> list[Ipu]:
    """The coach's result given the take's channels or enrolments, and `more` options."""
    options = [*more]
    for who, spans in take.enrolment.items():
        for start, end in spans:
            options += ["--enrol", f"{who}={start:g}-{end:g}"]
    if take.channels:
        options += ["--channels", ",".join(f"{who}={column + 1}" for who, column in take.channels.items())]
    return speech(analysis(take.file, options))


def unknown(file: Path, people: int | None = None) -> list[Ipu]:
    """The coach's result given nothing, or only the number of people."""
    names = ",".join(LETTERS[:people]) if people else ""
    return speech(analysis(file, ["--people", names] if names else []))


def speech(result: dict[str, Any]) -> list[Ipu]:
    return [Ipu(each["who"], Span.seconds(each["start_s"], each["end_s"])) for each in result["speech"]]


def analysis(file: Path, options: list[str]) -> dict[str, Any]:
    """The JSON object of `coach analyze`. Raises SystemExit with the command's error message if it fails."""
    from coach.cli.analyze import analyze

    out, told = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as home, redirect_stdout(out), redirect_stderr(told):
        os.environ |= {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        try:
            arguments = [str(file), "--json", "--transcriber", "none", *options]
            status = analyze.main(arguments, standalone_mode=False)
        finally:
            os.environ.clear()
            os.environ.update(before)
    if status:
        raise SystemExit(f"coach analyze {' '.join(arguments)}: {told.getvalue().strip()}")
    out.seek(0)
    result: dict[str, Any] = json.load(out)
    return result
