"""Recordings of two people with their words: each person's channel, stretches of speech, and what they say in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coach.asr import Samples
from coach.core.resources import asset
from coach.core.span import RATE, Span
from coach.core.understood import words_in
from scripts.simulate import german_talk
from scripts.simulate.live.sample import truth as sample_truth
from scripts.simulate.truth import heard

JOIN = RATE // 2  # samples; a shorter silence does not end a stretch
MARGIN = RATE // 10  # samples on both sides of a stretch, since marks are up to so much off
LONGEST = 9 * RATE  # samples of a stretch, about as long as the coach's spans
CALLS = ("woz/MUL1423", "woz/SNG0072", "woz/SNG1263")
GERMAN = "dyads/session_de"


@dataclass(frozen=True, slots=True)
class Talk:
    """A recording: each person's channel, stretches and words."""

    name: str
    language: str
    channels: dict[str, Samples]
    stretches: dict[str, list[Span]]
    words: dict[str, list[str]]

    def sounds(self, who: str) -> Iterator[Samples]:
        for span in self.stretches[who]:
            yield self.channels[who][max(0, span.start - MARGIN) : span.end + MARGIN]


def talks(data: Path) -> list[Talk]:
    audio = data / "data" / "audio"
    calls = [_talk(audio / name, "en", ("agent", "caller"), {"A": "agent", "B": "caller"}) for name in CALLS]
    return [
        *calls,
        _talk(audio / GERMAN, "de", ("therapist", "client"), {}, both="both.flac"),
        _talk(audio / "dyads/game_es", "es", ("A", "B"), {}),
        _spoken("sample", "en", heard(asset("sample.flac"))[:, 0], sample_truth()),
        _spoken("german_talk", "de", *german_talk.talk()),
    ]


def _spoken(name: str, language: str, sound: np.ndarray, truth: dict[str, Any]) -> Talk:
    """A talk that voices speak, from its truth: everybody is heard by the one microphone."""
    words: dict[str, list[str]] = {who: [] for who in truth["people"]}
    for turn in truth["turns"]:
        words[turn["speaker"]] += words_in(turn["text"])
    marks = [(row["speaker"], Span.seconds(row["start_s"], row["end_s"])) for row in truth["speech"]]
    return Talk(name, language, dict.fromkeys(words, np.asarray(sound, np.float32)), joined(marks), words)


def _talk(folder: Path, language: str, people: tuple[str, str], called: dict[str, str], both: str = "") -> Talk:
    """`called` gives the people's names to those of words.json; `both` is the file that holds a channel for each."""
    if both:
        channels = dict(zip(people, np.ascontiguousarray(heard(folder / both).T), strict=True))
    else:
        channels = {who: heard(folder / f"{who}.flac")[:, 0] for who in people}
    words: dict[str, list[str]] = {who: [] for who in people}
    for each in json.loads((folder / "words.json").read_text(encoding="utf-8")):
        name = each.get("who") or each["speaker"]
        words[called.get(name, name)] += words_in(each.get("word") or each["text"])
    return Talk(folder.name, language, channels, stretches(folder / "truth.rttm"), words)


def stretches(rttm: Path) -> dict[str, list[Span]]:
    """Each person's speech, joined over short silences."""
    rows = (line.split() for line in rttm.read_text(encoding="utf-8").splitlines())
    return joined((row[7], Span.seconds(float(row[3]), float(row[3]) + float(row[4]))) for row in rows)


def joined(marks: Iterable[tuple[str, Span]]) -> dict[str, list[Span]]:
    """Each person's spans, in order, joined over short silences."""
    out: dict[str, list[Span]] = {}
    for who, span in marks:
        theirs = out.setdefault(who, [])
        if theirs and span.start - theirs[-1].end < JOIN and (theirs[-1] | span).duration <= LONGEST:
            theirs[-1] |= span
        else:
            theirs.append(span)
    return out
