"""Measures whether somebody who falls silent was in mid-thought, on real calls, a game and meetings.

    scripts/bench/run mid_thought DATA
    scripts/bench/run mid_thought DATA --smart-turn FILE    beside smart-turn-v3.2-cpu.onnx (from a wheel of pipecat-ai)

The labels say who spoke when. After every silence of 0.3 s to 2 s the same person **went on**, or another took over.
What was known when the silence began:

    words        their last 10 s of sound, as Moonshine recognises them, break off (`coach/meaning/unfinished.py`)
    sound        pitch and level against this speaker's own median, whether they fall, how much is voiced, how long the
                 last voiced piece lasts
    Smart Turn   that network's probability that the turn is complete, from the last 8 s of their sound

The words are the coach's own rule, which says yes or no. Of each source, and of several together, a logistic model
learns from all recordings but one and is judged on that one; its AUC compares silences of the same recording. In talk
about a task people rarely go on under the other's voice after a floor transfer; how often they did is printed below.
Nothing is asserted.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from coach.asr import Transcriber, choose
from coach.coaching import Policy
from coach.conversation import converse
from coach.core.span import RATE, Span, as_samples, shared
from coach.meaning.tokens import tokens
from coach.meaning.unfinished import is_unfinished
from scripts.bench.data import data_folder
from scripts.bench.kinds import GAME
from scripts.bench.left_out import left_out
from scripts.bench.machine import machine
from scripts.bench.prosody import Voice, Voices, bend, median
from scripts.bench.recordings import calls, dyads, meetings
from scripts.bench.results.figures import interval
from scripts.bench.results.tables import machine_lines, table
from scripts.simulate.truth import Take

SHORTEST, LONGEST = as_samples(0.3), as_samples(2.0)  # of a silence
LEAST = Policy().goes_on
TONE = as_samples(1.2)  # after the other's onset: then a turn is told from a backchannel
WORDS = as_samples(10.0)  # that the recogniser gets
LAST = as_samples(0.6)  # of sound before the end
SMART = 8 * RATE  # samples that Smart Turn hears
TINY = 1e-7


class SmartTurn:
    """The network Smart Turn v3: whether somebody's turn is complete, from 80 mel bands of the last 8 s."""

    def __init__(self, file: Path) -> None:
        import onnxruntime
        from faster_whisper.feature_extractor import FeatureExtractor

        self._bands = FeatureExtractor(feature_size=80, chunk_length=8)
        self._session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])

    def complete(self, sound: np.ndarray) -> float:
        """The probability that the turn is complete that ends with `sound` (samples at 16 kHz)."""
        sound = np.pad(sound[-SMART:], (max(0, SMART - len(sound)), 0)).astype(np.float32)
        sound = (sound - sound.mean()) / np.sqrt(sound.var() + TINY)
        bands = self._bands(sound)[:, : SMART // 160]
        (told,) = self._session.run(None, {"input_features": bands[None].astype(np.float32)})
        return float(told[0][0])


@dataclass(frozen=True, slots=True)
class Case:
    """One silence: whether the same person went on, and what was known when it began."""

    talk: str
    went_on: bool
    words: bool
    sound: tuple[float, ...]
    complete: float | None


class Talk:
    """A recording with its silences."""

    def __init__(self, take: Take) -> None:
        self.name = take.name
        self._voices = Voices(take)
        self._units = sorted(take.truth.speech, key=lambda unit: unit.span)

    def cases(self, engine: Transcriber, smart: SmartTurn | None) -> Iterator[Case]:
        """Every silence after which somebody spoke again."""
        usual = {who: self._voices.usual(who) for who in self._voices.speech}
        last = self._units[0]
        for unit in self._units[1:]:
            if SHORTEST <= unit.span.start - last.span.end <= LONGEST:
                said = self._voices.sound(last.who, Span(max(0, last.span.end - WORDS), last.span.end))
                yield Case(
                    self.name,
                    unit.who == last.who,
                    is_unfinished(tokens(engine.transcribe(said))),
                    _sound(Voice.of(said[-LAST:]), *usual[last.who]),
                    smart.complete(said) if smart else None,
                )
            last = max(last, unit, key=lambda each: each.span.end)

    def under(self) -> tuple[int, int]:
        """The number of floor transfers after which the last speaker spoke for `LEAST` under the other, and of all."""
        turns = [turn for turn in converse(self._units).turns if turn.kind == "turn"]
        pairs = [(one, other) for one, other in pairwise(turns) if one.who != other.who]
        under = (
            shared([Span(other.span.start, other.span.start + TONE)], self._voices.speech[one.who])
            for one, other in pairs
        )
        return sum(each >= LEAST for each in under), len(pairs)


def _sound(voice: Voice, pitch: float, level: float) -> tuple[float, ...]:
    """Pitch, level, how both change, the voiced share, and the length (s) of the last voiced piece."""
    voiced = ~np.isnan(voice.pitch)
    last = 0
    for there in voiced[::-1]:
        if last and not there:
            break
        last += int(there)
    height = median([voice.pitch]) - pitch if voiced.any() else 0.0
    loud = float(voice.level.mean()) - level if len(voice.level) else 0.0
    return (
        height,
        loud,
        bend(voice.pitch),
        bend(voice.level),
        float(voiced.mean()) if len(voiced) else 0.0,
        last / 100,
    )


def learnt(found: Sequence[Case], rows: np.ndarray) -> np.ndarray:
    """The probability (n,) that each went on, from `rows` (n, figures), by a model that has not seen its recording.

    Of every recording both kinds weigh the same, because how often people go on says nothing of another recording.
    """
    went_on, talk = _labels(found)
    weight = np.array([1 / np.sum((talk == name) & (went_on == on)) for name, on in zip(talk, went_on, strict=True)])
    return left_out(rows, went_on, talk, weight * len(found))


def within(found: Sequence[Case], p: np.ndarray) -> float:
    """The AUC of `p` (n,) over pairs of two silences of the same recording."""
    went_on, talk = _labels(found)
    right = pairs = 0.0
    for name in np.unique(talk):
        difference = p[(talk == name) & went_on][:, None] - p[(talk == name) & ~went_on][None]
        right, pairs = right + float((np.sign(difference) + 1).sum() / 2), pairs + difference.size
    return right / pairs


def _labels(found: Sequence[Case]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([case.went_on for case in found]), np.array([case.talk for case in found])


def rule(name: str, found: Sequence[Case], says: Sequence[bool]) -> list[str]:
    """How often a rule is right, and how many of those who went on it finds."""
    right = sum(case.went_on and said for case, said in zip(found, says, strict=True))
    return [name, interval(right, sum(says)), interval(right, sum(case.went_on for case in found))]


def model(name: str, found: Sequence[Case], rows: Any) -> list[str]:
    """The AUC of a learnt model, and its precision where it tells a fifth and half of those who went on."""
    p, (went_on, _) = learnt(found, np.array(rows, float)), _labels(found)
    order = went_on[np.argsort(-p, kind="stable")]
    precise = []
    for recall in (0.2, 0.5):
        first = int(np.searchsorted(order.cumsum(), recall * went_on.sum())) + 1
        precise.append(f"{order[:first].mean():.2f}")
    return [name, f"{within(found, p):.2f}", *precise]


def tables(found: Sequence[Case]) -> list[str]:
    """The tables of the rule and of the learnt models."""
    went_on = sum(case.went_on for case in found)
    rows: dict[str, list[list[float]]] = {
        "words": [[case.words] for case in found],
        "sound": [[*case.sound] for case in found],
        "words and sound": [[case.words, *case.sound] for case in found],
    }
    if all(case.complete is not None for case in found):
        rows["Smart Turn"] = [[case.complete or 0.0] for case in found]
        rows["words, sound and Smart Turn"] = [[case.words, *case.sound, case.complete or 0.0] for case in found]
    title = f"{len(found)} silences; after {went_on} the same person went on"
    return [
        table(title, ["the rule", "right", "found"], [rule("words break off", found, [each.words for each in found])]),
        table(
            "learnt",
            ["", "AUC", "right at .2 found", "right at .5 found"],
            [model(name, found, figures) for name, figures in rows.items()],
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=data_folder, metavar="DATA", help="the folder of development data")
    parser.add_argument("--smart-turn", type=Path, metavar="FILE", help="the network Smart Turn v3, as ONNX")
    options = parser.parse_args()
    engine, why = choose("moonshine")
    if engine is None:
        raise SystemExit(why)
    smart = SmartTurn(options.smart_turn) if options.smart_turn else None
    takes = [take for take in calls(options.data) if take.channels]
    takes += [take for take in dyads(options.data) if take.kind == GAME]
    takes += meetings(options.data)
    print(machine_lines(machine()))
    talks = [Talk(take) for take in takes]
    print("\n\n".join(tables([case for talk in talks for case in talk.cases(engine, smart)])))
    under = [talk.under() for talk in talks]
    print(f"\nunder the other's voice: {sum(k for k, _ in under)} of {sum(n for _, n in under)} floor transfers")


if __name__ == "__main__":
    main()
