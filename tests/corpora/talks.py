"""Small conversations as files of segments, which are analysed at once."""

from __future__ import annotations

from pathlib import Path


def talk(path: Path, seed: int = 0, people: tuple[str, ...] = ("Ana", "Ben")) -> Path:
    """Five turns of each, with pauses and gaps that differ by `seed`."""
    lines, now = [], 1.0
    for turn in range(5 * len(people)):
        for unit in range(2):
            length = 2.5 + (seed * 7 + turn * 3 + unit) % 10 / 10
            lines.append(f"SPEAKER talk 1 {now:.2f} {length:.2f} <NA> <NA> {people[turn % len(people)]} <NA> <NA>")
            now += length + 0.4
        now += (seed * 3 + turn) % 7 / 4
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
