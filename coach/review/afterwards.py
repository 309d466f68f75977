"""Four lines and a note that people answer for themselves after a talk: their wording, and how they are shown later.

The lines are about acceptance, care, respect and room to be different. Each has a scale of five plain words. Answers
are never added up, never compared with another person's, and never part of an analysis, an export or a trend.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coach.core.errors import BadInput
from coach.core.names import one_line
from coach.sessions import Noted


@dataclass(frozen=True, slots=True)
class Questions:
    """The `lines` by name, the words of their scale from least to most, and the prompt for a note."""

    lines: Mapping[str, str]
    steps: tuple[str, ...]
    note: str

    @classmethod
    def load(cls) -> Questions:
        """The questions that ship with the coach."""
        found = tomllib.loads((files("coach.review") / "afterwards.toml").read_text(encoding="utf-8"))
        return cls(found["lines"], tuple(found["steps"]), found["note"])

    def step(self, answer: str) -> int | None:
        """The step (from 1) that an answer names by number or word; None for an empty answer.

        Raises BadInput for anything else.

        >>> questions = Questions.load()
        >>> questions.step("4"), questions.step(" Mostly "), questions.step("")
        (4, 4, None)
        """
        wanted = answer.strip().casefold()
        if not wanted:
            return None
        named = {name: number for number, step in enumerate(self.steps, 1) for name in (str(number), step)}
        if wanted not in named:
            raise BadInput(
                f"{one_line(answer)!r} is not on the scale; it goes from 1 ({self.steps[0]}) "
                f"to {len(self.steps)} ({self.steps[-1]}), and Enter alone leaves out the line"
            )
        return named[wanted]


def answered(noted: Noted, questions: Questions) -> Iterator[tuple[str, str]]:
    """The chosen word and its line, for each answered line."""
    for name, line in questions.lines.items():
        step = noted.steps.get(name, 0)
        if 1 <= step <= len(questions.steps):
            yield questions.steps[step - 1], line


def noted_view(noted: Noted, questions: Questions) -> RenderableType:
    """One person's note, for that person."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for step, line in answered(noted, questions):
        table.add_row(Text(step, style="cyan"), Text(line))
    told = f"   {noted.noted:%Y-%m-%d %H:%M}, in no export"
    head = Text.assemble((f"What {noted.who} noted afterwards", "bold"), (told, "dim"))
    parts: list[RenderableType] = [Text(), head, table]
    if noted.note:
        parts.append(Text(f"“{one_line(noted.note)}”", style="italic"))
    return Group(*parts)
