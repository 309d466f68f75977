"""Measures the recognisers on real talk of two people: word errors, work, invented words, and the language found.

    scripts/bench/run words DATA                     a line for each figure, as it comes
    scripts/bench/run words DATA --json              one JSON object
    scripts/bench/run words DATA --only errors       some of cost, errors, padding, rooms, file, inventions, language
    scripts/bench/run words DATA --only errors --talks session_de,game_es --engines "Whisper base"

Recordings: three calls in English (a channel each, 8 kHz), a session in German (two microphones in one room), a game in
Spanish (a file each, the other leaks in), and two talks of synthetic voices before one microphone in a room: the sample
in English and `scripts/simulate/german_talk.py`. Each person's stretches of speech, as they are marked, are recognised
from that person's channel; the error rate is that of all their words in order: substituted, added and missing words by
those spoken. Times of words in the calls are interpolated, so nothing depends on them. Case and punctuation do not
count; digits count as errors where the transcript has words. The delay is the median of the work of a stretch: on an
idle processor, words come so much after it.

Padding: Whisper base, with 2, 4, 8 s and all of the rest of its window encoded after a stretch, hears each only once.
An `empty` stretch has 0.6 s or more, and no words.

Rooms: the third call in two recorded rooms, and with pink noise 10 dB below.

File: `coach analyze --language de` with Whisper base on the German session, a process of its own as a user starts it,
with the words and without them; and its marked stretches in windows of their own beside windows that they share.

Inventions: text for sound in which nobody speaks, from recognisers as they are, as the coach uses them, with its
filter, and from all of that sound in `coach analyze`, where voice activity comes first.

Language: a finder starts at every stretch of the recordings, with Whisper base.

Cost: the work of a sentence of 5 s, as `coach setup whisper` estimates it and as it is.

Work is processor time on one core, which other programs do not change much. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import soundfile as sf
from scipy.signal import fftconvolve

from coach.asr import (
    SPAN_S,
    LanguageFinder,
    MoonshineTranscriber,
    Samples,
    Transcriber,
    WhisperTranscriber,
    find_whisper,
    fit_together,
    measured_encoder,
    work_of,
)
from coach.asr.engines.whisper import CONFIG as WHISPER
from coach.core.events import Words
from coach.core.settings import Settings
from coach.core.span import RATE, Span
from coach.core.understood import words_in
from coach.runtime import Who, analyse
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.tables import machine_lines
from scripts.bench.talks import GERMAN, MARGIN, Talk, talks
from scripts.bench.voice import errors, pink
from scripts.simulate.noises import files as noise_files
from scripts.simulate.noises import music
from scripts.simulate.rooms import impulse
from scripts.simulate.truth import heard
from scripts.whisper_weights import whisper_weights

COACH = Path(sys.executable).with_name("coach")
PARTS = ("cost", "errors", "padding", "rooms", "file", "inventions", "language")
ENGINES = ("Moonshine tiny", "Whisper tiny.en", "Whisper base")
SAMPLE = "sample"  # the one talk of `talks` that the coach ships
PADDINGS_S = (2, 4, 8, 30)  # seconds; the last one fills the window
BELOW = 10.0  # dB of the noise in the room below the talk
PIECE = 5 * RATE  # samples of each sound in which nobody speaks
MADE = 6  # pieces of each made sound
EVERY = 4  # of this many recorded noises one is heard
IN_A_ROOM = "SNG1263"
SURROUNDINGS = {  # by title, the room, and whether there is noise
    "kitchen": ("kitchen", False),
    "living room": ("room", False),
    "noise": ("dry", True),
    "kitchen, noise": ("kitchen", True),
}
SENTENCE = Span.seconds(20, 20 + SPAN_S)  # of the first call


@dataclass(frozen=True, slots=True)
class Chosen:
    """The folder of recordings, and which of them and of the recognisers are measured; None for all."""

    data: Path
    named: tuple[str, ...] | None = None
    engines: tuple[str, ...] | None = None

    def talks(self) -> list[Talk]:
        return [talk for talk in talks(self.data) if self.named is None or talk.name in self.named]

    def engine(self, name: str) -> bool:
        return self.engines is None or name in self.engines


def engines(language: str) -> dict[str, Transcriber]:
    """Those that know the language."""
    base = WhisperTranscriber(find_whisper(str(whisper_weights("base"))), language=language)
    if language != "en":
        return {ENGINES[-1]: base}
    tiny = WhisperTranscriber(find_whisper(str(whisper_weights("tiny.en"))))
    return dict(zip(ENGINES, (MoonshineTranscriber(), tiny, base), strict=True))


# ------------------------------------------------------------------------------------------------------ word errors


def error_rows(chosen: Chosen) -> Iterator[dict[str, Any]]:
    """The talks in other languages first: a recogniser for English has nothing to do there."""
    known = cache(engines)
    for talk in sorted(chosen.talks(), key=lambda talk: talk.language == "en"):
        for name, engine in known(talk.language).items():
            if chosen.engine(name):
                yield _errors(talk.name, talk, name, engine, lambda sound: sound)


def padding_rows(chosen: Chosen) -> Iterator[dict[str, Any]]:
    """Whisper base with more and less silence encoded after each stretch, which it hears only once."""
    for talk in chosen.talks():
        if talk.name == SAMPLE:
            continue
        for seconds in PADDINGS_S:
            config = replace(WHISPER, padding=seconds * RATE, most_again=0)
            engine = WhisperTranscriber(
                find_whisper(str(whisper_weights("base"))), language=talk.language, config=config
            )
            yield {"padding_s": seconds} | _errors(talk.name, talk, ENGINES[-1], engine, lambda sound: sound)


def room_rows(chosen: Chosen) -> Iterator[dict[str, Any]]:
    (call,) = (talk for talk in talks(chosen.data) if talk.name == IN_A_ROOM)
    known = engines("en")
    for title, (room, noisy) in SURROUNDINGS.items():
        response = impulse(chosen.data, room)
        for name, engine in known.items():
            if chosen.engine(name):
                rng = np.random.default_rng(1)  # the same noise for each
                yield _errors(title, call, name, engine, partial(_surrounded, response=response, noisy=noisy, rng=rng))


def _errors(
    title: str, talk: Talk, name: str, engine: Transcriber, hears: Callable[[Samples], Samples]
) -> dict[str, Any]:
    wrong = spoken = sounded = empty = 0
    took = []
    for who in talk.words:
        told: list[str] = []
        for sound in talk.sounds(who):
            sounded += len(sound)
            there = hears(sound)
            began = time.process_time()
            found = words_in(engine.transcribe(there))
            took.append(time.process_time() - began)
            told += found
            empty += not found and len(sound) >= WHISPER.least_again
        wrong += errors(talk.words[who], told)
        spoken += len(talk.words[who])
    row = {"talk": title, "engine": name, "words": spoken, "wer": wrong / spoken}
    return row | {"empty": empty, "work_per_s": sum(took) / (sounded / RATE), "delay_s": median(took)}


def _surrounded(sound: Samples, response: Samples, noisy: bool, rng: np.random.Generator) -> Samples:
    wet = fftconvolve(sound, response)[: len(sound)]
    level = np.sqrt(np.mean(wet**2)) * 10 ** (-BELOW / 20) if noisy else 0.0
    return np.asarray(wet + level * pink(len(sound), rng), np.float32)


# ------------------------------------------------------------------------------------------------------ a whole file


def file_rows(chosen: Chosen) -> Iterator[dict[str, Any]]:
    """`coach analyze` on the German session, then the recogniser alone on its stretches, as people marked them."""
    file = chosen.data / "data" / "audio" / GERMAN / "both.flac"
    length_s = len(heard(file)) / RATE
    command = [str(COACH), "analyze", str(file), "--channels", "therapist=1,client=2", "--language", "de", "--json"]
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {f"XDG_{name}_HOME": str(Path(home, name)) for name in ("DATA", "CONFIG", "CACHE")}
        models = Path(home, "DATA", "coach", "models")
        models.mkdir(parents=True)
        (models / "base").symlink_to(whisper_weights("base"), target_is_directory=True)
        for transcriber in ("none", "whisper"):
            began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([*command, "--transcriber", transcriber], env=env, capture_output=True, check=True)
            after, took = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
            work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            yield {
                "analyze": transcriber,
                "length_s": length_s,
                "took_s": took,
                "by_length": took / length_s,
                "work_s": work,
            }
    (talk,) = (talk for talk in talks(chosen.data) if talk.name == file.parent.name)
    for shared in (False, True):
        yield _windows(talk, shared=shared)


def _windows(talk: Talk, *, shared: bool) -> dict[str, Any]:
    """The stretches of `talk`, as they came, each in a window of its own, or as many as fit into one."""
    engine = WhisperTranscriber(find_whisper(str(whisper_weights("base"))), language=talk.language)
    spans = sorted((span, who) for who, theirs in talk.stretches.items() for span in theirs)
    rows: list[list[tuple[str, Samples]]] = []
    for span, who in spans:
        sound = talk.channels[who][max(0, span.start - MARGIN) : span.end + MARGIN]
        if shared and rows and fit_together([*(each for _, each in rows[-1]), sound], engine):
            rows[-1].append((who, sound))
        else:
            rows.append([(who, sound)])
    told: dict[str, list[str]] = {who: [] for who in talk.words}
    began = time.process_time()
    for row in rows:
        for (who, _), text in zip(row, engine.transcribe_together([sound for _, sound in row]), strict=True):
            told[who] += words_in(text)
    work = time.process_time() - began
    wrong = sum(errors(theirs, told[who]) for who, theirs in talk.words.items())
    spoken = sum(map(len, talk.words.values()))
    return {"spans": len(spans), "windows": len(rows), "wer": wrong / spoken, "work_s": work}


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


def invention_rows(chosen: Chosen) -> Iterator[dict[str, Any]]:
    as_used, as_they_are = engines("en"), bare()
    for kind, pieces in nobody(chosen.data).items():
        for name, engine in as_used.items():
            if chosen.engine(name):
                yield {
                    "sound": kind,
                    "engine": name,
                    "pieces": len(pieces),
                    "bare": sum(bool(words_in(as_they_are[name](piece))) for piece in pieces),
                    "filtered": sum(bool(words_in(engine.transcribe(piece))) for piece in pieces),
                    "analyzed": _from_a_file(np.concatenate(pieces), engine),
                }


def _from_a_file(sound: Samples, engine: Transcriber) -> int:
    """How many spans with words `coach analyze` has in `sound`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "sound.wav")
        sf.write(file, sound, RATE, subtype="FLOAT")
        found = analyse(file, Who(people=("Ana",)), Settings(), engine)
    return sum(isinstance(event, Words) and bool(words_in(event.text or "")) for event in found.events)


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


def language_rows(chosen: Chosen) -> Iterator[dict[str, Any]]:
    whisper = WhisperTranscriber(find_whisper(str(whisper_weights("base"))), language="auto")
    for talk in chosen.talks():
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
            "most_s": max([heard_s for _, sure, heard_s in found if sure] or [0.0]),
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


def cost_rows(chosen: Chosen) -> Iterator[dict[str, Any]]:
    sound = talks(chosen.data)[0].channels["agent"][SENTENCE.start : SENTENCE.end]
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
    parser.add_argument(
        "--only", type=_parts, default=PARTS, metavar="PART,…", help=f"only these of {', '.join(PARTS)}"
    )
    parser.add_argument(
        "--talks", type=_names, metavar="NAME,…", help="only these recordings (errors, padding, language)"
    )
    parser.add_argument(
        "--engines", type=_names, metavar="NAME,…", help="only these recognisers (errors, rooms, inventions)"
    )
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object instead of lines")
    args = parser.parse_args()
    known = [talk.name for talk in talks(args.data)] if args.talks else []
    for given, there, what in ((args.talks, known, "recording"), (args.engines, ENGINES, "recogniser")):
        if unknown := set(given or ()) - set(there):
            parser.error(f"there is no {what} {', '.join(sorted(unknown))}; there are {', '.join(there)}")
    chosen = Chosen(args.data, args.talks, args.engines)
    measures = {
        "cost": cost_rows,
        "errors": error_rows,
        "padding": padding_rows,
        "rooms": room_rows,
        "file": file_rows,
        "inventions": invention_rows,
        "language": language_rows,
    }
    where = machine()
    if not args.as_json:
        print(machine_lines(where), flush=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for part in PARTS:
        if part not in args.only:
            continue
        for row in measures[part](chosen):
            found.setdefault(part, []).append(row)
            if not args.as_json:
                print(part, *(f"{name} {_shown(value)}" for name, value in row.items()), sep="  ", flush=True)
    if args.as_json:
        print(json.dumps({"bench": "words", "machine": where, **found}))


def _parts(text: str) -> tuple[str, ...]:
    parts = _names(text)
    if unknown := set(parts) - set(PARTS):
        raise argparse.ArgumentTypeError(f"there is no {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    return parts


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
