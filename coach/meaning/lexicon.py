"""Word lists in `lexicons/`, matched against tokens.

A list is a text file: header lines that begin with `#`, then sections of `[binding name]` with comma-separated entries.
An entry is one or more words. Entries pass through `tokens`, so a list may contain "can't" or "self-conscious" as
written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from coach.meaning.tokens import tokens, words_only


@dataclass(frozen=True, slots=True)
class Match:
    """An entry, `words`, that was found at the tokens from `start` up to but not including `end`."""

    start: int
    end: int
    words: str


class PhraseMatcher:
    """Finds entries of one or more words. The longest match wins, and matches do not overlap."""

    def __init__(self, entries: Sequence[tuple[str, ...]]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for entry in sorted(set(entries), key=len, reverse=True):
            self._by_first.setdefault(entry[0], []).append(entry)
        self.single_words = frozenset(entry[0] for entry in entries if len(entry) == 1)

    def at(self, stream: Sequence[str], place: int) -> int:
        """The number of tokens in the longest entry at `place`; 0 if there is none."""
        for entry in self._by_first.get(stream[place], ()):
            if tuple(stream[place : place + len(entry)]) == entry:
                return len(entry)
        return 0

    def find(self, stream: Sequence[str]) -> Iterator[Match]:
        """All matches in `stream`, from left to right."""
        place = 0
        while place < len(stream):
            taken = self.at(stream, place) if stream[place] in self._by_first else 0
            if taken:
                yield Match(place, place + taken, " ".join(stream[place : place + taken]))
            place += taken or 1


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a list. `binding` says how `coach.meaning.binding` must bind its entries to the speaker."""

    file: str
    binding: str
    name: str
    phrases: PhraseMatcher


@cache
def sections(file: str, language: str = "en") -> tuple[Section, ...]:
    """The sections of the list `file`, in order. Raises FileNotFoundError if it does not ship."""
    source = files("coach.meaning").joinpath("lexicons", language, f"{file}.txt").read_text(encoding="utf-8")
    found: list[Section] = []
    for block in ("\n" + _without_header(source)).split("\n[")[1:]:
        head, body = block.split("]", 1)
        binding, name = head.split()
        entries = [words_only(tokens(entry)) for entry in body.replace("\n", " ").split(",")]
        found.append(Section(file, binding, name, PhraseMatcher([entry for entry in entries if entry])))
    return tuple(found)


@cache
def section(file: str, name: str, language: str = "en") -> PhraseMatcher:
    """The entries of the section `name` of the list `file`. Raises StopIteration if there is none."""
    return next(s.phrases for s in sections(file, language) if s.name == name)


def _without_header(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if not line.startswith("#"))
