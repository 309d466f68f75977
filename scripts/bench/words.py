"""Measures the recognisers on real talk of two people: word errors, work, invented words, and the language found.

    scripts/bench/run words DATA                     a line for each figure, as it comes
    scripts/bench/run words DATA --json              one JSON object
    scripts/bench/run words DATA --only cost         one of cost, errors, inventions, language

Recordings: three calls in English (a channel each, 8 kHz), a session in German (two microphones in one room) and a game
in Spanish (a file each, the other leaks in). Each person's stretches of speech, as people marked them, are recognised
from that person's channel; the error rate is that of all their words in order: substituted, added and missing words by
those spoken. Times of words in the calls are interpolated, so nothing depends on them. Case and punctuation do not
count; digits count as errors where the transcript has words. In the room, one call is convolved with a kitchen of T60
0.44 s, with pink noise 10 dB below.

Inventions: text for sound in which nobody speaks, from recognisers as they are and as the coach uses them, with its
filter.

Language: a finder starts at every stretch of the five recordings, with Whisper base.

Cost: the work of a sentence of 5 s, as `coach setup whisper` estimates it and as it is.

Work is processor time on one core, which other programs do not change much. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from scipy.signal import fftconvolve

from coach.asr import (
    SPAN_S,
    LanguageFinder,
    MoonshineTranscriber,
    Samples,
    Transcriber,
    WhisperTranscriber,
    find_whisper,
    measured_encoder,
    work_of,
)
from coach.core.span import RATE, Span
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.tables import machine_lines
from scripts.bench.voice import errors
from scripts.simulate.noises import files as noise_files
from scripts.simulate.noises import music
from scripts.simulate.rooms import impulse
from scripts.simulate.truth import heard
from scripts.whisper_weights import whisper_weights

PARTS = ("cost", "errors", "inventions", "language")
JOIN = RATE // 2  # samples; a shorter silence does not end a stretch
MARGIN = RATE // 10  # samples on both sides of a stretch, since marks are up to so much off
LONGEST = 9 * RATE  # samples of a stretch, about as long as the coach's spans
BELOW = 10.0  # dB of the noise in the room below the talk
PIECE = 5 * RATE  # samples of each sound in which nobody speaks
MADE = 6  # pieces of each made sound
EVERY = 4  # of this many recorded noises one is heard
CALLS = ("woz/MUL1423", "woz/SNG0072", "woz/SNG1263")
IN_A_ROOM = CALLS[2]
SENTENCE = Span.seconds(20, 20 + SPAN_S)  # of the first call


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
        _talk(audio / "dyads/session_de", "de", ("therapist", "client"), {}, both="both.flac"),
        _talk(audio / "dyads/game_es", "es", ("A", "B"), {}),
    ]


def _talk(folder: Path, language: str, people: tuple[str, str], called: dict[str, str], both: str = "") -> Talk:
    """`called` gives the people's names to those of words.json; `both` is the file that holds a channel for each."""
    if both:
        channels = dict(zip(people, np.ascontiguousarray(heard(folder / both).T), strict=True))
    else:
        channels = {who: heard(folder / f"{who}.flac")[:, 0] for who in people}
    words: dict[str, list[str]] = {who: [] for who in people}
    for each in json.loads((folder / "words.json").read_text(encoding="utf-8")):
        name = each.get("who") or each["speaker"]
        words[called.get(name, name)] += plain(each.get("word") or each["text"])
    return Talk(folder.name, language, channels, stretches(folder / "truth.rttm"), words)


def stretches(rttm: Path) -> dict[str, list[Span]]:
    """Each person's speech, joined over short silences."""
    out: dict[str, list[Span]] = {}
    for line in rttm.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        span = Span.seconds(float(fields[3]), float(fields[3]) + float(fields[4]))
        theirs = out.setdefault(fields[7], [])
        if theirs and span.start - theirs[-1].end < JOIN and (theirs[-1] | span).duration <= LONGEST:
            theirs[-1] |= span
        else:
            theirs.append(span)
    return out


def plain(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’]\w+)*", text.lower().replace("’", "'"))


def engines(language: str) -> dict[str, Transcriber]:
    """Those that know the language."""
    base = WhisperTranscriber(find_whisper(str(whisper_weights("base"))), language=language)
    if language != "en":
        return {"Whisper base": base}
    tiny = WhisperTranscriber(find_whisper(str(whisper_weights("tiny.en"))))
    return {"Moonshine tiny": MoonshineTranscriber(), "Whisper tiny.en": tiny, "Whisper base": base}


# ------------------------------------------------------------------------------------------------------ word errors


def error_rows(data: Path) -> Iterator[dict[str, Any]]:
    """The talks in other languages first: a recogniser for English has nothing to do there."""
    known = cache(engines)
    for talk in sorted(talks(data), key=lambda talk: talk.language == "en"):
        for name, engine in known(talk.language).items():
            yield _errors(talk.name, talk, name, engine, lambda sound: sound)
    response = impulse(data, "kitchen")
    rng = np.random.default_rng(1)
    (call,) = (talk for talk in talks(data) if IN_A_ROOM.endswith(talk.name))
    for name, engine in known("en").items():
        yield _errors(
            f"{call.name} in a kitchen, noise", call, name, engine, lambda sound: _in_a_room(sound, response, rng)
        )


def _errors(
    title: str, talk: Talk, name: str, engine: Transcriber, hears: Callable[[Samples], Samples]
) -> dict[str, Any]:
    wrong = spoken = sounded = 0
    began = time.process_time()
    for who in talk.words:
        told: list[str] = []
        for sound in talk.sounds(who):
            sounded += len(sound)
            told += plain(engine.transcribe(hears(sound)))
        wrong += errors(talk.words[who], told)
        spoken += len(talk.words[who])
    work = (time.process_time() - began) / (sounded / RATE)
    return {"talk": title, "engine": name, "words": spoken, "wer": wrong / spoken, "work_per_s": work}


def _in_a_room(sound: Samples, response: Samples, rng: np.random.Generator) -> Samples:
    wet = fftconvolve(sound, response)[: len(sound)]
    noise = np.fft.irfft(
        np.fft.rfft(rng.normal(size=len(sound))) / np.sqrt(np.arange(1, len(sound) // 2 + 2)), len(sound)
    )
    noise *= np.sqrt(np.mean(wet**2) / np.mean(noise**2)) * 10 ** (-BELOW / 20)
    return np.asarray(wet + noise, np.float32)


# ------------------------------------------------------------------------------------------------------- inventions


def nobody(data: Path) -> dict[str, list[Samples]]:
    """Sounds in which nobody speaks, in pieces."""
    rng = np.random.default_rng(1)
    made = music(data)
    made = np.asarray(made / np.abs(made).max() * 0.1, np.float32)
    return {
        "hiss": [np.asarray(rng.normal(size=PIECE) * 0.01, np.float32) for _ in range(MADE)],
        "music, made": [made[n * PIECE : (n + 1) * PIECE] for n in range(MADE)],
        "silence": [np.zeros(PIECE, np.float32) for _ in range(MADE)],
        "noises, recorded": [heard(file)[:PIECE, 0] for file in noise_files(data)[::EVERY]],
    }


def bare() -> dict[str, Callable[[Samples], str]]:
    """The recognisers with nothing of the coach around them."""
    import faster_whisper
    from moonshine_voice import ModelArch, get_model_path
    from moonshine_voice.transcriber import Transcriber as Library

    moonshine = Library(get_model_path("tiny-en"), ModelArch.TINY, options={"vad_threshold": "0"})

    def whisper(name: str) -> Callable[[Samples], str]:
        model = faster_whisper.WhisperModel(
            str(whisper_weights(name)), device="cpu", compute_type="int8", cpu_threads=1
        )

        def told(sound: Samples) -> str:
            segments, _ = model.transcribe(sound, language="en", beam_size=1, temperature=0.0, max_new_tokens=70)
            return " ".join(segment.text for segment in segments)

        return told

    return {
        "Moonshine tiny": lambda sound: " ".join(
            line.text for line in moonshine.transcribe_without_streaming(sound.tolist(), RATE).lines
        ),
        "Whisper tiny.en": whisper("tiny.en"),
        "Whisper base": whisper("base"),
    }


def invention_rows(data: Path) -> Iterator[dict[str, Any]]:
    as_used, as_they_are = engines("en"), bare()
    for kind, pieces in nobody(data).items():
        for name, engine in as_used.items():
            yield {
                "sound": kind,
                "engine": name,
                "pieces": len(pieces),
                "bare": sum(bool(plain(as_they_are[name](piece))) for piece in pieces),
                "filtered": sum(bool(plain(engine.transcribe(piece))) for piece in pieces),
            }


# --------------------------------------------------------------------------------------------------------- language


class Remembered:
    """Whisper's chances for the stretch whose turn it is, each computed once."""

    name, languages, finds_language = "remembered", "many languages", True

    def __init__(self, engine: WhisperTranscriber) -> None:
        self._engine = engine
        self._known: dict[int, dict[str, float]] = {}

    def chances(self, samples: Samples) -> dict[str, float]:
        key = id(samples)
        if key not in self._known:
            self._known[key] = dict(self._engine.chances(samples))
        return self._known[key]

    def understand(self, language: str) -> None:
        """Does nothing, since nothing is recognised."""

    def transcribe(self, samples: Samples) -> str:
        raise NotImplementedError

    def close(self) -> None:
        self._engine.close()


def language_rows(data: Path) -> Iterator[dict[str, Any]]:
    whisper = WhisperTranscriber(find_whisper(str(whisper_weights("base"))), language="auto")
    for talk in talks(data):
        engine = Remembered(whisper)
        marked = sorted((span, who) for who, spans in talk.stretches.items() for span in spans)
        sounds = [talk.channels[who][span.start : span.end] for span, who in marked]
        found = [each for start in range(len(sounds)) if (each := _found(engine, sounds[start:])) is not None]
        yield {
            "talk": talk.name,
            "starts": len(found),
            "right": sum(sure and code == talk.language for code, sure, _ in found),
            "wrong": sum(sure and code != talk.language for code, sure, _ in found),
            "unsure": sum(not sure for _, sure, _ in found),
            "median_s": median([heard_s for _, sure, heard_s in found if sure] or [0.0]),
        }


def _found(engine: Remembered, sounds: list[Samples]) -> tuple[str, bool, float] | None:
    """The language, whether it is sure, and the seconds of speech until then; None if the talk ended before."""
    finder, heard_samples = LanguageFinder([engine]), 0
    for sound in sounds:
        heard_samples += len(sound)
        if (found := finder.hear(sound)) is not None:
            return found.code, found.sure, heard_samples / RATE
    return None


# ------------------------------------------------------------------------------------------------------------- cost


def cost_rows(data: Path) -> Iterator[dict[str, Any]]:
    sound = talks(data)[0].channels["agent"][SENTENCE.start : SENTENCE.end]
    encoder = measured_encoder()
    for name in ("tiny.en", "base"):
        engine = WhisperTranscriber(find_whisper(str(whisper_weights(name))))
        took = []
        for _ in range(4):
            began = time.process_time()
            engine.transcribe(sound)
            took.append(time.process_time() - began)
        yield {"model": name, "estimated_s": work_of(name, encoder), "measured_s": median(took)}


# ------------------------------------------------------------------------------------------------------------- main


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=data_folder, metavar="DATA", help="the folder with data/ and tools/")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all")
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of lines")
    args = parser.parse_args()
    measures = {"cost": cost_rows, "errors": error_rows, "inventions": invention_rows, "language": language_rows}
    where = machine()
    if not args.as_json:
        print(machine_lines(where), flush=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for part in PARTS:
        if args.only not in (None, part):
            continue
        for row in measures[part](args.data):
            found.setdefault(part, []).append(row)
            if not args.as_json:
                print(part, *(f"{name} {_shown(value)}" for name, value in row.items()), sep="  ", flush=True)
    if args.as_json:
        print(json.dumps({"bench": "words", "machine": where, **found}))


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
