"""The coach as a user runs it: `coach analyze --json`, in this process.

Without words: what is measured is hearing. The user's own settings and kept voices do not enter, because the
process is given an empty home.
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
from coach.span import Span
from measuring.truth import Take


def enrolled(take: Take) -> list[Ipu]:
    """The coach told what the take tells: channels, or seconds in which each speaks alone."""
    options = []
    for who, spans in take.enrolment.items():
        # one --enrol a person, because all of one person's are to be learnt as one voice
        options += ["--enrol", f"{who}={spans[0][0]:g}-{spans[-1][1]:g}"] if len(spans) == 1 else _several(who, spans)
    if take.channels:
        options += ["--channels", ",".join(f"{who}={column + 1}" for who, column in take.channels.items())]
    return speech(analysis(take.file, options))


def _several(who: str, spans: list[tuple[float, float]]) -> list[str]:
    return [each for start, end in spans for each in ("--enrol", f"{who}={start:g}-{end:g}")]


def unknown(file: Path, people: int | None = None) -> list[Ipu]:
    """The coach told nothing, or only how many there are."""
    return speech(analysis(file, ["--people", str(people)] if people else []))


def speech(result: dict[str, Any]) -> list[Ipu]:
    return [Ipu(each["who"], Span.seconds(each["start_s"], each["end_s"])) for each in result["speech"]]


def analysis(file: Path, options: list[str]) -> dict[str, Any]:
    """The JSON object of `coach analyze`. Raises SystemExit with the command's own line when it fails."""
    from coach.cli.analyze import analyze

    out, told = io.StringIO(), io.StringIO()
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
    return json.loads(out.getvalue())
