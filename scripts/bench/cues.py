"""An evening of made conversation: which cues come, which are held back and why, and whether three promises are kept.

No cue over anyone's speech (but the tone that marks a turn, which may sound there); none sooner than the budget, or in
the first minute; for each that was held back, its reason in the store.

    scripts/bench/run cues DATA            a table: an hour
    scripts/bench/run cues DATA --hours 5  more
    scripts/bench/run cues DATA --json     one JSON object

The words are those of DATA's conversations; how long they take and the silences between them are drawn at random, the
same each time, so that answers are about as quick as recorded ones. Everything from voices to cues is real but the ear
and the recogniser, which make no mistakes: this is about the rules, not about hearing.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from coach.core.events import Cue
from coach.core.settings import Settings
from coach.core.span import as_seconds
from coach.sessions import Store
from scripts.bench.machine import machine
from scripts.bench.results.cues import PROMISES, over_somebody, text, too_early, unexplained
from scripts.bench.results.tables import told_of
from scripts.progress import watched
from scripts.simulate.perfect_hearing import play
from scripts.simulate.transcripts import (
    PEOPLE,
    conversations,
    timed,
)

FILE = "depth_train.jsonl"


def played(
    lines: list[tuple[str, str]], chance: Random, settings: Settings, store: Store
) -> tuple[float, list[Cue], Counter[str]]:
    """Seconds, decisions, and how often which promise was broken."""
    said = timed(lines, chance)
    events = play(said, settings, words_s=0.4)
    cues = [event for event in events if isinstance(event, Cue)]
    given = [cue for cue in cues if cue.given]
    broken = {
        PROMISES[0]: over_somebody(given, said),
        PROMISES[1]: too_early(given, settings),
        PROMISES[2]: unexplained(events, store),
    }
    return as_seconds(said[-1].span.end), cues, Counter(broken)


def measured(file: Path, hours: float) -> dict[str, Any]:
    """Decisions over at least `hours` of talk, a session a conversation."""
    settings = Settings(people=PEOPLE, cues_on=("curious",))
    seconds, cues, broken, sessions = 0.0, Counter[str](), Counter[str](), 0
    found = conversations(file)
    Random(0).shuffle(found)  # one kind of talk comes after another in the file
    with tempfile.TemporaryDirectory(prefix="coach-bench-") as folder, Store(Path(folder) / "coach.db") as store:
        for number, lines in enumerate(watched(found, len(found), "conversations")):
            if seconds >= 3600 * hours:
                break
            length, told, wrong = played(lines, Random(number), settings, store)
            seconds, sessions = seconds + length, sessions + 1
            broken.update(wrong)
            cues.update(f"{c.kind} {'given' if c.given else c.held_back}" for c in told)
    return {"hours": round(seconds / 3600, 2), "sessions": sessions, "broken": dict(broken), "cues": dict(cues)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="DATA", type=Path, help=f"the folder with {FILE}")
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    file = options.data / FILE
    if not file.is_file():
        parser.error(f"{options.data} has no {FILE}")
    result = {"machine": machine()} | measured(file, options.hours)
    print(json.dumps(result) if options.json else f"{told_of(result['machine'])}\n\n{text(result)}")


if __name__ == "__main__":
    main()
