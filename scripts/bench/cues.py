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
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from coach.coaching import GATE_SENTENCES
from coach.core.events import Cue, Event
from coach.core.settings import Settings
from coach.core.span import Span, as_samples, as_seconds, joined
from coach.sessions import SessionHeader, Store
from scripts.bench.machine import machine, told_of
from scripts.bench.results.tables import table
from scripts.progress import watched
from scripts.simulate.perfect_hearing import FOUND, Said, play

FILE = "depth_train.jsonl"
PEOPLE = ("Ana", "Ben")
RATE_S = 0.33  # seconds a word: about 180 a minute
CLAUSE = 12  # words: after about so many somebody breathes
BREATH_S = (0.25, 0.9)  # seconds
LATE = 0.14  # of answers come after a second or more; the others around zero
QUICK_S, SPREAD_S, SLOW_S = 0.1, 0.45, 1.5  # seconds: mean and deviation of the others, mean beyond a second
LEAST = 40  # lines of a conversation that is played
PROMISES = ("over somebody's words", "sooner than the budget", "held back, no reason in the store")
ASIDE = {("tone", "too_soon"), ("tone", "over")}  # these may sound under words


def conversations(file: Path) -> list[list[tuple[str, str]]]:
    """(who, text) of each conversation of two, in order."""
    lines: dict[str, list[tuple[str, str]]] = {}
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        if line.get("conversation") and line.get("who"):
            lines.setdefault(line["conversation"], []).append((line["who"], line["text"]))
    return [each for each in lines.values() if len({who for who, _ in each}) == 2 and len(each) >= LEAST]


def timed(lines: list[tuple[str, str]], chance: Random) -> list[Said]:
    """The conversation with times, of two people called as PEOPLE are."""
    names = dict(zip(dict.fromkeys(who for who, _ in lines), PEOPLE, strict=True))
    said: list[Said] = []
    end = dict.fromkeys(PEOPLE, 0.0)
    before = None
    for who, text in ((names[who], text) for who, text in lines):
        pause = chance.uniform(*BREATH_S) if who == before else _answer(chance)
        start = max(end[who] + BREATH_S[0], max(end.values()) + pause)
        words = text.split()
        for n in range(0, len(words), CLAUSE):
            part = words[n : n + CLAUSE]
            stop = start + len(part) * RATE_S
            said.append(Said(who, Span.seconds(start, stop), " ".join(part)))
            end[who] = stop
            start = stop + chance.uniform(*BREATH_S)
        before = who
    return said


def _answer(chance: Random) -> float:
    """Seconds from the end of one person's words to another's, below zero where they overlap."""
    if chance.random() < LATE:
        return 1.0 + chance.expovariate(1 / (SLOW_S - 1.0))
    return max(-1.0, min(1.0, chance.gauss(QUICK_S, SPREAD_S)))


def over_somebody(cues: list[Cue], said: list[Said]) -> int:
    """Cues that began while a voice was heard: it takes the ear a moment to hear one."""
    voices = [Span(span.start + FOUND, span.end) for span in joined(each.span for each in said)]
    return sum((c.form, c.kind) not in ASIDE and any(c.at in voice for voice in voices) for c in cues)


def too_early(cues: list[Cue], settings: Settings) -> int:
    """Cues in the quiet beginning, or too soon after another of the same form."""
    early = sum(cue.at < as_samples(settings.quiet_first) for cue in cues)
    for form, every in (("tone", settings.tone_every), ("spoken", settings.spoken_every)):
        times = [cue.at for cue in cues if cue.form == form]
        early += sum(b - a < as_samples(every) for a, b in pairwise(times))
    return early


def unexplained(events: list[Event], store: Store) -> int:
    """Cues that were held back and whose reason cannot be read in the store afterwards."""
    session = store.begin(SessionHeader(people=PEOPLE))
    store.write(session, events)
    told = [e for e in store.events(session) if isinstance(e, Cue) and e.held_back in GATE_SENTENCES]
    return sum(isinstance(e, Cue) and not e.given for e in events) - len(told)


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


def text(result: dict[str, Any]) -> str:
    hours = result["hours"]
    rows = [[*name.split(" ", 1), str(n), f"{n / hours:.1f}"] for name, n in sorted(result["cues"].items())]
    promises = [[name, str(result["broken"][name])] for name in PROMISES]
    title = f"decisions in {hours:g} hours of made talk, {result['sessions']} conversations"
    return table(title, ["cue", "", "times", "an hour"], rows) + "\n" + table("broken", ["promise", "times"], promises)


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
