"""Recordings of real people: the call (two microphones, or summed to one) and the meeting pieces.

The reference annotation says who spoke when. Turns and transfers are derived from it by the coach's definitions,
because nobody has annotated them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile as sf

from coach.conversation import Conversation, Ipu, converse
from coach.core.span import Span, as_samples, shared
from scripts.cache import FOLDER, key
from scripts.simulate.truth import Given, Take, Truth

ENROL_S = 6.0  # seconds of each person alone for enrolment
ENROL_LEAST_S = 1.0  # seconds; shorter stretches are not used


def rttm(file: Path, name: str) -> list[Ipu]:
    """The segments of recording `name`, read by pyannote."""
    from pyannote.database.util import load_rttm

    read: Callable[[str], dict[str, Any]] = load_rttm
    found = read(str(file)).get(name)
    if found is None:
        raise SystemExit(f"{file} knows nothing of {name}")
    return [Ipu(str(who), Span.seconds(each.start, each.end)) for each, _, who in found.itertracks(yield_label=True)]


def transfers(talk: Conversation) -> tuple[Given, ...]:
    """The transfers that have an FTO."""
    return tuple(Given(t.who, t.onset, t.fto, t.too_soon) for t in talk.transfers if t.fto is not None)


def call(data: Path) -> list[Take]:
    """The real call with one microphone per person, and summed to one microphone."""
    folder = data / "data" / "audio" / "call40"
    sides = {"agent": folder / "agent.wav", "caller": folder / "caller.wav"}
    speech = rttm(folder / "truth.rttm", "call")
    enrolment = alone(speech)
    two = FOLDER / "made" / f"{key(*sides.values())}.wav"
    one = two.with_suffix(".one.wav")
    if not one.exists():
        two.parent.mkdir(parents=True, exist_ok=True)
        heard = [sf.read(side) for side in sides.values()]
        both = np.stack([x for x, _ in heard], axis=1)
        sf.write(two, both, heard[0][1], subtype="PCM_16")
        sf.write(one, np.clip(both.sum(axis=1), -1, 1), heard[0][1], subtype="PCM_16")
    enrolled = as_samples(max(end for spans in enrolment.values() for _, end in spans) + 0.5)
    truths = [_follows(speech, start) for start in (0, enrolled)]
    return [
        Take("call", "call, channels", two, truths[0], channels={who: i for i, who in enumerate(sides)}),
        Take("call", "call, one microphone", one, truths[1], enrolment=enrolment),
    ]


def alone(speech: Iterable[Ipu]) -> dict[str, list[tuple[float, float]]]:
    """The first seconds in which each person speaks alone, as for --enrol."""
    units = list(speech)
    found: dict[str, list[tuple[float, float]]] = {}
    for who in dict.fromkeys(unit.who for unit in units):
        total = 0.0
        for unit in units:
            free = unit.who == who and not shared([unit.span], [o.span for o in units if o.who != who])
            if free and unit.span.duration >= as_samples(ENROL_LEAST_S) and total < ENROL_S:
                found.setdefault(who, []).append((unit.span.start_s, unit.span.end_s))
                total += unit.span.end_s - unit.span.start_s
    return found


def meetings(data: Path) -> Iterator[Take]:
    """The meeting excerpts that have both audio and segments."""
    folder = data / "data" / "audio" / "ami"
    labels = next(folder.glob("*.rttm"))
    for file in sorted(folder.glob("*.wav")):
        speech = tuple(rttm(labels, file.stem))
        whole = Span(0, as_samples(sf.info(file).duration))
        yield Take(file.stem, "meeting", file, Truth(whole, speech, follows=False))


def _follows(speech: list[Ipu], start: int) -> Truth:
    end = max(unit.span.end for unit in speech)
    kept = tuple(unit for unit in speech if unit.span.start >= start)
    talk = converse(kept)
    of_kind = {
        kind: tuple(Ipu(t.who, t.span) for t in talk.turns if t.kind == kind) for kind in ("turn", "backchannel")
    }
    return Truth(
        Span(start, end),
        speech=kept,
        turns=of_kind["turn"],
        transfers=transfers(talk),
        backchannels=of_kind["backchannel"],
    )
