"""Asking the coach aloud: how often "coach, quiet" and "coach, go on" are obeyed, how soon, and what is taken for them.

    scripts/bench/run hush DATA                  nine voices, four rooms, three pauses after the name; about 15 minutes
    scripts/bench/run hush DATA --voices rms,en-gb --rooms quiet
    scripts/bench/run hush DATA --plain          only the two wordings that everybody is told: "quiet", "go on"
    scripts/bench/run hush DATA --json           one JSON object, with every wish and what was read of it

`simulate/wishes.py` says how. Latencies count from the last sound of the wish, in real time; the reach is 0.5 s.
Voices are flite's and espeak-ng's: people are understood better, how much better nobody has measured. False ones are
counted in the text of DATA's conversations.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from scripts.bench.data import data_folder
from scripts.bench.machine import machine, told_of
from scripts.bench.results.tables import figure, table
from scripts.progress import watched
from scripts.simulate.wishes import PAUSES_S, ROOMS, Outcome, another, false_hushes, session, voices, wishes

WORDS_A_MINUTE = 180
COLUMNS = ["", "obeyed", "%", "silence", "begun", "words", "hushed", "90%", "worst"]
TEXTS = "depth_train.jsonl"


def row(name: str, some: Sequence[Outcome]) -> list[str]:
    obeyed = [each for each in some if each.hushed_s is not None]
    hushed = sorted(each.hushed_s for each in obeyed if each.hushed_s is not None)
    stages = [
        [seconds for each in obeyed if (seconds := getattr(each, stage)) is not None]
        for stage in ("silent_s", "begun_s", "words_s")
    ]
    return [
        name,
        f"{len(obeyed)} of {len(some)}",
        figure(100 * len(obeyed) / len(some) if some else None, 0),
        *(figure(median(seconds) if seconds else None, 2) for seconds in stages),
        figure(median(hushed) if hushed else None, 2),
        figure(hushed[int(0.9 * len(hushed))] if hushed else None, 2),
        figure(hushed[-1] if hushed else None, 2),
    ]


def rows(some: Sequence[Outcome]) -> list[list[str]]:
    """All, and then by each of what was varied."""
    by = [
        *((room, [each for each in some if each.room == room]) for room in ROOMS),
        *((f"pause {p:g} s", [each for each in some if each.wish.pause_s == p]) for p in PAUSES_S),
        *((name, [each for each in some if each.wish.after_other is after]) for name, after in
          (("after silence", False), ("after another", True))),
        *((f'"{w}"', [e for e in some if e.wish.wording == w]) for w in sorted({e.wish.wording for e in some})),
        *((voice, [each for each in some if each.voice == voice]) for voice in voices()),
    ]  # fmt: skip
    return [row("all", some), *(row(name, part) for name, part in by if part)]


def conversations(file: Path) -> tuple[list[list[str]], float]:
    """The turns of each, and how many hours they would take to say."""
    found: dict[str, list[str]] = {}
    for line in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        found.setdefault(line.get("conversation") or line["id"], []).append(line["text"])
    words = sum(len(text.split()) for texts in found.values() for text in texts)
    return list(found.values()), words / WORDS_A_MINUTE / 60


def main() -> None:
    from coach.asr import MoonshineTranscriber
    from coach.coaching import wish_in

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=data_folder, metavar="DATA", help="the development data's folder")
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of a table")
    parser.add_argument("--many", type=int, default=1, help="wishes for each voice, room, pause and setting")
    parser.add_argument("--plain", action="store_true", help='only "quiet" and "go on"')
    parser.add_argument("--voices", type=lambda text: text.split(","), default=list(voices()))
    parser.add_argument("--rooms", type=lambda text: text.split(","), default=list(ROOMS))
    args = parser.parse_args()
    where = machine()
    other = another(args.data)
    engine = MoonshineTranscriber()
    jobs = [(voice, room) for voice in args.voices for room in args.rooms]
    results: list[Outcome] = []
    for n, (voice, room) in enumerate(watched(jobs, len(jobs), "voices and rooms")):
        some = list(wishes(7 * n, args.many, plain=args.plain))
        results += session(args.data, voice, room, some, engine, other)
    engine.close()
    texts, hours = conversations(args.data / "data" / "text" / TEXTS)
    false = false_hushes(texts, wish_in)
    if args.as_json:
        told = {"bench": "hush", "machine": where, "results": [asdict(each) for each in results], "false": false}
        print(json.dumps(told | {"hours_of_text": round(hours, 1)}))
        return
    print(told_of(where))
    print(table("Seconds from the wish's last sound (reach: 90% obeyed, 0.5 s)", COLUMNS, rows(results)))
    print(f"taken for a wish in {hours:.0f} hours of conversation (reach: none): {len(false)}")
    for text in false:
        print(f"  {text[-100:]}")


if __name__ == "__main__":
    main()
