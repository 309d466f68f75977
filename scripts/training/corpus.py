"""Labelled talk and written examples, the same talk with wrong words, and folds that keep a conversation together."""

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
    """One stretch of one person's talk. `group` is what must not be torn apart: a conversation, a pair of examples.

    `before` are the places, in the same list, of what the same person said before it in this conversation, in order.
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
    """All stretches of `depth_train.jsonl`, the unlabelled ones too, in order."""
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
    """The sentences written for the coach, files in order of their names."""
    found: list[Utterance] = []
    for file in sorted(folder.glob("*.jsonl")):
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                group = f"{file.stem}:{row['group']}"
                found.append(Utterance(row["text"], group, "writer", "examples", row["level"], tuple(row["kinds"])))
    return found


def fold_of(group: str) -> int:
    """The fold of a conversation: the same whatever else is in the data."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def bare(text: str) -> str:
    """As a poor recogniser writes it: lower case, no marks but apostrophes."""
    return " ".join(re.sub(r"[^a-z0-9' ]", " ", text.lower()).split())


def misheard(text: str, share: float, words: Sequence[str], seed: str) -> str:
    """`text` bare, with `share` of its words wrong: a third each left out, taken for another word, joined by a new one.

    `words` are the words to mistake for, as often as they are said. The same `seed` makes the same mistakes.
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
    """All words of some talk, each as often as it is said, in a fixed order."""
    return [word for stretch in stretches for word in bare(stretch.text).split()]
