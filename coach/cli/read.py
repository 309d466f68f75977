"""`coach read`: estimate the depth of each line of a transcript, and classify the responses."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape
from rich.progress import track

from coach.cli.console import Console
from coach.cli.output import print_json
from coach.cli.saying import say
from coach.review import read_transcript, transcript
from coach.runtime import judged_lines


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line of the transcript.")
@click.option("--why", is_flag=True, help="Show the words behind each judgement.")
def read(file: Path, as_json: bool, why: bool) -> None:
    """Show how deep each line of a transcript probably went.

    It also shows how shares were answered. FILE is a transcript in English: .jsonl, .vtt, .srt, .txt, .md, .docx
    (Teams, Zoom, Otter) or .json (Whisper).
    """
    if as_json and why:
        raise click.UsageError("--why works only in the terminal, not with --json")
    found = read_transcript(file)
    lines = found.lines
    for notice in found.notices:
        say(notice)
    shown, reasons = [], []
    quiet = not sys.stderr.isatty()
    steps = track(
        judged_lines(lines),
        description=escape(file.name),
        total=len(lines),
        console=Console(stderr=True),
        transient=True,
        disable=quiet,
    )
    for line, depth, response in steps:
        if as_json:
            print_json(line)
        shown.append(line)
        reasons.append((depth, response))
    if not as_json:
        Console().print(transcript(shown, reasons if why else ()))
