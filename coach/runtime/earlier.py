"""How long the same people paused in their last sessions, from which a breath that grows may begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from coach.core.errors import BadInput
from coach.core.resources import SAMPLE_FILE
from coach.core.span import as_seconds
from coach.review import answering_pauses, of_same_people
from coach.sessions import DATABASE_FILE, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierConfig:
    """What is looked at."""

    sessions: int = 3  # the last ones: how a pair talks changes with the months
    answers: int = 4  # to a share, in all of them; of fewer, a median says too little


CONFIG = EarlierConfig()


def earlier_pause(folder: Path, people: Sequence[str]) -> float | None:
    """The median pause (s) before an answer to a share in the last sessions of exactly these people.

    None if the sessions stored in `folder` hold too few answers of theirs. The sample does not count. Raises what
    `Store` raises.
    """
    if not (folder / DATABASE_FILE).is_file():
        return None
    with Store(folder / DATABASE_FILE) as store:
        try:
            same = of_same_people([each for each in store.sessions() if each.source != SAMPLE_FILE], people)
        except BadInput:  # there are none
            return None
        pauses = [pause for each in same[-CONFIG.sessions :] for pause in answering_pauses(each, store.events(each.id))]
    return round(as_seconds(round(median(pauses))), 3) if len(pauses) >= CONFIG.answers else None
