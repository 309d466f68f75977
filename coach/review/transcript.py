"""A transcript in the terminal: each line with a bar for its probable depth, and the kind of answer.

The bar shows the level of one line. Levels are never added up to a score for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coach.core.names import one_line

BANDS = {"N": ("·  ", "dim", "no sharing"), "1": ("█  ", "blue", "what happened")}
BANDS |= {"2": ("██ ", "magenta", "mixed"), "3": ("███", "bright_magenta", "experience")}
_NOT_READ = ("   ", "dim", "not judged")
_NOTE = (
    "“Probably” is to be taken literally: nobody can judge a single line well, and people do not always agree. An "
    "answer is named if the other person had shared something; “other” also means that the coach is not sure."
)

Why = tuple[tuple[str, ...], tuple[str, ...]]


def transcript(lines: Sequence[dict[str, Any]], why: Sequence[Why] = ()) -> RenderableType:
    """The transcript of `lines`, as in `coach read --json`; `why` adds the words behind each classification."""
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False, expand=False)
    table.add_column(width=3)
    table.add_column(style="bold", max_width=14, overflow="fold")
    table.add_column(overflow="fold", ratio=1)
    for place, line in enumerate(lines):
        bar, style, _ = BANDS.get(line["level"], _NOT_READ)
        said = Text(one_line(line["text"]))
        if note := _judgement(line):
            said.append(f"  {note}", style="dim italic")
        if why and (reason := _reason(*why[place])):
            said.append(f"\n{reason}", style="dim")
        table.add_row(Text(bar, style=style), Text(one_line(line["who"])), said)
    return Group(table, Text(), _totals(lines), Text(), Text(_NOTE, style="dim"))


def _judgement(line: dict[str, Any]) -> str:
    parts = []
    if line["level"] in ("2", "3"):
        told = f": {', '.join(line['kinds'])}" if line["kinds"] else ""
        parts.append(f"probably {BANDS[line['level']][2]}{told}")
    if line["response"] not in (None, "other"):
        sure = "" if line["response"] == "backchannel" else "probably "
        parts.append(f"answer: {sure}{line['response']}")
    return f"[{'; '.join(parts)}]" if parts else ""


def _reason(depth: Sequence[str], response: Sequence[str]) -> str:
    parts = []
    if depth:
        parts.append(f"depth by: {', '.join(f'“{each}”' for each in depth)}")
    if response:
        parts.append(f"answer by: {', '.join(f'“{each}”' for each in response)}")
    return " · ".join(parts)


def _totals(lines: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(style="bold", width=8)
    table.add_column(overflow="fold")
    levels = Counter(line["level"] for line in lines)
    bands = [(BANDS.get(level, _NOT_READ), count) for level, count in sorted(levels.items(), key=lambda e: str(e[0]))]
    table.add_row("Lines", Text(" · ".join(f"{bar.strip()} {name} {count}".strip() for (bar, _, name), count in bands)))
    responses = Counter(line["response"] for line in lines if line["response"])
    answers = " · ".join(f"{kind} {count}" for kind, count in responses.most_common()) or "none to a share"
    table.add_row("Answers", Text(answers))
    return table
