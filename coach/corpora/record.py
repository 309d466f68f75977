"""What was done before: a line for each item in DIR/done.jsonl, appended when its results are written.

A line that a crash cut short is ignored. A file that kept its size and its time of change is not read again.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.core.errors import CoachError, reason_of
from coach.corpora.analysed import Outcome
from coach.corpora.items import Item

RECORD = "done.jsonl"


@dataclass(frozen=True, slots=True)
class Done:
    """The latest line about an item. `results` are files in the folder; `failed` says why there are none."""

    name: str
    identity: str
    files: list[list[Any]]
    results: list[str]
    failed: list[str]


class Record:
    """The record in the folder `out`. Raises CoachError if it cannot be written."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._path = out / RECORD
        self.done: dict[str, Done] = {}
        for line in self._lines():
            try:
                said = Done(**json.loads(line))
            except (ValueError, TypeError):
                continue
            self.done[said.name] = said

    def holds(self, item: Item, identity: str) -> bool:
        """Whether the results of `item` are there, from the same files and options."""
        said = self.done.get(item.name)
        return bool(
            said
            and said.identity == identity
            and said.results
            and not said.failed
            and said.files == _looks(item)
            and all((self._out / each).is_file() for each in said.results)
        )

    def add(self, outcome: Outcome, identity: str) -> None:
        """Append what became of an item, safe from a crash when this returns."""
        item = outcome.task.item
        results = [os.path.relpath(path, self._out) for path in outcome.written]
        failed = [each.says for each in outcome.failures]
        said = Done(item.name, identity, _looks(item), results, failed)
        line = json.dumps({name: getattr(said, name) for name in Done.__slots__}, ensure_ascii=False)
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                torn = file.seek(0, os.SEEK_END) and not _ends_a_line(file)
                file.write(b"\n" * torn + line.encode(errors="backslashreplace") + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CoachError(f"{self._path} cannot be written: {reason_of(error)}") from error
        self.done[item.name] = said

    def _lines(self) -> list[bytes]:
        try:
            return self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise CoachError(f"{self._path} cannot be read: {reason_of(error)}") from error


def _ends_a_line(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")


def _looks(item: Item) -> list[list[Any]]:
    """The name, size and time of change of each file; a missing one is its name alone."""
    found: list[list[Any]] = []
    for path in item.files:
        try:
            seen = path.stat()
            found.append([os.fsencode(path.name).decode(errors="backslashreplace"), seen.st_size, seen.st_mtime_ns])
        except OSError:
            found.append([path.name])
    return found
