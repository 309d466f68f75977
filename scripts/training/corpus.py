"""Labelled talk and written examples, simulated recognition errors, and folds by conversation."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

KINDS = ("feelings", "needs", "impulses", "thoughts", "energy", "dreams", "hopes", "mourning")
LEVELS = ("N", "1", "2", "3")
EXAMPLES = Path(__file__).with_name("examples")
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of one person's talk. `group` (a conversation or a pair of examples) stays within one fold.

    `before` holds the indices, in the same list, of this person's earlier stretches in the conversation, in order.
    """

    text: str
    group: str
    who: str
    source: str
    level: str | None
    kinds: tuple[str, ...] = ()
    before: tuple[int, ...] = field(default=(), repr=False)

    @property
    def spoken(self) -> bool:
        return self.source in ("AnnoMI", "Santa Barbara Corpus")


def read_talk(file: Path) -> list[Utterance]:
    """All stretches of `depth_train.jsonl` in order, including unlabelled ones."""
    found: list[Utterance] = []
    said: dict[tuple[str, str], list[int]] = {}
    with file.open(encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            row = json.loads(line)
            before = said.setdefault((row["conversation"], row["who"]), [])
            found.append(
                Utterance(
                    row["text"],
                    row["conversation"],
                    row["who"],
                    row["source"],
                    row["level"],
                    tuple(row["kinds"]),
                    tuple(before),
                )
            )
            before.append(place)
    return found


def read_examples(folder: Path = EXAMPLES) -> list[Utterance]:
    """The example sentences written for the coach, in order of file name."""
    found: list[Utterance] = []
    for file in sorted(folder.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                group = f"{file.stem}:{row['group']}"
                found.append(Utterance(row["text"], group, "writer", "examples", row["level"], tuple(row["kinds"])))
    return found


def fold_of(group: str) -> int:
    """The fold of a conversation; independent of the other data."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def bare(text: str) -> str:
    """`text` as a poor recogniser writes it: lower case, no punctuation except apostrophes."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())


def misheard(text: str, share: float, words: Sequence[str], seed: str) -> str:
    """`text` bare, with `share` of its words wrong: a third each deletions, substitutions and insertions.

    Wrong words are drawn from `words`, which repeats each by its frequency. The errors are determined by `seed`.
    """
    chance = random.Random(seed)
    found: list[str] = []
    for word in bare(text).split():
        if chance.random() >= share:
            found.append(word)
            continue
        mistake = chance.randrange(3)
        if mistake:
            found.append(chance.choice(words))
        if mistake == 2:
            found.append(word)
    return " ".join(found)


def common_words(stretches: Sequence[Utterance]) -> list[str]:
    """All words of some talk, repeated by frequency, in a fixed order."""
    return [word for stretch in stretches for word in bare(stretch.text).split()]
