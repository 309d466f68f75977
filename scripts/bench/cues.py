"""Plays simulated conversations and reports which cues are given, which are held back and why.

It also counts violations of three rules: no cue during speech (except the tone that marks a turn); no cue before the
budget allows it or in the first minute; a stored reason for each cue that is held back.

    scripts/bench/run cues DATA            a table: an hour
    scripts/bench/run cues DATA --hours 5  more
    scripts/bench/run cues DATA --json     one JSON object

The words come from DATA's conversations. Durations and silences are drawn from a fixed seed, so that responses are
about as quick as recorded ones. The ear and the recogniser are simulated without errors, because this bench tests the
rules, not the hearing; everything else is real.
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
from scripts.bench.results.tables import machine_lines
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
    """Seconds played, decisions, and the number of violations of each rule."""
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
    """Decisions over at least `hours` of talk, one session per conversation."""
    settings = Settings(people=PEOPLE, cues_on=("curious",))
    seconds, cues, broken, sessions = 0.0, Counter[str](), Counter[str](), 0
    found = conversations(file)
    Random(0).shuffle(found)  # the file is sorted by kind of talk
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
    print(json.dumps(result) if options.json else f"{machine_lines(result['machine'])}\n\n{text(result)}")


if __name__ == "__main__":
    main()
