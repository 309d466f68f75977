"""The coach's own voice: how many of its English words are understood in a room, and what it costs to make them.

Every English wording without a name is spoken by each voice, 6 and 12 dB softer than talk, in a recorded room (two
take turns), over pink noise 20 dB below the talk, and recognised by Moonshine tiny and Whisper tiny.en. A word that is
missing, wrong or added is an error; another spelling of it ("recognize") is none. With --card the sound goes through
the virtual sound card first, in real time; a wording that a busy machine has interrupted is played again.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile as sf

from coach.asr.engines.models import find_whisper
from coach.asr.engines.moonshine import MoonshineTranscriber
from coach.asr.engines.whisper import WhisperTranscriber
from coach.audio.source import Samples
from coach.coaching import Catalogue
from coach.core.span import RATE
from coach.core.understood import words_in
from coach.cues.recordings import read
from coach.cues.shipped import ShippedVoice
from coach.cues.tts.installed import HEART
from coach.cues.tts.rendering import NEURAL_VOICE, render
from scripts.bench.data import data_folder
from scripts.bench.machine import machine
from scripts.bench.results.tables import Row, tell
from scripts.progress import watched
from scripts.simulate.live.sounds import place_of
from scripts.simulate.live.soundserver import SoundServer
from scripts.simulate.rooms import TALK, impulse, loudness
from scripts.whisper_weights import whisper_weights

SHIPS = "as it ships"
VOICES: dict[str, str | None] = {
    SHIPS: "",
    "heart": HEART,
    "heart-lower": f"{HEART}-lower",
    "heart-brisker": f"{HEART}-brisker",
    "pico/en-GB": "pico/en-GB",
    "espeak-ng": None,
}
SOFTER = (6, 12)  # dB below talk
NOISE_DB = 20.0  # below talk
TARGET = 0.95  # of the words, 6 dB softer than talk
AROUND_S = (0.3, 0.5)  # silence before and after a wording
SPELLINGS = {"recognise": "recognize", "recognises": "recognizes"}  # that sound the same
GAP_S = 1.0  # between two clips on the sound card
DRIFT = RATE // 2  # samples; the card's clock moves a clip by less
HELD_UP = 3 * RATE  # samples; a busy machine delays a clip by less
WHOLE = 0.98  # correlation with the clip; below this, the card was interrupted
PLAYINGS = 6  # of a clip that is interrupted each time
PLAYS = """
import sys, time, numpy as np, soundfile as sf
from coach.audio.player import Player
sound, _ = sf.read(sys.argv[1], dtype="float32")
player = Player()
player.play(sound)
while not player.finished():
    time.sleep(0.02)
time.sleep(0.5)
player.close()
"""
Reads = Callable[[Samples], str]


def texts() -> list[str]:
    """Every English wording of at least two words without a name."""
    entries = Catalogue.load().entries.values()
    every = [text for entry in entries for text in (*entry.wordings, *entry.nameless) if "{" not in text]
    return [text for text in every if len(text.split()) > 1]


def clips(voice: str | None) -> tuple[dict[str, Samples], list[float]]:
    """The sound of each wording in `voice`, and the seconds that each rendering took."""
    made, took = {}, []
    ships = ShippedVoice("en")
    with tempfile.TemporaryDirectory() as folder:
        for text in texts():
            path = Path(folder, "said.wav")
            began = time.perf_counter()
            if voice == "":
                recording = ships.recording(text)
                assert recording is not None
                made[text] = read(recording)
            else:
                render(text, path, voice=voice)
                made[text] = read(path)
            took.append(time.perf_counter() - began)
    return made, took


def through_the_card(sounds: dict[str, Samples]) -> dict[str, Samples]:
    """`sounds` played by the coach's player into a virtual sound card, and recorded there, all in real time.

    Exits if a clip was interrupted each time that it was played.
    """
    found: dict[str, tuple[Samples, float]] = {}
    for _ in range(PLAYINGS):
        found |= _played({text: sound for text, sound in sounds.items() if text not in found})
        found = {text: (heard, alike) for text, (heard, alike) in found.items() if alike >= WHOLE}
        print(f"as played: {len(found)} of {len(sounds)} whole", file=sys.stderr)
        if len(found) == len(sounds):
            print(f"correlation at least {min(alike for _, alike in found.values()):.3f}", file=sys.stderr)
            return {text: found[text][0] for text in sounds}
    sys.exit("this machine is too busy to play sound; try again later")


def _played(sounds: dict[str, Samples]) -> dict[str, tuple[Samples, float]]:
    """Each of `sounds` as the card plays it in one row, and how much it is like the clip (correlation, 0 to 1)."""
    gap = np.zeros(round(GAP_S * RATE), np.float32)
    row = np.concatenate([piece for sound in sounds.values() for piece in (gap, sound)] + [gap])
    with SoundServer() as server:
        sf.write(server.folder / "row.wav", row, RATE, subtype="FLOAT")
        recording = server.record_speaker()
        subprocess.run([sys.executable, "-c", PLAYS, str(server.folder / "row.wav")], env=server.env, check=True)
        heard = recording.stop().astype(np.float32)
    at, _ = place_of(row[: 30 * RATE], heard)
    found = {}
    for text, sound in sounds.items():
        begin = max(0, at + len(gap) - DRIFT)
        near = heard[begin : begin + len(sound) + DRIFT + HELD_UP]
        shift, alike = place_of(sound, near)
        there = begin + shift
        found[text] = (heard[there : there + len(sound)], alike)
        at = (there if alike >= WHOLE else at + len(gap)) + len(sound)
    return found


def in_a_room(sound: Samples, room: Samples, softer_db: float, rng: np.random.Generator) -> Samples:
    """`sound` as a microphone in `room` hears it, `softer_db` below talk, over the noise."""
    before, after = (round(seconds * RATE) for seconds in AROUND_S)
    there = np.convolve(np.pad(sound, (before, after)), room)
    there = there / loudness(there.astype(np.float32)) * TALK * 10 ** (-softer_db / 20)
    return np.asarray(there + pink(len(there), rng) * TALK * 10 ** (-NOISE_DB / 20), np.float32)


def pink(n: int, rng: np.random.Generator) -> Samples:
    """Pink noise (n,) with an RMS of 1."""
    frequencies = np.fft.rfftfreq(n, 1 / RATE)
    spectrum = rng.standard_normal(len(frequencies)) + 1j * rng.standard_normal(len(frequencies))
    spectrum[1:] /= np.sqrt(frequencies[1:])
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, n)
    return np.asarray(noise / np.sqrt((noise**2).mean()))


def errors(meant: Sequence[str], understood: Sequence[str]) -> int:
    """The least number of words to change, add or leave out (Levenshtein), at most all that were meant.

    >>> errors("let it land".split(), "let it stand now".split())
    2
    """
    row = list(range(len(understood) + 1))
    for i, word in enumerate(meant, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(understood, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return min(row[-1], len(meant))


def understood(
    sounds: dict[str, Samples], rooms: Sequence[Samples], softer_db: float, reads: Reads, missed: list[str]
) -> float:
    """The share of the words that `reads` understands. Appends the wordings that it did not quite understand."""
    rng = np.random.default_rng(1)
    words = wrong = 0
    for number, (text, sound) in enumerate(sounds.items()):
        meant = spelt(text)
        told = spelt(reads(in_a_room(sound, rooms[number % len(rooms)], softer_db, rng)))
        words += len(meant)
        wrong += errors(meant, told)
        if told != meant:
            missed.append(f"{text!r} as {' '.join(told)!r}")
    return 1 - wrong / words


def spelt(text: str) -> list[str]:
    """The words of `text` in lower case, each in one spelling.

    >>> spelt("It recognises words.") == spelt("it recognizes words")
    True
    """
    return [SPELLINGS.get(word, word) for word in words_in(text)]


def peak_mb(pid: int | None) -> float | None:
    """The most memory that the process has had, in MB; None if it has ended or the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM")), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=data_folder, metavar="DATA")
    parser.add_argument("--voices", default=",".join(VOICES), help="only these, separated by commas")
    parser.add_argument("--card", action="store_true", help="through the virtual sound card, in real time")
    parser.add_argument("--missed", action="store_true", help="list the wordings that were not quite understood")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args()
    where, rows, missed = machine(), list[Row](), list[str]()
    rooms = [impulse(chosen.data, name) for name in ("room", "kitchen")]
    readers: dict[str, Reads] = {
        "Moonshine tiny": MoonshineTranscriber().transcribe,
        "Whisper tiny.en": WhisperTranscriber(find_whisper(str(whisper_weights("tiny.en")))).transcribe,
    }
    names = chosen.voices.split(",")
    for name in watched(names, len(names), "voices"):
        sounds, took = clips(VOICES[name])
        seconds = sum(map(len, sounds.values())) / RATE
        words = sum(len(words_in(text)) for text in sounds)
        memory = peak_mb(NEURAL_VOICE.pid)
        if chosen.card:
            sounds = through_the_card(sounds)
        for softer_db in SOFTER:
            for reader, reads in readers.items():
                share = understood(sounds, rooms, softer_db, reads, missed)
                target = f">= {TARGET}" if softer_db == SOFTER[0] and name == SHIPS else ""
                rows.append(Row(f"{name}, {softer_db} dB softer, {reader}", round(share, 3), "of words", target))
        rows.append(Row(f"{name}, pace", round(60 * words / seconds), "words a minute"))
        if name != SHIPS:
            warm = float(np.median(took[1:]))
            rows.append(Row(f"{name}, rendering, first and median", round(took[0], 2), "s", "", f"then {warm:.2f} s"))
        if name == "heart" and memory is not None:
            rows.append(Row("memory of the neural voice at its peak", round(memory), "MB", "<= 250"))
    more: dict[str, object] = {"wordings": len(texts()), "sound": "through the card" if chosen.card else "direct"}
    if chosen.missed:
        more["missed"] = "\n" + "\n".join(missed)
    tell("voice", where, rows, more, as_json=chosen.json)


if __name__ == "__main__":
    main()
