"""Floor transfer offsets beside scikit-talk's on the same segments: equal, or the difference counted with its reason.

    FOLDER of .rttm, .TextGrid, .eaf; the sample ─► who spoke when ─► turns ─┬─► scikit-talk, `calculate_FTO` ─┐
                                                                           └─► coach.conversation ────────────┴─► table

Both get the coach's turns, because scikit-talk does not make turns of units, and milliseconds, because it knows nothing
finer. A gap is an offset of zero or more. scikit-talk is not installed with the coach; put it where `--python` points:

    python -m venv /somewhere && /somewhere/bin/python -m pip install scikit-talk
    scripts/bench/run scikit_talk FOLDER --python /somewhere/bin/python
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from coach.conversation import converse, ipus
from coach.core.errors import BadInput
from coach.core.events import Event, Speech
from coach.core.resources import asset
from coach.core.settings import Settings
from coach.core.span import MILLISECOND, Span
from coach.runtime import Who, analyse, segment_events
from scripts.bench.machine import machine

WINDOW_MS = 10_000  # scikit-talk looks no further back
ENDINGS = (".rttm", ".textgrid", ".eaf")
THEIRS = """
import json, sys, warnings
warnings.simplefilter("ignore")
from sktalk.corpus.conversation import Conversation
from sktalk.corpus.utterance import Utterance
found = []
for turns in json.load(sys.stdin):
    talk = Conversation([Utterance("x", participant=who, time=[start, end]) for who, start, end in turns])
    talk.calculate_FTO()
    found.append([each.FTO for each in talk.utterances])
json.dump(found, sys.stdout)
"""

Turn = tuple[str, int, int]  # who, and start and end in milliseconds
Offsets = list[int | None]  # one for each turn, in milliseconds


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its turns in order of their start, our offset of each, and who else spoke, as asides."""

    turns: list[Turn]
    ours: Offsets
    asides: list[Turn]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="where .rttm, .TextGrid and .eaf files lie, at any depth")
    parser.add_argument("--python", default=sys.executable, help="a Python in which scikit-talk is installed")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    asked = parser.parse_args(arguments)
    talks = list(_talks(asked.folder))
    found = {"machine": machine(), "talks": len(talks), **compared(talks, _theirs(talks, asked.python))}
    print(json.dumps(found) if asked.json else _table(found))
    return 0


def _talks(folder: Path | None) -> Iterator[Talk]:
    """The sample, as heard, then the files. A file that cannot be read is left out, and a line says so."""
    yield talk(analyse(asset("sample.flac"), Who(("Ana", "Ben")), Settings(), []).events)
    for path in sorted(folder.rglob("*")) if folder else ():
        if path.suffix.lower() in ENDINGS:
            try:
                found = segment_events(path, Settings())
            except BadInput as error:
                found = [error]
            for each in found:
                if isinstance(each, BadInput):
                    print(f"left out: {each}", file=sys.stderr)
                else:
                    yield talk(each.events)


def talk(events: Iterable[Event]) -> Talk:
    """The turns of what was spoken, and our offsets. Units are rounded to milliseconds, as scikit-talk takes them."""
    units = ipus(
        Speech(at=each.at, who=each.who, span=Span(_whole(each.span.start), _whole(each.span.end)), confidence=1.0)
        for each in events
        if isinstance(each, Speech)
    )
    found = converse(units)
    offsets = {(each.who, each.onset): each.fto for each in found.transfers}
    turns = [turn for turn in found.turns if turn.kind == "turn"]
    ours = [offsets.get((turn.who, turn.span.start)) for turn in turns]
    return Talk(
        turns=[(turn.who, *_ms(turn.span)) for turn in turns],
        ours=[None if offset is None else offset // MILLISECOND for offset in ours],
        asides=[(turn.who, *_ms(turn.span)) for turn in found.turns if turn.kind != "turn"],
    )


def _whole(sample: int) -> int:
    return round(sample / MILLISECOND) * MILLISECOND


def _ms(span: Span) -> tuple[int, int]:
    return span.start // MILLISECOND, span.end // MILLISECOND


def _theirs(talks: Sequence[Talk], python: str) -> list[Offsets]:
    asked = json.dumps([each.turns for each in talks])
    done = subprocess.run([python, "-c", THEIRS], input=asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"scikit-talk does not run with {python}; --help says how to install it:\n{done.stderr}")
    found: list[Offsets] = json.loads(done.stdout)
    return found


def compared(talks: Sequence[Talk], theirs: Sequence[Offsets]) -> dict[str, Any]:
    """n, medians in ms, and the largest difference of offsets and gaps; offsets of one side only, by reason."""
    both: list[tuple[int, int]] = []
    alone: Counter[str] = Counter()
    for each, other in zip(talks, theirs, strict=True):
        for place, (our, their) in enumerate(zip(each.ours, other, strict=True)):
            if our is not None and their is not None:
                both.append((our, their))
            elif our is not None or their is not None:
                alone[_why(each, place, our)] += 1
    gaps = [(our, their) for our, their in both if our >= 0 and their >= 0]
    return {"fto": _agreement(both), "gaps": _agreement(gaps), "only_one_side": dict(alone)}


def _agreement(pairs: Sequence[tuple[int, int]]) -> dict[str, Any]:
    ours, theirs = [our for our, _ in pairs], [their for _, their in pairs]
    return {
        "n": len(pairs),
        "median_ms": median(ours) if ours else None,
        "their_median_ms": median(theirs) if theirs else None,
        "largest_difference_ms": max((abs(our - their) for our, their in pairs), default=0),
    }


def _why(talk: Talk, place: int, our: int | None) -> str:
    """Which difference of the definitions explains that only one side has an offset of this turn."""
    who, start, _ = talk.turns[place]
    if our is not None and our >= WINDOW_MS:
        return "ours: after more than 10 s of silence"
    if our is not None:
        stopped = {name for name, _, ended in talk.turns[:place] if ended == start - WINDOW_MS}
        inside = {name for name, _, ended in talk.turns[:place] if ended > start - WINDOW_MS}
        third = len(inside | {who}) <= 2 < len(stopped | inside | {who})
        return "ours: a third person stopped exactly 10 s before" if third else "ours: not explained"
    near = {name for name, began, ended in talk.turns + talk.asides if began < start and ended >= start - WINDOW_MS}
    if len(near | {who}) > 2:
        return "theirs: a third person gave a backchannel in the 10 s before"
    before = max(talk.turns[:place], key=lambda turn: turn[1], default=talk.turns[place])
    return "theirs: the floor had not gone over" if before[0] == who else "theirs: not explained"


def _table(found: dict[str, Any]) -> str:
    machine = found["machine"]
    lines = [f"{machine['date']} · {machine['processor']} · {found['talks']} conversations"]
    lines += [f"{'':8}{'n':>8}{'ours, ms':>12}{'theirs, ms':>12}{'largest difference, ms':>24}"]
    for name in ("fto", "gaps"):
        row = found[name]
        lines.append(
            f"{name:8}{row['n']:>8}{row['median_ms'] or 0:>12}{row['their_median_ms'] or 0:>12}"
            f"{row['largest_difference_ms']:>24}"
        )
    lines += [f"only one side has an offset: {n} × {why}" for why, n in found["only_one_side"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
